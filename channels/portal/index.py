"""The portal's own index (SQLite): every post it shows and what flush still owes, both in one transaction."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from channels.journal import write_ahead
from channels.portal.card import POSTS
from channels.portal.rows import Rows
from channels.portal.tables import TABLES, VERSION

_WAIT: Final = 60.0  # seconds; a rebuild holds the index for as long as it takes
_CACHE: Final = 16 * 1024  # KiB; with the 2,000 of SQLite a build of 1,000 items read 280 pages an item once more


class Index:
    """Opens the index; one connection a thread, so that threads and processes may share the object."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._own = threading.local()

    @contextmanager
    def open(self) -> Iterator[Rows]:
        """A transaction that is the only writer; all of it is kept, or nothing."""
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
                _renew(connection)
            yield Rows(connection)
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[Rows]:
        """What was last kept, while somebody else may be writing."""
        connection = self._connection()
        connection.execute("BEGIN")
        try:
            yield Rows(connection)
        finally:
            connection.execute("ROLLBACK")

    def _connection(self) -> sqlite3.Connection:
        """This thread's connection: opening one anew for each item would also end the write-ahead log each time."""
        known: tuple[int, sqlite3.Connection] | None = getattr(self._own, "connection", None)
        if known and known[0] == os.getpid() and self._file.exists():
            return known[1]
        self._file.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._file, timeout=_WAIT, isolation_level=None)
        write_ahead(connection, _WAIT)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA cache_size = -{_CACHE}")
        self._own.connection = (os.getpid(), connection)
        return connection

    def close(self) -> None:
        """End this thread's connection; the last one of all puts the write-ahead log into the file."""
        known = self._own.__dict__.pop("connection", None)
        if known and known[0] == os.getpid():
            known[1].close()


def _renew(connection: sqlite3.Connection) -> None:
    """Make the tables; what an older version kept is put in anew, so that nobody has to publish again."""
    names = [str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    items, media = [], []
    if "item" in names:
        posts = "item LEFT JOIN said USING (item)" if "said" in names else "item"  # until version 3 with the item
        items = connection.execute(f"SELECT item, address, post FROM {posts}").fetchall()  # noqa: S608 - ours
        media = connection.execute("SELECT item, role, name FROM media").fetchall()
    for name in names:
        connection.execute(f'DROP TABLE "{name}"')
    for statement in TABLES.split(";"):  # not executescript, which would commit
        connection.execute(statement)
    rows = Rows(connection)
    for item, address, post in items:
        if post:
            rows.put(POSTS.validate_json(post))
        else:
            rows.withdraw(str(item), str(address))
    connection.executemany("INSERT INTO media VALUES (?, ?, ?)", media)
    connection.execute(f"PRAGMA user_version = {VERSION}")
