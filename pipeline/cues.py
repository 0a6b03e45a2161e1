"""Patterns that begin with a word, tried only where one of their words stands.

A regular expression with many ways to begin looks at every character of a text; an automaton finds all the words in one
pass that is several times cheaper, and most texts hold few of them. What is found is the same, which a test shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from ahocorasick_rs import AhoCorasick

from pipeline.patterns import lazy

# re.IGNORECASE takes the first four for i, s and k, str.lower does not; the automaton takes no halves of letters.
_ODD = lazy("[\u0130\u0131\u017f\u212a\ud800-\udfff]")


@lru_cache(maxsize=8)  # the texts of one item, in which every pattern looks
def small(text: str) -> str | None:
    """A text in small letters, None when a place in it would not be that of the text."""
    low = text.lower()
    return low if len(low) == len(text) and not _ODD.search(text) else None


_FEW = 3  # words, for which looking for one after the other is cheaper than a pass
_DIGIT = lazy(r"\d")


@lru_cache(maxsize=8)  # as above
def _digits(text: str) -> tuple[int, ...]:
    return tuple(found.start() for found in _DIGIT.finditer(text))


def _each(word: str, low: str) -> Iterator[int]:
    place = low.find(word)
    while place >= 0:
        yield place
        place = low.find(word, place + 1)


class Words:
    """Some words in small letters; `words` has a | between them."""

    def __init__(self, words: str) -> None:
        self._words = words.split("|")
        self._automaton = AhoCorasick(self._words)

    def stand_in(self, low: str) -> bool:
        """Whether a text in small letters holds one of them, be it within a longer word."""
        return bool(self._automaton.find_matches_as_indexes(low))

    def found(self, low: str) -> set[str]:
        """Those that it holds."""
        return {
            self._words[word] for word, _start, _end in self._automaton.find_matches_as_indexes(low, overlapping=True)
        }

    def places(self, low: str) -> set[int]:
        """Where they begin."""
        if len(self._words) <= _FEW:
            return {place for word in self._words for place in _each(word, low)}
        return {start for _word, start, _end in self._automaton.find_matches_as_indexes(low, overlapping=True)}


class Led:
    """A pattern every match of which begins with one of some words, whatever their case.

    Args:
        pattern: a regular expression that matches at least one character.
        heads: the words in small letters, with a | between them.
        sign: finds the beginnings that are neither words nor digits.
        digit: matches at the beginnings that are digits.
        near: a match holds another word or sign that begins at most so many characters behind its own; 0 when it need not.
        flags: of the pattern.
    """

    def __init__(
        self, pattern: str, heads: str = "", *, sign: str = "", digit: str = "", near: int = 0, flags: int = re.IGNORECASE
    ) -> None:  # fmt: skip
        self.pattern = lazy(pattern, flags)
        self._heads = Words(heads) if heads else None
        self._sign = lazy(sign) if sign else None
        self._digit = lazy(digit) if digit else None
        self._near = near

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """As `re.Pattern.finditer`."""
        low = small(text)
        if low is None:
            yield from self.pattern.finditer(text)
            return
        places = self._heads.places(low) if self._heads else set()
        if self._sign:
            places.update(found.start() for found in self._sign.finditer(text))
        if self._digit:
            places.update(place for place in _digits(text) if self._digit.match(text, place))
        order, end = sorted(places), 0
        if self._near:
            order = [one for one, other in pairwise(order) if other - one <= self._near]
        for place in order:
            if place >= end and (found := self.pattern.match(text, place)):
                end = found.end()
                yield found

    def search(self, text: str) -> re.Match[str] | None:
        """As `re.Pattern.search`."""
        return next(self.finditer(text), None)
