"""Publications that were made a second time because the first was not there at the last look: is it there after all?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, insert, select, update

from pipeline.i18n import _
from pipeline.ledger import schema as t
from pipeline.ledger import states
from pipeline.ledger.ledger import Ledger

Match = tuple[str, str]  # remote id, address


@dataclass(frozen=True)
class Second:
    """A delivery that is public by its second attempt; `since` is when the first began."""

    delivery: int
    item: str
    channel: str
    edition: int
    post: str
    since: datetime


def seconds(ledger: Ledger, channel: str, after: datetime) -> list[Second]:
    """What became public since a time by an attempt that followed "not there"."""
    d, a, p = t.delivery.c, t.attempt.c, t.post.c
    gone = t.attempt.alias("gone")
    absent = select(gone.c.delivery).where(gone.c.outcome == "absent", gone.c.started > after)
    began = (
        select(func.min(a.started, type_=t.UtcTime())).where(a.delivery == d.id, a.op == "publish").scalar_subquery()
    )
    query = select(d.id, d.item, d.channel, d.have, p.body, began.label("began")).join(
        t.post, and_(p.item == d.item, p.edition == d.have, p.channel == d.channel)).where(
        d.id.in_(absent), d.channel == channel, d.state == states.IDLE, d.have > 0).order_by(d.id)  # fmt: skip
    with ledger.reads.connect() as connection:
        return [Second(*row) for row in connection.execute(query)]


def doubled(ledger: Ledger, second: Second, matches: Sequence[Match], now: datetime) -> bool:
    """Put a delivery before a person, with all posts that were found; False when it has changed meanwhile.

    Nothing is sent, revised or withdrawn there until a person has taken one of the posts off and said which one stays.
    """
    d = t.delivery.c
    mine = and_(d.id == second.delivery, d.state == states.IDLE, d.have == second.edition)
    text = _("{count} posts of this item are on the channel: take all but one off there, then say which one stays.").format(
        count=len(matches))  # fmt: skip
    values = {"state": states.check(states.IDLE, states.IN_DOUBT), "person": True, "error": text, "op": "publish",
              "op_edition": second.edition, "unsure_since": second.since, "next_at": None, "changed": now,
              "candidates": [list(one) for one in matches]}  # fmt: skip
    with ledger.engine.begin() as connection:
        row = connection.execute(
            update(t.delivery).where(mine).values(**values, attempt=d.attempt + 1).returning(d.attempt)
        ).first()
        if row is None:
            return False
        connection.execute(insert(t.attempt).values(
            delivery=second.delivery, number=row.attempt, op="find", edition=second.edition, owner=ledger.owner, started=now,
            ended=now, outcome="several", error=text))  # fmt: skip
        ledger._note(connection, now, ledger.owner, "second post", f"{second.item} {second.channel}", text)
    return True
