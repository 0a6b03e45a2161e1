"""Marks of drafts and of papers for internal use: what is not decided yet or is for colleagues only.

A draft law that is put before the public ("Lấy ý kiến dự thảo Nghị quyết") is news, so the word alone says nothing; it
counts as a heading of its own or in the set phrases.
"""

from __future__ import annotations

import re

from pipeline.cues import Words, small
from pipeline.patterns import lazy
from pipeline.recognise.oldfonts import readings
from pipeline.recognise.view import bare, letters, lines_with

_PAPER = r"(?:văn bản|tài liệu|nội dung|thông tin|công văn|báo cáo|bài)"
_PHRASES = lazy(
    r"(?<!\w)(?:lưu hành nội bộ|(?:sử )?dùng (?:trong )?nội bộ|(?:chỉ|chỉ được|chỉ để|để) sử dụng (?:trong )?nội bộ|không phát tán (?:ra|rộng|ngoài)|luu hanh noi bo|(?:đừng|chưa|khoan) (?:vội )?(?:đăng|công bố) vội|(?:xin|lấy) ý kiến nội bộ|tài liệu thu hồi|chỉ người có tên mới được bóc bì"
    r"|không được sao,? chụp|(?:cấm|không) sao chụp|(?:bản )?dự thảo (?:lần|không công bố)|bản dự thảo (?:ngày|số)|do not publish"
    r"|not for release|(?-i:CONFIDENTIAL)|strictly confidential|internal use only|chưa được phép công bố|bản thảo,? chưa (?:được )?(?:duyệt|phê duyệt)|chưa (?:được )?(?:duyệt|phê duyệt),? không|không đăng báo|không chia sẻ ra ngoài"
    rf"|không (?:được )?phổ biến (?:ra|rộng|cho|trên (?:các )?(?:phương tiện|mạng|báo))|chỉ (?:được )?phổ biến (?:trong )?nội bộ|{_PAPER} này chưa (?:được )?(?:phát hành|công bố|duyệt)|đề nghị (?:không|chưa) (?:đăng|đưa tin|phổ biến)|(?:thu lại|thu hồi)(?: tài liệu)? (?:ngay )?sau (?:khi )?(?:kết thúc )?(?:buổi )?(?:họp|hội nghị|cuộc họp)(?=\s?(?:[.,;)–-]|$)))(?!\w)"
    r"|[-–(,;] ?không phổ biến(?=\W{0,4}$)",
    re.IGNORECASE,
)
_COUNT = r"(?: \(?(?:lần )?(?:thứ )?(?:\d{1,2}|v\.?\d{1,2}|nhất|hai|ba|bốn|năm|cuối|[IVX]{1,4}))?\)?"
_ALONE = lazy(
    rf"(?:bản )?(?:dự thảo|draft|bản nháp|nháp){_COUNT}(?:\s?[-–(,] ?(?:chờ|đang|để|của|lần|bản|xin|lưu|không|chưa|ngày|not|do|for|\d).{{0,80}}| ngày \d.{{0,20}}| \d{{1,2}}[/.-]\d{{1,2}}(?:[/.-]\d{{2,4}})?)?"
    r"|(?:bản )?nháp (?:của|chưa|chờ|đang) .{1,50}|(?:bản )?dự thảo (?:chưa|chờ|trình) .{1,50}"
    r"|(?:tài liệu |văn bản |bản )?(?:(?:sử dụng |tham khảo |họp )?nội bộ|không (?:được )?phổ biến|confidential|giải mật|chưa (?:được )?(?:phát hành|công bố))(?:\s?[-–,(].{0,80})?",
    re.IGNORECASE,
)
_HEADING = lazy(
    r"DỰ THẢO(?: (?:TỜ TRÌNH|KẾ HOẠCH|BÁO CÁO|QUYẾT ĐỊNH|NGHỊ QUYẾT|CÔNG VĂN|THÔNG BÁO|ĐỀ ÁN|PHƯƠNG ÁN))?[ \d.]{0,5}"
)
_TITLE = lazy(
    r"^\s{0,4}(?:[\[(](?:bản )?(?:dự thảo|draft|nháp|nội bộ)[^\])]{0,20}[\])]|(?:draft|bản nháp|nháp|(?:bản )?dự thảo)\s?[:-])"
    r"|^\s{0,4}(?-i:DỰ THẢO) (?:báo cáo|kế hoạch|công văn|tờ trình|thông báo|quy chế|biên bản|bài|tin)(?!\w)(?!.{0,120}(?:lấy ý kiến|góp ý|lấy phiếu))"
    r"|[\[(](?:bản )?(?:dự thảo|draft|nháp|nội bộ)[\])]\s{0,4}$|[-–:|]\s?(?-i:DỰ THẢO|DRAFT|BẢN NHÁP)\s{0,4}$",
    re.IGNORECASE,
)
_CHEAP = lazy(
    r"nội bộ|noi bo|du thao|boc bi|khong pho bien|sao chup|thu hoi|thu lại|người có tên|lưu hành|tài liệu ?\n|không phát tán|không phổ biến|dự thảo|draft|nháp|sao chụp|không (?:được )?sao|thu hồi|bóc bì|giải mật|không đăng|(?:đăng|công bố) vội|không chia sẻ"
    r"|bản thảo|phổ biến|chưa (?:được )?(?:phép )?(?:phát hành|công bố|duyệt|phê duyệt)|đề nghị (?:không|chưa)|release|confidential|internal|publish"
)
_CHEAPER = Words(  # one of them stands in whatever _CHEAP finds
    "nội bộ|noi bo|du thao|boc bi|khong pho bien|sao chup|thu hoi|thu lại|người có tên|lưu hành|tài liệu|không phát tán|không phổ biến"
    "|dự thảo|draft|nháp|sao chụp|không sao|không được sao|thu hồi|bóc bì|giải mật|không đăng|vội|không chia sẻ|bản thảo|phổ biến"
    "|chưa được|chưa phép|chưa phát|chưa công|chưa duyệt|chưa phê|đề nghị không|đề nghị chưa|release|confidential|internal|publish"
)
_ACROSS = lazy(
    r"chỉ người có tên ?\n ?mới được[ \n]{1,4}bóc bì|chỉ người có tên mới được ?\n ?bóc bì|lưu hành ?\n ?nội bộ|tài liệu ?\n ?thu hồi",
    re.IGNORECASE,
)
# The public is asked about this draft: it is news.
_CONSULTED = lazy(
    r"(?:góp ý|lấy ý kiến|cho ý kiến|tham gia ý kiến|thảo luận|thông qua|công bố|toàn văn)[^.\n]{0,60}$", re.IGNORECASE
)
_PUBLISHED = lazy(
    r"[^.\n]{0,80}(?:được (?:lấy ý kiến|thông qua|công bố|đăng)|lấy ý kiến (?:nhân dân|rộng|cử tri))", re.IGNORECASE
)
_NAMED_STAMP = lazy(r"dấu[^.\n]{0,20}[“\"'‘]$", re.IGNORECASE)  # a text about stamps names them in quotes
_SPACED = lazy(r"(?<!\w)[^\W\d_](?: {1,3}[^\W\d_]){3,40}(?!\w)")
_APART = lazy(r" [^\W\d_] {1,3}[^\W\d_] ")  # in each of them
_WIDE = lazy(r" {2,400}")
_TAG = lazy(r"<!--|-->|</?[A-Za-z][^<>]{0,200}>")


def suspicious(plain: str) -> bool:
    """A cheap look at a text in plain letters: False when no part of it can hold a mark."""
    return _hints(_unspaced(plain))


def _hints(plain: str) -> bool:
    low = small(plain)
    return (low is None or _CHEAPER.stand_in(low)) and bool(_CHEAP.search(low or plain.lower()))


def mark_in(text: str) -> int:
    """1-based line of the first mark, 0 when there is none."""
    plain = _unspaced(letters(text).text)
    if small(plain) is not None and not _hints(plain):
        return 0
    for number, raw in lines_with(_CHEAP, plain):
        if any(_is_marked(_TAG.sub(" ", reading)) for reading in readings(raw[:3000])):
            return number
    across = _ACROSS.search(plain)
    return plain.count("\n", 0, across.start()) + 1 if across else 0


def _is_marked(line: str) -> bool:
    whole = bare(line)
    if (len(whole) < 60 and _ALONE.fullmatch(whole)) or _HEADING.fullmatch(whole):
        return True
    return any(
        not ("dự thảo" in found.group().lower() and _CONSULTED.search(line[: found.start()]))
        and not ("dự thảo" in found.group().lower() and _PUBLISHED.match(line, found.end()))
        and not ("bóc bì" in found.group().lower() and _NAMED_STAMP.search(line[: found.start()]))
        and not ("sao" in found.group().lower() and "?" in line[found.end() :])
        for found in _PHRASES.finditer(line)
    )


def in_title(text: str) -> bool:
    """A mark, or a title that begins or ends with "[DỰ THẢO]", "DRAFT:" or the like."""
    return bool(mark_in(text)) or bool(_TITLE.search(letters(text).text))


def _unspaced(text: str) -> str:
    """ "L Ư U   H À N H" is read as words: letters one space apart join, wider gaps stay one space."""
    if not _APART.search(text):
        return _WIDE.sub(" ", text) if "  " in text else text
    joined = _SPACED.sub(lambda found: re.sub(r" {2,3}", " ", re.sub(r"(?<=\S) (?=\S)", "", found.group())), text)
    return _WIDE.sub(" ", joined)
