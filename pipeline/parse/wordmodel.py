"""mammoth's view of a document as blocks: paragraphs, pictures and tables, in order, with what Word shows of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from mammoth import documents

from pipeline.parse.wordxml import NUMBER

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
        self._note_numbers: dict[tuple[str, str], int] = {}
        self._paragraphs = 0
        self._tables = 0
        self.letters = 0

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

    @property
    def note_count(self) -> int:
        return len(self._note_numbers)

    def notes(self) -> Iterator[tuple[int, list[Piece]]]:
        """The notes that were named, with their numbers from 1; a note that names another is read too."""
        number, keys = 0, list(self._note_numbers)
        while number < len(keys):
            kind, key = keys[number]
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
            if len(keys) < len(self._note_numbers):
                keys = list(self._note_numbers)

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
                self.letters += len(element.value)
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
        return self._note_numbers.setdefault((element.note_type, element.note_id), len(self._note_numbers) + 1)

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
    digits = str(name or "").removeprefix(NUMBER)
    if digits.isdecimal() and digits != name:
        yield int(digits[:6])


def _numbering(element: Any, number: int | None) -> Numbering | None:
    if element.numbering is None:
        return None
    level = str(element.numbering.level_index)
    return (min(int(level), 8) if level.isdecimal() else 0, bool(element.numbering.is_ordered), number or 0)
