"""Tables that lead from a key to the items that have it, as one batch sees them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Column, Connection, bindparam, delete, select

from pipeline.ledger.base import insert_plain, portions

_MOST_MET = 20_000  # rows of keys that are read for one item, whatever has been stored
_USUAL_MET = 2_000  # and on the average of a batch, before it is asked about by halves


class Numbers:
    """Numbers by key. Most keys have one, for which no list is made: the garbage collector looks at each of them."""

    def __init__(self) -> None:
        self._first: dict[int, int] = {}
        self._more: dict[int, list[int]] = {}

    def __contains__(self, key: int) -> bool:
        return key in self._first

    def add(self, keys: Iterable[int], number: int) -> None:
        for key in keys:
            if key in self._first:
                self._more.setdefault(key, []).append(number)
            else:
                self._first[key] = number

    def of(self, key: int) -> list[int]:
        return [self._first[key], *self._more.get(key, ())] if key in self._first else []


class Keys:
    """A table that leads from keys to the numbers of rows, with what the batch has changed in it."""

    def __init__(self, connection: Connection, key: Column[int]) -> None:
        self._connection, self._table, self._name = connection, key.table, key.name
        number = self._table.c.likeness
        self._query = select(key, number).where(key.in_(bindparam("keys", expanding=True))).limit(bindparam("most"))
        self._stored, self._added = Numbers(), Numbers()
        self._asked: set[int] = set()
        self._written: dict[int, frozenset[int]] = {}

    def load(self, wanted: Sequence[Collection[int]]) -> None:
        """Ask for the keys of several items; for fewer at a time when what they meet is too much for memory."""
        keys = sorted(set(chain.from_iterable(wanted)) - self._asked)
        most = max(_MOST_MET, _USUAL_MET * len(wanted))
        rows = self._rows(keys, most)
        if len(rows) >= most and len(wanted) > 1:
            half = len(wanted) // 2
            self.load(wanted[:half])
            self.load(wanted[half:])
            return
        for key, number in rows:
            self._stored.add((key,), number)
        self._asked.update(keys)

    def _rows(self, keys: list[int], most: int) -> list[Any]:
        rows: list[Any] = []
        for some in portions(keys):
            if len(rows) < most:
                rows += self._connection.execute(self._query, {"keys": some, "most": most - len(rows)}).all()
        return rows

    def having(self, key: int) -> list[int]:
        """The numbers that have a key which was asked for, the earliest first."""
        here = [number for number in self._stored.of(key) if number not in self._written]
        return sorted(here + self._added.of(key))

    def others(self, key: int, number: int) -> int:
        """How many but this one have a key."""
        return sum(one != number for one in self.having(key)) if key in self._stored or key in self._added else 0

    def met(self, keys: Collection[int]) -> list[int]:
        """The numbers that have any of the keys, once for each key; by key, so that everybody counts in one order."""
        if not self._asked.issuperset(keys):
            self.load([keys])
        found: list[int] = []
        for key in sorted(keys):
            if key in self._stored or key in self._added:
                found += self.having(key)
        return found[:_MOST_MET]

    def put(self, number: int, keys: Iterable[int]) -> None:
        """From now on a row has these keys and no others."""
        again = number in self._written
        self._written[number] = frozenset(keys)
        if not again:
            self._added.add(self._written[number], number)
            return
        self._added = Numbers()  # an item that came twice
        for one, its in self._written.items():
            self._added.add(its, one)

    def write(self, changed: Collection[int]) -> None:
        """Write what was put; `changed` are the numbers that had keys before."""
        old = [{"number": number} for number in changed]
        if old:
            self._connection.execute(delete(self._table).where(self._table.c.likeness == bindparam("number")), old)
        rows = sorted((key, number) for number, keys in self._written.items() for key in keys)
        insert_plain(self._connection, self._table, (self._name, "likeness"), rows)  # in the order of the index
