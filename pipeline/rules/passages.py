"""The texts of an item as citizens read them, with the line of every place and the sentence around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.model import Item
from pipeline.patterns import lazy
from pipeline.text import CAPITALS, quote

MOST = 20  # findings of one rule about one item; who has more mends the text anyway
LOOKED_AT = 500  # places of which the sentence is read; a flood of them says nothing new
_FIELDS = ("title", "summary", "cover_alt", "question", "transcript", "legal_basis")
_END = lazy(
    rf"[.!?…]+[\"”)]*\s+(?=[\"“(–•*-]*\s?[{CAPITALS}])|"
    r"\n\s*\n|\n(?=\s*(?:[-*+•]|\d+[.)]|#{1,6})\s)"
)
_REACH = 600  # characters on each side in which the ends of a sentence are looked for


@dataclass(frozen=True)
class Passage:
    """One text: `field` is the metadata key, empty for the body; `line` is the 1-based line where it begins."""

    text: str
    field: str
    line: int | None

    def line_at(self, offset: int) -> int | None:
        if self.field or self.line is None:
            return self.line
        return self.line + self.text.count("\n", 0, offset)

    def sentence(self, start: int, end: int) -> str:
        """The sentence around text[start:end], at most `_REACH` characters to each side; lines are joined."""
        begin = max(0, start - _REACH)
        for found in _END.finditer(self.text, begin, start):
            begin = found.end()
        found_end = _END.search(self.text, end, end + _REACH)
        return " ".join(self.text[begin : found_end.start() + 1 if found_end else end + _REACH].split())

    def shown(self, start: int, end: int) -> str:
        """The sentence, fit for a message: short, without long numbers."""
        return quote(re.sub(r"[*_`#>|]+", "", self.sentence(start, end)))


def passages(item: Item) -> Iterator[Passage]:
    """Metadata texts, then the body's source, whose lines are those of the file."""
    for key in _FIELDS:
        value = getattr(item, key, "") or ""
        text = "\n\n".join(value) if isinstance(value, tuple) else str(value)
        if text:
            yield Passage(text, key, item.lines.get(key))
    if item.document.source:
        yield Passage(item.document.source, "", item.document.first_line)
