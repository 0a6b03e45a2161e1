"""Which items tell the same story or show the same picture: candidates by bands, never by comparing with all.

Only an item that came later is told of the earlier one, so an edit of the first never holds it back. A paragraph that
several different stories share ("Mọi thắc mắc xin gọi 1022 …") is boilerplate and counts for nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import Engine

from pipeline.i18n import _
from pipeline.ledger.recording import Prepared
from pipeline.ledger.remembered import Remembered
from pipeline.likeness import Likeness, apart, bands, counted, picture_bands, shared_at_most, unpacked
from pipeline.model import Finding, Outcome, Severity
from pipeline.rules import sameness
from pipeline.text import quote

SAME = 0.6  # share of the smaller text; measured with bench/sameness.py
SIMILAR = 0.3
CLOSE = 4  # bits of 64 in which two encodings of one picture may differ
_BOILERPLATE = 3  # earlier stories that share a paragraph
_FEWEST = 25  # shingles; a shorter text is like many others by chance
_CHANCE = 0.1  # of two stories about one topic; the highest of the bench is 0.14 of the smaller
_AHEAD = 25  # items whose candidates are read together


class Match(NamedTuple):
    """An earlier item with a share (0 to 1) of the smaller of the two texts."""

    path: str
    title: str
    share: float


class Text:
    """The shingles of one item: those that count, and those of paragraphs that are known as boilerplate."""

    def __init__(self, own: Likeness, common: frozenset[int]) -> None:
        self.own, self.common = own, common
        self._counted = [stored for found, stored in own.passages if found not in common]
        self._plain = b"".join(stored for found, stored in own.passages if found in common)

    @cached_property
    def whole(self) -> set[int]:
        return unpacked(b"".join(self._counted))

    @cached_property
    def plain(self) -> set[int]:
        """What stands in boilerplate only."""
        return unpacked(self._plain) - self.whole

    @cached_property
    def parts(self) -> list[set[int]]:
        return [unpacked(stored) for stored in self._counted]

    def keys(self) -> Collection[int]:
        """Bands of what counts; none for a text that is too short."""
        if all(len(stored) < 4 * _FEWEST for stored in self._counted) and len(self.whole) < _FEWEST:
            return ()
        lowest = self.own.lowest
        kept = not self._plain or (lowest and lowest.isdisjoint(unpacked(self._plain)))
        return self.own.keys if self.own.keys and kept else bands(self.whole)

    def unlike(self, sketch: bytes) -> bool:
        """Whether the sketches alone tell that too little is shared; they count boilerplate, so they err on one side."""
        mine = self.own.sketch
        if not mine or not sketch:
            return False
        smaller = min(counted(mine), counted(sketch)) - len(self._plain) // 4
        return shared_at_most(mine, sketch) / max(smaller, _FEWEST) < SIMILAR


class Sought(NamedTuple):
    """What is looked for on account of one item: bands of its text without the boilerplate, and of its pictures."""

    common: frozenset[int]
    text: Collection[int]
    pictures: Collection[int]


def compared(engine: Engine, batch: Sequence[Prepared]) -> list[Prepared]:
    """The batch with what each item has in common with earlier ones, those of the batch included; one transaction."""
    mine = [one for one in batch if one.likeness]
    if not mine:
        return list(batch)
    with engine.begin() as connection:
        seen = Remembered(connection, mine)
        told = iter(list(_in_order(seen, mine)))
        seen.write()
    return [next(told) if one.likeness else one for one in batch]


def _in_order(seen: Remembered, batch: Sequence[Prepared]) -> Iterator[Prepared]:
    seen.passages.load([[found for found, _stored in one.likeness.passages] for one in batch if one.likeness])
    work = [(one, number, _sought(seen, one, number)) for one, number in zip(batch, seen.numbers, strict=True)]
    seen.bands.load([{*sought.text, *sought.pictures} for _one, _number, sought in work])
    for start in range(0, len(work), _AHEAD):
        some = work[start : start + _AHEAD]
        seen.read(
            {near for _one, number, (_common, *keys) in some for few in keys for near in seen.nearest(few, number)}
        )
        for one, number, sought in some:
            yield _compared(seen, one, number, sought)


def _sought(seen: Remembered, one: Prepared, number: int) -> Sought:
    assert one.likeness
    common = _boilerplate(seen, one.likeness, number)
    pictures = {key for value in one.likeness.pictures.values() for key in picture_bands(value)}
    return Sought(common, Text(one.likeness, common).keys(), pictures)


def _compared(seen: Remembered, one: Prepared, number: int, sought: Sought) -> Prepared:
    assert one.likeness and one.identity
    seen.put(number, one)
    common = _boilerplate(seen, one.likeness, number)
    text = Text(one.likeness, common)
    keys = sought.text if common == sought.common else text.keys()  # the batch itself has made a paragraph boilerplate
    story = max(_matches(seen, one.identity.id, number, keys, text), key=lambda match: match.share, default=None)
    findings = [*_story(story), *_pictures(seen, one, number, sought.pictures)]
    new_story = story is None or story.share < SAME
    # What is known as boilerplate is not counted on, so that looking it up costs the same for ever; nor is what a copy
    # holds, or the tenth copy of a story would not be found.
    learnt = [found for found, _stored in one.likeness.passages if found not in common] if new_story else []
    seen.bands.put(number, {*keys, *sought.pictures})
    seen.passages.put(number, learnt)
    held = any(finding.severity == Severity.REVIEW for finding in findings) and one.outcome == Outcome.PUBLISH
    return replace(one, findings=(*one.findings, *findings), outcome=Outcome.REVIEW if held else one.outcome)


def _boilerplate(seen: Remembered, own: Likeness, number: int) -> frozenset[int]:
    return frozenset(found for found, _stored in own.passages if seen.passages.others(found, number) >= _BOILERPLATE)


def _matches(seen: Remembered, item: str, number: int, keys: Collection[int], text: Text) -> Iterator[Match]:
    """Earlier stories that share enough of their words to be told of."""
    for row in seen.rows(seen.nearest(keys, number)):
        if row.item == item or text.unlike(row.sketch):
            continue
        other = unpacked(row.shingles)
        both = len(text.whole & other)
        smaller = min(len(text.whole), len(other) - len(text.plain & other))
        if smaller >= _FEWEST and both / smaller >= SIMILAR and not _only_quotes(text.parts, other):
            yield Match(row.path, row.title, both / smaller)


def _only_quotes(parts: list[set[int]], other: set[int]) -> bool:
    """Whether whole paragraphs are shared and nothing of the rest: boilerplate that is too new to be known as such."""
    rest = set().union(*(part for part in parts if not part <= other))
    return len(rest) >= _FEWEST and len(rest & other) / len(rest) < _CHANCE


def _story(match: Match | None) -> Iterator[Finding]:
    if match is None:
        return
    rule = sameness.SAME_STORY if match.share >= SAME else sameness.SIMILAR_STORY
    message = _('{percent}% of the text stands in "{title}" already ({path}).')
    shown = message.format(percent=round(match.share * 100), title=quote(match.title, 100), path=quote(match.path, 120))
    yield rule.finding(shown)


def _pictures(seen: Remembered, one: Prepared, number: int, keys: Collection[int]) -> Iterator[Finding]:
    assert one.likeness and one.identity
    rows = [row for row in seen.rows(seen.nearest(keys, number)) if row.item != one.identity.id] if keys else []
    for name, value in one.likeness.pictures.items():
        near = [(apart(value, other), row) for row in rows for other in row.pictures.values()]
        bits, row = min(near, key=lambda pair: pair[0], default=(64, None))
        if row is not None and bits <= CLOSE:
            message = _('The picture "{name}" was used in "{title}" ({path}).')
            shown = message.format(name=quote(name, 60), title=quote(row.title, 100), path=quote(row.path, 120))
            yield sameness.SAME_PICTURE.finding(shown)
