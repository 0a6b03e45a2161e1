"""The index inside a transaction: posts, and the lists they stand in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from channels.portal.card import CARDS, POSTS, Card, card_of
from channels.portal.changes import Changes
from channels.portal.owed import Owed
from channels.portal.places import home_list, places_of
from channels.portal.post import PortalPost
from channels.portal.related import WINDOW, closest, words_of
from channels.portal.shelf import Shelf
from channels.portal.words import iso


class Rows:
    """Posts and lists; `owed` is what flush has still to do, `shelf` the media files, `changes` what no server has."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute
        self.owed = Owed(connection)
        self.changes = Changes(connection)
        self.shelf = Shelf(connection)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """What is done inside is kept whole or not at all, whatever becomes of the rest."""
        self._run("SAVEPOINT one")
        try:
            yield
        except BaseException:
            self._run("ROLLBACK TO one")
            raise
        finally:
            self._run("RELEASE one")

    # posts

    def put(self, post: PortalPost) -> None:
        """Keep a post and mark all that shows it; the caller writes its page at once, and flush looks at it again."""
        old, new, sort = self.card(post.item), card_of(post), sort_of(post)
        told = old != new or self._changed(post.item) != changed_of(post)
        before = {(name, at): title for name, at, title in self._places(post.item)}
        after = {(name, sort): title for name, title in places_of(post).items()}
        for name, at in before.keys() - after.keys():
            self._unlist(name, at, post.item)
        self.owed.month_of(post.item)
        self._keep(post, new, sort)
        self.owed.month_of(post.item)
        self.owed.page(post.item)
        for (name, at), title in after.items():
            if (name, at) not in before:
                self._run("INSERT INTO listed VALUES (?, ?, ?, ?)", (name, at, post.item, title))
                self._run("INSERT INTO tally VALUES (?, 1) ON CONFLICT (list) DO UPDATE SET count = count + 1", (name,))
                self.owed.place(name, at, post.item, open_end=True)
            elif old != new or before[name, at] != title:
                self._run("UPDATE listed SET title = ? WHERE (list, sort, item) = (?, ?, ?)",
                          (title, name, at, post.item))  # fmt: skip
                self.owed.place(name, at, post.item, open_end=False)
            if told or (name, at) not in before:
                self.owed.feed(name, at, post.item)

    def withdraw(self, item: str, address: str) -> None:
        """Forget all of an item but its address; unknown items are noted too, so that a notice stands there."""
        for name, sort, _title in self._places(item):
            self._unlist(name, sort, item)
        self.owed.month_of(item)
        self.owed.page(item)
        self._run(
            "INSERT INTO item VALUES (?, ?, NULL, NULL, NULL, NULL, '', '', '', '', '', 1) ON CONFLICT (item) "
            "DO UPDATE SET post = NULL, card = NULL, entry = NULL, words = NULL, gone = 1",
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

    def gone(self) -> list[str]:
        """Addresses of withdrawn items."""
        return [
            str(row[0]) for row in self._run("SELECT address FROM item WHERE gone AND address != '' ORDER BY address")
        ]

    # lists

    def count(self, name: str) -> int:
        """How many items a list has."""
        row = self._run("SELECT count FROM tally WHERE list = ?", (name,)).fetchone()
        return int(row[0]) if row else 0

    def title(self, name: str) -> str:
        """What the newest item of a list calls it."""
        tail = "WHERE list = ? ORDER BY sort DESC, item DESC LIMIT 1"
        row = self._run(f"SELECT title FROM listed {tail}", (name,)).fetchone()  # noqa: S608 - ours
        return str(row[0]) if row else ""

    def facet(self, facet: str) -> list[tuple[str, str, int]]:
        """The lists of a facet that have items: name, title, count."""
        found = self._run("SELECT list, count FROM tally WHERE list >= ? || '/' AND list < ? || '0' AND count > 0 "
                          "ORDER BY list", (facet, facet)).fetchall()  # fmt: skip
        return [(str(name), self.title(str(name)), int(count)) for name, count in found]

    def by_month(self, name: str, since: str) -> dict[str, int]:
        """Items of a list by month (YYYY-MM) from one month on."""
        found = self._run(
            "SELECT substr(sort, 1, 7), count(*) FROM listed WHERE list = ? AND sort >= ? GROUP BY 1", (name, since)
        )
        return {str(month): int(count) for month, count in found.fetchall()}

    def newest(self, name: str, most: int) -> list[Card]:
        """The newest items of a list, newest first."""
        return [card for card, _ in self.entries(name, most)]

    def entries(self, name: str, most: int) -> list[tuple[Card, datetime]]:
        """The newest items of a list with their last change, newest first."""
        tail = "WHERE l.list = ? ORDER BY l.sort DESC, l.item DESC LIMIT ?"
        rows = self._run(f"SELECT i.card, i.changed FROM listed l JOIN item i USING (item) {tail}", (name, most))  # noqa: S608 - ours
        return [(CARDS.validate_json(card), datetime.fromisoformat(changed)) for card, changed in rows]

    def slice(self, name: str, first: int, most: int) -> list[Card]:
        """Items of a list from a position on, oldest first; counted from the nearer end."""
        most = max(0, min(most, self.count(name) - first))
        beyond = self.count(name) - first - most
        order, skipped = ("DESC", beyond) if beyond < first else ("ASC", first)
        tail = f"FROM listed WHERE list = ? ORDER BY sort {order}, item {order} LIMIT ? OFFSET ?"
        # The places are found in `listed` alone: joined, each skipped row would cost a look into `item`.
        rows = self._run(f"SELECT i.card FROM (SELECT sort, item {tail}) l JOIN item i USING (item) "  # noqa: S608 - ours
                         "ORDER BY l.sort, l.item", (name, most, skipped))  # fmt: skip
        return [CARDS.validate_json(row[0]) for row in rows]

    def older(self, name: str, post: PortalPost) -> Card | None:
        """The item before one in a list."""
        tail = "WHERE l.list = ? AND (l.sort, l.item) < (?, ?) ORDER BY l.sort DESC, l.item DESC LIMIT 1"
        return next(iter(self._cards(tail, (name, sort_of(post), post.item))), None)

    def newer(self, name: str, post: PortalPost) -> Card | None:
        """The item after one in a list."""
        tail = "WHERE l.list = ? AND (l.sort, l.item) > (?, ?) ORDER BY l.sort, l.item LIMIT 1"
        return next(iter(self._cards(tail, (name, sort_of(post), post.item))), None)

    def related(self, name: str, post: PortalPost) -> list[Card]:
        """Of the items before the one that `older` gives, those that speak of the same things."""
        tail = "WHERE l.list = ? AND (l.sort, l.item) < (?, ?) ORDER BY l.sort DESC, l.item DESC LIMIT ? OFFSET 1"
        rows = self._run(f"SELECT i.item, i.words FROM listed l JOIN item i USING (item) {tail}",  # noqa: S608 - ours
                         (name, sort_of(post), post.item, WINDOW)).fetchall()  # fmt: skip
        found = (self.card(item) for item in closest(words_of(post), rows))
        return [card for card in found if card]

    def recent(self, name: str, most: int, since: datetime) -> list[Card]:
        """The newest items of a list that were published since a moment."""
        tail = "WHERE l.list = ? AND l.sort >= ? ORDER BY l.sort DESC, l.item DESC LIMIT ?"
        return self._cards(tail, (name, iso(since), most))

    def _keep(self, post: PortalPost, card: Card, sort: str) -> None:
        self._run(
            "INSERT INTO item VALUES (:item, :address, :post, :card, :entry, :words, :home, :kind, :unit, :sort, "
            ":changed, 0) ON CONFLICT (item) DO UPDATE SET address = :address, post = :post, card = :card, entry = :entry, "
            "words = :words, home = :home, kind = :kind, unit = :unit, sort = :sort, changed = :changed, gone = 0",
            {"item": post.item, "address": post.address, "post": POSTS.dump_json(post).decode(), "sort": sort,
             "card": CARDS.dump_json(card).decode(), "entry": None, "words": words_of(post),
             "home": home_list(post), "kind": post.kind, "unit": post.unit.id, "changed": changed_of(post)},
        )  # fmt: skip

    def _changed(self, item: str) -> str:
        row = self._run("SELECT changed FROM item WHERE item = ?", (item,)).fetchone()
        return str(row[0]) if row else ""

    def _cards(self, tail: str, values: tuple[object, ...]) -> list[Card]:
        rows = self._run(f"SELECT i.card FROM listed l JOIN item i USING (item) {tail}", values)  # noqa: S608 - ours
        return [CARDS.validate_json(row[0]) for row in rows]

    def _places(self, item: str) -> list[tuple[str, str, str]]:
        rows = self._run("SELECT list, sort, title FROM listed WHERE item = ? ORDER BY list", (item,))
        return [(str(name), str(sort), str(title)) for name, sort, title in rows.fetchall()]

    def _unlist(self, name: str, sort: str, item: str) -> None:
        self.owed.place(name, sort, item, open_end=True)
        self.owed.feed(name, sort, item)
        self._run("DELETE FROM listed WHERE list = ? AND sort = ? AND item = ?", (name, sort, item))
        self._run("UPDATE tally SET count = count - 1 WHERE list = ?", (name,))


def sort_of(post: PortalPost) -> str:
    """Publication time as a text that sorts; its first seven letters are the month in Hanoi."""
    return iso(post.published)


def changed_of(post: PortalPost) -> str:
    """When what readers see last changed, as the index keeps it."""
    return (post.updated or post.published).astimezone(UTC).isoformat(timespec="seconds")
