"""What an item's page offers to read on, read from the index in runs: whoever asks in a list's order reads each item once."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from functools import cached_property
from typing import Final

from channels.portal.card import CARDS, Card
from channels.portal.post import PortalPost
from channels.portal.related import WINDOW, closest, pairs_in, words_of

_BEFORE: Final = WINDOW + 1  # the item before one, and those that are looked at behind it
_AHEAD: Final = 16  # items that are read at once; one more is enough for one page
_ITEMS: Final = "SELECT l.sort, l.item, i.card, i.words FROM listed l JOIN item i USING (item) WHERE l.list = ? AND"


class Stop:
    """An item of the list; what is known of it is read when it is needed."""

    def __init__(self, sort: str, item: str, card: str, words: str) -> None:
        self.key = (sort, item)
        self._card, self._words = card, words

    @cached_property
    def card(self) -> Card:
        return CARDS.validate_json(self._card)

    @cached_property
    def pairs(self) -> frozenset[str]:
        return pairs_in(self._words)


class Nearby:
    """Stretches of lists as the index has them now; whoever changes the index needs another one afterwards."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run: Callable[..., sqlite3.Cursor] = connection.execute
        self._name = ""
        self._stops: list[Stop] = []
        self._keys: list[tuple[str, str]] = []
        self._first = self._last = False  # whether the stretch reaches the end of the list

    def around(self, name: str, sort: str, post: PortalPost) -> tuple[Card | None, Card | None, list[Card]]:
        """The item after a post in a list, the one before it, and of those before that which speak of the same things."""
        key = (sort, post.item)
        if not self._has_around(name, key):
            self._read(name, key)
        low, high = bisect_left(self._keys, key), bisect_right(self._keys, key)
        others = self._stops[max(0, low - _BEFORE) : max(0, low - 1)][::-1]
        own = self._stops[low].pairs if low < high else pairs_in(words_of(post))
        related = [others[place].card for place in closest(own, [other.pairs for other in others])]
        newer = self._stops[high].card if high < len(self._stops) else None
        return newer, self._stops[low - 1].card if low else None, related

    def _has_around(self, name: str, key: tuple[str, str]) -> bool:
        if name != self._name:
            return False
        before, after = bisect_left(self._keys, key), bisect_right(self._keys, key)
        return (before >= _BEFORE or self._first) and (after < len(self._keys) or self._last)

    def _read(self, name: str, key: tuple[str, str]) -> None:
        """Go on from the stretch that ends with this item, or begin a new one."""
        if name == self._name and self._keys[-1:] == [key] and (len(self._keys) > _BEFORE or self._first):
            self._first = self._first and len(self._keys) <= _BEFORE + 1
            kept = self._stops[-_BEFORE - 1 :]
            found = self._stretch(
                f"{_ITEMS} (l.sort, l.item) > (?, ?) ORDER BY l.sort, l.item LIMIT ?", name, key, _AHEAD
            )
        else:
            before = f"{_ITEMS} (l.sort, l.item) < (?, ?) ORDER BY l.sort DESC, l.item DESC LIMIT ?"
            kept = self._stretch(before, name, key, _BEFORE)[::-1]
            self._first = len(kept) < _BEFORE
            found = self._stretch(
                f"{_ITEMS} (l.sort, l.item) >= (?, ?) ORDER BY l.sort, l.item LIMIT ?", name, key, _AHEAD
            )
        self._name, self._stops, self._last = name, kept + found, len(found) < _AHEAD
        self._keys = [stop.key for stop in self._stops]

    def _stretch(self, query: str, name: str, key: tuple[str, str], most: int) -> list[Stop]:
        return [Stop(*row) for row in self._run(query, (name, *key, most))]
