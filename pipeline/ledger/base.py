"""What every part of the ledger stands on: the engine, the database's clock, the audit and the upsert."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Engine, Table, func, insert, literal
from sqlalchemy.dialects import sqlite

from pipeline.ledger import chain
from pipeline.ledger import schema as t

T = TypeVar("T")
LEASE = timedelta(minutes=5)
FIRST_REST = 60.0  # seconds


class Base:
    """One database; `owner` names this process in claims, attempts and the audit.

    Args:
        lease: how long a claimed delivery belongs to its worker; longer than the longest attempt.
        first_rest: seconds for which a channel rests when its circuit opens, doubled with each further trouble.
    """

    def __init__(
        self, engine: Engine, owner: str = "bantin", lease: timedelta = LEASE, first_rest: float = FIRST_REST
    ) -> None:
        self.engine = engine
        self.reads = engine.execution_options(reads=True)
        self.owner = owner
        self.lease = lease
        self.first_rest = first_rest
        self.postgres = engine.dialect.name == "postgresql"

    def _clock(self, now: datetime, ahead: timedelta = timedelta(0)) -> ColumnElement[Any]:
        """The time by which leases are kept, in SQL: the server's where machines share it, else the caller's."""
        return func.clock_timestamp() + ahead if self.postgres else literal(now + ahead, t.UtcTime())

    def make_insert(self, table: Any) -> Any:
        """An INSERT that knows ON CONFLICT in this database's dialect."""
        return _insert(self.postgres)(table)

    def _upsert(self, connection: Connection, table: Any, key: dict[str, Any], values: dict[str, Any],
                created: dict[str, Any] | None = None) -> None:  # fmt: skip
        """One row; `created` is written only when it is new."""
        whole = key | values | (created or {})
        connection.execute(_upserting(self.postgres, table, tuple(key), tuple(values)), whole)

    def _upsert_all(
        self, connection: Connection, table: Table, key: tuple[str, ...], rows: list[dict[str, Any]]
    ) -> None:
        """Many rows, each of which may name other columns."""
        alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for row in rows:
            alike.setdefault(tuple(row), []).append(row)
        for names, some in alike.items():
            values = tuple(name for name in names if name not in key)
            connection.execute(_upserting(self.postgres, table, key, values), some)

    def _note(self, connection: Connection, now: datetime, who: str, what: str, subject: str, note: str = "") -> None:
        """A row of the audit, chained and written when the transaction commits."""
        row = {"at": now, "who": who, "what": what, "subject": subject, "note": note}
        chain.note(connection, self.owner, row)


@cache
def _upserting(postgres: bool, table: Table, key: tuple[str, ...], values: tuple[str, ...]) -> Any:
    """An upsert of named columns; made once, since to put it together costs more than to run it."""
    statement = _insert(postgres)(table)
    return statement.on_conflict_do_update(index_elements=key, set_={name: statement.excluded[name] for name in values})


def insert_for(engine: Engine) -> Any:
    """The INSERT of this database; the other one's is not loaded."""
    return _insert(engine.dialect.name == "postgresql")


def _insert(postgres: bool) -> Any:
    if not postgres:
        return sqlite.insert
    from sqlalchemy.dialects import postgresql

    return postgresql.insert


def portions(values: Iterable[T]) -> Iterator[list[T]]:
    """Within the number of variables that a statement may have (SQLite 32,766), however large the batch."""
    rest = iter(values)
    return iter(lambda: list(islice(rest, 5_000)), [])


def insert_plain(connection: Connection, table: Table, names: Sequence[str], rows: Sequence[tuple[int, ...]]) -> None:
    """Many rows of numbers, which need none of what SQLAlchemy does for each row."""
    if rows:
        statement = insert(table).compile(dialect=connection.dialect, column_keys=names)
        values: Any = rows if statement.positional else [dict(zip(names, row, strict=True)) for row in rows]
        connection.exec_driver_sql(str(statement), values)
