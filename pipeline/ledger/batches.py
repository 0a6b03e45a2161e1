"""Many claims and settlings in one transaction each, for a channel that may be asked again without looking (the portal).

The promise is kept as by `claim` and `settle`: the intents of a batch are durable before its first post is shown, each
has its attempt number as fence, and what a dead worker left is due again. Channels that cannot be asked twice are
claimed one by one, so that never more than one post of a worker is in doubt.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, case, func, insert, literal, select, update

from channels.lease import ticks
from pipeline.ledger import schema as t
from pipeline.ledger import states
from pipeline.ledger.deliveries import OPEN, Deliveries
from pipeline.ledger.dues import NEXT_READ, begins, sends
from pipeline.ledger.outcomes import after
from pipeline.model import Attempt, Claim, Gate

_D = t.delivery.c
_CLAIMED = (_D.id, _D.item, _D.channel, _D.want, _D.have, _D.attempt, _D.remote_id, _D.url, _D.pending, _D.tries,
            _D.looked, _D.unsure_since, _D.accepted_at)  # fmt: skip
_ENDED = (_D.id, _D.state, _D.op, _D.op_edition, _D.attempt, _D.want, _D.have, _D.again, _D.remote_id, _D.url)
_ATTEMPTS = update(t.attempt).where(
    t.attempt.c.delivery == bindparam("of"), t.attempt.c.number == bindparam("which")).values(
    ended=bindparam("ended"), outcome=bindparam("outcome"), code=bindparam("code"), trace=bindparam("trace"),
    error=bindparam("error"))  # fmt: skip


class Batches(Deliveries):
    """Claims and settlings by the batch."""

    def claim_many(self, channel: str, now: datetime, gate: Gate = OPEN, most: int = 200) -> list[Claim]:
        """Up to `most` due publications and revisions, their intents committed at once; empty when there is none.

        What needs more care than that (quotas, a gap, doubts, withdrawals, trouble) is left for `claim`.
        """
        if gate.quotas or gate.gap or gate.alone:
            return []
        started = ticks()
        with self.engine.begin() as connection:
            state = self._lock_channel(connection, channel)
            if not sends(state, now) or state.failures > 0:
                return []
            if connection.execute(NEXT_READ, {"channel": channel, "now": now}).first():
                return []
            d = t.delivery.c
            query = select(*_CLAIMED).where(begins(channel, now, gate.open), d.want > 0, d.op != "withdraw")
            rows = connection.execute(
                query.order_by(d.priority, d.not_before, d.id).limit(most).with_for_update(skip_locked=True)
            ).all()
            return self._take_all(connection, rows, now, started) if rows else []

    def _take_all(self, connection: Connection, rows: Sequence[Any], now: datetime, started: float) -> list[Claim]:
        posts = self._all_posts(connection, rows)
        ops: list[Literal["publish", "revise"]] = ["publish" if row.have == 0 else "revise" for row in rows]
        d, new = t.delivery.c, t.delivery.c.have == 0
        connection.execute(update(t.delivery).where(d.id.in_([row.id for row in rows])).values(
            state=states.check(states.IDLE, states.SENDING), op=case((new, "publish"), else_="revise"),
            op_edition=d.want, attempt=d.attempt + 1, owner=self.owner, lease_until=self._clock(now, self.lease), changed=now,
            unsure_since=case((new, func.coalesce(d.unsure_since, literal(now, t.UtcTime()))), else_=d.unsure_since)))  # fmt: skip
        bodies = [posts.get((row.item, row.want), ("", "")) for row in rows]
        connection.execute(insert(t.attempt), [
            {"delivery": row.id, "number": row.attempt + 1, "op": op, "edition": row.want, "owner": self.owner,
             "started": now, "request": digest} for row, op, (_body, digest) in zip(rows, ops, bodies, strict=True)])  # fmt: skip
        until = started + self.lease.total_seconds()
        return [
            Claim(row.id, row.item, row.channel, op, row.want, row.attempt + 1, row.remote_id, row.url, row.pending, body,
                  row.unsure_since or now, row.tries, posts.get((row.item, row.have), ("", ""))[0], row.looked,
                  row.accepted_at, until)
            for row, op, (body, _digest) in zip(rows, ops, bodies, strict=True)
        ]  # fmt: skip

    def _all_posts(self, connection: Connection, rows: Sequence[Any]) -> dict[tuple[str, int], tuple[str, str]]:
        """Stored posts of the deliveries' wanted and present editions: text and digest."""
        p = t.post.c
        items, numbers = (
            {row.item for row in rows},
            {number for row in rows for number in (row.want, row.have) if number},
        )
        # Some too many, and not pairs of item and edition: for a list of pairs SQLite reads all posts of the channel.
        query = select(p.item, p.edition, p.body, p.digest).where(
            p.channel == rows[0].channel, p.item.in_(items), p.edition.in_(numbers))  # fmt: skip
        return {(one.item, one.edition): (one.body, one.digest) for one in connection.execute(query).all()}

    def settle_many(self, ended: Sequence[tuple[Claim, Attempt]], now: datetime) -> list[bool]:
        """Write how the attempts ended; False for each that somebody else has taken over."""
        with self.engine.begin() as connection:
            d = t.delivery.c
            query = select(*_ENDED).where(
                d.id.in_([claim.delivery for claim, _result in ended]), d.state.in_(states.UNDER_WAY))  # fmt: skip
            rows = {row.id: row for row in connection.execute(query.with_for_update()).all()}
            mine = [(claim, result, rows[claim.delivery]) for claim, result in ended
                    if claim.delivery in rows and rows[claim.delivery].attempt == claim.attempt]  # fmt: skip
            self._write_ends(connection, mine, now)
            kept = {claim.delivery for claim, _result, _row in mine}
        return [claim.delivery in kept for claim, _result in ended]

    def _write_ends(self, connection: Connection, mine: Iterable[tuple[Claim, Attempt, Any]], now: datetime) -> None:
        by_shape: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        attempts, receipts, heard = [], [], {}
        for claim, result, row in mine:
            values = after(row, claim, result, now)
            states.check(row.state, values["state"])
            by_shape.setdefault(tuple(values), []).append(
                {f"new_{key}": one for key, one in values.items()} | {"of": row.id}
            )
            attempts.append({"of": row.id, "which": claim.attempt, "ended": now, "outcome": result.outcome,
                             "code": result.code, "trace": result.trace, "error": result.error})  # fmt: skip
            if result.outcome in ("done", "unchanged"):
                receipts.append({"delivery": row.id, "attempt": claim.attempt, "edition": claim.edition, "at": now,
                                 "remote_id": result.remote_id or claim.remote_id, "url": result.url or claim.url})  # fmt: skip
            heard[claim.channel, result.outcome, result.trouble, result.rest, result.error] = result
        for shape, rows in by_shape.items():
            named = {key: bindparam(f"new_{key}", type_=t.delivery.c[key].type) for key in shape}
            statement = update(t.delivery).where(t.delivery.c.id == bindparam("of"))
            connection.execute(statement.values(changed=now, lease_until=None, **named), rows)
        if attempts:
            connection.execute(_ATTEMPTS, attempts)
        if receipts:
            connection.execute(insert(t.receipt), receipts)
        for (channel, *_how), result in heard.items():
            self.hear(connection, channel, result, now)
