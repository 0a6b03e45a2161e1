"""Weights of words and of word classes, learned from labelled items, so that an area is seen where no term of the lexicon stands.

Source: data/learned.yaml, written by tools/learn_words.py, which names the labelled sets; nobody edits it by hand.
Promise: without chance. A certainty is two sums of words that stand in the text, and each can be shown: is it of this area,
and is it of any area at all. An area's sum knows its own terms only, so areas do not compete.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pipeline.text import fold_tones, without_marks

_SYLLABLE = re.compile(r"\w+")
_JOINED = re.compile(r"[\s\-\u2010-\u2015]{1,2}")
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


class Learned:
    """All that the YAML says; build it with `load`."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.areas: tuple[str, ...] = tuple(data["areas"])
        self.bias: tuple[float, ...] = tuple(
            data["bias"]
        )  # like each of the weights: the areas' in order, then any area's
        self.weights: dict[str, tuple[float, ...]] = {key: tuple(one) for key, one in data["weights"].items()}
        self.syllables: frozenset[str] = frozenset(data["syllables"].split())

    @cached_property
    def _told(self) -> dict[str, tuple[tuple[int, float], ...]]:
        """The weights that are not naught, with their place."""
        return {key: tuple((index, one) for index, one in enumerate(of) if one) for key, of in self.weights.items()}

    @cached_property
    def folded(self) -> dict[str, str]:
        """For text without accents: the phrase behind the letters, only where it is the only one."""
        found: dict[str, str] = {}
        for key in self.weights:
            bare = without_marks(key)
            found[bare] = "" if bare in found else key
        return {bare: key for bare, key in found.items() if key}

    def certainty(self, features: Mapping[str, float], prior: Mapping[str, float]) -> dict[str, float]:
        """Between 0 and 1 for each area; `prior` is added to what the features say."""
        total = list(self.bias)
        for key, value in features.items():
            for index, weight in self._told.get(key, ()):
                total[index] += weight * value
        of_any = _chance(total.pop())
        return {
            area: round(_chance(one + prior.get(area, 0.0)) * of_any, 3)
            for area, one in zip(self.areas, total, strict=True)
        }


def phrases(text: str) -> Iterator[tuple[str, int, int]]:
    """Syllables and pairs of syllables that no punctuation parts; numbers are left out."""
    low = text.lower()
    low = fold_tones(low if len(low) == len(text) else text)
    before, first, last = "", 0, 0
    for match in _SYLLABLE.finditer(low):
        start, end = match.span()
        word = match.group()
        if not word.isalpha():
            before = ""
            continue
        yield word, start, end
        if before and (low[last:start] == " " or _JOINED.fullmatch(low, last, start)):
            yield f"{before} {word}", first, end
        before, first, last = word, start, end


@dataclass(frozen=True, slots=True)
class Text:
    """One field, and the places where its words stand for something else, which are not read."""

    field: str
    text: str
    holes: tuple[tuple[int, int], ...] = ()

    def hides(self, start: int, end: int) -> bool:
        return any(first < end and start < last for first, last in self.holes)


def count(
    texts: Iterable[Text], thin: float, known: Mapping[str, Any] | None, folded: Mapping[str, str]
) -> dict[str, Count]:
    """The phrases of an item; `known` limits them; the body is divided by `thin` (its length in ordinary bodies)."""
    found: dict[str, Count] = {}
    for one in texts:
        amount = ZONES[one.field] / (thin if one.field == "body" else 1.0)
        bare = bool(folded) and one.text.isascii()
        for read, start, end in phrases(one.text):
            phrase = folded.get(read, "") if bare else read
            if (seen := found.get(phrase)) is not None:
                if not (one.holes and one.hides(start, end)):
                    seen.amount += amount
            elif (known is None or phrase in known) and not (one.holes and one.hides(start, end)):
                found[phrase] = Count(amount, one.field, start, end)
    return found


@cache
def load(path: Path | None = None) -> Learned:
    """The weights of the file, else of the package; read once in a process."""
    import yaml

    source = path or files("pipeline") / "data" / "learned.yaml"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return Learned(yaml.load(source.read_text(encoding="utf-8"), Loader=loader))  # noqa: S506 - both are safe loaders
