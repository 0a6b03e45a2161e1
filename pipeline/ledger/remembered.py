"""Likenesses that are remembered, as one batch sees them: asked for together, and written together at its end.

What the batch adds stands here meanwhile, so that its later items see its earlier ones as if each had been written at once.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import count
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, Text, bindparam, cast, insert, or_, select, update

from pipeline.ledger import schema as t
from pipeline.ledger.base import portions
from pipeline.ledger.keyed import Keys
from pipeline.ledger.recording import Prepared
from pipeline.likeness import Likeness

CANDIDATES = 20  # earlier items that one is compared with
_NEW = 1 << 62  # numbers from here on stand for rows that have none yet

_KNOWN = select(t.likeness.c.id, t.likeness.c.path, t.likeness.c.item).where(or_(
    t.likeness.c.path.in_(bindparam("paths", expanding=True)),
    t.likeness.c.item.in_(bindparam("items", expanding=True))))  # fmt: skip
_ROWS = select(t.likeness.c.id, t.likeness.c.path, t.likeness.c.item, t.likeness.c.title, t.likeness.c.shingles,
               t.likeness.c.sketch, cast(t.likeness.c.pictures, Text)).where(
    t.likeness.c.id.in_(bindparam("numbers", expanding=True)))  # fmt: skip
_NUMBERS = select(t.likeness.c.path, t.likeness.c.id).where(
    t.likeness.c.path.in_(bindparam("paths", expanding=True)))  # fmt: skip
_ADD = insert(t.likeness)
_CHANGE = update(t.likeness).where(t.likeness.c.id == bindparam("number"))


class Row(NamedTuple):
    """What is known of one item; its number says who came first and stays through edits."""

    number: int
    path: str
    item: str
    title: str
    shingles: bytes
    sketch: bytes
    pictures: Mapping[str, int]


class Remembered:
    """All that a batch needs; `numbers` are those of its items. Nothing of it outlives the transaction."""

    def __init__(self, connection: Connection, batch: Sequence[Prepared]) -> None:
        self._connection = connection
        self.bands = Keys(connection, t.likeness_band.c.key)
        self.passages = Keys(connection, t.likeness_passage.c.hash)
        self._put: dict[int, Row] = {}
        self._read: dict[int, Row] = {}
        known = self._known(batch)
        places = _places(known, batch)
        self._last = dict(zip(places, batch, strict=True))
        self._changed = [number for number in self._last if number < _NEW]
        self._moved = {one: known[one][0] for one in self._changed if known[one][0] != self._last[one].path}
        self._make_way()
        named = self._added([number for number in self._last if number >= _NEW])
        self.numbers = [named.get(place, place) for place in places]

    def _known(self, batch: Sequence[Prepared]) -> dict[int, tuple[str, str]]:
        return {row.id: (row.path, row.item) for some in portions(batch) for row in self._connection.execute(
            _KNOWN, {"paths": [one.path for one in some],
                     "items": [one.identity.id for one in some if one.identity]})}  # fmt: skip

    def _make_way(self) -> None:
        """Files may have changed names among each other, and a path stands once at any moment."""
        free = [{"number": one, "path": f"/{one}"} for one in self._moved]  # as no file is named
        if free:
            self._connection.execute(_CHANGE, free)

    def _added(self, places: list[int]) -> dict[int, int]:
        """Write the rows that are new, as they are at the end of the batch; their numbers by place."""
        if places:  # one after the other, or their order would be anybody's guess
            self._connection.execute(_ADD, [_values(self._last[place]) for place in places])
        numbers: dict[str, int] = {}
        for some in portions(self._last[place].path for place in places):
            numbers |= dict(self._connection.execute(_NUMBERS, {"paths": some}).all())
        return {place: numbers[self._last[place].path] for place in places}

    def put(self, number: int, one: Prepared) -> None:
        """This drop has come: those after it see it as it is now."""
        assert one.likeness and one.identity
        own = one.likeness
        self._put[number] = Row(number, one.path, one.identity.id, one.title, _shingles(own), own.sketch, own.pictures)

    def nearest(self, keys: Collection[int], number: int) -> list[int]:
        """The earlier rows that share most of the keys."""
        counted = Counter(one for one in self.bands.met(keys) if one < number)
        likely = sorted(counted.items(), key=itemgetter(1), reverse=True)[:CANDIDATES]
        return sorted(one for one, _times in likely)

    def read(self, numbers: Iterable[int]) -> None:
        """Have these rows at hand, and no others but those of the batch."""
        self._read = self._rows(number for number in numbers if number not in self._put)

    def rows(self, numbers: Sequence[int]) -> list[Row]:
        """The rows as they are now."""
        self._read |= self._rows(one for one in numbers if one not in self._put and one not in self._read)
        return [self._put.get(one) or self._read[one] for one in numbers]

    def _rows(self, numbers: Iterable[int]) -> dict[int, Row]:
        """As they were before the batch."""
        found: dict[int, Row] = {}
        for some in portions(numbers):
            rows = self._connection.execute(_ROWS, {"numbers": some}).all()
            for number, path, item, title, shingles, sketch, pictures in rows:
                here = self._moved.get(number, path)
                found[number] = Row(number, here, item, title, shingles, sketch or b"", _pictures(pictures))
        return found

    def write(self) -> None:
        """Everything that the batch has changed."""
        values = [{"number": number} | _values(self._last[number]) for number in self._changed]
        if values:
            self._connection.execute(_CHANGE, values)
        for keys in (self.bands, self.passages):
            keys.write(self._changed)


def _places(known: Mapping[int, tuple[str, str]], batch: Sequence[Prepared]) -> list[int]:
    """The row of each drop: that of its path, else the first of its item (a renamed file keeps its place in the order)."""
    where, new, places = dict(known), count(_NEW), []
    by_path = {path: number for number, (path, _item) in known.items()}
    by_item: dict[str, set[int]] = {}
    for number, (_path, item) in known.items():
        by_item.setdefault(item, set()).add(number)
    for one in batch:
        assert one.identity
        same = by_item.setdefault(one.identity.id, set())
        number = by_path[one.path] if one.path in by_path else min(same) if same else next(new)
        if number in where:
            path, item = where[number]
            del by_path[path]
            by_item[item].discard(number)
        where[number] = (one.path, one.identity.id)
        by_path[one.path] = number
        same.add(number)
        places.append(number)
    return places


def _values(one: Prepared) -> dict[str, Any]:
    assert one.likeness and one.identity
    return {"path": one.path, "item": one.identity.id, "unit": one.unit, "title": one.title,
            "pictures": dict(one.likeness.pictures), "shingles": _shingles(one.likeness),
            "sketch": one.likeness.sketch or None}  # fmt: skip


def _shingles(own: Likeness) -> bytes:
    return b"".join(found for _hash, found in own.passages)


def _pictures(told: str | None) -> dict[str, int]:
    return json.loads(told) if told and told != "{}" else {}
