"""Which media files which item shows, so that a file nobody shows any more can be taken away."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable


class Shelf:
    """Media files by item and role."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute
        self._run_many = connection.executemany

    def keep(self, item: str, files: Iterable[tuple[str, str]]) -> None:
        """The (role, name) pairs that an item shows now; what it no longer shows waits to be taken away."""
        self._run("INSERT OR IGNORE INTO stale_media SELECT name FROM media WHERE item = ?", (item,))
        self._run("DELETE FROM media WHERE item = ?", (item,))
        self._run_many("INSERT OR IGNORE INTO media VALUES (?, ?, ?)", ((item, *pair) for pair in files))

    def of(self, item: str) -> dict[str, str]:
        """Names of an item's files by role; of several in a role, one."""
        return dict(self._run("SELECT role, name FROM media WHERE item = ?", (item,)).fetchall())

    def unused(self) -> list[str]:
        """Files that an item has let go and no other shows."""
        shown = "SELECT 1 FROM media WHERE media.name = stale_media.name"
        found = self._run(f"SELECT name FROM stale_media WHERE NOT EXISTS ({shown}) ORDER BY name")  # noqa: S608 - ours
        return [str(row[0]) for row in found]
