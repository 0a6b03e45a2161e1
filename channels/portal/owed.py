"""What flush has still to do; kept in the index, so that whoever comes after a crash can do it."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Final, NamedTuple

from channels.portal.related import WINDOW
from channels.portal.site import FACETS, LISTS, MONTHS

FEED_LENGTH: Final = 30
MOST: Final = 1000  # items of a month in one part; some 1.5 MB, 0.3 MB on the way


class Stretch(NamedTuple):
    """Positions of a list whose pages are out of date, counted from the oldest; last None: to the newest."""

    first: int
    last: int | None


class Month(NamedTuple):
    """A part of time that has items: its last change, how many, and the version of its search file.

    It is a month (2026-11), and of a month with more items than `MOST` a day (2026-11-20): who looks for something on a
    phone reads no more at once, and a change writes no more.
    """

    month: str
    changed: datetime
    items: int
    shard: str


class InMonth(NamedTuple):
    """An item in its month, with its line of the search index."""

    address: str
    changed: datetime
    entry: str


class Owed:
    """Pages, lists, feeds and months that are out of date."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.whole = False  # the next flush writes everything anyway, so nothing has to be marked one by one
        self._run = connection.execute
        self._run_many = connection.executemany

    # marking

    def everything(self) -> None:
        """Every page, list, feed and month."""
        self._run("INSERT OR IGNORE INTO dirty_page SELECT item FROM item")
        self._run("INSERT OR REPLACE INTO dirty_list SELECT list, '', '' FROM tally")
        self._run_many("INSERT OR REPLACE INTO dirty_list VALUES (?, '', '')", ((name,) for name in LISTS))
        self._run_many("INSERT OR IGNORE INTO dirty_feed VALUES (?)", ((name,) for name in LISTS))
        self._run("INSERT OR IGNORE INTO dirty_month SELECT DISTINCT substr(sort, 1, 7) FROM item WHERE sort != ''")

    def place(self, name: str, sort: str, item: str, *, open_end: bool) -> None:
        """The list from this item's place on (or just there), and the pages of the items around it.

        An item page shows one newer item, and some of those before it: what changes here can reach the page before and
        WINDOW + 1 pages after, in the list they read on in.
        """
        if self.whole:
            return
        if open_end:
            self._run("INSERT INTO dirty_list VALUES (?, ?, ?) ON CONFLICT (list) DO UPDATE SET sort = excluded.sort, "
                      "item = excluded.item WHERE (excluded.sort, excluded.item) < (sort, item)", (name, sort, item))  # fmt: skip
        else:
            self._run("INSERT OR IGNORE INTO dirty_place VALUES (?, ?, ?)", (name, sort, item))
        if name.partition("/")[0] in FACETS:
            return
        for side, order, most in (("<", "DESC", 1), (">", "ASC", WINDOW + 1)):
            around = f"list = ? AND (sort, item) {side} (?, ?) ORDER BY sort {order}, item {order} LIMIT ?"
            near = f"SELECT item FROM listed WHERE {around}"  # noqa: S608 - ours
            self._run(f"INSERT OR IGNORE INTO dirty_page SELECT item FROM ({near}) JOIN item USING (item) "  # noqa: S608 - ours
                      "WHERE home = ?", (name, sort, item, most, name))  # fmt: skip

    def feed(self, name: str, sort: str, item: str) -> None:
        """The feeds of a list, if this place is one of those that they tell."""
        if self.whole or name not in LISTS:
            return
        newer = "SELECT 1 FROM listed WHERE list = ? AND (sort, item) > (?, ?) LIMIT 1 OFFSET ?"
        told = not self._run(newer, (name, sort, item, FEED_LENGTH - 1)).fetchone()
        if told:
            self._run("INSERT OR IGNORE INTO dirty_feed VALUES (?)", (name,))

    def months_of(self, *sorts: str) -> None:
        """The days of these places in time: their parts of the sitemap and of the search index; empty ones have none."""
        if self.whole:
            return
        days = {sort[:10] for sort in sorts if sort}
        self._run_many("INSERT OR IGNORE INTO dirty_month VALUES (?)", ((day,) for day in days))

    def page(self, item: str) -> None:
        """An item's page; also when it was just written, because only a flush makes it survive a power cut."""
        if self.whole:
            return
        self._run("INSERT OR IGNORE INTO dirty_page VALUES (?)", (item,))

    def settle(self) -> None:
        """Nothing is owed any more."""
        for table in ("dirty_page", "dirty_list", "dirty_place", "dirty_feed", "dirty_month", "stale_media"):
            self._run(f"DELETE FROM {table}")  # noqa: S608 - our own names

    # asking

    def pages(self) -> list[str]:
        """Items whose pages are out of date, in the order of the lists that they read on in."""
        order = "LEFT JOIN item USING (item) ORDER BY home, sort, item"
        return [str(row[0]) for row in self._run(f"SELECT item FROM dirty_page {order}")]  # noqa: S608 - ours

    def lists(self) -> dict[str, list[Stretch]]:
        """Lists with the stretches that are out of date."""
        found: dict[str, list[Stretch]] = {}
        for name, sort, item in self._run("SELECT list, sort, item FROM dirty_list ORDER BY list").fetchall():
            found.setdefault(str(name), []).append(Stretch(self._older(name, sort, item), None))
        for name, sort, item in self._run(
            "SELECT list, sort, item FROM dirty_place ORDER BY list, sort, item"
        ).fetchall():
            place = self._older(name, sort, item)
            found.setdefault(str(name), []).append(Stretch(place, place))
        return dict(sorted(found.items()))

    def _older(self, name: str, sort: str, item: str) -> int:
        """How many items of a list come before a place."""
        older = "SELECT count(*) FROM listed WHERE list = ? AND (sort, item) < (?, ?)"
        return int(self._run(older, (name, sort, item)).fetchone()[0]) if sort else 0

    def feeds(self) -> list[str]:
        """Lists whose feeds are out of date."""
        return [str(row[0]) for row in self._run("SELECT list FROM dirty_feed ORDER BY list")]

    def months(self) -> tuple[list[str], list[str]]:
        """Parts of time whose part of the sitemap and of the search index is out of date; and those that are no more.

        A month that grows beyond `MOST`, or shrinks below it, is due in its new shape, and its old one is no more.
        """
        marked: dict[str, set[str]] = {}  # days, and whole months
        for (mark,) in self._run("SELECT month FROM dirty_month"):
            marked.setdefault(str(mark)[:7], set()).add(str(mark))
        due, over = [], []
        for month, marks in sorted(marked.items()):
            kept = {str(part) for (part,) in self._run("SELECT month FROM month WHERE month LIKE ? || '%'", (month,))}
            parts = self._parts(month, marks, kept)
            due += sorted(parts)
            over += sorted(part for part in kept - parts if len(part) == len(month) or month in parts)
        return due, over

    def _parts(self, month: str, marks: set[str], kept: set[str]) -> set[str]:
        row = self._run("SELECT count FROM tally WHERE list = ?", (f"{MONTHS}/{month}",)).fetchone()
        if not row or row[0] <= MOST:
            return {month}
        if kept and month not in kept | marks:
            return marks
        days = "SELECT DISTINCT substr(sort, 1, 10) FROM item WHERE sort >= ? AND sort < ? || '~'"
        return {str(day) for (day,) in self._run(days, (month, month))} | kept - {month}

    def size(self) -> int:
        """About how many pages are due."""
        places = "(SELECT count(*) FROM dirty_page) + (SELECT count(*) FROM dirty_place)"
        return int(self._run(f"SELECT {places}").fetchone()[0])  # noqa: S608 - ours

    def month(self, month: str) -> list[InMonth]:
        """The items of a month, or of a day, oldest first."""
        tail = "WHERE i.sort >= ? AND i.sort < ? || '~' ORDER BY i.sort, i.item"
        shown = (
            "SELECT address, changed, entry FROM item i CROSS JOIN said USING (item)"  # CROSS: the month comes first
        )
        rows = self._run(f"{shown} {tail}", (month, month))
        return [InMonth(address, datetime.fromisoformat(changed), entry) for address, changed, entry in rows]

    def keep_month(self, month: Month) -> None:
        """Note what a month has now."""
        values = (month.month, month.changed.isoformat(), month.items, month.shard)
        self._run("INSERT OR REPLACE INTO month VALUES (?, ?, ?, ?)", values)

    def forget_month(self, month: str) -> None:
        """A month has no items any more."""
        self._run("DELETE FROM month WHERE month = ?", (month,))

    def known_months(self) -> list[Month]:
        """Every part that has items, oldest first."""
        rows = self._run("SELECT month, changed, count, shard FROM month ORDER BY month")
        return [Month(month, datetime.fromisoformat(changed), items, shard) for month, changed, items, shard in rows]

    # notes

    def fact(self, name: str) -> str:
        """A note that was left; empty when there is none."""
        row = self._run("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def note(self, name: str, value: str) -> None:
        """Leave a note."""
        self._run(
            "INSERT INTO fact VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value)
        )
