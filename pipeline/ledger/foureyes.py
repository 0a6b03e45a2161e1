"""Four eyes: who wrote an edition, sent its file or handed it in does not approve it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, select

from pipeline.i18n import _
from pipeline.ledger import schema as t
from pipeline.text import without_marks

if TYPE_CHECKING:
    from pipeline.ledger.verbs import By

HANDED_IN, SENT = "hand in", "send file"


def hindrance(connection: Connection, row: Row[Any], by: By) -> str:
    """Why this person may not approve the newest edition of an item; "" when nothing stands in the way.

    A person without an account is the only one at the desk (`make run`), so only the name in the file counts there.
    """
    named = connection.scalar(select(t.account.c.name).where(t.account.c.login == by.who))
    names = {" ".join(_name(one)) for one in (by.who, by.name, named or "") if one}
    if row.author and " ".join(_name(row.author)) in names:  # a login, or as signed
        return _("Approver and author must be two people: {who} wrote it.").format(who=by.who)
    if named is not None and _sent(connection, row, by.who):
        return _("Approver and sender must be two people: {who} sent this file.").format(who=by.who)
    if named is not None and by.who == handed_in(connection, row.id, row.edition):
        return _("Who hands an edition in does not approve it: another person must do it.")
    return ""


def handed_in(connection: Connection, item: str, edition: int) -> str:
    """The login of who handed an edition in for approval, "" when nobody has."""
    a = t.audit.c
    query = select(a.who).where(a.what == HANDED_IN, a.subject == item, _of(edition)).order_by(a.id.desc())
    return connection.scalar(query.limit(1)) or ""


def note_of(edition: int, why: str) -> str:
    """What the audit keeps of a verb over one edition."""
    return f"edition {edition} {why}".strip()


def _of(edition: int) -> Any:
    a = t.audit.c
    return (a.note == f"edition {edition}") | a.note.startswith(f"edition {edition} ", autoescape=True)


def _sent(connection: Connection, row: Row[Any], who: str) -> bool:
    """Whether somebody put the item's file or one of its pictures into the folder since the edition before."""
    d, e, a = t.drop.c, t.edition.c, t.audit.c
    paths: set[str] = set()
    for path, assets in connection.execute(select(d.path, d.assets).where(d.item == row.id)):
        paths |= {path, *assets}
    before = connection.scalar(select(e.recorded).where(e.item == row.id, e.number == row.edition - 1))
    where = [a.who == who, a.what == SENT, a.subject.in_(paths)] + ([a.at > before] if before else [])
    return connection.execute(select(a.id).where(*where).limit(1)).first() is not None


def _name(person: str) -> list[str]:
    """A name as two spellings of it compare equal."""
    return without_marks(person).casefold().split()
