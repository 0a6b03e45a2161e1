"""Marks of drafts and of papers for internal use: what is not decided yet or is for colleagues only.

A draft law that is put before the public ("Lấy ý kiến dự thảo Nghị quyết") is news, so the word alone says nothing; it
counts as a heading of its own or in the set phrases.
"""

from __future__ import annotations

import re

from pipeline.recognise.view import bare, letters, lines_with

_PAPER = r"(?:văn bản|tài liệu|nội dung|thông tin|công văn|báo cáo|bài)"
_PHRASES = re.compile(
    r"(?<!\w)(?:lưu hành nội bộ|(?:sử )?dùng (?:trong )?nội bộ|(?:chỉ|chỉ được|chỉ để|để) sử dụng (?:trong )?nội bộ|không phát tán (?:ra|rộng|ngoài)|luu hanh noi bo|(?:đừng|chưa|khoan) (?:vội )?(?:đăng|công bố) vội|(?:xin|lấy) ý kiến nội bộ|tài liệu thu hồi|chỉ người có tên mới được bóc bì"
    r"|không được sao,? chụp|(?:cấm|không) sao chụp|(?:bản )?dự thảo (?:lần|không công bố)|bản dự thảo (?:ngày|số)|do not publish"
    r"|not for release|confidential|internal use only|chưa được phép công bố|bản thảo chưa (?:được )?(?:duyệt|phê duyệt)|chưa (?:được )?(?:duyệt|phê duyệt),? không|không đăng báo|không chia sẻ ra ngoài"
    rf"|không phổ biến (?:ra|rộng|cho)|{_PAPER} này chưa (?:được )?(?:phát hành|công bố|duyệt)|đề nghị (?:không|chưa) (?:đăng|đưa tin|phổ biến))(?!\w)",
    re.IGNORECASE,
)
_COUNT = r"(?: \(?(?:lần )?(?:thứ )?(?:\d{1,2}|v\.?\d{1,2}|nhất|hai|ba|bốn|năm|cuối|[IVX]{1,4}))?\)?"
_ALONE = re.compile(
    rf"(?:bản )?(?:dự thảo|draft|bản nháp|nháp){_COUNT}(?:\s?[-–(,] ?(?:chờ|đang|để|của|lần|bản|xin|lưu|không|chưa|ngày|not|do|for|\d).{{0,80}})?"
    r"|(?:bản )?nháp (?:của|chưa|chờ|đang) .{1,50}"
    r"|(?:tài liệu |văn bản |bản )?(?:(?:sử dụng )?nội bộ|không phổ biến|giải mật|chưa phát hành)(?:\s?[-–,(].{0,80})?",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"DỰ THẢO(?: (?:TỜ TRÌNH|KẾ HOẠCH|BÁO CÁO|QUYẾT ĐỊNH|NGHỊ QUYẾT|CÔNG VĂN|THÔNG BÁO|ĐỀ ÁN|PHƯƠNG ÁN))?[ \d.]{0,5}"
)
_TITLE = re.compile(
    r"^\s{0,4}(?:[\[(](?:bản )?(?:dự thảo|draft|nháp|nội bộ)[^\])]{0,20}[\])]|(?:draft|bản nháp|nháp)\s?[:-])"
    r"|^\s{0,4}(?-i:DỰ THẢO) (?:báo cáo|kế hoạch|công văn|tờ trình|thông báo|quy chế|biên bản|bài|tin)(?!\w)(?!.{0,120}(?:lấy ý kiến|góp ý|lấy phiếu))"
    r"|[\[(](?:bản )?(?:dự thảo|draft|nháp|nội bộ)[\])]\s{0,4}$",
    re.IGNORECASE,
)
_CHEAP = re.compile(
    r"nội bộ|noi bo|không phát tán|không phổ biến|dự thảo|draft|nháp|sao chụp|không (?:được )?sao|thu hồi|bóc bì|giải mật|không đăng|đăng vội|công bố vội|không chia sẻ"
    r"|chưa (?:được )?(?:phép )?(?:phát hành|công bố|duyệt|phê duyệt)|đề nghị (?:không|chưa)|release|confidential|internal|publish"
)
_SPACED = re.compile(r"(?<!\w)[^\W\d_](?: {1,3}[^\W\d_]){3,40}(?!\w)")
_TWO_APART = re.compile(r" [^\W\d_] {1,3}[^\W\d_] ")  # cheap, and in every such run
_TAG = re.compile(r"<!--|-->|</?[A-Za-z][^<>]{0,200}>")


def suspicious(plain: str) -> bool:
    """A cheap look at a text in plain letters: False when no part of it can hold a mark."""
    return bool(_CHEAP.search(_unspaced(plain).lower()))


def mark_in(text: str) -> int:
    """1-based line of the first mark, 0 when there is none."""
    for number, raw in lines_with(_CHEAP, _unspaced(letters(text).text)):
        line = _TAG.sub(" ", raw[:3000])
        whole = bare(line)
        alone = (len(whole) < 60 and _ALONE.fullmatch(whole)) or _HEADING.fullmatch(whole)
        if alone or _PHRASES.search(line):
            return number
    return 0


def in_title(text: str) -> bool:
    """A mark, or a title that begins or ends with "[DỰ THẢO]", "DRAFT:" or the like."""
    return bool(mark_in(text)) or bool(_TITLE.search(letters(text).text))


def _unspaced(text: str) -> str:
    """ "L Ư U   H À N H" is read as words: letters one space apart join, wider gaps stay one space."""
    if not _TWO_APART.search(text):
        return text
    return _SPACED.sub(lambda found: re.sub(r" {2,3}", " ", re.sub(r"(?<=\S) (?=\S)", "", found.group())), text)
