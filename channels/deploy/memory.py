"""What stands on the server, as far as we know: a row a file, written when the file has arrived."""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from channels.journal import write_ahead

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS there (address TEXT PRIMARY KEY, hash TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


class Memory:
    """A file of its own beside the portal's index, held by one process at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute
        self._run_many = connection.executemany

    def hash(self, address: str) -> str:
        """sha256 of what we brought to an address; empty when nothing is known to stand there."""
        row = self._run("SELECT hash FROM there WHERE address = ?", (address,)).fetchone()
        return str(row[0]) if row else ""

    def arrived(self, files: Iterable[tuple[str, str]]) -> None:
        """Addresses with the hashes of what stands there now."""
        self._run_many("INSERT OR REPLACE INTO there VALUES (?, ?)", files)

    def went(self, addresses: Iterable[str]) -> None:
        """Addresses at which nothing stands any more."""
        self._run_many("DELETE FROM there WHERE address = ?", ((one,) for one in addresses))

    def addresses(self) -> list[str]:
        """Every address at which something stands."""
        return [str(row[0]) for row in self._run("SELECT address FROM there ORDER BY address")]

    def forget(self) -> None:
        """The server may hold anything."""
        self._run("DELETE FROM there")

    def fact(self, name: str) -> str:
        """A note; empty when there is none."""
        row = self._run("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def note(self, **facts: str) -> None:
        """Leave notes."""
        self._run_many("INSERT OR REPLACE INTO fact VALUES (?, ?)", facts.items())


@contextmanager
def remembered(file: Path) -> Iterator[Memory]:
    """Each statement is kept at once: a crash costs at most the files that were under way."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(file, timeout=10.0, isolation_level=None)) as connection:
        write_ahead(connection, 10.0)
        connection.execute("PRAGMA synchronous = FULL")
        connection.executescript(_TABLES)
        yield Memory(connection)


@contextmanager
def alone(file: Path) -> Iterator[bool]:
    """Whether we are the only one that deploys; the lock goes with the process that holds it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
