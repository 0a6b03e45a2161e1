"""What editors do to an edition: hand it in, send it back, take that back, plan again what was cancelled."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, select, update

from pipeline.errors import NotPossible
from pipeline.i18n import _
from pipeline.ledger import foureyes, returned, states
from pipeline.ledger import schema as t
from pipeline.ledger.verbs import By, Verbs
from pipeline.ledger.wanting import ORDINARY
from pipeline.model import Outcome


class Editing(Verbs):
    """Verbs over an edition. Every verb raises NotPossible when the state does not allow it."""

    def hand_in(self, item: str, by: By, edition: int | None = None) -> int:
        """Ask for the approval of the newest edition, which another person has to give; the edition's number.

        Args:
            edition: the number that the person looked at; a newer one is never handed in unseen.
        """
        with self.engine.begin() as connection:
            row = self._newest(connection, item, edition)
            outcome = connection.scalar(select(t.edition.c.outcome).where(
                t.edition.c.item == item, t.edition.c.number == row.edition))  # fmt: skip
            if (
                not row.attention
                or row.stopped
                or outcome == Outcome.REJECT
                or not self._slots(connection, item, row.edition)
            ):
                raise NotPossible(_("This edition does not wait for an approval."))
            if who := foureyes.handed_in(connection, item, row.edition):
                raise NotPossible(_("{who} has handed this edition in already.").format(who=who))
            self._note(connection, by.now, by.who, foureyes.HANDED_IN, item, foureyes.note_of(row.edition, by.why))
            return int(row.edition)

    def send_back(self, item: str, by: By, edition: int | None = None) -> int:
        """Refuse the newest edition with a person's words, which the unit reads; the edition's number.

        Args:
            edition: the number that the person looked at; a newer one is never sent back unseen.
        """
        if not by.why.strip():
            raise NotPossible(_("Say why: the unit reads these words."))
        with self.engine.begin() as connection:
            row = self._newest(connection, item, edition)
            if self._given_back(connection, item, row.edition):
                raise NotPossible(_("This edition was sent back already."))
            d = t.delivery.c
            gone = _is_public(row.edition)
            if connection.execute(select(d.id).where(d.item == item, gone).limit(1)).first():
                raise NotPossible(_("This edition is public or on its way; withdraw it, or ask for a correction."))
            self._refuse(connection, row, by)
            self._cancel_item(connection, item, by.now)
            self._note(connection, by.now, by.who, "send back", item, foureyes.note_of(row.edition, by.why))
            return int(row.edition)

    def _refuse(self, connection: Connection, row: Row[Any], by: By) -> None:
        item, number, why = row.id, row.edition, " ".join(by.why.split())
        connection.execute(insert(t.returned).values(item=item, edition=number, who=by.who, why=why, at=by.now))
        connection.execute(delete(t.approval).where(t.approval.c.item == item, t.approval.c.edition == number))
        who = returned.name_of(connection, by.who)
        words = returned.words(who, why)
        connection.execute(update(t.item).where(t.item.c.id == item).values(attention=words))
        of_edition = and_(t.edition.c.item == item, t.edition.c.number == number)
        connection.execute(update(t.edition).where(of_edition).values(outcome=str(Outcome.REJECT)))
        found = returned.finding(who, why)
        for path in connection.scalars(select(t.drop.c.path).where(t.drop.c.item == item)).all():
            connection.execute(update(t.drop).where(t.drop.c.path == path).values(outcome=str(Outcome.REJECT)))
            connection.execute(insert(t.finding).values(
                path=path, code=found.code, severity=str(found.severity), message=found.message, field="", line=None,
                hint=found.hint))  # fmt: skip

    def take_back(self, item: str, by: By) -> int:
        """Undo `send_back`: the file is looked at again as if it were new; the edition's number."""
        with self.engine.begin() as connection:
            row = self._newest(connection, item)
            which = and_(t.returned.c.item == item, t.returned.c.edition == row.edition)
            if not connection.execute(delete(t.returned).where(which)).rowcount:
                raise NotPossible(_("This edition was not sent back."))
            connection.execute(update(t.drop).where(t.drop.c.item == item).values(stamp=""))
            self._note(connection, by.now, by.who, "take back", item, foureyes.note_of(row.edition, by.why))
            return int(row.edition)

    def plan(self, item: str, channel: str, by: By) -> list[str]:
        """Plan the newest edition again where it was cancelled or withdrawn; the channels concerned."""
        with self.engine.begin() as connection:
            row = self._newest(connection, item)
            if row.attention or row.stopped:
                raise NotPossible(_("It cannot be planned: {why}").format(why=row.attention or row.stopped))
            slots = {slot.channel: slot for slot in self._slots(connection, item, row.edition)}
            rows = self._rows(connection, item, channel)
            todo = [one for one in rows if one.channel in slots and _may_be_planned(one, row.edition)]
            if not todo:
                raise NotPossible(_("There is nothing to plan again."))
            wanted = {one.channel: slots[one.channel] for one in todo}
            self._want(connection, item, row.edition, wanted, ORDINARY, by.now)
            for one in todo:
                self._note(connection, by.now, by.who, "plan again", f"{item} {one.channel}", by.why)
            return [one.channel for one in todo]

    def note(self, by: By, what: str, subject: str) -> None:
        """A line in the audit for what was done elsewhere, such as in a file."""
        with self.engine.begin() as connection:
            self._note(connection, by.now, by.who, what, subject, by.why)

    def _given_back(self, connection: Connection, item: str, edition: int) -> bool:
        r = t.returned.c
        return connection.execute(select(r.item).where(r.item == item, r.edition == edition)).first() is not None


def _is_public(edition: int) -> ColumnElement[bool]:
    """Deliveries on which an edition is, or may be by now."""
    d = t.delivery.c
    sent = and_(d.state.in_((*states.UNDER_WAY, *states.READING)), d.op_edition == edition)
    return sent | (d.have == edition)


def _may_be_planned(row: Row[Any], edition: int) -> bool:
    return bool(row.cancelled or (row.want != edition and row.want == row.have) or (row.want == 0 and row.have))
