"""Weights of words and of word classes, learned from labelled items, so that an area is seen where no term of the lexicon stands.

Source: data/learned.json, written by tools/learn_words.py, which names the labelled sets; nobody edits it by hand.
Promise: without chance. A certainty is two sums of words that stand in the text, and each can be shown: is it of this area,
and is it of any area at all. An area's sum knows its own terms only, so areas do not compete.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from itertools import accumulate, repeat
from operator import mul
from pathlib import Path
from struct import Struct
from typing import Any

from pipeline.patterns import lazy
from pipeline.text import fold_tones, without_marks

_SYLLABLE = lazy(r"(\w+)")
_JOINED = lazy(r"[\s\-\u2010-\u2015]{1,2}")
ZONES = {"title": 2.0, "summary": 1.5, "heading": 1.5, "body": 1.0}
_MOST, _SCALE = 1.8, 0.5


def _chance(total: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, total))))


@dataclass(slots=True)
class Count:
    """How much a phrase weighs in one item, and where it stands first."""

    amount: float
    field: str
    start: int
    end: int

    @property
    def value(self) -> float:
        """Dampened, so that a word said ten times does not decide alone."""
        return _dampened(self.amount)


@lru_cache(maxsize=10_000)  # few amounts stand for all words of a text
def _dampened(amount: float) -> float:
    return _SCALE * min(math.log1p(amount), _MOST)


class Weights(Mapping[str, tuple[float, ...]]):
    """The weights of each phrase, packed: thousands of numbers in objects of their own lie all over the memory, and
    waiting for it cost more than the sums."""

    def __init__(self, given: Mapping[str, Sequence[float]], width: int) -> None:
        row = Struct(f"{width}d")
        self.places = {key: number * row.size for number, key in enumerate(given)}
        self._packed = b"".join(row.pack(*one) for one in given.values())
        self._unpack = row.unpack_from

    def __getitem__(self, phrase: str) -> tuple[float, ...]:
        return self._unpack(self._packed, self.places[phrase])

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)

    def rows(self, phrases: Iterable[str]) -> list[tuple[float, ...]]:
        """The weights of phrases that are all known."""
        return list(map(self._unpack, repeat(self._packed), map(self.places.__getitem__, phrases)))


class Sums:
    """What the features of one item add to each area, and to any area at all, which is the last."""

    def __init__(self, learned: Learned, features: Mapping[str, float]) -> None:
        self._learned = learned
        self._keys = list(filter(learned.weights.places.__contains__, features))
        self._values = list(map(features.__getitem__, self._keys))
        self._columns = list(zip(*learned.weights.rows(self._keys), strict=True)) or [()] * len(learned.bias)

    def certainty(self, prior: Mapping[str, float]) -> dict[str, float]:
        """Between 0 and 1 for each area; `prior` is added to what the features say."""
        pairs = zip(self._columns, self._learned.bias, strict=True)
        *areas, any_area = (sum(map(mul, column, self._values), bias) for column, bias in pairs)
        of_any = _chance(any_area)
        return {
            area: round(_chance(one + prior.get(area, 0.0)) * of_any, 3)
            for area, one in zip(self._learned.areas, areas, strict=True)
        }

    def speaking(self, index: int, least: float) -> list[tuple[str, float]]:
        """The features that add at least so much to an area."""
        adds = map(mul, self._columns[index], self._values)
        return [(key, one) for key, one in zip(self._keys, adds, strict=True) if one >= least]


class Learned:
    """All that the file says; build it with `load`."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.areas: tuple[str, ...] = tuple(data["areas"])
        self.bias: tuple[float, ...] = tuple(
            data["bias"]
        )  # like each of the weights: the areas' in order, then any area's
        self.weights = Weights(data["weights"], len(self.bias))
        self.syllables: frozenset[str] = frozenset(data["syllables"].split())

    @cached_property
    def folded(self) -> dict[str, str]:
        """For text without accents: the phrase behind the letters, only where it is the only one."""
        found: dict[str, str] = {}
        for key in self.weights:
            bare = without_marks(key)
            found[bare] = "" if bare in found else key
        return {bare: key for bare, key in found.items() if key}

    def certainty(self, features: Mapping[str, float], prior: Mapping[str, float]) -> dict[str, float]:
        """As `Sums.certainty`."""
        return Sums(self, features).certainty(prior)


class _Read:
    """The syllables of a text, each followed by the pair that it ends; "" where there is a number or no pair.

    Lists that are made in one go cost a third of looking at one syllable after the other.
    """

    def __init__(self, field: str, text: str) -> None:
        low = text.lower()
        self.field = field
        self._pieces = _SYLLABLE.split(fold_tones(low if len(low) == len(text) else text))  # gap, syllable, gap, …
        words = [word if word.isalpha() else "" for word in self._pieces[1::2]]
        pairs = [
            f"{first} {second}" if first and second and (gap == " " or _JOINED.fullmatch(gap)) else ""
            for first, gap, second in zip(words, self._pieces[2::2], words[1:], strict=False)
        ]
        self.said = [""] * (2 * len(words))
        self.said[::2], self.said[3::2] = words, pairs

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(map(len, self._pieces)))

    def span(self, place: int) -> tuple[int, int]:
        """Where said[place] stands in the text."""
        last = place // 2
        return self._ends[2 * (last - place % 2)], self._ends[2 * last + 1]

    def hide(self, holes: Sequence[tuple[int, int]]) -> None:
        """Take out what reaches into a hole, given by its start and end in the text."""
        if not holes:
            return
        starts, stops = self._ends[:-1:2], self._ends[1::2]
        for start, end in holes:
            first, beyond = bisect_right(stops, start), bisect_left(starts, end)
            for number in range(first, min(beyond + 1, len(stops))):
                self.said[2 * number + 1] = ""
                if number < beyond:
                    self.said[2 * number] = ""


def phrases(text: str) -> Iterator[tuple[str, int, int]]:
    """Syllables and pairs of syllables that no punctuation parts; numbers are left out."""
    read = _Read("", text)
    yield from ((phrase, *read.span(place)) for place, phrase in enumerate(read.said) if phrase)


@dataclass(frozen=True, slots=True)
class Text:
    """One field, and the places where its words stand for something else, which are not read."""

    field: str
    text: str
    holes: tuple[tuple[int, int], ...] = ()


class Counts(Mapping[str, Count]):
    """The phrases of an item in the order in which they stand first; where that is, is looked up when it is asked."""

    def __init__(self) -> None:
        self._amounts: dict[str, float] = {}
        self._first: dict[str, tuple[_Read, int]] = {}

    def __getitem__(self, phrase: str) -> Count:
        read, place = self._first[phrase]
        return Count(self._amounts[phrase], read.field, *read.span(place))

    def __contains__(self, phrase: object) -> bool:
        return phrase in self._amounts

    def __iter__(self) -> Iterator[str]:
        return iter(self._amounts)

    def __len__(self) -> int:
        return len(self._amounts)

    def dampened(self) -> dict[str, float]:
        """The value of each, as `Count.value`."""
        return dict(zip(self._amounts, map(_dampened, self._amounts.values()), strict=True))

    def add(self, read: _Read, said: Iterable[str], amount: float, known: Container[str]) -> None:
        """Count what of the text is known; `said` are its phrases in their places, "" for none."""
        amounts, first = self._amounts, self._first
        for place, phrase in enumerate(said):
            if phrase in known:
                if phrase in amounts:
                    amounts[phrase] += amount
                else:
                    amounts[phrase], first[phrase] = amount, (read, place)


class _All:
    """Every phrase."""

    def __contains__(self, phrase: object) -> bool:
        return bool(phrase)


def count(texts: Iterable[Text], thin: float, known: Container[str] | None, folded: Mapping[str, str]) -> Counts:
    """The phrases of an item; `known` limits them; the body is divided by `thin` (its length in ordinary bodies)."""
    found = Counts()
    for one in texts:
        read = _Read(one.field, one.text)
        read.hide(one.holes)
        said = [folded.get(phrase, "") for phrase in read.said] if folded and one.text.isascii() else read.said
        amount = ZONES[one.field] / (thin if one.field == "body" else 1.0)
        found.add(read, said, amount, _All() if known is None else known)
    return found


@cache
def load(path: Path | None = None) -> Learned:
    """The weights of the file, else of the package; read once in a process."""
    source = path or files("pipeline") / "data" / "learned.json"
    return Learned(json.loads(source.read_text(encoding="utf-8")))
