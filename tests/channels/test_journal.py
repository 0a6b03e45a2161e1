"""Opening SQLite files that others open at the same moment; on real files."""

import sqlite3
from contextlib import closing

import pytest

from channels.journal import write_ahead


@pytest.fixture
def other(tmp_path):
    """Another program, in the middle of making its tables."""
    with closing(sqlite3.connect(tmp_path / "new.sqlite", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


@pytest.fixture
def mine(tmp_path, other):
    with closing(sqlite3.connect(tmp_path / "new.sqlite", isolation_level=None)) as connection:
        yield connection


def test_who_opens_a_new_file_second_waits_for_the_first(mine, other):
    """Where SQLite itself says at once that the file is locked."""
    pauses = []

    def pause(seconds):
        pauses.append(seconds)
        other.execute("COMMIT")

    write_ahead(mine, 60.0, pause)

    assert (1, "wal") == (len(pauses), mine.execute("PRAGMA journal_mode").fetchone()[0])


def test_nobody_waits_for_ever(mine):
    """The error is SQLite's own."""
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        write_ahead(mine, 0.0, lambda _seconds: None)


def test_what_waiting_does_not_mend_is_said_at_once(tmp_path):
    """A file that may not be written."""
    file = tmp_path / "read.sqlite"
    sqlite3.connect(file).executescript("CREATE TABLE a (b)").close()
    with (
        closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        write_ahead(connection, 60.0, lambda _seconds: pytest.fail("it waited"))
