"""An empty ledger on SQLite: the migrations run once in a process, and everybody takes a copy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

from pipeline.ledger import Ledger
from pipeline.ledger.engine import open_engine


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder, "ledger.sqlite")
        open_engine(f"sqlite:///{file}").dispose()
        return file.read_bytes()


def empty_ledger(file: Path) -> Path:
    """The file, now an empty ledger with its tables."""
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(_migrated())
    return file


@contextmanager
def opened(url: str) -> Iterator[Ledger]:
    """The ledger at an address, as long as a test needs it."""
    engine = open_engine(url)
    yield Ledger(engine, "test")
    engine.dispose()


@contextmanager
def statements_compiled_once():
    """SQLAlchemy keeps the SQL of a statement for one engine, and each test has several of its own; all of SQLite are alike."""
    compiled = LRUCache(2_000)

    def share(connection):
        if connection.dialect.name == "sqlite":
            connection.execution_options(compiled_cache=compiled)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SQLiteDialect_pysqlite, "__hash__", lambda _self: hash(SQLiteDialect_pysqlite))
        patch.setattr(SQLiteDialect_pysqlite, "__eq__", lambda self, other: type(self) is type(other))
        event.listen(Engine, "engine_connect", share)
        yield
        event.remove(Engine, "engine_connect", share)
