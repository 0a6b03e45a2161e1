"""Tables: the name of a column put before each of its cells, so that "1958" below "Năm sinh" is read as a year of birth."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.patterns import lazy
from pipeline.recognise.view import View, with_words

_NAMES = lazy(
    r"cccd|cmnd|cmt|căn cước|định danh|hộ chiếu|passport|bhxh|bhyt|bảo hiểm|điện thoại|đt|sdt|di động|liên hệ|zalo|sinh|tài khoản|stk"
    r"|mã số thuế|mst|biển|bks|giấy phép|gplx|hồ sơ|biên nhận|email|mail|địa chỉ|đ/c|nơi ở|chỗ ở|trú|hktt|tên|dob|phone|address|gttt|giấy tờ",
    re.IGNORECASE,
)
_LONGEST_NAME = 30  # what is put before a cell grows a hostile table no more than that often
_COUNTS = lazy(r"số (?:người|lượng|em|hồ sơ|ca|lượt|cháu|học sinh|thẻ)|tổng|tỷ lệ", re.IGNORECASE)
_BIRTH = lazy(r"sinh", re.IGNORECASE)
_SIGNS = lazy(r"[\w@]")


def named(view: View) -> View:
    """The view with every cell behind the name of its column; unchanged without a table."""
    if "|" not in view.text:
        return view
    return with_words(view, tuple(_places(view.text)))


def _places(text: str) -> Iterator[tuple[int, str]]:
    names: list[str] = []
    at = 0
    for line in text.split("\n"):
        cells = line.split("|") if "|" in line else []
        if not cells:
            names = []
        elif len(names) != len(cells):
            counted = bool(_COUNTS.search(line))
            names = [_name(cell, counted=counted) for cell in cells]
        elif any(names):
            place = at
            for name, cell in zip(names, cells, strict=True):
                if name and len(cell.strip()) > 3 and _SIGNS.search(cell):
                    yield place + len(cell) - len(cell.lstrip()), name
                place += len(cell) + 1
        at += len(line) + 1


def _name(cell: str, *, counted: bool) -> str:
    """What is put before the cells of a column, empty for one that tells of no person; years of birth may be counted."""
    name = " ".join(cell.split()).strip("*_ ")
    if counted and _BIRTH.search(name):
        return ""
    return f"{name}: " if 0 < len(name) <= _LONGEST_NAME and _NAMES.search(name) and not re.search(r"\d", name) else ""
