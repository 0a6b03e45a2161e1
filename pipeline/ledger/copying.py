"""Moving a ledger: every row of every table from one database to another, once, into an empty one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, Integer, func, insert, select, text

from pipeline.errors import NotPossible
from pipeline.i18n import _
from pipeline.ledger import schema as t
from pipeline.ledger import states

_BATCH = 1000  # rows an INSERT


def copy(source: Engine, target: Engine, told: Callable[[str, int], None] = lambda _table, _rows: None) -> int:
    """Copy all rows in one transaction of the target; their number.

    Raises:
        NotPossible: the target is not empty, or a worker still sends from the source.
    """
    with source.execution_options(reads=True).connect() as old, target.begin() as new:
        busy = select(func.count()).where(t.delivery.c.state.in_(states.UNDER_WAY))
        if old.execute(busy).scalar_one():
            raise NotPossible(_("Deliveries are under way: stop every serve and worker first, and run once more."))
        if any(new.execute(select(table).limit(1)).first() for table in t.metadata.sorted_tables):
            raise NotPossible(_("The new ledger is not empty."))
        total = 0
        for table in t.metadata.sorted_tables:
            rows = 0
            for batch in old.execute(select(table)).mappings().partitions(_BATCH):
                new.execute(insert(table), [dict(row) for row in batch])
                rows += len(batch)
            told(table.name, rows)
            total += rows
            _count_on(new, table)
    return total


def _count_on(connection: Connection, table: Any) -> None:
    """PostgreSQL numbers rows by a sequence, which has to go on after the copied ones."""
    keys = [column for column in table.primary_key.columns if isinstance(column.type, Integer)]
    if connection.dialect.name != "postgresql" or len(table.primary_key.columns) != 1 or not keys:
        return
    name = keys[0].name
    connection.execute(text(
        f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', '{name}'), COALESCE(MAX({name}), 0) + 1, false) "  # noqa: S608 - names of our own tables
        f'FROM "{table.name}"'))  # fmt: skip
