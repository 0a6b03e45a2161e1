"""An edition that an editor sent back stays refused, however often its file is looked at again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection, bindparam, select, update

from pipeline.i18n import N_, _
from pipeline.ledger import schema as t
from pipeline.model import Finding, Outcome, Severity

if TYPE_CHECKING:
    from pipeline.ledger.recording import Prepared

_RETURNED = select(t.returned).where(
    t.returned.c.item == bindparam("of"), t.returned.c.edition == bindparam("number"))  # fmt: skip
CODE = "EDIT001"  # not a rule: a person's word, told to the unit like a finding
_HINT = N_("Mend the file and save it; the new version is looked at again.")


def words(who: str, why: str) -> str:
    """What the unit reads."""
    return _("Sent back by {who}: {why}").format(who=who, why=why)


def finding(who: str, why: str) -> Finding:
    return Finding(CODE, Severity.ERROR, words(who, why), hint=_(_HINT))


def name_of(connection: Connection, who: str) -> str:
    """The name of a person with an account, else what the ledger calls them."""
    return connection.scalar(select(t.account.c.name).where(t.account.c.login == who)) or who


def as_returned(connection: Connection, one: Prepared, edition: int) -> Prepared:
    """The drop as it is, or refused with the editor's words when this very edition was sent back."""
    assert one.identity
    e = t.edition.c
    row = connection.execute(_RETURNED, {"of": one.identity.id, "number": edition}).first()
    if row is None:
        return one
    connection.execute(
        update(t.edition).where(e.item == row.item, e.number == edition).values(outcome=str(Outcome.REJECT))
    )
    return replace(
        one, outcome=Outcome.REJECT, findings=(finding(name_of(connection, row.who), row.why), *one.findings)
    )
