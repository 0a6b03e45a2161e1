"""mammoth's view of a document becomes Markdown in which every letter is a letter, with a place for every line.

What an editor typed is text: each sign that Markdown would read as its own is escaped, and each paragraph is read back
to be sure of it. A place is what an editor can find in Word, where nobody sees line numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mammoth import documents

from pipeline.parse.markdown import engine, inline_text

_SIGNS: Final = re.compile(r"[\\`*\[\]<]|(?<!\w)_|_(?!\w)|~(?=~)|(?<=~)~|&(?=#?\w+;)|!(?=\[)")
_LINE_START: Final = re.compile(r"^(?=[#>+=:|-]|~~~)|^(\d{1,9})(?=[.)](?:\s|$))")
_HEADING: Final = re.compile(r"heading ([1-9])")
_CAPTION: Final = re.compile(r"(?:ảnh|hình|nguồn ảnh|nguồn|h\.)\s*(?:minh họa)?\s*\d{0,3}\s*[:.–-]", re.IGNORECASE)
_MOST_CAPTION: Final = 250
GUIDE: Final = ("hướng dẫn", "bantin guide")  # style of what our own form explains; never published

Numbering = tuple[int, bool, int]  # level from 0, ordered, number


@dataclass
class Piece:
    """A stretch of one look; `text` "\\n" is a line break."""

    text: str
    bold: bool = False
    italic: bool = False
    struck: bool = False
    height: str = ""
    href: str = ""
    note: str = ""


@dataclass
class Shown:
    """A picture in the text: an index into what the reader of the package finds under its part name."""

    part: str
    alt: str


@dataclass
class Paragraph:
    """A Word paragraph that has words; `number` counts those as a person would."""

    style: str
    pieces: list[Piece]
    number: int
    numbering: Numbering | None = None
    alignment: str = ""

    @property
    def text(self) -> str:
        return squeezed("".join(piece.text for piece in self.pieces))


@dataclass
class Cell:
    paragraphs: list[Paragraph] = field(default_factory=list)
    pictures: list[Shown] = field(default_factory=list)
    columns: int = 1
    rows: int = 1

    @property
    def text(self) -> str:
        return "\n".join(one.text for one in self.paragraphs if one.text)


@dataclass
class Table:
    rows: list[list[Cell]]
    number: int


Block = Paragraph | Shown | Table


def squeezed(text: str) -> str:
    """White space of any kind, no-break spaces too, becomes single spaces; line breaks stay."""
    return re.sub(r" *\n *", "\n", re.sub(r"[^\S\n]+", " ", text)).strip()


class Blocks:
    """Reads mammoth's elements in order; notes are kept in the order in which they are named."""

    def __init__(self, notes: Any) -> None:
        self._notes = notes
        self.note_keys: list[tuple[str, str]] = []
        self._paragraphs = 0
        self._tables = 0

    def read(self, elements: Iterable[Any]) -> list[Block]:
        found: list[Block] = []
        for element in elements:
            if isinstance(element, documents.Paragraph):
                found += self._paragraph(element)
            elif isinstance(element, documents.Table):
                found += self._table(element)
            elif isinstance(element, (documents.Run, documents.Hyperlink)):
                found += self.read(element.children)
        return found

    def notes(self) -> Iterator[tuple[int, list[Piece]]]:
        """The notes that were named, with their numbers from 1; a note that names another is read too."""
        number = 0
        while number < len(self.note_keys):
            kind, key = self.note_keys[number]
            number += 1
            try:
                body = self._notes.find_note(kind, key).body
            except KeyError:
                continue
            pieces: list[Piece] = []
            for block in self.read(body):
                if isinstance(block, Paragraph):
                    pieces += [Piece(" "), *block.pieces]
            yield number, pieces

    def _paragraph(self, element: Any) -> Iterator[Block]:
        """A paragraph, cut where pictures stand in it; the numbers of empty ones are not counted."""
        style = str(element.style_name or "").lower()
        numbering, counted = None, False
        pieces: list[Piece] = []
        parts: list[list[Piece] | Shown] = [pieces]
        for one in self._inline(element.children, Piece("")):
            if isinstance(one, Shown):
                pieces = []
                parts += [one, pieces]
            elif isinstance(one, int):
                numbering = one
            else:
                pieces.append(one)
        for part in parts:
            if isinstance(part, Shown):
                yield part
            elif squeezed("".join(piece.text for piece in part)) or any(piece.note for piece in part):
                self._paragraphs += not counted
                counted = True
                yield Paragraph(style, part, self._paragraphs, _numbering(element, numbering), element.alignment or "")

    def _inline(self, elements: Iterable[Any], look: Piece) -> Iterator[Piece | Shown | int]:
        for element in elements:
            if isinstance(element, documents.Text):
                yield _looking(look, element.value)
            elif isinstance(element, documents.Run):
                yield from self._inline(element.children, _with_run(look, element))
            elif isinstance(element, documents.Hyperlink):
                yield from self._inline(element.children, _looking(look, "", href=element.href or ""))
            elif isinstance(element, documents.Image):
                yield _picture(element)
            elif isinstance(element, documents.Break):
                yield _looking(look, "\n" if element.break_type == "line" else " ")
            elif isinstance(element, documents.Tab):
                yield _looking(look, " ")
            elif isinstance(element, documents.Checkbox):
                yield _looking(look, "☒" if element.checked else "☐")
            elif isinstance(element, documents.NoteReference):
                yield Piece("", note=str(self._note(element)))
            elif isinstance(element, documents.Bookmark):
                yield from _number(element.name)
            elif isinstance(element, documents.Paragraph):  # a text box inside a paragraph
                yield from (Piece("\n"), *self._inline(element.children, look), Piece("\n"))

    def _note(self, element: Any) -> int:
        key = (element.note_type, element.note_id)
        if key not in self.note_keys:
            self.note_keys.append(key)
        return self.note_keys.index(key) + 1

    def _table(self, element: Any) -> Iterator[Block]:
        """A table; a frame of one column is no table but the blocks in it."""
        rows = [row for row in element.children if isinstance(row, documents.TableRow)]
        cells = [[cell for cell in row.children if isinstance(cell, documents.TableCell)] for row in rows]
        if all(len(row) <= 1 for row in cells):
            for row in cells:
                for cell in row:
                    yield from self.read(cell.children)
            return
        self._tables += 1
        number, before = self._tables, self._paragraphs
        made = [[self._cell(cell) for cell in row] for row in cells]
        self._paragraphs = before  # what stands in a table is found by its row
        yield Table(made, number)

    def _cell(self, element: Any) -> Cell:
        cell = Cell(columns=max(1, min(int(element.colspan), 63)), rows=max(1, int(element.rowspan)))
        for block in self.read(element.children):
            if isinstance(block, Paragraph):
                cell.paragraphs.append(block)
            elif isinstance(block, Shown):
                cell.pictures.append(block)
            else:
                for inner in (one for row in block.rows for one in row):
                    cell.paragraphs += inner.paragraphs
                    cell.pictures += inner.pictures
        return cell


def _looking(look: Piece, text: str, href: str = "") -> Piece:
    return Piece(text, look.bold, look.italic, look.struck, look.height, href or look.href)


def _with_run(look: Piece, run: Any) -> Piece:
    height = {"superscript": "sup", "subscript": "sub"}.get(run.vertical_alignment or "", "")
    struck = run.is_strikethrough or look.struck
    return Piece("", run.is_bold or look.bold, run.is_italic or look.italic, struck, height or look.height, look.href)


def _picture(element: Any) -> Shown:
    try:
        with element.open() as part:
            name = part.read().decode()
    except (KeyError, OSError, ValueError, UnicodeDecodeError):  # a picture that is not in the package
        name = ""
    return Shown(name, str(element.alt_text or ""))


def _number(name: Any) -> Iterator[int]:
    from pipeline.parse.wordxml import NUMBER

    digits = str(name or "").removeprefix(NUMBER)
    if digits.isdecimal() and digits != name:
        yield int(digits[:6])


def _numbering(element: Any, number: int | None) -> Numbering | None:
    if element.numbering is None:
        return None
    level = str(element.numbering.level_index)
    return (min(int(level), 8) if level.isdecimal() else 0, bool(element.numbering.is_ordered), number or 0)


# Markdown of one paragraph


def escaped(text: str) -> str:
    """The text with a backslash before each sign that Markdown would take for its own."""
    return _SIGNS.sub(r"\\\g<0>", text)


def inline(pieces: Sequence[Piece], *, in_table: bool = False) -> str:
    """One paragraph's Markdown, read back; emphasis that would not be read as meant is left out, letters never."""
    wanted = _bare("".join(piece.text for piece in pieces))
    shown = ""
    for looks in (("bold", "italic", "struck"), ("bold", "struck"), ()):
        shown = _written(pieces, looks, in_table)
        if _bare(_read_back(shown)) == wanted:
            break
    return shown


def _bare(text: str) -> str:
    return "".join(text.split())


def _read_back(shown: str) -> str:
    plain = re.sub(r"(?<!\\)\[\^\d+\]", "", shown.replace("<br>", " ").replace("\\|", "|"))
    return "".join(inline_text(token) for token in engine().parseInline(plain))


def _written(pieces: Sequence[Piece], looks: Sequence[str], in_table: bool) -> str:
    text = "".join(_linked(group, looks) for group in _grouped(pieces, lambda one: (one.href, one.note)))
    rows = [row.strip() for row in re.sub(r"[^\S\n]+", " ", text).strip().split("\n")]
    if in_table:
        return "<br>".join(row for row in rows if row).replace("|", "\\|")
    # Two spaces, not a backslash: a rule that looks for a mark alone on its line must find nothing after it.
    return "  \n".join(_line_start(row) for row in rows if row)


def _line_start(row: str) -> str:
    return _LINE_START.sub(lambda found: f"{found[1] or ''}\\", row, count=1)


def _grouped(pieces: Sequence[Piece], key: Callable[[Piece], Any]) -> Iterator[list[Piece]]:
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
    address = re.sub(r"[\s<>\\\x00-\x1f]", lambda found: "%{:02X}".format(ord(found[0]) % 256), first.href)
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


# Markdown of the whole


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
