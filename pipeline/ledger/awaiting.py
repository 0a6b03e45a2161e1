"""Editions that wait for an approval: what an approver looks through, the oldest first."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, exists, func, select, text

from pipeline.ledger import foureyes
from pipeline.ledger import schema as t
from pipeline.ledger.foureyes import HANDED_IN
from pipeline.ledger.ledger import Ledger
from pipeline.ledger.verbs import By
from pipeline.model import Outcome

_PORTION = 500  # ids in one question; SQLite takes some thousands


def awaiting(ledger: Ledger, unit: str = "", most: int = 200) -> list[dict[str, Any]]:
    """Items whose newest edition may go out as soon as somebody approves it, of one unit or of all.

    `handed_by` and `handed_at` tell who asked for the approval, None when nobody has.
    """
    i, e, p, ok = t.item.c, t.edition.c, t.post.c, t.approval.c
    of_newest = and_(e.item == i.id, e.number == i.edition)
    where: list[Any] = [
        text(t.WAITING_ITEM), i.stopped == "", e.outcome != str(Outcome.REJECT),
        exists(select(p.item).where(p.item == i.id, p.edition == i.edition, p.not_before.is_not(None))),
        ~exists(select(ok.item).where(ok.item == i.id, ok.edition == i.edition)),
    ]  # fmt: skip
    where += [i.unit == unit] if unit else []
    query = select(i.id, i.title, i.unit, i.kind, i.edition, i.attention, e.recorded).join(t.edition, of_newest).where(
        *where).order_by(e.recorded, i.id).limit(most)  # fmt: skip
    with ledger.reads.connect() as connection:
        rows = [dict(row) for row in connection.execute(query).mappings()]
        handed = _handed_in(connection, [row["id"] for row in rows])
        counted = _findings(connection, [row["id"] for row in rows])
    for row in rows:
        who, at = handed.get((row["id"], row["edition"]), (None, None))
        row |= {"handed_by": who, "handed_at": at, "findings": counted.get(row["id"], 0)}
    return rows


def approved(ledger: Ledger, items: set[str]) -> set[str]:
    """Those of the items whose newest edition somebody has approved."""
    i, ok = t.item.c, t.approval.c
    found: set[str] = set()
    names = sorted(items)
    with ledger.reads.connect() as connection:
        for start in range(0, len(names), _PORTION):
            some = i.id.in_(names[start : start + _PORTION])
            query = select(i.id).join(t.approval, and_(ok.item == i.id, ok.edition == i.edition)).where(some)
            found.update(connection.scalars(query))
    return found


def handed_in(ledger: Ledger, item: str, edition: int) -> dict[str, Any] | None:
    """Who asked for the approval of an edition, when and with which words; None when nobody has."""
    a = t.audit.c
    with ledger.reads.connect() as connection:
        query = select(t.audit).where(a.what == HANDED_IN, a.subject == item).order_by(a.id.desc())
        for row in connection.execute(query).mappings():
            if _edition(row["note"]) == edition:
                return dict(row) | {"why": row["note"].partition(" ")[2].partition(" ")[2]}
    return None


def hindrance(ledger: Ledger, item: str, by: By) -> str:
    """Why this very person may not approve the newest edition, "" when they may."""
    with ledger.reads.connect() as connection:
        row = connection.execute(select(t.item).where(t.item.c.id == item)).first()
        return foureyes.hindrance(connection, row, by) if row else ""


def _handed_in(connection: Any, items: list[str]) -> dict[tuple[str, int], tuple[str, Any]]:
    a = t.audit.c
    rows = connection.execute(select(a.subject, a.note, a.who, a.at).where(a.what == HANDED_IN, a.subject.in_(items)))
    return {(row.subject, _edition(row.note)): (row.who, row.at) for row in rows}


def _findings(connection: Any, items: list[str]) -> dict[str, int]:
    query = select(t.drop.c.item, func.count().label("number")).join(t.finding, t.finding.c.path == t.drop.c.path).where(
        t.drop.c.item.in_(items)).group_by(t.drop.c.item)  # fmt: skip
    return {row.item: row.number for row in connection.execute(query)}


def _edition(note: str) -> int:
    """The number in a note that `foureyes.note_of` wrote."""
    number = note.split(" ", 2)[1:2]
    return int(number[0]) if number and number[0].isdecimal() else 0
