"""What people do: each verb is checked against the state, is one transaction, and leaves a line in the audit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, or_, select, update

from pipeline.errors import NotPossible
from pipeline.i18n import _
from pipeline.ledger import foureyes, states
from pipeline.ledger import schema as t
from pipeline.ledger.recording import Recording
from pipeline.ledger.wanting import URGENT
from pipeline.model import Outcome, Slot

_AGAIN: dict[str, Any] = {"state": states.IDLE, "tries": 0, "error": "", "next_at": None, "looked": 0, "again": 0,
                          "person": False, "candidates": None, "pending": "", "accepted_at": None,
                          "unsure_since": None}  # fmt: skip


@dataclass(frozen=True)
class By:
    """Who does it, when (aware) and why; `name` is the person's own name where `who` is a login."""

    who: str
    now: datetime
    why: str = ""
    name: str = ""


class Verbs(Recording):
    """People's side of the ledger. Every verb raises NotPossible when the state does not allow it.

    `channel` is empty for all channels of the item.
    """

    def retry(self, item: str, channel: str, by: By) -> list[str]:
        """Try again what a channel refused; the channels concerned."""
        return self._each(item, channel, by, "retry", _only_failed, lambda _row: _AGAIN)

    def hold(self, item: str, channel: str, by: By) -> list[str]:
        """Let nothing new begin; an attempt under way ends normally."""
        return self._each(item, channel, by, "hold", lambda row: "" if not row.hold else _("It is held already."),
                          lambda _row: {"hold": True})  # fmt: skip

    def release(self, item: str, channel: str, by: By) -> list[str]:
        """Let a held delivery go on; of an item that a person had withdrawn, plan the newest edition again."""
        with self.engine.begin() as connection:
            stopped = connection.execute(update(t.item).where(t.item.c.id == item, t.item.c.stopped != "").values(
                stopped="", attention=""))  # fmt: skip
            if stopped.rowcount:
                self._note(connection, by.now, by.who, "allow again", item, by.why)
                return self._plan_newest(connection, item, by.now)
        return self._each(item, channel, by, "release", lambda row: "" if row.hold else _("It is not held."),
                          lambda _row: {"hold": False})  # fmt: skip

    def cancel(self, item: str, channel: str, by: By) -> list[str]:
        """What is planned does not go out; what is public stays."""
        return self._each(item, channel, by, "cancel", _only_planned, None)

    def withdraw(self, item: str, channel: str, by: By) -> list[str]:
        """Take it off; of a whole item also later editions wait until somebody releases it."""
        with self.engine.begin() as connection:
            rows = self._rows(connection, item, channel)
            todo = [row for row in rows if row.want or row.have or row.state in states.READING]
            if not todo:
                raise NotPossible(_("There is nothing to withdraw: it is on no channel and nothing is planned."))
            self._want_absent(connection, t.delivery.c.id.in_([row.id for row in todo]), by.now)
            if not channel:
                reason = _("Withdrawn by {who}: {why}").format(who=by.name or by.who, why=by.why or "–")
                connection.execute(update(t.item).where(t.item.c.id == item).values(stopped=reason, attention=reason))
            self._note(connection, by.now, by.who, "withdraw", f"{item} {channel}".strip(), by.why)
            return [row.channel for row in todo]

    def publish_now(self, item: str, channel: str, by: By) -> list[str]:
        """Pass the hours and the limits once (holds and embargoes of the channel itself stay)."""
        return self._each(item, channel, by, "publish now", _only_planned,
                          lambda row: {"priority": URGENT, "not_before": min(row.not_before, by.now), "next_at": None})  # fmt: skip

    def move(self, item: str, channel: str, when: datetime, by: By) -> list[str]:
        """Another earliest time (aware) for what is planned."""
        return self._each(item, channel, by, "move", _only_planned, lambda _row: {"not_before": when, "next_at": None})

    def adopt(self, item: str, channel: str, remote_id: str, url: str, by: By) -> list[str]:
        """An unsure post is this one: it is public and nothing is sent again."""
        if not remote_id.strip():
            raise NotPossible(_("The id of the post on the channel is needed."))
        done = _AGAIN | {"remote_id": remote_id.strip(), "url": url.strip()}
        with self.engine.begin() as connection:
            row = self._unsure(connection, item, channel)
            self._resolve(connection, row, done | {"have": row.op_edition}, by, f"adopt {remote_id}")
            connection.execute(insert(t.receipt).values(
                delivery=row.id, attempt=row.attempt, edition=row.op_edition, remote_id=remote_id.strip(), url=url.strip(),
                at=by.now))  # fmt: skip
            return [row.channel]

    def absent(self, item: str, channel: str, by: By) -> list[str]:
        """An unsure post is not there: it is planned again."""
        with self.engine.begin() as connection:
            row = self._unsure(connection, item, channel)
            self._resolve(connection, row, _AGAIN, by, "it is not there")
            return [row.channel]

    def restored(self, by: By) -> int:
        """An older ledger was restored: every publication that seems to be planned is looked for before it is sent."""
        d, e = t.delivery.c, t.edition.c
        since = select(func.min(e.recorded)).where(e.item == d.item).scalar_subquery()
        planned = and_(d.state == states.IDLE, d.have == 0, d.want > 0, ~d.cancelled)
        doubt = {"state": states.IN_DOUBT, "op": "publish", "op_edition": d.want, "unsure_since": since, "next_at": None,
                 "looked": 0, "again": 0, "changed": by.now}  # fmt: skip
        with self.engine.begin() as connection:
            count = connection.execute(update(t.delivery).where(planned).values(**doubt)).rowcount
            self._note(connection, by.now, by.who, "ledger restored", "", f"{count} deliveries in doubt")
            return int(count)

    def approve(self, item: str, by: By, edition: int | None = None) -> int:
        """Let the newest edition out; the edition's number. Never by who wrote, sent or handed it in (see foureyes).

        Args:
            edition: the number that the person looked at; a newer one is never approved unseen.
        """
        with self.engine.begin() as connection:
            row = self._newest(connection, item, edition)
            if why_not := foureyes.hindrance(connection, row, by):
                raise NotPossible(why_not)
            outcome = connection.scalar(select(t.edition.c.outcome).where(
                t.edition.c.item == item, t.edition.c.number == row.edition))  # fmt: skip
            slots = self._slots(connection, item, row.edition)
            if outcome == "reject" or not slots:
                raise NotPossible(_("This edition has errors that its unit must mend first."))
            if row.stopped:
                raise NotPossible(_("It was withdrawn; release it first. ({why})").format(why=row.stopped))
            if self._approved(connection, item, row.edition):
                raise NotPossible(_("This edition is approved already."))
            connection.execute(
                insert(t.approval).values(item=item, edition=row.edition, who=by.who, note=by.why, at=by.now)
            )
            self._want_edition(connection, item, row.edition, slots, row.urgent, by.now)
            connection.execute(update(t.item).where(t.item.c.id == item).values(attention=""))
            self._note(connection, by.now, by.who, "approve", item, foureyes.note_of(row.edition, by.why))
            return int(row.edition)

    def _newest(self, connection: Connection, item: str, edition: int | None = None) -> Row[Any]:
        """The item's row, when its newest edition is the one that a person saw."""
        row = connection.execute(select(t.item).where(t.item.c.id == item).with_for_update()).first()
        if row is None:
            raise NotPossible(_('There is no item "{item}".').format(item=item))
        if edition is not None and row.edition != edition:
            raise NotPossible(_("A newer edition has come meanwhile; look at it first."))
        return row

    def _slots(self, connection: Connection, item: str, edition: int) -> list[Slot]:
        p = t.post.c
        query = select(p.channel, p.not_before, p.after).where(
            p.item == item, p.edition == edition, p.not_before.is_not(None))  # fmt: skip
        return [Slot(row.channel, row.not_before, row.after) for row in connection.execute(query)]

    def _plan_newest(self, connection: Connection, item: str, now: datetime) -> list[str]:
        """Plan the newest edition when it may go out, else say what it waits for; the channels concerned."""
        row = connection.execute(select(t.item).where(t.item.c.id == item)).one()
        edition = connection.execute(select(t.edition.c.outcome, t.edition.c.waits).where(
            t.edition.c.item == item, t.edition.c.number == row.edition)).one()  # fmt: skip
        approved = self._approved(connection, item, row.edition)
        obstacle = ""
        if edition.outcome not in (Outcome.PUBLISH, Outcome.REVIEW):
            obstacle = _("This edition has errors that its unit must mend first.")
        elif edition.waits and not approved:
            obstacle = _("Waits for an editor's approval.")
        if obstacle:
            connection.execute(update(t.item).where(t.item.c.id == item).values(attention=obstacle))
            return []
        slots = self._slots(connection, item, row.edition)
        self._want_edition(connection, item, row.edition, slots, row.urgent and approved, now)
        return [slot.channel for slot in slots]

    def black_out(self, starts: datetime, ends: datetime | None, by: By) -> int:
        """Let only urgent notices begin from a time, to a time or until switched off; its number."""
        if ends is not None and ends <= starts:
            raise NotPossible(_("A blackout must end after it begins."))
        with self.engine.begin() as connection:
            made = connection.execute(insert(t.blackout).values(starts=starts, ends=ends, why=by.why, who=by.who))
            self._note(connection, by.now, by.who, "blackout on", str(ends or ""), by.why)
            return int(made.inserted_primary_key[0]) if made.inserted_primary_key else 0

    def lift_blackout(self, by: By) -> int:
        """End every blackout that runs or is to come; how many."""
        b = t.blackout.c
        running = or_(b.ends.is_(None), b.ends > by.now)
        with self.engine.begin() as connection:
            found = connection.execute(
                update(t.blackout).where(running, b.starts <= by.now).values(ends=by.now)
            ).rowcount
            later = update(t.blackout).where(b.starts > by.now, running).values(starts=by.now, ends=by.now)
            found += connection.execute(later).rowcount
            if not found:
                raise NotPossible(_("There is no blackout."))
            self._note(connection, by.now, by.who, "blackout off", "", by.why)
            return int(found)

    def _each(self, item: str, channel: str, by: By, what: str, obstacle: Callable[[Row[Any]], str],
              values: Callable[[Row[Any]], dict[str, Any]] | None) -> list[str]:  # fmt: skip
        """Do one thing to each delivery that allows it; values None means cancel."""
        with self.engine.begin() as connection:
            rows = self._rows(connection, item, channel)
            why_not = {row.id: obstacle(row) for row in rows}
            todo = [row for row in rows if not why_not[row.id]]
            if not todo:
                raise NotPossible(next(iter(why_not.values())))
            for row in todo:
                if values is None:
                    self._cancel(connection, t.delivery.c.id == row.id, by.now)
                else:
                    written = values(row)
                    states.check(row.state, written.get("state", row.state))
                    connection.execute(
                        update(t.delivery).where(t.delivery.c.id == row.id).values(changed=by.now, **written)
                    )
                self._note(connection, by.now, by.who, what, f"{item} {row.channel}", by.why)
            return [row.channel for row in todo]

    def _rows(self, connection: Connection, item: str, channel: str) -> Sequence[Row[Any]]:
        where = t.delivery.c.item == item
        if channel:
            where = and_(where, t.delivery.c.channel == channel)
        rows = connection.execute(select(t.delivery).where(where).order_by(t.delivery.c.id).with_for_update()).all()
        if not rows:
            raise NotPossible(
                _('There is no delivery of "{item}" on {channel}.').format(item=item, channel=channel or "*")
            )
        return rows

    def _unsure(self, connection: Connection, item: str, channel: str) -> Row[Any]:
        row = self._rows(connection, item, channel)[0]
        if row.state == states.IN_DOUBT or (row.state == states.ACCEPTED and row.person):
            return row
        raise NotPossible(_("This delivery is not unsure, so there is nothing to decide."))

    def _resolve(self, connection: Connection, row: Row[Any], values: dict[str, Any], by: By, what: str) -> None:
        states.check(row.state, values["state"])
        connection.execute(update(t.delivery).where(t.delivery.c.id == row.id).values(changed=by.now, **values))
        self._note(connection, by.now, by.who, what, f"{row.item} {row.channel}", by.why)


def _only_failed(row: Row[Any]) -> str:
    return "" if row.state == states.FAILED else _("The channel has not refused it, so there is nothing to retry.")


def _only_planned(row: Row[Any]) -> str:
    planned = row.want != row.have and not row.cancelled
    return "" if planned else _("Nothing is planned there.")
