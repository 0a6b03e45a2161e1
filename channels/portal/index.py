"""The portal's own index (SQLite): every post it shows and what flush still owes, both in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from channels.portal.card import POSTS
from channels.portal.rows import Rows
from channels.portal.tables import TABLES, VERSION

_WAIT: Final = 60.0  # seconds; a rebuild holds the index for as long as it takes


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
            connection.execute("BEGIN IMMEDIATE")
            try:
                if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
                    _renew(connection)
                yield Rows(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")


def _renew(connection: sqlite3.Connection) -> None:
    """Make the tables; what an older version kept is put in anew, so that nobody has to publish again."""
    names = [str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    items, media = [], []
    if "item" in names:
        items = connection.execute("SELECT item, address, post, gone FROM item").fetchall()
        media = connection.execute("SELECT item, role, name FROM media").fetchall()
    for name in names:
        connection.execute(f'DROP TABLE "{name}"')
    for statement in TABLES.split(";"):  # not executescript, which would commit
        connection.execute(statement)
    rows = Rows(connection)
    for item, address, post, gone in items:
        if gone or not post:
            rows.withdraw(str(item), str(address))
        else:
            rows.put(POSTS.validate_json(post))
    connection.executemany("INSERT INTO media VALUES (?, ?, ?)", media)
    connection.execute(f"PRAGMA user_version = {VERSION}")
