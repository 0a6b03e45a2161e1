"""Which items tell the same story or show the same picture: candidates by bands, never by comparing with all.

Only an item that came later is told of the earlier one, so an edit of the first never holds it back. A paragraph that
several different stories share ("Mọi thắc mắc xin gọi 1022 …") is boilerplate and counts for nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, delete, insert, or_, select, update

from pipeline.i18n import _
from pipeline.ledger import schema as t
from pipeline.ledger.recording import Prepared
from pipeline.likeness import Likeness, apart, bands, picture_bands, shared, unpacked
from pipeline.model import Finding, Outcome, Severity
from pipeline.rules import sameness
from pipeline.text import quote

SAME = 0.6  # share of the smaller text; measured with bench/sameness.py
SIMILAR = 0.3
CLOSE = 4  # bits of 64 in which two encodings of one picture may differ
_BOILERPLATE = 3  # earlier stories that share a paragraph
_FEWEST = 25  # shingles; a shorter text is like many others by chance
_CANDIDATES = 20
_MOST_MET = 20_000  # rows that are read for one item, whatever has been stored
_CHANCE = 0.1  # of two stories about one topic; the highest of the bench is 0.14 of the smaller


_KNOWN = select(t.likeness.c.id, t.likeness.c.path, t.likeness.c.item).where(or_(
    t.likeness.c.path.in_(bindparam("paths", expanding=True)),
    t.likeness.c.item.in_(bindparam("items", expanding=True))))  # fmt: skip
# Counted in Python and not by GROUP BY, for which SQLite would read the whole table in the order of `likeness`.
_MET = select(t.likeness_band.c.likeness).where(
    t.likeness_band.c.key.in_(bindparam("keys", expanding=True))).limit(_MOST_MET)  # fmt: skip
_TOLD = select(t.likeness_passage.c.hash).where(
    t.likeness_passage.c.hash.in_(bindparam("hashes", expanding=True)),
    t.likeness_passage.c.likeness != bindparam("number")).limit(_MOST_MET)  # fmt: skip


@dataclass(frozen=True)
class Match:
    """An earlier item with a share (0 to 1) of the smaller of the two texts."""

    path: str
    title: str
    share: float


def compared(engine: Engine, batch: Sequence[Prepared]) -> list[Prepared]:
    """The batch with what each item has in common with earlier ones, those of the batch included; one transaction."""
    if not any(one.likeness for one in batch):
        return list(batch)
    with engine.begin() as connection:
        rows = _Rows(connection, [one for one in batch if one.likeness])
        return [_compared(connection, rows, one) if one.likeness else one for one in batch]


def _compared(connection: Connection, rows: _Rows, one: Prepared) -> Prepared:
    assert one.likeness and one.identity
    number, fresh = rows.put(connection, one)
    common = _boilerplate(connection, one.likeness, number)
    passages = [(found, unpacked(stored)) for found, stored in one.likeness.passages]
    parts = [shingles for found, shingles in passages if found not in common]
    own = set().union(*parts)
    plain = set().union(*(shingles for found, shingles in passages if found in common)) - own
    keys = (bands(own) if common or not one.likeness.keys else list(one.likeness.keys)) if len(own) >= _FEWEST else []
    matches = _matches(connection, one.identity.id, number, keys, own, plain, parts)
    story = max(matches, key=lambda match: match.share, default=None)
    findings = [*_story(story), *_pictures(connection, one, number)]
    new_story = story is None or story.share < SAME
    learnt = [found for found, _stored in one.likeness.passages if found not in common] if new_story else []
    _remember(connection, number, keys, one.likeness, learnt, fresh=fresh)
    held = any(finding.severity == Severity.REVIEW for finding in findings) and one.outcome == Outcome.PUBLISH
    return replace(one, findings=(*one.findings, *findings), outcome=Outcome.REVIEW if held else one.outcome)


class _Rows:
    """The rows of a batch's drops and items, asked for at once; a row's number says who came first and stays through edits."""

    def __init__(self, connection: Connection, batch: Sequence[Prepared]) -> None:
        wanted = {"paths": [one.path for one in batch], "items": [one.identity.id for one in batch if one.identity]}
        self._known = {row.id: (row.path, row.item) for row in connection.execute(_KNOWN, wanted)}

    def put(self, connection: Connection, one: Prepared) -> tuple[int, bool]:
        """Write the row of this drop; its number, and whether it is new."""
        assert one.likeness and one.identity
        values: dict[str, Any] = {
            "path": one.path, "item": one.identity.id, "unit": one.unit, "title": one.title,
            "pictures": dict(one.likeness.pictures),
            "shingles": b"".join(found for _hash, found in one.likeness.passages),
        }  # fmt: skip
        number = known = self._number(one.path, one.identity.id)
        if known is not None:
            connection.execute(update(t.likeness).where(t.likeness.c.id == known).values(**values))
        else:
            key = connection.execute(insert(t.likeness), values).inserted_primary_key
            assert key
            number = int(key[0])
        assert number is not None
        self._known[number] = (one.path, one.identity.id)
        return number, known is None

    def _number(self, path: str, item: str) -> int | None:
        """By its path, else by its item: a renamed file is the same item, so it keeps its place in the order."""
        here = (number for number, known in self._known.items() if known[0] == path)
        same = (number for number, known in self._known.items() if known[1] == item)
        return next(here, None) or min(same, default=None)


def _boilerplate(connection: Connection, own: Likeness, number: int) -> set[int]:
    hashes = [found for found, _shingles in own.passages]
    met = connection.scalars(_TOLD, {"hashes": hashes, "number": number}) if hashes else ()
    return {one for one, times in Counter(met).items() if times >= _BOILERPLATE}


def _candidates(connection: Connection, item: str, number: int, keys: list[int], columns: list[Any]) -> list[Any]:
    if not keys:
        return []
    met = connection.scalars(_MET, {"keys": keys})
    likely = Counter(one for one in met if one < number).most_common(_CANDIDATES)
    if not likely:
        return []
    query = select(*columns).where(t.likeness.c.id.in_([one for one, _bands in likely]), t.likeness.c.item != item)
    return list(connection.execute(query))


def _matches(connection: Connection, item: str, number: int, keys: list[int], own: set[int],
             plain: set[int], parts: list[set[int]]) -> Iterator[Match]:  # fmt: skip
    """Earlier stories that share enough of their words to be told of."""
    columns = [t.likeness.c.path, t.likeness.c.title, t.likeness.c.shingles]
    for row in _candidates(connection, item, number, keys, columns):
        if shared(row.shingles, own) < SIMILAR * _FEWEST:
            continue  # of no text that counts would that be enough
        other = unpacked(row.shingles) - plain
        smaller = min(len(own), len(other))
        if smaller < _FEWEST:
            continue
        share = len(own & other) / smaller
        if share >= SIMILAR and not _only_quotes(parts, other):
            yield Match(row.path, row.title, share)


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


def _pictures(connection: Connection, one: Prepared, number: int) -> Iterator[Finding]:
    assert one.likeness and one.identity
    keys = sorted({key for value in one.likeness.pictures.values() for key in picture_bands(value)})
    columns = [t.likeness.c.path, t.likeness.c.title, t.likeness.c.pictures]
    rows = _candidates(connection, one.identity.id, number, keys, columns)
    for name, value in one.likeness.pictures.items():
        near = [(apart(value, other), row) for row in rows for other in row.pictures.values()]
        bits, row = min(near, key=lambda pair: pair[0], default=(64, None))
        if row is not None and bits <= CLOSE:
            message = _('The picture "{name}" was used in "{title}" ({path}).')
            shown = message.format(name=quote(name, 60), title=quote(row.title, 100), path=quote(row.path, 120))
            yield sameness.SAME_PICTURE.finding(shown)


def _remember(
    connection: Connection, number: int, keys: list[int], own: Likeness, learnt: list[int], *, fresh: bool
) -> None:
    """Bands for those who come later, and paragraphs that may turn out to be boilerplate.

    What is known as boilerplate is not counted on, so that looking it up costs the same for ever; nor is what a copy
    holds, or the tenth copy of a story would not be found.
    """
    pictures = {key for value in own.pictures.values() for key in picture_bands(value)}
    rows = [{"key": key, "likeness": number} for key in {*keys, *pictures}]
    passages = [{"hash": found, "likeness": number} for found in learnt]
    for table, values in ((t.likeness_band, rows), (t.likeness_passage, passages)):
        if not fresh:
            connection.execute(delete(table).where(table.c.likeness == number))
        if values:
            connection.execute(insert(table), values)
