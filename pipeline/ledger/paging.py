"""Items, files and attempts page by page for other systems; a page costs the same wherever it is (keyset paging)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, tuple_

from pipeline.ledger import schema as t
from pipeline.ledger.ledger import Ledger
from pipeline.ledger.listing import Wish, conditions_of_log, of_item
from pipeline.ledger.views import named, with_findings

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
OF_ITEMS, OF_ATTEMPTS = r"^\d{1,17}-.{1,300}$", r"^\d{1,17}-\d{1,9}-\d{1,9}$"  # how the marks of pages look
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Slice:
    """One page and the mark of its end; `next` is empty at the last one."""

    rows: Rows
    next: str


def items(ledger: Ledger, wish: Wish, kind: str, mark: str, most: int) -> Slice:
    """Items, those that were published last first."""
    i = t.item.c
    with ledger.reads.connect() as connection:
        where = of_item(connection, wish) + ([i.kind == kind] if kind else [])
    query = select(t.item).where(*where).order_by(i.first_published.desc(), i.id.desc())
    moment = _moment(mark)
    if moment:
        query = query.where(
            tuple_(i.first_published, i.id) < tuple_(literal(moment[0], t.UtcTime()), literal(moment[1]))
        )
    rows, more = _read(ledger, query, most)
    return Slice(rows, _mark(rows[-1]["first_published"], rows[-1]["id"]) if more else "")


def attempts(ledger: Ledger, wish: Wish, item: str, delivery: int, mark: str, most: int) -> Slice:
    """Attempts, newest first; `item` and `delivery` (0 for all) narrow them further."""
    a, d = t.attempt.c, t.delivery.c
    where: list[ColumnElement[bool]] = conditions_of_log(ledger, wish)
    where += [d.item == item] if item else []
    where += [a.delivery == delivery] if delivery else []
    r = t.receipt.c
    query = select(t.attempt, d.item, d.channel, t.item.c.title, t.item.c.unit, r.remote_id, r.url).join(
        t.delivery, d.id == a.delivery).join(t.item, t.item.c.id == d.item).outerjoin(
        t.receipt, and_(r.delivery == a.delivery, r.attempt == a.number)).where(*where).order_by(
        a.started.desc(), a.delivery.desc(), a.number.desc())  # fmt: skip
    moment = _moment(mark)
    if moment:
        of, number = (literal(int(one)) for one in moment[1].split("-"))
        query = query.where(
            tuple_(a.started, a.delivery, a.number) < tuple_(literal(moment[0], t.UtcTime()), of, number)
        )
    rows, more = _read(ledger, query, most)
    last = rows[-1] if more else None
    return Slice(rows, _mark(last["started"], f"{last['delivery']}-{last['number']}") if last else "")


def files(ledger: Ledger, unit: str, outcomes: Sequence[str], after: str, most: int) -> Slice:
    """Files as last looked at, by path, with their findings; `after` is the last path of the page before."""
    p = t.drop.c
    where = [p.unit == unit] if unit else []
    where += [p.outcome.in_(outcomes)] if outcomes else []
    where += [p.path > after] if after else []
    rows, more = _read(ledger, select(t.drop).where(*where).order_by(p.path), most)
    with ledger.reads.connect() as connection:
        return Slice(with_findings(connection, rows), rows[-1]["path"] if more else "")


def delivery(ledger: Ledger, number: int) -> dict[str, Any] | None:
    """One delivery by its number."""
    query = select(t.delivery, t.item.c.title, t.item.c.unit, t.item.c.kind, t.item.c.areas).join(
        t.item, t.item.c.id == t.delivery.c.item).where(t.delivery.c.id == number)  # fmt: skip
    with ledger.reads.connect() as connection:
        row = connection.execute(query).mappings().first()
    return named(row) if row else None


def answers(ledger: Ledger) -> bool:
    """Whether the database can be asked; raises what the ledger raises when it cannot."""
    with ledger.reads.connect() as connection:
        return connection.scalar(select(func.count()).select_from(t.channel)) is not None


def _read(ledger: Ledger, query: Select[Any], most: int) -> tuple[Rows, bool]:
    with ledger.reads.connect() as connection:
        found = [dict(row) for row in connection.execute(query.limit(most + 1)).mappings()]
    return found[:most], len(found) > most


def _mark(moment: datetime, rest: str) -> str:
    return f"{(moment - _BEGINNING) // timedelta(microseconds=1)}-{rest}"


def _moment(mark: str) -> tuple[datetime, str] | None:
    """What a mark of ours names, None for the empty one."""
    micro, _dash, rest = mark.partition("-")
    return (_BEGINNING + timedelta(microseconds=int(micro)), rest) if mark else None
