"""What goes out and what went out between two times, for the calendar."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select

from pipeline.ledger import schema as t
from pipeline.ledger import states
from pipeline.ledger.ledger import Ledger


def planned(
    ledger: Ledger, since: datetime | None, until: datetime, unit: str = "", most: int = 500
) -> list[dict[str, Any]]:
    """Deliveries that wait for their time; by their earliest time."""
    d = t.delivery.c
    where = [d.state == states.IDLE, d.want != d.have, ~d.cancelled, d.not_before < until]
    where += [d.not_before >= since] if since else []
    where += [t.item.c.unit == unit] if unit else []
    query = select(t.delivery, t.item.c.title, t.item.c.unit).join(t.item, t.item.c.id == d.item).where(
        *where).order_by(d.not_before, d.id).limit(most)  # fmt: skip
    return _rows(ledger, query)


def went_out(ledger: Ledger, since: datetime, until: datetime, unit: str = "", most: int = 500) -> list[dict[str, Any]]:
    """Publications, revisions and withdrawals that were done, in the order in which they began."""
    a, d = t.attempt.c, t.delivery.c
    where = [a.started >= since, a.started < until, a.outcome == "done", or_(
        a.op.in_(("publish", "revise", "withdraw")), and_(a.op == "confirm", a.edition > 0))]  # fmt: skip
    where += [t.item.c.unit == unit] if unit else []
    query = select(a.started, a.op, d.item, d.channel, d.url, t.item.c.title, t.item.c.unit).join(
        t.delivery, d.id == a.delivery).join(t.item, t.item.c.id == d.item).where(*where).order_by(
        a.started, a.delivery).limit(most)  # fmt: skip
    return _rows(ledger, query)


def blackouts(ledger: Ledger, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Blackouts by hand that fall into the time."""
    b = t.blackout.c
    return _rows(
        ledger, select(t.blackout).where(b.starts < until, or_(b.ends.is_(None), b.ends > since)).order_by(b.id)
    )


def _rows(ledger: Ledger, query: Any) -> list[dict[str, Any]]:
    with ledger.reads.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
