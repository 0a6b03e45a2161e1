"""Numbers of persons behind the name of what they are ("Số CCCD (12 số): …"), written and broken in any way.

The name is certain, so the number needs no shape of its own but its length: groups of any size, apart by up to three signs
or a line end. Between the two stand a few words, which must not name something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.cues import Led, Words, small
from pipeline.patterns import lazy
from pipeline.recognise.facts import digits, facts
from pipeline.recognise.numbers import is_private_account
from pipeline.recognise.owner import owner

Found = tuple[str, int, int]  # kind, start, end

_SEP = r"[ ._*/-]{0,3}"
_BROKEN = r"[ ._*/|\n-]{0,3}"  # also over line ends and cells, where a last look can tell the number from a column
_COUNTED = r"(?:\(?(?:gồm )?\d{1,2} (?:chữ )?số\)?[^\d\n]{0,12}?)?"  # "(12 số)"
_GAP = rf"(?P<gap>[^\d\n]{{0,45}}?{_COUNTED}(?:\n[^\w\n]{{0,6}}){{0,2}})"
_NAME, _REACH = 60, 300  # characters: no name is longer, no number ends farther behind its name
_DIGIT = lazy(r"\d")
_FAR = _GAP.replace("0,45", "0,70")
_LINES = r"(?P<gap>[^\d\n]{0,45}?(?:\n[^\d\n]{0,16}?){0,2})"  # of a passport's own page, in two tongues
_MONEY = lazy(
    r" {0,2}(?:đồng|đ\b|VND|VNĐ|m2|người|hồ sơ|triệu|tỷ|lượt|thẻ|bản ghi|tài khoản|trường hợp|%)", re.IGNORECASE
)
_THOUSANDS = lazy(r"[1-9]\d{0,2}(?:[.,]\d{3}){1,6}")
_DATED = lazy(r"(?:0?[1-9]|[12]\d|3[01])[ ./-](?:0?[1-9]|1[0-2])[ ./-](?:19|20)\d\d")
_MOBILE = lazy(r"(?:0084|84|)0?(?:3[2-9]|5[25-9]|7[06-9]|8[1-9]|9[0-46-9])\d{7}|01[2689]\d{8}")
_COUNT = "khoảng|hơn|tổng số|mức|đạt|tăng|giảm|cho|được|từ|số lượng|số tiền|lệ phí|phí"
_PHONE_WORDS = "điện thoại|s?đt|tel|hotline|zalo|viber|tổng đài|fax|liên hệ|gọi"
_PAPER_WORDS = "cccd|cmnd|căn cước|định danh|hộ chiếu"


def _halves(size: int) -> str:
    """So many digits, torn at a line end."""
    return rf"(?=(?:\d|\n(?=\d)){{{size + 1}}}(?!\d))\d{{2,{size - 2}}}\n\d{{2,{size - 2}}}"


def _run(least: int, most: int, sep: str = _SEP) -> str:
    return rf"\d(?:{sep}\d){{{least - 1},{most - 1}}}"


@dataclass(frozen=True)
class _Label:
    """One kind of number.

    Args:
        words: one of them stands in the small letters of whatever the pattern finds; `cheap` looks for them.
        other: words between name and number that name another number.
        holds: a last look at the number and the words around it.
    """

    kind: str
    pattern: re.Pattern[str]
    words: frozenset[str]
    cheap: re.Pattern[str]
    other: re.Pattern[str]
    holds: Callable[[str, int, int], bool]


def _label(
    kind: str, names: str, value: str, cheap: str, other: str, holds: Callable[[str, int, int], bool], gap: str = _GAP
) -> _Label:
    pattern = rf"(?<!\w)(?:{names})(?!\w){gap}(?<!\w)(?P<value>{value})(?!\w|[.,]\d)"
    return _Label(
        kind, lazy(pattern, re.IGNORECASE), frozenset(cheap.split("|")), lazy(cheap),
        lazy(rf"(?<!\w)(?:{other})(?!\w)", re.IGNORECASE), holds,
    )  # fmt: skip


def _is_identity(text: str, start: int, end: int) -> bool:
    shown, plain = text[start:end], digits(text[start:end])
    if len(set(plain)) == 1:
        return False  # 000000000000 fills a form's example
    if ("\n" in shown or "|" in shown) and len(plain) != 9:
        return len(plain) == 12 and plain[:3] in facts().provinces and plain[3] in "0123"
    return plain[0] == "0" if len(plain) == 12 else _is_no_count(text, start, end)


def _is_no_count(text: str, start: int, end: int) -> bool:
    return not _THOUSANDS.fullmatch(text[start:end]) and not _DATED.match(text[start:end])


def _is_private_mobile(text: str, start: int, end: int) -> bool:
    number = digits(text[start:end])
    known = number in facts().phones or not _MOBILE.fullmatch(number)
    return not known and owner(text, start, end) != "office"


def _is_private_account(text: str, start: int, end: int) -> bool:
    return _is_no_count(text, start, end) and is_private_account(text, start, end)


def _has_digits(text: str, start: int, end: int) -> bool:
    return len(digits(text[start:end])) >= 5


def _is_filled(text: str, start: int, end: int) -> bool:
    return set(digits(text[start:end])) != {"0"}  # a form's example


_LABELS = (
    _label(
        "identity", r"CCCD|căn cước(?: công dân)?|định danh|ĐDCN|giấy tờ tùy thân|GTTT|số CC|ID(?: card| no)?",
        _run(12, 12, _BROKEN), r"cccd|căn cước|định danh|đdcn|gttt|giấy tờ|cc|id",
        rf"{_PHONE_WORDS}|tài khoản|stk|^ (?:điện tử )?(?:của )?(?:văn bản|tài liệu|thiết bị|hồ sơ|thửa đất|cơ quan|đơn vị|tổ chức)", _is_identity,
    ),
    _label(
        "identity", r"CMND|CMTND|CMT|chứng minh (?:nhân dân|thư)", f"{_run(9, 9)}|{_halves(9)}", r"cmnd|cmt|chứng minh",
        rf"{_PHONE_WORDS}|tài khoản|stk", _is_identity,
    ),
    _label(
        "identity",
        r"CMSQ|CMQĐ|chứng minh (?:quân đội|sĩ quan|công an)(?: nhân dân)?|số hiệu (?:sĩ quan|quân nhân)",
        _run(8, 12), r"cmsq|cmqđ|chứng minh|số hiệu", rf"{_PHONE_WORDS}|tài khoản|stk", _is_no_count,
    ),
    _label(
        "passport", r"hộ chiếu|passport|HC", r"[A-Z]{1,2}[ .-]?\d(?:[ .-]?[\dlO]){6,7}|[A-Z]l\d{6,7}|[A-Z]{1,2}\d{2,5}\n\d{2,5}|(?=[A-Z\d]{0,4}\d)[A-Z\d]{8,9}(?!\w)|\d{3} \d{3} \d{3}|\d\d \d{7}|\d[ -]\d{4}[ -]\d{4}",
        r"hộ chiếu|passport|hc", rf"{_PHONE_WORDS}|seri|{_PAPER_WORDS}", _has_digits, _LINES,
    ),
    _label(
        "insurance", r"BHXH|BHYT|bảo hiểm (?:xã hội|y tế)|thẻ bảo hiểm|số sổ(?: cũ| mới)?",
        rf"{_run(10, 10)}|{_halves(10)}|[A-Z]{{2}}[ .-]?{_run(10, 13)}", r"bhxh|bhyt|bảo hiểm",
        rf"{_PHONE_WORDS}|mst|thuế|tài khoản|stk|{_PAPER_WORDS}|{_COUNT}", _is_no_count,
    ),
    _label(
        "licence", r"giấy phép lái xe|GPLX|bằng lái(?: xe)?", rf"{_run(12, 12)}|{_halves(12)}|[A-Z]{{1,2}} ?\d{{6}}", r"lái|gplx",
        rf"{_PHONE_WORDS}|quyết định|nghị định|mẫu", _is_no_count,
    ),
    _label(
        "tax", r"(?:MST|mã số thuế)(?: của)? (?:cá nhân|hộ kinh doanh|tôi|ông|bà|anh|chị)|thuế cá nhân", _run(10, 10),
        r"mst|thuế", rf"{_PHONE_WORDS}|tài khoản|stk|công ty", _is_no_count,
    ),
    _label(  # a person's code begins with 8
        "tax", r"thuế thu nhập cá nhân|(?:thuế )?TNCN|mã thuế|(?:mã (?:số )?)?(?:người (?:nộp thuế|phụ thuộc)|NNT|NPT)", f"8(?:{_SEP}\\d){{9}}",
        r"thuế|tncn|nnt|npt|phụ thuộc", rf"{_PHONE_WORDS}|tài khoản|stk|công ty", _is_no_count,
    ),
    _label(
        "case",
        r"mã (?:hồ sơ|HS|tra cứu|biên nhận)|số (?:hồ sơ|biên nhận)|MHS|hồ sơ(?: số| mã)?|giấy hẹn",
        r"[A-Z]?\d{2,3}(?:[ ._-]{1,3}[A-Z]?\d{1,3}){0,6}[ _-]{1,3}\d{6}[ _-]{1,3}\d{4,6}",
        r"hồ sơ|hs|tra cứu|biên nhận|giấy hẹn", "quyết định", _is_filled,
    ),
    _label(
        "phone",
        r"điện thoại|S?ĐT|SDT|ĐTDĐ|di động|số máy|tel|phone|mobile|zalo|viber|liên (?:hệ|lạc)",
        rf"(?:\+?84|0){_BROKEN}[135789](?:{_BROKEN}\d){{8,9}}",
        r"điện thoại|đt|sdt|di động|số máy|tel|phone|mobile|zalo|viber|liên",
        "mst|thuế|tài khoản|stk", _is_private_mobile,
    ),
    _label(
        "bank", r"STK|số tài khoản|tài khoản(?: ngân hàng)?(?: số)?|số TK|TK", rf"{_run(8, 19)}|\d{{3,10}}\n\d{{3,10}}", r"stk|tài khoản|tk",
        rf"{_PHONE_WORDS}|định danh|vneid(?! của)|kích hoạt|{_COUNT}", _is_private_account, _FAR,
    ),
)  # fmt: skip


_CHEAP = Words("|".join(sorted(frozenset().union(*(label.words for label in _LABELS)))))

# The name behind the number: "0101904362 (mã BHXH)", "145678901 là số CMND cũ".
_NAMED_AFTER = Led(
    r"(?<![\w.,/-])(?<!\d )(?P<value>[A-Z]{0,2}\d(?:[ .-]?\d){6,18})(?![\d/])[ ,|]{0,3}[(–-]?[ ]?(?:(?:đó |đây )?(?:là|thuộc) )?(?:(?:mã|số|sổ|thẻ)(?: số)? ){0,2}"
    r"(?:(?P<identity>CMND|CMT|CCCD|căn cước|chứng minh)|(?P<passport>hộ chiếu|passport)|(?P<insurance>BHXH|BHYT|bảo hiểm (?:xã hội|y tế))"
    r"|(?P<licence>GPLX|bằng lái|giấy phép lái xe)|(?P<bank>STK|tài khoản)|(?P<tax>(?:MST|thuế) cá nhân))(?!\w)(?! ?:)",
    sign=r"[A-Za-z]{0,2}\d",
)
_LENGTHS = {
    "identity": (9, 12),
    "passport": (7, 8, 9),
    "insurance": (10, 13),
    "licence": (12,),
    "bank": range(8, 20),
    "tax": (10,),
}


def _named_after(text: str) -> Iterator[Found]:
    for found in _NAMED_AFTER.finditer(text):
        kind = found.lastgroup or ""
        start, end = found.span("value")
        if len(digits(found["value"])) not in _LENGTHS[kind] or not _is_no_count(text, start, end):
            continue
        if kind != "bank" or is_private_account(text, start, end):
            yield kind, start, end


def _near(label: _Label, text: str, low: str) -> Iterator[re.Match[str]]:
    """The pattern's matches, looked for only around the words that every match holds, where there is a digit."""
    if len(low) != len(text):  # a letter that grows when lowered is no Vietnamese one
        yield from label.pattern.finditer(text)
        return
    done = 0
    for cue in label.cheap.finditer(low):
        if cue.start() < done:
            continue
        begin, last = max(done, cue.start() - _NAME), cue.end() + _NAME
        if not _DIGIT.search(text, cue.end(), last + _REACH):
            continue
        done = last
        for found in label.pattern.finditer(text, begin, min(len(text), last + _REACH)):
            if found.start() >= last:
                break  # belongs to the next word
            done = max(done, found.end())
            yield found


def labelled(text: str) -> Iterator[Found]:
    """Every number that stands behind the name of its kind. Linear: a name, then bounded repeats."""
    low = text.lower()
    yield from _named_after(text)
    there = _CHEAP.found(low) if small(text) is not None else None
    for label in _LABELS if there is None else [label for label in _LABELS if not label.words.isdisjoint(there)]:
        for found in _near(label, text, low):
            start, end = found.span("value")
            if label.other.search(found["gap"]) or _MONEY.match(text, end):
                continue
            if label.holds(text, start, end):
                yield label.kind, start, end
