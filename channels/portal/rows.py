"""The index inside a transaction: posts, and the lists they stand in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final, TypeAlias

from channels.portal.card import CARDS, POSTS, Card, card_of
from channels.portal.changes import Changes
from channels.portal.nearby import Nearby
from channels.portal.owed import Owed
from channels.portal.places import home_list, places_of
from channels.portal.post import PortalPost
from channels.portal.related import words_of
from channels.portal.search import entry_of
from channels.portal.shelf import Shelf
from channels.portal.words import iso

_FEW: Final = 8  # places that are counted one by one; beyond it going through the whole list is cheaper
Place: TypeAlias = tuple[str, str]  # in a list: the item's `sort` and its id


class Rows:
    """Posts and lists; `owed` is what flush has still to do, `shelf` the media files, `changes` what no server has."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._run = connection.execute
        self._run_many = connection.executemany
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

    def put(self, post: PortalPost) -> str:
        """Keep a post and mark all that shows it; the caller writes its page at once, and flush looks at it again.

        Returns: the address where the item stood until now; empty when it is a new one.
        """
        address, was, changed, old = self._known(post.item)
        new, sort = card_of(post), sort_of(post)
        told = old != new or changed != changed_of(post)
        before = {(name, at): title for name, at, title in self._places(post.item)} if address else {}
        after = {(name, sort): title for name, title in places_of(post).items()}
        for name, at in before.keys() - after.keys():
            self._unlist(name, at, post.item)
        self._keep(post, new, sort)
        self._list((name, at, post.item, title) for (name, at), title in after.items() if (name, at) not in before)
        self.owed.months_of(was, sort)
        self.owed.page(post.item)
        for (name, at), title in after.items():
            known = (name, at) in before
            if known and (old != new or before[name, at] != title):
                self._run("UPDATE listed SET title = ? WHERE (list, sort, item) = (?, ?, ?)",
                          (title, name, at, post.item))  # fmt: skip
            if not known or old != new or before[name, at] != title:
                self.owed.place(name, at, post.item, open_end=not known)
            if told or not known:
                self.owed.feed(name, at, post.item)
        return address

    def withdraw(self, item: str, address: str) -> None:
        """Forget all of an item but its address; unknown items are noted too, so that a notice stands there."""
        for name, sort, _title in self._places(item):
            self._unlist(name, sort, item)
        self.owed.months_of(self._known(item)[1])
        self.owed.page(item)
        self._run("INSERT INTO item VALUES (?, ?, '', '', '', '', '', 1, NULL, NULL) ON CONFLICT (item) "
                  "DO UPDATE SET card = NULL, words = NULL, gone = 1", (item, address))  # fmt: skip
        self._run("DELETE FROM said WHERE item = ?", (item,))

    def post(self, item: str) -> PortalPost | None:
        """The post that stands on an item's page; None when it is gone or was never there."""
        row = self._run("SELECT post FROM said WHERE item = ?", (item,)).fetchone()
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

    def places(self, name: str, positions: Sequence[int]) -> list[Place]:
        """The places in a list that have these positions, counted from the oldest and ascending."""
        if len(positions) < _FEW:
            return [self._run(*self._part(name, position, 1)).fetchone() for position in positions]
        wanted = set(positions)
        every = self._run("SELECT sort, item FROM listed WHERE list = ? ORDER BY sort, item", (name,))
        return [place for position, place in enumerate(every) if position in wanted]

    def since(self, name: str, first: Place, most: int) -> list[Card]:
        """Items of a list from a place on, oldest first."""
        tail = "WHERE l.list = ? AND (l.sort, l.item) >= (?, ?) ORDER BY l.sort, l.item LIMIT ?"
        return self._cards(tail, (name, *first, most))

    def slice(self, name: str, first: int, most: int) -> list[Card]:
        """Items of a list from a position on, oldest first; counted from the nearer end."""
        part, values = self._part(name, first, max(0, min(most, self.count(name) - first)))
        # The places are found in `listed` alone: joined, each skipped row would cost a look into `item`.
        rows = self._run(f"SELECT i.card FROM ({part}) l JOIN item i USING (item) ORDER BY l.sort, l.item", values)  # noqa: S608 - ours
        return [CARDS.validate_json(row[0]) for row in rows]

    def _part(self, name: str, first: int, most: int) -> tuple[str, tuple[object, ...]]:
        """A question for places of a list from a position on, with its values."""
        beyond = self.count(name) - first - most
        order, skipped = ("DESC", beyond) if beyond < first else ("ASC", first)
        part = f"SELECT sort, item FROM listed WHERE list = ? ORDER BY sort {order}, item {order} LIMIT ? OFFSET ?"  # noqa: S608 - ours
        return part, (name, most, skipped)

    def nearby(self) -> Nearby:
        """What stands around items, as long as nothing is put or withdrawn."""
        return Nearby(self._connection)

    def recent(self, name: str, most: int, since: datetime) -> list[Card]:
        """The newest items of a list that were published since a moment."""
        tail = "WHERE l.list = ? AND l.sort >= ? ORDER BY l.sort DESC, l.item DESC LIMIT ?"
        return self._cards(tail, (name, iso(since), most))

    def _keep(self, post: PortalPost, card: Card, sort: str) -> None:
        values = (post.item, post.address, home_list(post), post.kind, post.unit.id, sort, changed_of(post),
                  CARDS.dump_json(card).decode(), words_of(post))  # fmt: skip
        self._run("INSERT INTO item VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?) ON CONFLICT (item) DO UPDATE SET "
                  "address = excluded.address, home = excluded.home, kind = excluded.kind, unit = excluded.unit, "
                  "sort = excluded.sort, changed = excluded.changed, gone = 0, card = excluded.card, words = excluded.words",
                  values)  # fmt: skip
        self._run("INSERT OR REPLACE INTO said VALUES (?, ?, ?)",
                  (post.item, entry_of(post), POSTS.dump_json(post).decode()))  # fmt: skip

    def _list(self, places: Iterable[tuple[str, str, str, str]]) -> None:
        """Let lists show an item: list, sort, item and what the item calls the list."""
        places = list(places)
        self._run_many("INSERT INTO listed VALUES (?, ?, ?, ?)", places)
        self._run_many("INSERT INTO tally VALUES (?, 1) ON CONFLICT (list) DO UPDATE SET count = count + 1",
                       ((name,) for name, *_rest in places))  # fmt: skip

    def _known(self, item: str) -> tuple[str, str, str, Card | None]:
        """Address, sort, last change and card of an item, gone or not; empty when it was never there."""
        row = self._run("SELECT address, sort, changed, card FROM item WHERE item = ?", (item,)).fetchone()
        if not row:
            return "", "", "", None
        return str(row[0]), str(row[1]), str(row[2]), CARDS.validate_json(row[3]) if row[3] else None

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
