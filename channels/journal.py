"""SQLite files that several programs open: with a write-ahead log a writer and its readers go on beside each other."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from typing import Final

_BUSY: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_PAUSE: Final = 0.02  # seconds


def write_ahead(connection: sqlite3.Connection, wait: float, pause: Callable[[float], None] = time.sleep) -> None:
    """Switch to the log. Here SQLite does not wait for a lock, so of two who open a new file at once one would fail.

    Args:
        wait: seconds to go on trying while another program holds the file.

    Raises:
        sqlite3.OperationalError: it is still held, or the file cannot be written.
    """
    end = time.monotonic() + wait
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if (error.sqlite_errorcode & 0xFF) not in _BUSY or time.monotonic() > end:
                raise
        pause(_PAUSE)
