"""A text as terms are looked for in it, whatever separators and invisible characters it has, with the way back to its places."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from pipeline.patterns import lazy

_SQUEEZED = lazy("[\\s\\-]{2,}|[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_SAME_LENGTH = {
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "-": " ",
    "\n": " ",
    "\t": " ",
    "\r": " ",
} | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00a0\u202f", " ")


@dataclass(frozen=True, slots=True)
class Seen:
    """One text, squeezed: separators are single spaces, invisible characters gone."""

    plain: str
    low: str
    shifted: tuple[int, ...]  # from each of these places on …
    shifts: tuple[int, ...]  # … the original is so many characters ahead

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The places in the original text (code points) of a part of this one."""
        return self._back(start), self._back(end - 1) + 1

    def _back(self, place: int) -> int:
        index = bisect_right(self.shifted, place) - 1
        return place + (self.shifts[index] if index >= 0 else 0)


@lru_cache(maxsize=2_000)  # the terms, and the texts of one item, which are looked at several times
def seen_as(text: str) -> Seen:
    """The text as terms are looked for in it."""
    for odd, usual in _SAME_LENGTH.items():
        if odd in text:
            text = text.replace(odd, usual) if odd not in "\n\r" else text.replace(odd * 2, "\v\v").replace(odd, usual)
    pieces: list[str] = []
    shifted: list[int] = []
    shifts: list[int] = []
    place = length = 0
    for run in _SQUEEZED.finditer(text):
        kept = ("\v" if "\v" in run.group() else " ") if run.group()[0].isspace() else ""
        pieces += text[place : run.start()], kept
        length += run.start() - place + len(kept)
        place = run.end()
        shifted.append(length)
        shifts.append(place - length)
    plain = "".join((*pieces, text[place:])) if pieces else text
    low = plain.lower()
    if len(low) != len(plain):  # "İ" becomes two
        low = "".join(letter if len(letter.lower()) != 1 else letter.lower() for letter in plain)
    return Seen(plain, low, tuple(shifted), tuple(shifts))
