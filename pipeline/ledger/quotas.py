"""What a channel may still publish in the periods that its timetable limits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from pipeline.ledger import schema as t
from pipeline.ledger.dues import SENT
from pipeline.ledger.ledger import Ledger


@dataclass(frozen=True)
class Left:
    """`most` publications may begin since a time, `used` have."""

    since: datetime
    most: int
    used: int

    @property
    def left(self) -> int:
        return max(0, self.most - self.used)


def left(ledger: Ledger, channel: str, limits: Iterable[tuple[datetime, int]]) -> tuple[Left, ...]:
    """One entry for each (start of the period, most), counted as the claim itself counts."""
    a = t.attempt.c
    query = select(func.count()).join(t.delivery, t.delivery.c.id == a.delivery).where(
        t.delivery.c.channel == channel, a.op == "publish", a.outcome.in_(SENT))  # fmt: skip
    with ledger.reads.connect() as connection:
        return tuple(
            Left(since, most, connection.scalar(query.where(a.started >= since)) or 0) for since, most in limits
        )


def units(ledger: Ledger) -> list[str]:
    """Units that ever sent an item."""
    with ledger.reads.connect() as connection:
        return list(connection.scalars(select(t.item.c.unit).distinct().order_by(t.item.c.unit)))
