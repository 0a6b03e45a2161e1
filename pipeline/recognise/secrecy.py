"""Secrecy marks (Luật 117/2025/QH15, NĐ 63/2026/NĐ-CP): TUYỆT MẬT, TỐI MẬT, MẬT.

A mark stands in a mark's position: alone on a line, in a cell or between separators, in brackets, behind "Độ mật:", after
a document's number. The same word in a sentence ("bảo mật", "mật ong", "bí mật nhà nước") is no mark.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Literal

from pipeline.cues import small
from pipeline.patterns import lazy
from pipeline.recognise import internal
from pipeline.recognise.filenames import in_name
from pipeline.recognise.markforms import CHEAP, across
from pipeline.recognise.markline import ITEM, LISTED_LINE, is_marked
from pipeline.recognise.markwords import LEVEL
from pipeline.recognise.oldfonts import readings
from pipeline.recognise.view import letters, lines_with

Level = Literal["secret", "internal"]
Where = Literal["body", "title", "alt", "file", "front"]

_TWO_SPACES = lazy(r"(?<! ) {2}(?! )")  # three and more set apart
_LISTED_LEVEL = lazy(rf"{LISTED_LINE.pattern}({LEVEL})\W{{0,3}}$", re.IGNORECASE)
_FIRST_CELL = lazy(rf"\s{{0,8}}\| ?({LEVEL}) ?\|.{{0,60}}\d", re.IGNORECASE)
_SHOWN = lazy(
    rf"(?<!\w)(?:dấu|độ|văn bản|công văn|tài liệu|hồ sơ|trang bìa)[^.\n]{{0,20}}?(?<!bí )(?<!bảo ){LEVEL}(?!\w| (?:khẩu|ong|độ|mã))"
    r"|(?<!\w)(?:TUYỆT|TỐI) MẬT(?!\w)",
    re.IGNORECASE,
)
_SHOWN_BARE = lazy(r"(?i:dau|van ban|cong van|tai lieu|bao cao|stamp)[^.\n]{0,30}(?<!\w)(?:(?:TUYET|TOI) )?MAT(?!\w)")
_NO_PAPER = lazy(
    r"(?<!\w)(?:phim|poster|vở|truyện|cuốn sách|bìa sách|kịch|mẫu dấu|bài giảng|các loại)(?!\w)|^\s{0,4}(?:hình|tranh|ảnh) minh h(?:ọa|oạ)|^đồ họa|tập huấn|hội nghị|lớp|bí mật",
    re.IGNORECASE,
)


def level_of(text: str, where: Where) -> Level | None:
    """What a text says of itself; `where` is the position that it stands in, "front" the front matter as it lies in a file."""
    if where == "file":
        return "secret" if in_name(text) else None
    if where == "front" and mark_in_source(f"---\n{text}"):
        return "secret"
    if in_caption(text) if where == "alt" else mark_in(text):
        return "secret"
    marked = internal.in_title(text) if where == "title" else internal.mark_in(text)
    return "internal" if marked else None


def suspicious(plain: str) -> bool:
    """A cheap look at a text in plain letters: False when no part of it can hold a mark."""
    shown = _one_space(unescape(plain) if "&" in plain else plain)
    return bool(CHEAP.search(small(shown) or shown.lower()) or across(shown))


def mark_in(text: str) -> int:
    """1-based line of the first secrecy mark of a text or title, 0 when there is none."""
    plain = _one_space(letters(unescape(text) if "&" in text else text).text)
    lines: list[str] = []
    for number, row in lines_with(CHEAP, plain):
        # A mark's line is short; a long one is marked at its ends.
        ends = row if len(row) <= 3000 else row[:1500] + " " + row[-1500:]
        if any(is_marked(reading) for reading in readings(ends)) and not _wrapped(
            row, lines := lines or ["", *plain.split("\n"), ""], number
        ):
            return number
    spread = across(plain)
    return plain.count("\n", 0, spread.start()) + 1 if spread else 0


def _one_space(text: str) -> str:
    return _TWO_SPACES.sub(" ", text) if "  " in text else text


def _wrapped(row: str, lines: list[str], number: int) -> bool:
    """A small "mật" between two lines of a sentence ("bảo / mật / là …"), or a row of a table that explains the levels."""
    above, below = lines[number - 1].strip(), lines[number + 1].strip()
    if row.strip() in ("mật", "Mật"):
        return below[:1].islower() and (above[-1:].islower() or not above)
    if ITEM.fullmatch(row):  # by itself, or one line of a list of goods
        near = [*lines[max(0, number - 3) : number], *lines[number + 1 : number + 4]]
        return not any(near) or any(LISTED_LINE.match(line) or line.rstrip().endswith(":") for line in near)
    listed = [_LISTED_LEVEL.match(line) for line in (above, row, below)]
    if listed[1] and len({one[1].lower() for one in listed if one}) > 1:
        return True
    rows = [_FIRST_CELL.match(line) for line in (above, row, below)]
    return rows[1] is not None and len({one[1].lower() for one in rows if one}) > 1


def mark_in_source(source: str) -> int:
    """`mark_in` for a file as it lies in the folder: the values of its front matter count as titles."""
    found = mark_in(source)
    if found or not source.startswith("---"):
        return found
    for number, line in enumerate(source.split("\n", 400)[:400], 1):
        if number > 1 and line.rstrip() in ("---", "..."):
            break
        value = line.partition(":")[2].strip(" \"'")
        if value and mark_in(value):
            return number
    return 0


def in_caption(text: str) -> bool:
    """A picture that its own description calls a marked paper, but not a drawn one or a lecture about secrets."""
    plain = letters(text).text
    shown = any(_SHOWN.search(reading) for reading in readings(plain)) or (
        plain.isascii() and not plain.isupper() and bool(_SHOWN_BARE.search(plain))
    )
    return bool(mark_in(plain)) or (not _NO_PAPER.search(plain) and shown)
