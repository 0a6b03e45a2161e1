"""Which deliveries of a channel may be claimed now, as conditions, and as statements that are made once.

A claim asks several of them for each post; to put them together anew cost ten times what the database takes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    String,
    TextClause,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    text,
)

from pipeline.ledger import conditions, states
from pipeline.ledger import schema as t
from pipeline.ledger.wanting import URGENT
from pipeline.model import Gate

SENT = ("", "done", "accepted", "unsure")  # outcomes of a publication that may be public: they use up quota
_FIRST = t.delivery.alias("first")  # made once: a claim asks for it twice


def due(channel: Any, now: Any, fresh: bool) -> ColumnElement[bool]:
    """Deliveries of a channel that may be claimed now; channel and time are values, or places for them."""
    return or_(reads(channel, now), begins(channel, now, fresh))


def reads(channel: Any, now: Any) -> ColumnElement[bool]:
    """What only has to be asked about: pending tokens and unsure posts; they cost no quota and know no quiet hours."""
    d = t.delivery.c
    return and_(opened(), d.channel == channel, d.state.in_(states.READING), ~d.person, _awake(now))


def begins(channel: Any, now: Any, fresh: bool) -> ColumnElement[bool]:
    """What may be published, revised or withdrawn.

    Args:
        fresh: ordinary first publications may begin; urgent ones, corrections and withdrawals always may.
    """
    d, first, drop, dark = t.delivery.c, _FIRST, t.drop.c, t.blackout.c
    ready = or_(d.want == 0, d.after == "", exists().where(
        first.c.item == d.item, first.c.channel == d.after, first.c.have == d.want, first.c.want == d.want))  # fmt: skip
    blackout = exists().where(dark.starts <= now, or_(dark.ends.is_(None), dark.ends > now))
    unchecked = and_(d.not_before > d.checked, exists().where(drop.item == d.item, drop.seen < d.not_before))
    ordinary = and_(d.have == 0, d.priority != URGENT)
    half = d.op == "withdraw"
    allowed = ~and_(ordinary, blackout) if fresh else ~ordinary
    return and_(opened(), d.channel == channel, d.state == states.IDLE, or_(half, ~d.cancelled), ~d.hold,
                d.not_before <= now, _awake(now), or_(half, ready), or_(d.want == 0, half, ~unchecked), allowed)  # fmt: skip


def _awake(now: Any) -> ColumnElement[bool]:
    return or_(t.delivery.c.next_at.is_(None), t.delivery.c.next_at <= now)


def late(clock: ColumnElement[Any]) -> ColumnElement[bool]:
    """Deliveries whose worker has let its lease run out."""
    return and_(opened(), t.delivery.c.state.in_(states.UNDER_WAY), t.delivery.c.lease_until < clock)


def unfinished() -> ColumnElement[bool]:
    """Not as people want it, and no person is asked."""
    d = t.delivery.c
    return and_(opened(), d.state != states.FAILED, or_(d.state != states.IDLE, ~d.cancelled, d.op == "withdraw"))


def opened() -> TextClause:
    """The predicate of the partial index, in its very words, so that the archive costs nothing."""
    return text(f"({conditions.OPEN})")


def sends(state: Row[Any], now: datetime) -> bool:
    """Whether a channel is neither held, nor resting, nor waiting for a probe."""
    held = state.hold and (state.until is None or state.until > now)
    return not held and (state.rest_until is None or state.rest_until <= now)


def busy(connection: Connection, channel: str, clock: ColumnElement[Any]) -> bool:
    """Whether a worker is at work on a channel."""
    d = t.delivery.c
    query = select(d.id).where(opened(), d.channel == channel, d.state.in_(states.UNDER_WAY), d.lease_until >= clock)
    return connection.execute(query.limit(1)).first() is not None


def within_limits(connection: Connection, channel: str, gate: Gate, now: datetime) -> bool:
    """Whether one more publication fits the quotas and keeps the gap; counted over attempts that may be public."""
    for since, most in gate.quotas:
        if connection.execute(_PUBLISHED_SINCE, {"channel": channel, "since": since}).one()[0] >= most:
            return False
    if gate.gap:
        last = connection.execute(_PUBLISHED_AFTER, {"channel": channel, "since": now - gate.gap}).one()[1]
        return last is None
    return True


def in_order(where: ColumnElement[bool]) -> Select[Any]:
    """The first of the deliveries, in the order of the partial index, so that a long queue costs no more."""
    d = t.delivery.c
    query = select(t.delivery).where(where).order_by(d.priority, d.not_before, d.id).limit(1)
    return query.with_for_update(skip_locked=True)


_CHANNEL, _NOW = bindparam("channel", type_=String()), bindparam("now", type_=t.UtcTime())
ANY_DUE = {fresh: select(t.delivery.c.id).where(due(_CHANNEL, _NOW, fresh)).limit(1) for fresh in (True, False)}
NEXT_READ = in_order(reads(_CHANNEL, _NOW))
NEXT_BEGUN = {fresh: in_order(begins(_CHANNEL, _NOW, fresh)) for fresh in (True, False)}
_PUBLISHED = select(func.count(), func.max(t.attempt.c.started, type_=t.UtcTime())).join(
    t.delivery, t.delivery.c.id == t.attempt.c.delivery).where(
    t.delivery.c.channel == _CHANNEL, t.attempt.c.op == "publish", t.attempt.c.outcome.in_(SENT))  # fmt: skip
_PUBLISHED_SINCE = _PUBLISHED.where(t.attempt.c.started >= bindparam("since"))
_PUBLISHED_AFTER = _PUBLISHED.where(t.attempt.c.started > bindparam("since"))
