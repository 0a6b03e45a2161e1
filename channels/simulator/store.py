"""What both platforms hold, in one SQLite file, so that a restart forgets nothing."""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from channels.journal import write_ahead

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
CREATE TABLE IF NOT EXISTS blob (digest TEXT PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS tally (name TEXT PRIMARY KEY, value REAL NOT NULL);
CREATE TABLE IF NOT EXISTS zalo_code (
    code TEXT PRIMARY KEY, challenge TEXT NOT NULL, expires REAL NOT NULL, used INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS zalo_refresh (
    number INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL, at REAL NOT NULL, outcome TEXT NOT NULL);
"""

# Columns that came later, so that an older file goes on.
_ADDED = (
    ("article", "marker", "TEXT NOT NULL DEFAULT ''"),
    ("article", "type", "TEXT NOT NULL DEFAULT 'normal'"),
    ("job", "ready", "REAL NOT NULL DEFAULT 0"),
    ("photo", "digest", "TEXT NOT NULL DEFAULT ''"),
    ("post", "marker", "TEXT NOT NULL DEFAULT ''"),
)
_INDEXES = """
CREATE INDEX IF NOT EXISTS article_listed ON article (type, state, visible);
CREATE INDEX IF NOT EXISTS article_created ON article (created);
CREATE INDEX IF NOT EXISTS article_marker ON article (marker);
CREATE INDEX IF NOT EXISTS photo_post ON photo (post);
CREATE INDEX IF NOT EXISTS post_created ON post (created);
CREATE INDEX IF NOT EXISTS post_marker ON post (marker);
CREATE INDEX IF NOT EXISTS zalo_refresh_digest ON zalo_refresh (digest);
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
    "zalo_seconds": 0,  # of -214 by the clock, besides the polls
    "zalo_listed_late": 0,  # an article in -214 is not in the list (UNKNOWN which is true)
    "facebook_token_subcode": 0,  # 458, 459, 460, 463, 467 or 492: the Page token is dead for that reason
    "facebook_may_post": 1,  # pages_manage_posts
    "facebook_may_read": 1,  # pages_read_engagement
    "facebook_may_delete": 1,
    "facebook_photo_bytes": 4_000_000,
    "facebook_usage_after": 5,  # calls before the usage headers appear
    "facebook_usage_share": -1,  # percent that they tell; -1 grows slowly with the calls
    "facebook_usage_minutes": 0,  # estimated_time_to_regain_access that they tell
    "facebook_page_usage": 0,  # X-Page-Usage, too
    "hang_ms": 35_000,  # how long "hang" and "timeout" are silent when no value is given
}


class Store:
    """A connection for each thread that reads, one behind a lock for those that write; opened when first needed."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "simulator.sqlite3"
        self._lock = threading.RLock()  # SQLite has one writer; waiting here is fair, its own busy time-out is not
        self._writer: sqlite3.Connection | None = None
        self._readers: deque[sqlite3.Connection] = deque()
        self._secrets: dict[str, str] = {}
        self._switches: dict[str, int] | None = None  # only the process that serves sets them

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

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """For questions only; waits for nobody, and each statement sees what was committed before it."""
        try:
            db = self._readers.pop()
        except IndexError:
            with self._lock:
                self._open()
            db = self._connect()
        try:
            yield db
        finally:
            self._readers.append(db)

    def secret(self, name: str, make: Callable[[], str] = lambda: secrets.token_urlsafe(48)) -> str:
        """A secret made once, by `make`."""
        known = self._secrets.get(name)
        if known is not None:
            return known
        with self.transaction() as db:
            row = db.execute("SELECT value FROM secret WHERE name = ?", (name,)).fetchone()
            value = str(row["value"]) if row is not None else make()
            if row is None:
                db.execute("INSERT INTO secret VALUES (?, ?)", (name, value))
        self._secrets[name] = value
        return value

    def switch(self, name: str) -> int:
        switches = self._switches
        if switches is None:
            with self._lock, self.reading() as db:
                rows = db.execute("SELECT name, value FROM switch").fetchall()
            switches = self._switches = {**SWITCHES, **{row["name"]: int(row["value"]) for row in rows}}
        return switches[name]

    def set_switch(self, name: str, value: int) -> None:
        """Change a behaviour until it is changed again.

        Raises:
            ValueError: there is no such switch.
        """
        if name not in SWITCHES:
            raise ValueError(f"no switch {name!r}: one of {', '.join(SWITCHES)}")
        with self._lock:
            with self.transaction() as db:
                db.execute("INSERT OR REPLACE INTO switch VALUES (?, ?)", (name, int(value)))
            self._switches = None

    def tally(self, name: str) -> float:
        """A number that is kept: the end of a block, how often something happened; 0 when it was never set."""
        with self.reading() as db:
            row = db.execute("SELECT value FROM tally WHERE name = ?", (name,)).fetchone()
        return 0.0 if row is None else float(row["value"])

    def set_tally(self, name: str, value: float, add: bool = False) -> None:
        """Keep a number, or add to it."""
        kept = "tally.value + excluded.value" if add else "excluded.value"
        text = f"INSERT INTO tally VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = {kept}"  # noqa: S608 - one of two texts of ours
        with self.transaction() as db:
            db.execute(text, (name, value))

    def close(self) -> None:
        with self._lock:
            if self._writer is not None:
                self._writer.close()
                self._writer = None
            while self._readers:
                self._readers.pop().close()

    def _open(self) -> sqlite3.Connection:
        if self._writer is None:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600))  # it holds tokens
            db = self._connect()
            write_ahead(db, 10.0)
            db.execute("BEGIN IMMEDIATE")  # one commit for all tables
            for text in _TABLES.split(";"):
                db.execute(text)
            for table, column, kind in _ADDED:
                if column not in [row["name"] for row in db.execute(f"PRAGMA table_info({table})")]:
                    db.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")
            for text in _INDEXES.split(";"):
                db.execute(text)
            db.commit()
            self._writer = db
        return self._writer

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._file, timeout=10, isolation_level=None, check_same_thread=False)
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA synchronous = OFF")  # it survives our death, and need not survive a power cut
        return db


def digits(count: int) -> str:
    """A random decimal id that does not begin with zero."""
    return str(secrets.randbelow(9 * 10 ** (count - 1)) + 10 ** (count - 1))
