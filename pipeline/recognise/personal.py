"""Personal data in a text: where it stands, of what kind, and the same text with it masked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from pipeline.cues import Led
from pipeline.patterns import lazy
from pipeline.recognise import births, contact, home, labelled, numbers, plates
from pipeline.recognise.accents import restored
from pipeline.recognise.tables import named
from pipeline.recognise.view import View, letters, together

HIDDEN = "(đã ẩn)"  # stands in the published text, which is Vietnamese whatever the screen's language
Finder = Callable[[str], Iterator[tuple[str, int, int]]]
_LONG_NUMBER = lazy(r"\d(?:[A-Z ._()*/,|\n-]{0,3}\d){4}")  # without one, nothing is a number of a person
# In this order: what an earlier one takes, a later one does not see.
_FINDERS: tuple[tuple[Finder, bool], ...] = (
    (contact.mails, False), (numbers.cases, True), (numbers.papers, True), (numbers.accounts, True),
    (numbers.identity, True), (numbers.tax, True), (plates.plates, False), (contact.phones, True),
    (labelled.labelled, True), (births.births, False), (home.homes, False),
    (home.dwellings, False),
)  # fmt: skip
_ADDRESS = Led(r"(?:https?://|www\.)[^\s)\]>\"']{1,400}", "http|www.")
_REACHES = lazy(r"https?://(?:www\.)?(?:zalo\.me|wa\.me|viber\.com)/", re.IGNORECASE)
_DIGIT_KINDS = ("identity", "phone", "passport", "insurance", "licence", "bank", "tax", "plate", "case")


@dataclass(frozen=True)
class Hit:
    """Personal data at text[start:end] of the original."""

    kind: str
    start: int
    end: int


def find(text: str) -> tuple[Hit, ...]:
    """Every place with personal data, in order, none inside another. Linear in the length of the text."""
    return find_in(letters(text))


def find_in(view: View) -> tuple[Hit, ...]:
    """`find` for a text whose letters are plain already; the places are those of its original."""
    view = together(view)
    view = named(replace(view, text=restored(view.text)))
    taken: list[tuple[int, int]] = [
        found.span() for found in _ADDRESS.finditer(view.text) if not _REACHES.match(found.group())
    ]
    free = _Free(taken)
    hits = []
    numbered = bool(_LONG_NUMBER.search(view.text))
    for finder, needs_number in _FINDERS:
        for kind, start, end in finder(view.text) if numbered or not needs_number else ():
            free_end = free.take(start, end, whole=kind != "address")
            if free_end:
                hits.append(Hit(kind, *view.span(start, free_end)))
    return tuple(_apart(sorted(hits, key=lambda hit: hit.start)))


def _apart(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Hits that meet in the original, inside one spelled-out run, become one."""
    last: Hit | None = None
    for hit in hits:
        if last and hit.start < last.end:
            last = Hit(last.kind, last.start, max(last.end, hit.end))
            continue
        if last:
            yield last
        last = hit
    if last:
        yield last


class _Free:
    """Which characters no earlier recogniser has taken."""

    def __init__(self, taken: Iterable[tuple[int, int]]) -> None:
        self._taken: set[int] = set()
        for start, end in taken:
            self._taken.update(range(start, end))

    def take(self, start: int, end: int, *, whole: bool) -> int:
        """Where the hit may end, 0 when it is taken; an address ends before the number that follows it."""
        stop = next((place for place in range(start, end) if place in self._taken), end)
        if stop == start or (whole and stop < end):
            return 0
        self._taken.update(range(start, stop))
        return stop


def mask(shown: str, kind: str) -> str:
    """What stands in the place of a hit: "001xxxxxxx45"; no star, which Markdown would read as emphasis."""
    signs = [place for place, sign in enumerate(shown) if sign.isalnum()]
    if kind not in _DIGIT_KINDS or len(signs) != len([1 for sign in shown if sign.isalnum() and sign.isascii()]):
        return HIDDEN
    if len(signs) < 7 or any(sign.isspace() and sign != " " for sign in shown):
        return HIDDEN
    hidden = set(signs[3:] if kind == "plate" else signs[3:-2])
    return "".join("x" if place in hidden else sign for place, sign in enumerate(shown))


def masked(text: str, hits: Iterable[Hit] | None = None) -> str:
    """The text with every hit masked."""
    parts, last = [], 0
    for hit in find(text) if hits is None else hits:
        parts += [text[last : hit.start], mask(text[hit.start : hit.end], hit.kind)]
        last = hit.end
    return "".join(parts) + text[last:]
