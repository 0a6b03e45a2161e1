"""The audit's hash chain: every row carries a digest over the row before it and over itself.

A changed, inserted or removed row breaks the chain from there on. What nobody can see from the rows alone is that the
newest ones were cut off; keep the last value elsewhere (in the day's printed log) and give it to `verify`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, event, func, insert, select

from pipeline.ledger import schema as t

_WAITING = "bantin audit"  # key of the rows that a transaction has yet to write
_LOCK = 0x62616E74696E  # of PostgreSQL's advisory locks: one transaction at a time lengthens the chain
_from: ContextVar[str] = ContextVar("from", default="")


@contextmanager
def coming_from(address: str) -> Iterator[None]:
    """Everything noted inside was asked for from this network address; other rows name the process."""
    token = _from.set(address)
    try:
        yield
    finally:
        _from.reset(token)


def note(connection: Connection, owner: str, row: dict[str, Any]) -> None:
    """Write a row when the transaction commits, and not at all when it rolls back.

    Last of all, because the lock of the chain is held until the commit: a transaction that took it first and then
    waited for a row of somebody who waits for the chain would wait for ever.
    """
    connection.info.setdefault(_WAITING, []).append({**row, "where_from": _from.get() or owner})


def attach(engine: Engine) -> None:
    """Let the engine's transactions write what was noted in them."""
    event.listen(engine, "commit", _write)
    event.listen(engine, "rollback", lambda connection: connection.info.pop(_WAITING, None))


def _write(connection: Connection) -> None:
    rows = connection.info.pop(_WAITING, None)
    if not rows:
        return
    if connection.dialect.name == "postgresql":  # SQLite's write transactions are alone anyway
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    last = connection.execute(select(t.audit.c.chain).order_by(t.audit.c.id.desc()).limit(1)).scalar() or ""
    for row in rows:
        last = link(last, row)
        connection.execute(insert(t.audit).values(**row, chain=last))


def link(before: str, row: dict[str, Any]) -> str:
    """SHA-256, in hexadecimal, over the chain's value before a row and the row in one way of writing."""
    moment: datetime = row["at"]
    told = {key: row[key] for key in ("who", "what", "subject", "note", "where_from")}
    told["at"] = moment.astimezone(UTC).isoformat(timespec="microseconds")
    canonical = json.dumps(told, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{canonical}".encode()).hexdigest()


@dataclass(frozen=True)
class Verdict:
    """What reading the whole chain found.

    Args:
        rows: rows that were read.
        broken: id of the first row that does not fit, None when all do.
        last: chain value of the newest row.
        kept: whether the value that somebody had kept is still in the chain; True when none was given.
    """

    rows: int
    broken: int | None
    last: str
    kept: bool


def verify(engine: Engine, kept: str = "") -> Verdict:
    """Follow the chain from the first row on; stops at the first that does not fit."""
    last, rows, seen = "", 0, not kept
    query = select(t.audit).order_by(t.audit.c.id).execution_options(yield_per=1000)
    with engine.execution_options(reads=True).connect() as connection, connection.execute(query) as found:
        for row in found.mappings():
            if link(last, dict(row)) != row["chain"]:
                return Verdict(rows, row["id"], last, seen)
            last, rows = row["chain"], rows + 1
            seen = seen or last == kept
    return Verdict(rows, None, last, seen)
