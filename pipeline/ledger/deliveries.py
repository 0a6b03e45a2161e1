"""Claim → settle, the promise itself: intent first, doubt read back, the attempt number as fence (delivery.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, insert, select, update

from channels.lease import ticks
from pipeline.ledger import schema as t
from pipeline.ledger import states
from pipeline.ledger.channels import Channels
from pipeline.ledger.dues import ANY_DUE, NEXT_BEGUN, NEXT_READ, busy, late, sends, unfinished, within_limits
from pipeline.ledger.outcomes import after
from pipeline.model import Attempt, Claim, Gate

OPEN = Gate()
# Made once, as those of `dues`.
_LOCKED = select(t.channel).where(t.channel.c.name == bindparam("of")).with_for_update()
_POSTS = select(t.post.c.edition, t.post.c.body, t.post.c.digest).where(
    t.post.c.item == bindparam("of"), t.post.c.channel == bindparam("on"),
    t.post.c.edition.in_(bindparam("editions", expanding=True)))  # fmt: skip
_CHANGE = update(t.delivery).where(t.delivery.c.id == bindparam("of"))
_MINE = and_(t.delivery.c.id == bindparam("of"), t.delivery.c.attempt == bindparam("which"),
             t.delivery.c.state.in_(states.UNDER_WAY))  # fmt: skip
_MINE_LOCKED, _SETTLE = select(t.delivery).where(_MINE).with_for_update(), update(t.delivery).where(_MINE)
_BEGIN, _RECEIPT = insert(t.attempt), insert(t.receipt)
_END = update(t.attempt).where(t.attempt.c.delivery == bindparam("of"), t.attempt.c.number == bindparam("which"))


class Deliveries(Channels):
    """The ledger as workers see it; claim and settle are each one transaction."""

    def sweep(self, now: datetime, looks: Mapping[str, float]) -> int:
        """Deliveries whose worker died: a publish becomes in doubt, everything else is due again.

        Args:
            looks: seconds before a channel's first look for an unsure post.
        """
        with self.reads.connect() as connection:  # a cheap look first: idle polling takes no write lock
            if connection.execute(select(t.delivery.c.id).where(late(self._clock(now))).limit(1)).first() is None:
                return 0  # fmt: skip
        with self.engine.begin() as connection:
            rows = connection.execute(
                select(t.delivery).where(late(self._clock(now))).with_for_update(skip_locked=True)
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
            if connection.scalar(ANY_DUE[gate.open], {"channel": channel, "now": now}) is None:
                return None
        with self.engine.begin() as connection:
            state = self._lock_channel(connection, channel)
            if not sends(state, now) or (
                (gate.alone or state.failures > 0) and busy(connection, channel, self._clock(now))
            ):
                return None
            fresh = gate.open and within_limits(connection, channel, gate, now)
            asked = {"channel": channel, "now": now}
            row = connection.execute(NEXT_READ, asked).first() or connection.execute(NEXT_BEGUN[fresh], asked).first()
            return self._take(connection, row, now, started) if row else None

    def _lock_channel(self, connection: Connection, channel: str) -> Row[Any]:
        """The channel's row, made if it is new and locked: claims of one channel queue, so quotas are exact."""
        row = connection.execute(_LOCKED, {"of": channel}).first()
        if row is None:
            connection.execute(self.make_insert(t.channel).values(name=channel, hold=False).on_conflict_do_nothing())
            row = connection.execute(_LOCKED, {"of": channel}).one()
        return row

    def _take(self, connection: Connection, row: Row[Any], now: datetime, started: float) -> Claim:
        op: Any = {states.ACCEPTED: "confirm", states.IN_DOUBT: "find"}.get(row.state) or (
            "publish" if row.have == 0 else "withdraw" if row.want == 0 or row.op == "withdraw" else "revise")  # fmt: skip
        edition = 0 if op == "withdraw" else row.want if row.state == states.IDLE else row.op_edition
        posts = self._posts(connection, row, {edition, row.have})
        body, digest = posts.get(edition) or posts.get(row.have) or ("", "")
        number, since = row.attempt + 1, row.unsure_since or now
        kept = op in ("publish", "revise", "withdraw")
        connection.execute(_CHANGE.values(lease_until=self._clock(now, self.lease)), {
            "of": row.id, "state": states.check(row.state, states.CHECKING if op == "find" else states.SENDING),
            "op": op if kept else row.op, "op_edition": edition, "attempt": number, "owner": self.owner, "changed": now,
            "unsure_since": since if op == "publish" else row.unsure_since})  # fmt: skip
        connection.execute(_BEGIN, {"delivery": row.id, "number": number, "op": op, "edition": edition,
                                    "owner": self.owner, "started": now, "request": digest})  # fmt: skip
        return Claim(row.id, row.item, row.channel, op, edition, number, row.remote_id, row.url, row.pending, body,
                     since, row.tries, posts.get(row.have, ("", ""))[0], row.looked, row.accepted_at,
                     started + self.lease.total_seconds())  # fmt: skip

    def _posts(self, connection: Connection, row: Row[Any], editions: set[int]) -> dict[int, tuple[str, str]]:
        """Stored posts of a delivery by edition: text and digest."""
        found = connection.execute(_POSTS, {"of": row.item, "on": row.channel, "editions": list(editions)})
        return {one.edition: (one.body, one.digest) for one in found}

    def settle(self, claim: Claim, result: Attempt, now: datetime) -> bool:
        """Write how an attempt ended, fenced by its number; False when somebody else has taken over."""
        mine = {"of": claim.delivery, "which": claim.attempt}
        with self.engine.begin() as connection:
            row = connection.execute(_MINE_LOCKED, mine).first()
            if row is None:
                return False
            values = after(row, claim, result, now)
            states.check(row.state, values["state"])
            connection.execute(_SETTLE, mine | {"changed": now, "lease_until": None} | values)
            connection.execute(_END, mine | {"ended": now, "outcome": result.outcome, "code": result.code,
                                             "trace": result.trace, "error": result.error})  # fmt: skip
            if result.outcome in ("done", "unchanged"):
                connection.execute(_RECEIPT, {
                    "delivery": claim.delivery, "attempt": claim.attempt, "edition": claim.edition, "at": now,
                    "remote_id": result.remote_id or claim.remote_id, "url": result.url or claim.url})  # fmt: skip
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
