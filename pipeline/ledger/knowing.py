"""What the ledger knows of every file, kept by a program that stays loaded, so that a look reads only what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from sqlalchemy import Connection, Text, bindparam, cast, column, func, select, table

from pipeline.ledger import schema as t
from pipeline.ledger.base import Base, portions
from pipeline.ledger.glance import Known, Remembered, known

# As texts and flags: most name no file, and a program that has just started asks for all of them.
_DROPS = select(t.drop.c.path, t.drop.c.stamp, cast(t.drop.c.assets, Text), t.drop.c.digest,
                func.coalesce(t.drop.c.item, ""), t.drop.c.outcome, t.drop.c.missing_since.is_not(None))  # fmt: skip
_SOME = _DROPS.where(t.drop.c.path.in_(bindparam("paths", expanding=True)))
# SQLite's alone, written by triggers (migration 0012). The newest is never taken away, so turns only grow.
_news = table("drop_news", column("turn"), column("path"))
_TURNS = select(func.coalesce(func.min(_news.c.turn), 0), func.coalesce(func.max(_news.c.turn), 0))
_PATHS = select(_news.c.path).where(_news.c.turn > bindparam("last")).distinct()


class Knowing:
    """Every drop that was ever seen, by path; what any program writes is seen after the next `renew`."""

    def __init__(self, ledger: Base) -> None:
        self._ledger = ledger
        self._turn: int | None = None
        self._items: Counter[str] | None = None  # counted when somebody asks
        self.drops: dict[str, Known] = {}

    def recall(self, remembered: Remembered) -> None:
        """Go on from what was read a moment ago."""
        self._turn, self.drops = remembered

    def has_item(self, item: str) -> bool:
        """Whether any drop is this item."""
        if self._items is None:
            self._items = Counter(drop.item for drop in self.drops.values())
        return self._items[item] > 0

    def renew(self) -> Collection[str]:
        """Read what changed since the last time, at first everything; the paths that are other than before."""
        with self._ledger.reads.connect() as connection:
            if self._ledger.postgres:
                return self._replace(_all(connection))
            oldest, newest = connection.execute(_TURNS).one()
            last, self._turn = self._turn, newest
            if last is None or last + 1 < oldest:
                return self._replace(_all(connection))
            paths = list(connection.scalars(_PATHS, {"last": last}))
            rows = [row for some in portions(paths) for row in connection.execute(_SOME, {"paths": some})]
        found = known(rows)
        for path in paths:
            self._put(path, found.get(path))
        return paths

    def _put(self, path: str, drop: Known | None) -> None:
        before = self.drops.pop(path, None)
        if drop:
            self.drops[path] = drop
        if self._items is not None:
            self._items.subtract([before.item] if before else [])
            self._items.update([drop.item] if drop else [])

    def _replace(self, drops: dict[str, Known]) -> Collection[str]:
        before, self.drops, self._items = self.drops, drops, None
        if not before:
            return drops.keys()
        return [path for path in before.keys() | drops.keys() if before.get(path) != drops.get(path)]


def _all(connection: Connection) -> dict[str, Known]:
    return known(connection.execute(_DROPS).all())
