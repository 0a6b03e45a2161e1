"""Blocks become Markdown in which every letter is a letter, with a place for every line.

What an editor typed is text: each sign that Markdown would read as its own is escaped, and each paragraph is read back
to be sure of it. A place is what an editor can find in Word, where nobody sees line numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pipeline.parse.markdown import engine, inline_text
from pipeline.parse.wordmodel import Block, Paragraph, Piece
from pipeline.patterns import lazy

_SIGNS: Final = lazy(r"[\\`*\[\]<]|(?<![^\W_])_|_(?![^\W_])|~(?=~)|(?<=~)~|&(?=#?\w+;)|!(?=\[)")
_LINE_START: Final = lazy(r"^(?=[#>+=:|-]|~~~)|^(\d{1,9})(?=[.)](?:\s|$))")
_LOOKS: Final = ("bold", "italic", "struck")
_MOST_LOOKS: Final = 20_000  # signs of a paragraph that is read back; no sentence is so long
_HEADING: Final = lazy(r"heading ([1-9])")
_CAPTION: Final = lazy(r"(?:ảnh|hình|nguồn ảnh|nguồn|h\.)\s*(?:minh họa)?\s*\d{0,3}\s*[:.–-]", re.IGNORECASE)
_MOST_CAPTION: Final = 250


def escaped(text: str) -> str:
    """The text with a backslash before each sign that Markdown would take for its own."""
    return _SIGNS.sub(r"\\\g<0>", text)


def inline(pieces: Sequence[Piece], *, in_table: bool = False) -> str:
    """One paragraph's Markdown, read back; emphasis that would not be read as meant is left out, letters never."""
    looks = tuple(look for look in _LOOKS if any(getattr(piece, look) for piece in pieces))
    wanted = _bare("".join(piece.text for piece in pieces))
    if len(wanted) > _MOST_LOOKS:
        looks = ()
    while looks:
        shown = _written(pieces, looks, in_table)
        if _bare(_read_back(shown)) == wanted:
            return shown
        looks = ("bold",) if len(looks) > 1 and "bold" in looks else ()
    return _written(pieces, (), in_table)


def _bare(text: str) -> str:
    return "".join(text.split())


def _read_back(shown: str) -> str:
    plain = re.sub(r"(?<!\\)\[\^\d+\]", "", shown.replace("<br>", " ").replace("\\|", "|"))
    return "".join(inline_text(token) for token in engine().parseInline(plain))


def _written(pieces: Sequence[Piece], looks: Sequence[str], in_table: bool) -> str:
    text = "".join(
        _linked(group, looks) for group in _grouped(_merged(pieces, looks), lambda one: (one.href, one.note))
    )
    rows = [row.strip() for row in re.sub(r"[^\S\n]+", " ", text).strip().split("\n")]
    if in_table:
        return "<br>".join(row for row in rows if row).replace("|", "\\|")
    # Two spaces, not a backslash: a rule that looks for a mark alone on its line must find nothing after it.
    return "  \n".join(_line_start(row) for row in rows if row)


def _merged(pieces: Sequence[Piece], looks: Sequence[str]) -> Iterator[Piece]:
    """Pieces that look the same as one, since Word cuts a word anywhere and signs may stand on both sides."""
    plain = (
        replace(
            piece,
            bold=piece.bold and "bold" in looks,
            italic=piece.italic and "italic" in looks,
            struck=piece.struck and "struck" in looks,
        )
        for piece in pieces
    )
    for group in _grouped(plain, lambda one: replace(one, text="")):
        yield replace(group[0], text="".join(piece.text for piece in group))


def _line_start(row: str) -> str:
    return _LINE_START.sub(lambda found: f"{found[1] or ''}\\", row, count=1)


def _grouped(pieces: Iterable[Piece], key: Callable[[Piece], Any]) -> Iterator[list[Piece]]:
    group: list[Piece] = []
    for piece in pieces:
        if group and key(piece) != key(group[0]):
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _linked(pieces: list[Piece], looks: Sequence[str]) -> str:
    first = pieces[0]
    if first.note:
        return f"[^{first.note}]"
    text = _emphasised(pieces, looks)
    if not first.href or not text.strip():
        return text
    before, inner, after = _trimmed(text.replace("\n", " "))
    address = re.sub(r"[\s<>\\\x00-\x1f]", lambda found: f"%{ord(found[0]) % 256:02X}", first.href)
    return f"{before}[{inner}](<{address}>){after}"


def _emphasised(pieces: Sequence[Piece], looks: Sequence[str]) -> str:
    if not looks:
        return "".join(_raised(piece) for piece in pieces)
    look, signs = looks[0], {"bold": "**", "italic": "*", "struck": "~~"}[looks[0]]
    shown = ""
    for group in _grouped(pieces, lambda one: getattr(one, look)):
        inner = _emphasised(group, looks[1:])
        if getattr(group[0], look) and inner.strip():
            parts = [(_trimmed(row) if row.strip() else ("", "", row)) for row in inner.split("\n")]
            inner = "\n".join(f"{a}{signs}{b}{signs}{c}" if b else c for a, b, c in parts)
        shown += inner
    return shown


def _raised(piece: Piece) -> str:
    text = escaped(piece.text)
    return f"<{piece.height}>{text}</{piece.height}>" if piece.height and piece.text.strip() else text


def _trimmed(text: str) -> tuple[str, str, str]:
    inner = text.strip()
    start = text.index(inner)
    return text[:start], inner, text[start + len(inner) :]


@dataclass
class Written:
    """Markdown with the place of each of its lines."""

    lines: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)

    def add(self, text: str, place: str, *, apart: bool = True) -> None:
        """A block; `apart` puts an empty line before it."""
        if apart and self.lines:
            self.lines.append("")
            self.places.append(place)
        rows = text.split("\n")
        self.lines += rows
        self.places += [place] * len(rows)


def heading_level(style: str) -> int:
    """1 to 6 for a heading style, else 0."""
    found = _HEADING.fullmatch(style)
    return min(int(found[1]), 6) if found else 0


def is_caption(block: Block | None) -> bool:
    """A paragraph that belongs to the picture before it: by its style, or by how it begins."""
    if not isinstance(block, Paragraph) or len(block.text) > _MOST_CAPTION:
        return False
    return block.style == "caption" or (not heading_level(block.style) and bool(_CAPTION.match(block.text)))
