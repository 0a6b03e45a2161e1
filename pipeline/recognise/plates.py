"""Number plates of all but public vehicles. Patterns have bounded repeats only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.cues import Led
from pipeline.patterns import lazy
from pipeline.recognise.owner import owner

Found = tuple[str, int, int]  # kind, start, end

_PLATE = Led(
    r"(?<![\w.])(?:1[1-9]|[2-9]\d)[ -]?[A-ZĐ]{1,2}\d?(?:-| - | )?\d{3}[. ]?\d{2}(?![\d.]\d|\w)"
    r"|(?<![\w.])\d{2}[ -]?(?:NG|NN|QT|CV)[ -]?\d{3}[-. ]?\d{2}(?!\w)|(?<![\w.])\d{2}-\d{3}-(?:NG|NN|QT|CV)-\d{2}(?!\w)",
    digit=r"\d(?=\d)",
    flags=0,
)
_PLATE_4 = Led(
    r"(?<!\w)(?:biển|BKS|xe)[^\d\n]{0,20}((?:1[1-9]|[2-9]\d)[ -]?[A-ZĐ]\d?(?: ?- ?| )\d{4})(?![\d.]\d|\w)",
    "biển|bks|xe",
)
_PLATE_LETTER = lazy(  # a letter beside a digit, which is the rarer of the two
    r"\d(?:[ .\n-]{0,3}[A-Za-zĐđ]|(?<=[A-Z]{2}[ -]\d)|(?<=[A-Z]{2}[ -]{2}\d)|(?<=[A-Z]{2}[ -]{3}\d))"
)
_SIGNS = r"[ .\n-]{0,3}"
_PLATE_TOLD = Led(
    rf"(?<!\w)(?:(?:biển(?: số| kiểm soát| xanh| đỏ| vàng| trắng)?(?: xe)?|BKS|BSX|BS)(?!\w)[^\d\n]{{0,20}}"
    rf"(?<!\d)([1-9]{_SIGNS}\d{_SIGNS}[A-ZĐ](?:{_SIGNS}[A-ZĐ])?(?:{_SIGNS}\d){{5,6}})(?!\w)"
    r"|(?:xe|ô tô|mô tô|phương tiện|chiếc)(?!\w)[^\d\n]{0,24}?(?<!\d)([1-9]\d ?-?[A-ZĐ]{1,2}\d? ?- ?\d{3}\.?\d{2})(?![\w/])"
    r"|(?:xe(?: máy)?|ô tô|mô tô|otô|oto|bien(?: so| ks)?(?: xe)?) ([1-9]\d[a-zđ]{1,2}\d?[ .-]?\d{3}\.?\d{2})(?!\w)"
    r"|(?:xe|ô tô|mô tô)(?!\w)[^\d\n]{0,20}"
    rf"(?<!\d)([1-9]\d{_SIGNS}(?-i:[A-ZĐ]{{1,2}})\d?{_SIGNS}\d{{3}}[ .]{{0,3}}\d{{2}})(?!\w)"
    r"|(?:biển(?: số| kiểm soát| đỏ)?|BKS|BS|xe)(?!\w)[^\d\n]{0,20}?(?<!\w)((?-i:[A-Z]{2})[ -]{1,3}\d\d[ .-]{1,3}\d\d)(?![\w/]))",
    "biển|bien|bks|bsx|bs|xe|ô tô|mô tô|otô|oto|phương tiện|chiếc",
)
_PLATE_NAMED = Led(
    rf"(?<![\w.])([1-9]\d{_SIGNS}[A-ZĐ]{{1,2}}\d?{_SIGNS}\d{{3}}[. ]?\d{{2}})(?!\w)(?=[ ,(–-]{{1,3}}(?:(?:đó |đây )?là |số )?(?:biển|BKS|BS|số xe))",
    digit=r"\d",
    flags=0,
)
_ONE = "(?:không|một|mốt|hai|ba|bốn|tư|năm|lăm|sáu|bảy|bẩy|tám|chín|mười|mươi)"
_PLATE_SAID = Led(
    rf"(?<!\w)(?:[Bb]iển|[Xx]e)(?!\w)[^\d\n]{{0,24}}?(?<!\w)({_ONE}(?: {_ONE}){{1,2}}[ ,-]{{1,3}}[A-ZĐ]{{1,2}}(?:[ ,.-]{{1,3}}{_ONE}){{4,7}})(?!\w)",
    "biển|xe",
    flags=0,
)
_VEHICLE = lazy(r"(?<!\w)(?:xe(?! (?:biển|mang|số))|ô tô|mô tô|taxi)(?!\w)", re.IGNORECASE)
_SERVICE = lazy(r"xe (?:buýt|cứu thương|cứu hỏa|chữa cháy|chở rác|thu gom rác|quét đường|tang)(?!\w)", re.IGNORECASE)
_MOTOR_4 = Led(
    r"(?<![\w.])(?<!lớp )(?:1[1-9]|[2-9]\d)-?[A-ZĐ] ?\d ?- ?(?!(?:19|20)\d\d)\d{4}(?![\w/])", digit=r"\d(?=\d)", flags=0
)


def plates(text: str) -> Iterator[Found]:
    """Number plates of all but public vehicles."""
    yield from (("plate", *found.span(1)) for found in _PLATE_SAID.finditer(text))
    if not _PLATE_LETTER.search(text):
        return
    for pattern in (_PLATE, _PLATE_4, _PLATE_TOLD, _MOTOR_4, _PLATE_NAMED):
        for found in pattern.finditer(text):
            group = found.lastindex or 0
            start, end = found.span(group)
            if _is_service_car(text, start):
                continue
            if owner(text, start, end) != "office" or _is_private_car(text, start):
                yield "plate", start, end


def _last_vehicle(text: str, start: int) -> str:
    """The words from the last vehicle before a plate on: of "giữa xe buýt và xe con 30A-…" the second has it."""
    near = text[max(0, start - 50) : start]
    return near[max((found.start() for found in _VEHICLE.finditer(near)), default=0) :]


def _is_service_car(text: str, start: int) -> bool:
    """Vehicles that serve everybody, whoever runs them."""
    return bool(_SERVICE.match(_last_vehicle(text, start)))


def _is_private_car(text: str, start: int) -> bool:
    """Only an office's own car is public; any other office word near a plate is the place, not the owner."""
    return not re.search(
        r"xe (?:buýt|tang|công vụ|lưu động|cứu|công|chuyên d[ùụ]ng|quét|hút|chở rác|thu gom|cuốn ép|tưới|chữa cháy|tuần tra|bồn)",
        _last_vehicle(text, start),
        re.IGNORECASE,
    )
