"""The portal's own index (SQLite): every post it shows and what flush still owes, both in one transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from channels.portal.card import CARDS, POSTS, Card, card_of
from channels.portal.post import PortalPost
from channels.portal.site import LISTS, lists_of
from channels.portal.tables import TABLES

RELATED: Final = 3
_WAIT: Final = 60.0  # seconds; a rebuild holds the index for as long as it takes
_NAMES: Final = json.dumps(list(LISTS))


class Stretch(NamedTuple):
    """Positions of a list whose pages are out of date, counted from the oldest; last None: to the newest."""

    first: int
    last: int | None


class Index:
    """Opens the index; one connection a transaction, so that threads and processes may share the object."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @contextmanager
    def open(self) -> Iterator[Rows]:
        """A transaction that is the only writer; all of it is kept, or nothing."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._file, timeout=_WAIT, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'fact'").fetchone():
                connection.executescript(TABLES)
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Rows(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")


class Rows:
    """The index inside a transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute
        self._run_many = connection.executemany

    # posts

    def put(self, post: PortalPost) -> None:
        """Keep a post and mark all that shows it; its own page is the caller's to write."""
        old, new = self.card(post.item), card_of(post)
        before, after = self._places(post.item), {(name, _sort(post)) for name in lists_of(post)}
        for name, sort in before - after:
            self._unlist(name, sort, post.item)
        changed = (post.updated or post.published).astimezone(UTC).isoformat(timespec="seconds")
        self._run("DELETE FROM dirty_page WHERE item = ?", (post.item,))
        self._mark_month_of(post.item)
        self._run(
            "INSERT INTO item VALUES (:item, :address, :post, :card, :kind, :unit, :sort, :changed, 0) "
            "ON CONFLICT (item) DO UPDATE SET address = :address, post = :post, card = :card, kind = :kind, unit = :unit, "
            "sort = :sort, changed = :changed, gone = 0",
            {"item": post.item, "address": post.address, "post": POSTS.dump_json(post).decode(), "sort": _sort(post),
             "card": CARDS.dump_json(new).decode(), "kind": post.kind, "unit": post.unit.id, "changed": changed},
        )  # fmt: skip
        self._mark_month_of(post.item)
        for name, sort in after - before:
            self._run("INSERT INTO listed VALUES (?, ?, ?)", (name, sort, post.item))
            self._mark_place(name, sort, post.item, open_end=True)
        if old != new:
            for name, sort in after & before:
                self._mark_place(name, sort, post.item, open_end=False)

    def withdraw(self, item: str, address: str) -> None:
        """Forget all of an item but its address; unknown items are noted too, so that a notice stands there."""
        for name, sort in self._places(item):
            self._unlist(name, sort, item)
        self._mark_month_of(item)
        self._run("DELETE FROM dirty_page WHERE item = ?", (item,))
        self._run(
            "INSERT INTO item VALUES (?, ?, NULL, NULL, '', '', '', '', 1) ON CONFLICT (item) "
            "DO UPDATE SET post = NULL, card = NULL, gone = 1",
            (item, address),
        )

    def post(self, item: str) -> PortalPost | None:
        """The post that stands on an item's page; None when it is gone or was never there."""
        row = self._run("SELECT post FROM item WHERE item = ? AND NOT gone", (item,)).fetchone()
        return POSTS.validate_json(row[0]) if row else None

    def card(self, item: str) -> Card | None:
        """What lists show of an item."""
        row = self._run("SELECT card FROM item WHERE item = ? AND NOT gone", (item,)).fetchone()
        return CARDS.validate_json(row[0]) if row else None

    def address(self, item: str) -> str | None:
        """Where an item's page lies, gone or not."""
        row = self._run("SELECT address FROM item WHERE item = ?", (item,)).fetchone()
        return str(row[0]) if row else None

    def at(self, address: str) -> str | None:
        """The item whose page lies there, unless it is gone."""
        row = self._run("SELECT item FROM item WHERE address = ? AND NOT gone", (address,)).fetchone()
        return str(row[0]) if row else None

    # lists

    def count(self, name: str) -> int:
        """How many items a list has."""
        return int(self._run("SELECT count(*) FROM listed WHERE list = ?", (name,)).fetchone()[0])

    def newest(self, name: str, most: int) -> list[Card]:
        """The newest items of a list, newest first."""
        return self._cards("WHERE l.list = ? ORDER BY l.sort DESC, l.item DESC LIMIT ?", (name, most))

    def slice(self, name: str, first: int, most: int) -> list[Card]:
        """Items of a list from a position on, oldest first."""
        return self._cards("WHERE l.list = ? ORDER BY l.sort, l.item LIMIT ? OFFSET ?", (name, most, first))

    def older(self, name: str, post: PortalPost, most: int) -> list[Card]:
        """The items before one in a list, nearest first."""
        tail = "WHERE l.list = ? AND (l.sort, l.item) < (?, ?) ORDER BY l.sort DESC, l.item DESC LIMIT ?"
        return self._cards(tail, (name, _sort(post), post.item, most))

    def newer(self, name: str, post: PortalPost, most: int) -> list[Card]:
        """The items after one in a list, nearest first."""
        tail = "WHERE l.list = ? AND (l.sort, l.item) > (?, ?) ORDER BY l.sort, l.item LIMIT ?"
        return self._cards(tail, (name, _sort(post), post.item, most))

    def month(self, month: str) -> list[tuple[str, datetime]]:
        """Address and last change of a month's items, oldest first."""
        tail = "WHERE sort >= ? AND sort < ? || '~' AND NOT gone ORDER BY sort, item"
        rows = self._run(f"SELECT address, changed FROM item {tail}", (month, month))  # noqa: S608 - both are ours
        return [(str(address), datetime.fromisoformat(changed)) for address, changed in rows]

    def months(self) -> list[tuple[str, datetime]]:
        """The months that have items, with the last change in each."""
        rows = self._run("SELECT substr(sort, 1, 7), max(changed) FROM item WHERE NOT gone GROUP BY 1 ORDER BY 1")
        return [(str(month), datetime.fromisoformat(changed)) for month, changed in rows]

    # media

    def keep_media(self, item: str, files: Iterable[tuple[str, str]]) -> None:
        """The (role, name) pairs that an item shows now; what it no longer shows waits to be taken away."""
        self._run("INSERT OR IGNORE INTO stale_media SELECT name FROM media WHERE item = ?", (item,))
        self._run("DELETE FROM media WHERE item = ?", (item,))
        self._run_many("INSERT OR IGNORE INTO media VALUES (?, ?, ?)", ((item, *pair) for pair in files))

    def media(self, item: str) -> dict[str, str]:
        """Names of an item's files by role; of several in a role, one."""
        return dict(self._run("SELECT role, name FROM media WHERE item = ?", (item,)).fetchall())

    def unused_media(self) -> list[str]:
        """Files that an item has let go and no other shows."""
        tail = "WHERE name NOT IN (SELECT name FROM media) ORDER BY name"
        return [str(row[0]) for row in self._run(f"SELECT name FROM stale_media {tail}")]  # noqa: S608 - both are ours

    # what flush owes

    def mark_all(self) -> None:
        """Everything is out of date."""
        self._run("INSERT OR IGNORE INTO dirty_page SELECT item FROM item")
        self._run_many("INSERT INTO dirty_list VALUES (?, 0, NULL)", ((name,) for name in LISTS))
        self._run("INSERT OR IGNORE INTO dirty_month SELECT DISTINCT substr(sort, 1, 7) FROM item WHERE sort != ''")

    def dirty_pages(self) -> list[str]:
        """Items whose pages are out of date."""
        return [str(row[0]) for row in self._run("SELECT item FROM dirty_page ORDER BY item")]

    def dirty_lists(self) -> dict[str, list[Stretch]]:
        """Lists with the stretches that are out of date."""
        found: dict[str, list[Stretch]] = {}
        for name, first, last in self._run("SELECT DISTINCT list, first, last FROM dirty_list ORDER BY list, first"):
            found.setdefault(name, []).append(Stretch(first, last))
        return found

    def dirty_months(self) -> list[str]:
        """Months whose part of the sitemap is out of date."""
        return [str(row[0]) for row in self._run("SELECT month FROM dirty_month ORDER BY month")]

    def settle(self) -> None:
        """Nothing is owed any more."""
        for table in ("dirty_page", "dirty_list", "dirty_month", "stale_media"):
            self._run(f"DELETE FROM {table}")  # noqa: S608 - our own names

    def fact(self, name: str) -> str:
        """A note that was left; empty when there is none."""
        row = self._run("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def note(self, name: str, value: str) -> None:
        """Leave a note."""
        self._run(
            "INSERT INTO fact VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value)
        )

    def _cards(self, tail: str, values: tuple[object, ...]) -> list[Card]:
        rows = self._run(f"SELECT i.card FROM listed l JOIN item i USING (item) {tail}", values)  # noqa: S608 - ours
        return [CARDS.validate_json(row[0]) for row in rows]

    def _places(self, item: str) -> set[tuple[str, str]]:
        found = self._run("SELECT list, sort FROM listed WHERE sort = (SELECT sort FROM item WHERE item = ?1) "
                          "AND item = ?1 AND list IN (SELECT value FROM json_each(?2))", (item, _NAMES))  # fmt: skip
        return {(str(name), str(sort)) for name, sort in found}

    def _unlist(self, name: str, sort: str, item: str) -> None:
        self._mark_place(name, sort, item, open_end=True)
        self._run("DELETE FROM listed WHERE list = ? AND sort = ? AND item = ?", (name, sort, item))

    def _mark_place(self, name: str, sort: str, item: str, *, open_end: bool) -> None:
        """Out of date: the list from this place on (or just there), and the pages of the items around it."""
        count = "SELECT count(*) FROM listed WHERE list = ? AND (sort, item) < (?, ?)"
        place = int(self._run(count, (name, sort, item)).fetchone()[0])
        self._run("INSERT INTO dirty_list VALUES (?, ?, ?)", (name, place, None if open_end else place))
        for side, order, most in (("<", "DESC", 1), (">", "ASC", RELATED + 1)):
            around = f"list = ? AND (sort, item) {side} (?, ?) ORDER BY sort {order}, item {order} LIMIT ?"
            self._run(f"INSERT OR IGNORE INTO dirty_page SELECT item FROM listed WHERE {around}",  # noqa: S608 - ours
                      (name, sort, item, most))  # fmt: skip

    def _mark_month_of(self, item: str) -> None:
        self._run("INSERT OR IGNORE INTO dirty_month SELECT substr(sort, 1, 7) FROM item WHERE item = ? AND sort != ''",
                  (item,))  # fmt: skip


def _sort(post: PortalPost) -> str:
    return post.published.astimezone(UTC).isoformat(timespec="seconds")
