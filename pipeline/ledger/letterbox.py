"""What the ledger answers to the units that sent files: one row a file, and which notices have been mailed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from pipeline.ledger import schema as t
from pipeline.ledger.base import insert_for
from pipeline.ledger.ledger import Ledger
from pipeline.ledger.states import view_of
from pipeline.model import Finding, Severity

_FORGOTTEN = timedelta(minutes=15)  # a process that claimed a notice and has not sent it by then has died

_GIVEN_UP = timedelta(days=3)


@dataclass(frozen=True)
class Place:
    """An item on one channel; `when` is the earliest time of what is planned."""

    channel: str
    view: str
    url: str
    when: datetime
    error: str


@dataclass(frozen=True)
class Letter:
    """A file of a unit as last looked at; `changed` is the newest time at which anything about it changed."""

    path: str
    title: str
    outcome: str
    digest: str
    missing: bool
    findings: tuple[Finding, ...]
    places: tuple[Place, ...]
    changed: datetime


def letters(ledger: Ledger, folder: str) -> tuple[Letter, ...]:
    """All files of a unit's folder, by path."""
    below = t.drop.c.path.startswith(f"{folder}/", autoescape=True)
    rows = select(t.drop, t.item.c.title).outerjoin(t.item, t.item.c.id == t.drop.c.item).where(below)
    found = select(t.finding).join(t.drop, t.drop.c.path == t.finding.c.path).where(below).order_by(t.finding.c.id)
    sent = select(t.delivery).where(t.delivery.c.item.in_(select(t.drop.c.item).where(below)))
    findings: dict[str, list[Finding]] = {}
    places: dict[str, list[tuple[Place, datetime]]] = {}
    with ledger.reads.connect() as connection:
        for row in connection.execute(found):
            one = Finding(row.code, Severity(row.severity), row.message, row.field, row.line, row.hint)
            findings.setdefault(row.path, []).append(one)
        for row in connection.execute(sent):
            view = view_of(row.state, row.want, row.have, row.hold, cancelled=row.cancelled, person=row.person)
            public = row.url if row.have else ""
            place = Place(row.channel, view, public, row.next_at or row.not_before, row.error)
            places.setdefault(row.item, []).append((place, row.changed))
        drops = connection.execute(rows.order_by(t.drop.c.path)).all()
    return tuple(
        Letter(row.path, row.title or "", row.outcome, row.digest, row.missing_since is not None,
               tuple(findings.get(row.path, ())), tuple(place for place, _when in places.get(row.item, ())),
               max([row.missing_since or row.seen, *(when for _place, when in places.get(row.item, ()))]))
        for row in drops
    )  # fmt: skip


def folders_of(ledger: Ledger, items: Collection[str]) -> set[str]:
    """The units' folders in which the items' files lie."""
    found: set[str] = set()
    names = sorted(items)
    with ledger.reads.connect() as connection:
        for start in range(0, len(names), 500):  # within SQLite's limit of variables
            query = select(t.drop.c.path).where(t.drop.c.item.in_(names[start : start + 500]))
            found |= {path.partition("/")[0] for path in connection.scalars(query) if "/" in path}
    return found


def claim_notices(ledger: Ledger, notices: Sequence[tuple[str, str]], to: str, now: datetime) -> set[tuple[str, str]]:
    """Those of the (path, fingerprint) that nobody has mailed to this address; they are now ours to send.

    A claim whose sender died is given again after a quarter of an hour: a notice may then come twice, but is not lost.
    """
    make = insert_for(ledger.engine)
    mine = set()
    with ledger.engine.begin() as connection:
        for path, fingerprint in notices:
            statement = make(t.notice).values(path=path, fingerprint=fingerprint, recipient=to, claimed=now)
            retry = statement.on_conflict_do_update(
                index_elements=["path", "fingerprint", "recipient"], set_={"claimed": now},
                where=(t.notice.c.sent.is_(None)) & (t.notice.c.claimed < now - _FORGOTTEN))  # fmt: skip
            if connection.execute(retry).rowcount == 1:
                mine.add((path, fingerprint))
    return mine


def settle_notices(ledger: Ledger, notices: Collection[tuple[str, str]], to: str, now: datetime, *, sent: bool) -> None:
    """Remember that they went out, or give the claim back so that the next run tries again (see `waiting_folders`)."""
    with ledger.engine.begin() as connection:
        for path, fingerprint in notices:
            mine = (t.notice.c.path == path) & (t.notice.c.fingerprint == fingerprint) & (t.notice.c.recipient == to)
            values = {"sent": now} if sent else {"claimed": now - _FORGOTTEN - timedelta(seconds=1)}
            connection.execute(update(t.notice).where(mine).values(**values))


def waiting_folders(ledger: Ledger, now: datetime) -> set[str]:
    """Folders of notices that the mail server did not take in the last days."""
    recent = t.notice.c.claimed.between(now - _GIVEN_UP, now - _FORGOTTEN)
    with ledger.reads.connect() as connection:
        paths = connection.scalars(select(t.notice.c.path).where(t.notice.c.sent.is_(None), recent)).all()
    return {path.partition("/")[0] for path in paths}
