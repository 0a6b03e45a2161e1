"""What was told to whom: one row a target and trouble, gone when the end of it was told too; and what alerts ask of the
ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from pipeline.ledger import schema as t
from pipeline.ledger import states
from pipeline.ledger.ledger import Ledger


@dataclass(frozen=True)
class Trouble:
    """Something that a person should know.

    Args:
        key: the same for as long as it is the same trouble.
        text: for people; no name of a file, since it goes to services outside.
        sign: changes when it should be told again although the key is the same.
    """

    key: str
    text: str
    sign: str = ""


@dataclass(frozen=True)
class Told:
    """A trouble as it was last told to a target."""

    key: str
    text: str
    sign: str
    told: datetime


def told(ledger: Ledger, target: str) -> dict[str, Told]:
    """What a target was told and has not been told the end of, by key."""
    a = t.alert.c
    with ledger.reads.connect() as connection:
        rows = connection.execute(select(a.key, a.text, a.sign, a.told).where(a.target == target))
        return {row.key: Told(*row) for row in rows}


def remember(ledger: Ledger, target: str, new: Collection[Trouble], solved: Collection[str], now: datetime) -> None:
    """A message to the target went out: it told these troubles and the end of those keys."""
    with ledger.engine.begin() as connection:
        for one in new:
            values = {"text": one.text, "sign": one.sign, "told": now}
            row = ledger.make_insert(t.alert).values(target=target, key=one.key, **values)
            connection.execute(row.on_conflict_do_update(index_elements=["target", "key"], set_=values))
        for key in solved:
            connection.execute(delete(t.alert).where(t.alert.c.target == target, t.alert.c.key == key))


def refused(ledger: Ledger) -> Mapping[str, tuple[int, str]]:
    """Number of refused files by unit, with a sign that changes when another file or edition is among them."""
    d = t.drop.c
    query = select(d.unit, d.path, d.stamp).where(d.outcome == "reject", d.missing_since.is_(None)).order_by(d.path)
    found: dict[str, list[str]] = {}
    with ledger.reads.connect() as connection:
        for row in connection.execute(query):
            found.setdefault(row.unit, []).append(f"{row.path}\t{row.stamp}")
    return {unit: (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16])
            for unit, rows in found.items()}  # fmt: skip


def last_published(ledger: Ledger) -> datetime | None:
    """When anything last went out."""
    with ledger.reads.connect() as connection:
        return connection.execute(select(func.max(t.receipt.c.at, type_=t.UtcTime()))).scalar()


def due_since(ledger: Ledger) -> datetime | None:
    """Since when the oldest delivery is due that nobody holds."""
    d = t.delivery.c
    first = func.min(func.coalesce(d.next_at, d.not_before), type_=t.UtcTime())
    query = select(first).where(d.state == states.IDLE, d.want != d.have, ~d.cancelled, ~d.hold)
    with ledger.reads.connect() as connection:
        return connection.execute(query).scalar()
