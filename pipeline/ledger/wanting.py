"""What people want on each channel: an edition, nothing, or no longer what was planned. Workers do the rest.

The statements of intake are made once: to put one together costs SQLAlchemy more than to run it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Update, and_, bindparam, case, func, insert, select, update

from pipeline.ledger import schema as t
from pipeline.ledger import states
from pipeline.ledger.base import Base
from pipeline.model import Slot

URGENT, ORDINARY = 0, 5  # priorities
_MENDED: dict[str, Any] = {"state": states.IDLE, "tries": 0, "error": "", "next_at": None, "again": 0, "looked": 0,
                           "unsure_since": None}  # fmt: skip


def _absent(which: ColumnElement[bool]) -> tuple[Update, Update]:
    """Nothing planned, nothing public; what failed may be tried in this way."""
    change, now = update(t.delivery), bindparam("now", type_=t.UtcTime())
    return (change.where(which, t.delivery.c.state == states.FAILED).values(**_MENDED),
            change.where(which).values(want=0, not_before=now, cancelled=False, changed=now))  # fmt: skip


def _cancelled(which: ColumnElement[bool]) -> tuple[Update, Update]:
    """What is planned does not go out; what is public stays, and what is under way is not sent a second time."""
    d, change = t.delivery.c, update(t.delivery)
    busy = d.state.in_((*states.UNDER_WAY, *states.READING))
    return (change.where(which, d.want != d.have).values(want=case((busy, d.op_edition), else_=d.have), cancelled=busy,
                                                         changed=bindparam("now", type_=t.UtcTime())),
            change.where(which, d.state == states.FAILED, d.want == d.have).values(**_MENDED))  # fmt: skip


_OF = t.delivery.c.item == bindparam("of")
_ITEM_ABSENT, _ITEM_CANCELLED = _absent(_OF), _cancelled(_OF)
_OTHERS_ABSENT = _absent(
    and_(_OF, t.delivery.c.channel.not_in(bindparam("planned", expanding=True)), t.delivery.c.want > 0)
)
_KNOWN = select(t.delivery.c.channel, t.delivery.c.want, t.delivery.c.state).where(_OF)
_NEW = insert(t.delivery)
_CHANGE = update(t.delivery).where(_OF, t.delivery.c.channel == bindparam("on"))
_FIRST_LOOK = select(func.min(t.drop.c.seen)).where(t.drop.c.item == bindparam("of")).scalar_subquery()
_CHECK = update(t.delivery).where(_OF).values(checked=func.coalesce(_FIRST_LOOK, t.delivery.c.checked))
_APPROVED = select(t.approval.c.who).where(
    t.approval.c.item == bindparam("of"), t.approval.c.edition == bindparam("number"))  # fmt: skip


class Wanting(Base):
    """The columns of a delivery that are people's."""

    def _approved(self, connection: Connection, item: str, number: int) -> bool:
        return connection.execute(_APPROVED, {"of": item, "number": number}).first() is not None

    def _want_edition(self, connection: Connection, item: str, number: int, slots: Iterable[Slot], urgent: bool,
                      now: datetime) -> None:  # fmt: skip
        """The edition on each of its channels, and the item on no other."""
        wanted = {slot.channel: slot for slot in slots}
        self._want(connection, item, number, wanted, URGENT if urgent else ORDINARY, now)
        for statement in _OTHERS_ABSENT:
            connection.execute(statement, {"of": item, "planned": list(wanted), "now": now})

    def _want(self, connection: Connection, item: str, number: int, slots: Mapping[str, Slot], priority: int,
              now: datetime) -> None:  # fmt: skip
        """The edition on some channels; one that failed with another edition may be tried with this one."""
        known = {row.channel: row for row in connection.execute(_KNOWN, {"of": item})}
        new, old, mended = [], [], []
        for channel, slot in slots.items():
            values = {"want": number, "not_before": slot.not_before, "after": slot.after, "cancelled": False,
                      "priority": priority, "changed": now}  # fmt: skip
            row = known.get(channel)
            if row is None:
                new.append({"item": item, "channel": channel} | values)
            elif row.state == states.FAILED and row.want != number:
                mended.append({"of": item, "on": channel} | values | _MENDED)
            else:
                old.append({"of": item, "on": channel} | values)
        for statement, rows in ((_NEW, new), (_CHANGE, old), (_CHANGE, mended)):
            if rows:
                connection.execute(statement, rows)
        if new:
            self._check(connection, item)

    def _check(self, connection: Connection, item: str) -> None:
        """Note on an item's deliveries when its files were looked at; after that of a file itself."""
        connection.execute(_CHECK, {"of": item})

    def _want_absent(self, connection: Connection, which: ColumnElement[bool], now: datetime) -> None:
        """Withdraw some deliveries."""
        for statement in _absent(which):
            connection.execute(statement, {"now": now})

    def _want_item_absent(self, connection: Connection, item: str, now: datetime) -> None:
        for statement in _ITEM_ABSENT:
            connection.execute(statement, {"of": item, "now": now})

    def _cancel(self, connection: Connection, which: ColumnElement[bool], now: datetime) -> None:
        """Cancel some deliveries."""
        for statement in _cancelled(which):
            connection.execute(statement, {"now": now})

    def _cancel_item(self, connection: Connection, item: str, now: datetime) -> None:
        for statement in _ITEM_CANCELLED:
            connection.execute(statement, {"of": item, "now": now})
