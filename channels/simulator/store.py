"""What both platforms hold, in one SQLite file, so that a restart forgets nothing."""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_TABLES = """
CREATE TABLE IF NOT EXISTS secret (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS switch (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS fault (
    number INTEGER PRIMARY KEY AUTOINCREMENT, call TEXT NOT NULL, effect TEXT NOT NULL, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS zalo_token (
    token TEXT PRIMARY KEY, kind TEXT NOT NULL, expires REAL NOT NULL, dead INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS article (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, payload TEXT NOT NULL, state TEXT NOT NULL,
    created REAL NOT NULL, updated REAL NOT NULL, visible REAL NOT NULL, edits INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS job (
    token TEXT PRIMARY KEY, article TEXT NOT NULL, polls INTEGER NOT NULL, failed INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS photo (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, content BLOB NOT NULL, mime TEXT NOT NULL,
    alt TEXT NOT NULL, created REAL NOT NULL, post TEXT);
CREATE TABLE IF NOT EXISTS post (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, message TEXT NOT NULL, link TEXT NOT NULL,
    preview TEXT NOT NULL, state TEXT NOT NULL, created REAL NOT NULL, updated REAL NOT NULL, visible REAL NOT NULL,
    edits INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS article_created ON article (created);
CREATE INDEX IF NOT EXISTS photo_post ON photo (post);
CREATE INDEX IF NOT EXISTS post_created ON post (created);
"""

# Behaviour that the facts leave open or that depends on the account; 0 and 1 are no and yes.
SWITCHES = {
    "zalo_edge": 1,  # exactly 150 or 300 code points are refused (zalo.md §2.1)
    "zalo_polls": 1,  # -214 answers before the id
    "zalo_show_as_hide": 0,
    "zalo_quota": -1,  # articles a month; -1 is no limit
    "zalo_rate": 4000,  # calls a minute
    "zalo_verified": 1,
    "zalo_basic_tier": 0,
    "zalo_authorized": 1,
    "zalo_numeric_expiry": 0,
    "zalo_refresh_code": -14014,  # or -14020
    "facebook_token_subcode": 0,  # 458, 459, 460, 463, 467 or 492: the Page token is dead for that reason
    "facebook_may_post": 1,  # pages_manage_posts
    "facebook_may_read": 1,  # pages_read_engagement
    "facebook_may_delete": 1,
    "facebook_photo_bytes": 4_000_000,
    "facebook_usage_after": 5,  # calls before the usage headers appear
}


class Store:
    """One connection for all threads, behind a lock; opened when first needed."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "simulator.sqlite3"
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; nobody else writes meanwhile. May be nested."""
        with self._lock:
            db = self._open()
            if db.in_transaction:
                yield db
                return
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.rollback()
                raise
            db.commit()

    def secret(self, name: str, make: str = "") -> str:
        """A secret made once; `make` is the value to begin with."""
        with self.transaction() as db:
            row = db.execute("SELECT value FROM secret WHERE name = ?", (name,)).fetchone()
            if row is None:
                value = make or secrets.token_urlsafe(48)
                db.execute("INSERT INTO secret VALUES (?, ?)", (name, value))
                return value
            return str(row["value"])

    def switch(self, name: str) -> int:
        with self.transaction() as db:
            row = db.execute("SELECT value FROM switch WHERE name = ?", (name,)).fetchone()
        return SWITCHES[name] if row is None else int(row["value"])

    def set_switch(self, name: str, value: int) -> None:
        """Change a behaviour until it is changed again.

        Raises:
            ValueError: there is no such switch.
        """
        if name not in SWITCHES:
            raise ValueError(f"no switch {name!r}: one of {', '.join(SWITCHES)}")
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO switch VALUES (?, ?)", (name, int(value)))

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600))  # it holds tokens
            db = sqlite3.connect(self._file, timeout=10, isolation_level=None, check_same_thread=False)
            db.row_factory = sqlite3.Row
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.executescript(_TABLES)
            self._connection = db
        return self._connection


def digits(count: int) -> str:
    """A random decimal id that does not begin with zero."""
    return str(secrets.randbelow(9 * 10 ** (count - 1)) + 10 ** (count - 1))
