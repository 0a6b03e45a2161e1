"""Claim → settle, the promise itself: intent first, doubt read back, the attempt number as fence (delivery.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    TextClause,
    and_,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from channels.lease import ticks
from pipeline.ledger import schema as t
from pipeline.ledger import states
from pipeline.ledger.channels import Channels
from pipeline.ledger.outcomes import after
from pipeline.ledger.wanting import URGENT
from pipeline.model import Attempt, Claim, Gate

OPEN = Gate()
SENT = ("", "done", "accepted", "unsure")  # outcomes of a publication that may be public: they use up quota


class Deliveries(Channels):
    """The ledger as workers see it; claim and settle are each one transaction."""

    def sweep(self, now: datetime, looks: Mapping[str, float]) -> int:
        """Deliveries whose worker died: a publish becomes in doubt, everything else is due again.

        Args:
            looks: seconds before a channel's first look for an unsure post.
        """
        with self.reads.connect() as connection:  # a cheap look first: idle polling takes no write lock
            if connection.execute(select(t.delivery.c.id).where(_late(self._clock(now))).limit(1)).first() is None:
                return 0  # fmt: skip
        with self.engine.begin() as connection:
            rows = connection.execute(
                select(t.delivery).where(_late(self._clock(now))).with_for_update(skip_locked=True)
            ).all()
            for row in rows:
                self._bury(connection, row, now, looks.get(row.channel, 300.0))
            return len(rows)

    def _bury(self, connection: Connection, row: Row[Any], now: datetime, look: float) -> None:
        """Take over from a worker that died in the middle of an attempt."""
        doubtful = row.state == states.CHECKING or (row.op == "publish" and not row.pending)
        state = states.IN_DOUBT if doubtful else states.ACCEPTED if row.pending else states.IDLE
        connection.execute(update(t.delivery).where(t.delivery.c.id == row.id).values(
            state=states.check(row.state, state), next_at=now + timedelta(seconds=look), lease_until=None,
            unsure_since=row.unsure_since or now, error="the worker died", changed=now))  # fmt: skip
        outcome = "unsure" if doubtful and row.state == states.SENDING else "later"
        connection.execute(update(t.attempt).where(
            t.attempt.c.delivery == row.id, t.attempt.c.number == row.attempt).values(
            ended=now, outcome=outcome, error="the worker died"))  # fmt: skip
        self._note(connection, now, self.owner, "take over", f"{row.item} {row.channel}", f"attempt {row.attempt}")

    def claim(self, channel: str, now: datetime, gate: Gate = OPEN) -> Claim | None:
        """Take the next due delivery of a channel and commit the intent before the first byte is sent.

        Args:
            gate: what the channel may begin now; quotas and gap are counted in the claim's own transaction.
        """
        started = ticks()
        with self.reads.connect() as connection:  # a cheap look first: idle polling takes no write lock
            if connection.scalar(select(t.delivery.c.id).where(due(channel, now, gate.open)).limit(1)) is None:
                return None
        with self.engine.begin() as connection:
            state = self._lock_channel(connection, channel)
            if not sends(state, now) or (
                (gate.alone or state.failures > 0) and _busy(connection, channel, self._clock(now))
            ):
                return None
            fresh = gate.open and within_limits(connection, channel, gate, now)
            row = self._next(connection, reads(channel, now)) or self._next(connection, begins(channel, now, fresh))
            return self._take(connection, row, now, started) if row else None

    def _next(self, connection: Connection, where: ColumnElement[bool]) -> Row[Any] | None:
        """The first of the deliveries, in the order of the partial index, so that a long queue costs no more."""
        d = t.delivery.c
        query = select(t.delivery).where(where).order_by(d.priority, d.not_before, d.id).limit(1)
        return connection.execute(query.with_for_update(skip_locked=True)).first()

    def _lock_channel(self, connection: Connection, channel: str) -> Row[Any]:
        """The channel's row, made if it is new and locked: claims of one channel queue, so quotas are exact."""
        query = select(t.channel).where(t.channel.c.name == channel).with_for_update()
        row = connection.execute(query).first()
        if row is None:
            connection.execute(self.make_insert(t.channel).values(name=channel, hold=False).on_conflict_do_nothing())
            row = connection.execute(query).one()
        return row

    def _take(self, connection: Connection, row: Row[Any], now: datetime, started: float) -> Claim:
        op: Any = {states.ACCEPTED: "confirm", states.IN_DOUBT: "find"}.get(row.state) or (
            "publish" if row.have == 0 else "withdraw" if row.want == 0 or row.op == "withdraw" else "revise")  # fmt: skip
        edition = 0 if op == "withdraw" else row.want if row.state == states.IDLE else row.op_edition
        posts = self._posts(connection, row, {edition, row.have})
        body, digest = posts.get(edition) or posts.get(row.have) or ("", "")
        number, since = row.attempt + 1, row.unsure_since or now
        kept = op in ("publish", "revise", "withdraw")
        connection.execute(update(t.delivery).where(t.delivery.c.id == row.id).values(
            state=states.check(row.state, states.CHECKING if op == "find" else states.SENDING),
            op=op if kept else row.op, op_edition=edition, attempt=number, owner=self.owner,
            lease_until=self._clock(now, self.lease), changed=now,
            unsure_since=since if op == "publish" else row.unsure_since))  # fmt: skip
        connection.execute(insert(t.attempt).values(delivery=row.id, number=number, op=op, edition=edition,
                                                    owner=self.owner, started=now, request=digest))  # fmt: skip
        return Claim(row.id, row.item, row.channel, op, edition, number, row.remote_id, row.url, row.pending, body,
                     since, row.tries, posts.get(row.have, ("", ""))[0], row.looked, row.accepted_at,
                     started + self.lease.total_seconds())  # fmt: skip

    def _posts(self, connection: Connection, row: Row[Any], editions: set[int]) -> dict[int, tuple[str, str]]:
        """Stored posts of a delivery by edition: text and digest."""
        p = t.post.c
        query = select(p.edition, p.body, p.digest).where(
            p.item == row.item, p.channel == row.channel, p.edition.in_(editions))  # fmt: skip
        return {one.edition: (one.body, one.digest) for one in connection.execute(query)}

    def settle(self, claim: Claim, result: Attempt, now: datetime) -> bool:
        """Write how an attempt ended, fenced by its number; False when somebody else has taken over."""
        mine = and_(t.delivery.c.id == claim.delivery, t.delivery.c.attempt == claim.attempt,
                    t.delivery.c.state.in_(states.UNDER_WAY))  # fmt: skip
        with self.engine.begin() as connection:
            row = connection.execute(select(t.delivery).where(mine).with_for_update()).first()
            if row is None:
                return False
            values = after(row, claim, result, now)
            states.check(row.state, values["state"])
            connection.execute(update(t.delivery).where(mine).values(changed=now, lease_until=None, **values))
            connection.execute(update(t.attempt).where(
                t.attempt.c.delivery == claim.delivery, t.attempt.c.number == claim.attempt).values(
                ended=now, outcome=result.outcome, code=result.code, trace=result.trace, error=result.error))  # fmt: skip
            if result.outcome in ("done", "unchanged"):
                connection.execute(insert(t.receipt).values(
                    delivery=claim.delivery, attempt=claim.attempt, edition=claim.edition,
                    remote_id=result.remote_id or claim.remote_id, url=result.url or claim.url, at=now))  # fmt: skip
            self.hear(connection, claim.channel, result, now)
        return True

    def next_due(self, channels: Sequence[str], now: datetime) -> datetime | None:
        """When the earliest delivery that only waits for time wakes up."""
        d = t.delivery.c
        waiting = and_(unfinished(), ~d.hold, ~d.person, d.state.not_in(states.UNDER_WAY), d.channel.in_(channels))
        moment = func.coalesce(d.next_at, d.not_before, type_=t.UtcTime())
        with self.reads.connect() as connection:
            return connection.scalar(select(func.min(moment, type_=t.UtcTime())).where(waiting, moment > now))

    def open_count(self) -> int:
        """Deliveries that are not as people want them."""
        with self.reads.connect() as connection:
            return connection.scalar(select(func.count()).select_from(t.delivery).where(unfinished())) or 0

    def claimable(self) -> bool:
        """Whether there may be anything to send at all; a run without changes opens no channel."""
        query = select(t.delivery.c.id).where(unfinished(), ~t.delivery.c.person).limit(1)
        with self.reads.connect() as connection:
            return connection.scalar(query) is not None


_FIRST = t.delivery.alias("first")  # made once: a claim asks for it twice


def due(channel: str, now: datetime, fresh: bool) -> ColumnElement[bool]:
    """Deliveries of a channel that may be claimed now."""
    return or_(reads(channel, now), begins(channel, now, fresh))


def reads(channel: str, now: datetime) -> ColumnElement[bool]:
    """What only has to be asked about: pending tokens and unsure posts; they cost no quota and know no quiet hours."""
    d = t.delivery.c
    return and_(_open(), d.channel == channel, d.state.in_(states.READING), ~d.person, _awake(now))


def begins(channel: str, now: datetime, fresh: bool) -> ColumnElement[bool]:
    """What may be published, revised or withdrawn.

    Args:
        fresh: ordinary first publications may begin; urgent ones, corrections and withdrawals always may.
    """
    d, first, drop, dark = t.delivery.c, _FIRST, t.drop.c, t.blackout.c
    ready = or_(d.want == 0, d.after == "", exists().where(
        first.c.item == d.item, first.c.channel == d.after, first.c.have == d.want, first.c.want == d.want))  # fmt: skip
    blackout = exists().where(dark.starts <= now, or_(dark.ends.is_(None), dark.ends > now))
    unchecked = exists().where(drop.item == d.item, drop.seen < d.not_before)
    ordinary = and_(d.have == 0, d.priority != URGENT)
    half = d.op == "withdraw"
    allowed = ~and_(ordinary, blackout) if fresh else ~ordinary
    return and_(_open(), d.channel == channel, d.state == states.IDLE, or_(half, ~d.cancelled), ~d.hold,
                d.not_before <= now, _awake(now), or_(half, ready), or_(d.want == 0, half, ~unchecked), allowed)  # fmt: skip


def _awake(now: datetime) -> ColumnElement[bool]:
    return or_(t.delivery.c.next_at.is_(None), t.delivery.c.next_at <= now)


def _late(clock: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(_open(), t.delivery.c.state.in_(states.UNDER_WAY), t.delivery.c.lease_until < clock)


def unfinished() -> ColumnElement[bool]:
    """Not as people want it, and no person is asked."""
    d = t.delivery.c
    return and_(_open(), d.state != states.FAILED, or_(d.state != states.IDLE, ~d.cancelled, d.op == "withdraw"))


def _open() -> TextClause:
    """The predicate of the partial index, in its very words, so that the archive costs nothing."""
    return text(f"({t.OPEN})")


def sends(state: Row[Any], now: datetime) -> bool:
    """Whether a channel is neither held, nor resting, nor waiting for a probe."""
    held = state.hold and (state.until is None or state.until > now)
    return not held and (state.rest_until is None or state.rest_until <= now)


def _busy(connection: Connection, channel: str, clock: ColumnElement[Any]) -> bool:
    d = t.delivery.c
    query = select(d.id).where(_open(), d.channel == channel, d.state.in_(states.UNDER_WAY), d.lease_until >= clock)
    return connection.execute(query.limit(1)).first() is not None


def within_limits(connection: Connection, channel: str, gate: Gate, now: datetime) -> bool:
    """Whether one more publication fits the quotas and keeps the gap; counted over attempts that may be public."""
    a = t.attempt.c
    published = select(func.count(), func.max(a.started, type_=t.UtcTime())).join(
        t.delivery, t.delivery.c.id == a.delivery).where(
        t.delivery.c.channel == channel, a.op == "publish", a.outcome.in_(SENT))  # fmt: skip
    for since, most in gate.quotas:
        if connection.execute(published.where(a.started >= since)).one()[0] >= most:
            return False
    if gate.gap:
        last = connection.execute(published.where(a.started > now - gate.gap)).one()[1]
        return last is None
    return True
