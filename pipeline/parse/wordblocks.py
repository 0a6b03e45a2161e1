"""The blocks of a Word document, written one after the other: headings, lists, tables, pictures with their captions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from pipeline.i18n import _
from pipeline.parse.wordmodel import GUIDE, Block, Cell, Paragraph, Piece, Shown, Table, squeezed
from pipeline.parse.wordtext import Written, escaped, heading_level, inline, is_caption
from pipeline.patterns import lazy

Namer = Callable[[Shown], str]  # the name under which a picture is kept, empty when it is not shown
_MOST_ROWS: Final = 1_000
_MACHINE_ALT: Final = lazy(
    r"description automatically generated|mô tả được tạo tự động|ai-generated content|^\s*[\w .-]+\.(?:jpe?g|png|gif|heic|webp)\s*$"
    r"|^\s*(?:picture|image|hình ảnh|ảnh|graphic)\s*\d*\s*$",
    re.IGNORECASE,
)


def alt_of(picture: Shown) -> str:
    """What a person wrote about a picture; what Word made up in its place says nothing."""
    text = squeezed(picture.alt).replace("\n", " ")
    return "" if _MACHINE_ALT.search(text) else text


def write(blocks: Sequence[Block], notes: Iterable[tuple[int, list[Piece]]], name: Namer) -> Written:
    """Markdown of the blocks, then of the notes."""
    out, lists = Written(), _Lists()
    for number, block in enumerate(blocks):
        after = blocks[number + 1] if number + 1 < len(blocks) else None
        if isinstance(block, Shown):
            lists.end()
            _picture(out, block, name, after, _place(blocks, number))
        elif isinstance(block, Table):
            lists.end()
            _table(out, block, name)
        elif _hidden(block) or (is_caption(block) and number and isinstance(blocks[number - 1], Shown)):
            continue
        elif block.numbering and not heading_level(block.style):
            lists.item(out, block)
        else:
            lists.end()
            _paragraph(out, block)
    for number, pieces in notes:
        text = inline(pieces).replace("  \n", " ")
        out.add(f"[^{number}]: {text}", _("note {number}").format(number=number))
    return out


def place_of(paragraph: Paragraph) -> str:
    return _("paragraph {number}").format(number=paragraph.number)


def _place(blocks: Sequence[Block], number: int) -> str:
    """A picture stands after the paragraph before it."""
    for block in reversed(blocks[:number]):
        if isinstance(block, Paragraph):
            return _("after paragraph {number}").format(number=block.number)
        if isinstance(block, Table):
            return _("after table {number}").format(number=block.number)
    return _("at the beginning of the text")


def _hidden(block: Paragraph) -> bool:
    return block.style in GUIDE or block.style.startswith("toc ")


def _paragraph(out: Written, block: Paragraph) -> None:
    text = inline(block.pieces)
    if level := heading_level(block.style) or (2 if block.style in ("title", "subtitle") else 0):
        text = "#" * level + " " + text.replace("  \n", " ").rstrip("#")
    elif block.style in ("quote", "intense quote"):
        text = "\n".join(f"> {row}" for row in text.split("\n"))
    out.add(text, place_of(block))


def _picture(out: Written, block: Shown, name: Namer, after: Block | None, place: str) -> None:
    shown = name(block)
    if not shown:
        return
    title = ""
    if isinstance(after, Paragraph) and is_caption(after):
        title = (
            ' "' + after.text.replace("\n", " ").replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;") + '"'
        )
    out.add(f"![{escaped(alt_of(block))}]({shown}{title})", place)


class _Lists:
    """Runs of list paragraphs; a list that begins again takes the other sign, so that two lists stay two."""

    def __init__(self) -> None:
        self._open: list[tuple[int, str, int]] = []  # indent of what belongs to the item, sign, last number

    def end(self) -> None:
        self._open = []

    def item(self, out: Written, block: Paragraph) -> None:
        assert block.numbering
        level, ordered, number = block.numbering
        fresh = not self._open
        level = min(level, len(self._open))
        before = self._open[level] if level < len(self._open) else None
        indent = self._open[level - 1][0] if level else 0
        sign, number = self._sign(ordered, number, before)
        mark = f"{number}{sign}" if ordered else sign
        self._open[level:] = [(indent + len(mark) + 1, sign, number)]
        text = inline(block.pieces).replace("\n", "\n" + " " * (indent + len(mark) + 1))
        apart = fresh or (before is not None and before[1] != sign)
        out.add(f"{' ' * indent}{mark} {text}", place_of(block), apart=apart)

    @staticmethod
    def _sign(ordered: bool, number: int, before: tuple[int, str, int] | None) -> tuple[str, int]:
        if not ordered:
            return "-", 0
        if before and before[1] in (".", ")") and number in (0, before[2] + 1):
            return before[1], before[2] + 1
        return ")" if before and before[1] == "." else ".", number or 1


# Tables


def _table(out: Written, table: Table, name: Namer) -> None:
    """A table with one value a cell: a cell over several rows says its words in each, one over columns in the first."""
    grid = _grid(table.rows[:_MOST_ROWS])
    width = max((len(row) for row in grid), default=0)
    if width:
        rows = [[_cell(cell) for cell in row] + [""] * (width - len(row)) for row in grid]
        ruler = "| " + " | ".join(_ruler(grid[1:], column) for column in range(width)) + " |"
        for number, row in enumerate(rows, 1):
            place = _("table {table}, row {row}").format(table=table.number, row=number)
            out.add("| " + " | ".join(row) + " |", place, apart=number == 1)
            if number == 1:
                out.add(ruler, place, apart=False)
    for cells in table.rows:
        for cell in cells:
            for picture in cell.pictures:
                _picture(out, picture, name, None, _("table {table}").format(table=table.number))


def _grid(rows: Sequence[Sequence[Cell]]) -> list[list[Cell | None]]:
    grid: list[list[Cell | None]] = []
    falling: dict[int, tuple[Cell, int]] = {}
    for row in rows:
        made: list[Cell | None] = []
        cells = list(row)
        while cells or len(made) in falling:
            column = len(made)
            if column in falling:
                cell, left = falling.pop(column)
                span = cell.columns
                if left > 1:
                    falling[column] = (cell, left - 1)
            else:
                cell = cells.pop(0)
                span = cell.columns
                if cell.rows > 1:
                    falling[column] = (cell, cell.rows - 1)
            made += [cell, *([None] * (min(span, 63) - 1))]
            if len(made) > 63:
                break
        grid.append(made[:63])
    return [row for row in grid if any(cell and cell.text for cell in row)]


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return ""
    return "<br>".join(filter(None, (inline(one.pieces, in_table=True) for one in cell.paragraphs)))


def _ruler(rows: Sequence[Sequence[Cell | None]], column: int) -> str:
    """A column whose cells are all to the right, as numbers are, stays so."""
    cells = [row[column] for row in rows if column < len(row)]
    sides = {cell.paragraphs[0].alignment for cell in cells if cell and cell.paragraphs}
    return {frozenset({"right"}): "---:", frozenset({"end"}): "---:", frozenset({"center"}): ":---:"}.get(
        frozenset(sides), "---"
    )
