"""Addresses that changed since they were last brought to a server; noted in the transaction that changed them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping


class Changes:
    """An address has the number of its last change, so that one that comes meanwhile is not struck out."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute
        self._run_many = connection.executemany

    def note(self, addresses: Iterable[str]) -> None:
        """These were written, linked or removed."""
        rows = [(address,) for address in dict.fromkeys(addresses)]
        if rows:
            self._run("UPDATE change_number SET number = number + 1")
            self._run_many("INSERT OR REPLACE INTO changed SELECT ?, number FROM change_number", rows)

    def any(self) -> bool:
        """Whether something waits."""
        return self._run("SELECT 1 FROM changed LIMIT 1").fetchone() is not None

    def all(self) -> dict[str, int]:
        """What waits, with the number of its last change."""
        return dict(self._run("SELECT address, number FROM changed ORDER BY address").fetchall())

    def done(self, brought: Mapping[str, int]) -> None:
        """These were brought."""
        self._run_many("DELETE FROM changed WHERE address = ? AND number = ?", brought.items())
