"""Deliveries page by page, newest change first, as fast at the end as at the beginning (keyset paging)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, String, and_, cast, func, literal, select, text, tuple_

from pipeline.ledger import schema as t
from pipeline.ledger import searching
from pipeline.ledger.conditions import LIVE_OF_DELIVERY
from pipeline.ledger.ledger import Ledger
from pipeline.ledger.views import in_view, named

_FEW = 2_000  # items up to which deliveries are looked up by item instead of walked through by time
_RARE = frozenset({"failed", "in_doubt", "held", "sending", "planned"})  # views that the partial index LIVE covers


@dataclass(frozen=True)
class Wish:
    """What somebody wants to see; empty fields narrow nothing.

    Args:
        since, until: aware times of the last change, the second excluded.
        words: of title, unit, file, address, id or text (pipeline/ledger/searching.py), with or without marks, in any order;
            of the last one its beginning is enough.
    """

    unit: str = ""
    area: str = ""
    channel: str = ""
    view: str = ""
    since: datetime | None = None
    until: datetime | None = None
    words: str = ""


@dataclass(frozen=True)
class Cursor:
    """A place between two rows: the row itself is on neither side."""

    changed: datetime
    id: int

    def __str__(self) -> str:
        return f"{int(self.changed.timestamp() * 1_000_000)}-{self.id}"

    @staticmethod
    def parse(shown: str) -> Cursor | None:
        """The place that an address names, None when it names none."""
        from datetime import UTC, timedelta

        micro, _dash, number = shown.partition("-")
        if not (micro.isdecimal() and number.isdecimal() and micro.isascii() and number.isascii()):
            return None
        if len(micro) > 17 or len(number) > 18:
            return None
        return Cursor(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(micro)), int(number))


@dataclass(frozen=True)
class Page:
    """Rows, newest first, and whether there are newer and older ones."""

    rows: list[dict[str, Any]]
    newer: bool
    older: bool

    def cursor(self, row: int) -> Cursor:
        return Cursor(self.rows[row]["changed"], self.rows[row]["id"])


def page(ledger: Ledger, wish: Wish, limit: int, cursor: Cursor | None = None, *, upwards: bool = False) -> Page:
    """One page; `upwards` goes towards newer rows, and without a cursor begins at the oldest."""
    with ledger.reads.connect() as connection:
        where = _where(connection, wish)
        query = statement(where, cursor, upwards=upwards).limit(limit + 1)
        found = [named(row) for row in connection.execute(query).mappings()]
    more, rows = len(found) > limit, found[:limit]
    if upwards:
        return Page(rows[::-1], more, cursor is not None)
    return Page(rows, cursor is not None, more)


def statement(where: list[ColumnElement[bool]], cursor: Cursor | None, *, upwards: bool) -> Select[Any]:
    """The query of one page, without its limit."""
    d = t.delivery.c
    place = tuple_(d.changed, d.id)
    query = select(t.delivery, t.item.c.title, t.item.c.unit, t.item.c.kind, t.item.c.areas).join(
        t.item, t.item.c.id == d.item)  # fmt: skip
    if cursor:
        mark = tuple_(literal(cursor.changed, t.UtcTime()), literal(cursor.id))
        where = [*where, place > mark if upwards else place < mark]
    order = (d.changed, d.id) if upwards else (d.changed.desc(), d.id.desc())
    return query.where(*where).order_by(*order)


def conditions(ledger: Ledger, wish: Wish) -> list[ColumnElement[bool]]:
    """A wish as conditions on deliveries joined with their items."""
    with ledger.reads.connect() as connection:
        return _where(connection, wish)


def _where(connection: Connection, wish: Wish) -> list[ColumnElement[bool]]:
    d = t.delivery.c
    where = _of_delivery(connection, wish)
    if wish.channel:
        where.append(d.channel == wish.channel)
    if wish.view:
        where.append(in_view(wish.view))
        if wish.view in _RARE:
            where.append(text(LIVE_OF_DELIVERY))  # type: ignore[arg-type]  # as text the partial index is seen
    where += [d.changed >= wish.since] if wish.since else []
    where += [d.changed < wish.until] if wish.until else []
    return where


def _of_delivery(connection: Connection, wish: Wish) -> list[ColumnElement[bool]]:
    """Few items are looked up, many are met soon on the way through time."""
    place, words = _of_place(wish), _of_words(connection, wish.words)
    narrow = place + words.where
    if not narrow or (words.many and not place):
        return narrow
    few = connection.scalars(select(t.item.c.id).where(*narrow).limit(_FEW + 1)).all()
    return [t.delivery.c.item.in_(few)] if len(few) <= _FEW else narrow


def of_item(connection: Connection, wish: Wish) -> list[ColumnElement[bool]]:
    """What a wish says of the item itself: unit, area, words."""
    return _of_place(wish) + _of_words(connection, wish.words).where


def _of_place(wish: Wish) -> list[ColumnElement[bool]]:
    i = t.item.c
    where: list[ColumnElement[bool]] = [i.unit == wish.unit] if wish.unit else []
    return where + ([cast(i.areas, String).contains(f'"{wish.area}"', autoescape=True)] if wish.area else [])


class _Words(NamedTuple):
    where: list[ColumnElement[bool]]
    many: bool


def _of_words(connection: Connection, shown: str) -> _Words:
    words = searching.asked(shown)
    if not words:
        return _Words([], False)
    found = searching.hits(connection, words, _FEW + 1)
    if len(found) > _FEW:
        return _Words([searching.matches(connection, words)], True)
    return _Words([t.item.c.id.in_(found)], False)


def oldest(ledger: Ledger, wish: Wish) -> dict[str, Any] | None:
    """The delivery that has not changed for longest."""
    found = page(ledger, wish, 1, upwards=True).rows
    return found[0] if found else None


def log(ledger: Ledger, wish: Wish, most: int = 500) -> Iterator[dict[str, Any]]:
    """Every attempt of the deliveries, newest first, read in steps so that no long log fills the memory."""
    a, d, r = t.attempt.c, t.delivery.c, t.receipt.c
    place = tuple_(a.started, a.delivery, a.number)
    where = conditions_of_log(ledger, wish)
    query = select(t.attempt, d.item, d.channel, t.item.c.title, t.item.c.unit, r.remote_id, r.url).join(
        t.delivery, d.id == a.delivery).join(t.item, t.item.c.id == d.item).outerjoin(
        t.receipt, and_(r.delivery == a.delivery, r.attempt == a.number)).where(*where).order_by(
        a.started.desc(), a.delivery.desc(), a.number.desc()).limit(most)  # fmt: skip
    last: tuple[datetime, int, int] | None = None
    while True:
        step = query
        if last:
            mark = tuple_(literal(last[0], t.UtcTime()), literal(last[1]), literal(last[2]))
            step = query.where(place < mark)
        with ledger.reads.connect() as connection:
            rows = [dict(row) for row in connection.execute(step).mappings()]
        yield from rows
        if len(rows) < most:
            return
        last = (rows[-1]["started"], rows[-1]["delivery"], rows[-1]["number"])


def conditions_of_log(ledger: Ledger, wish: Wish) -> list[ColumnElement[bool]]:
    """As for deliveries, but the period is that of the attempts."""
    where = conditions(ledger, replace(wish, since=None, until=None))
    where += [t.attempt.c.started >= wish.since] if wish.since else []
    return where + ([t.attempt.c.started < wish.until] if wish.until else [])


def done_since(ledger: Ledger, since: datetime) -> dict[str, dict[str, int]]:
    """Number of publications, revisions and withdrawals that were done, by channel and operation."""
    a, d = t.attempt.c, t.delivery.c
    query = select(d.channel, a.op, func.count()).join(t.delivery, d.id == a.delivery).where(
        a.op.in_(("publish", "confirm", "revise", "withdraw")), a.started >= since, a.outcome == "done").group_by(
        d.channel, a.op)  # fmt: skip
    found: dict[str, dict[str, int]] = {}
    with ledger.reads.connect() as connection:
        for channel, op, count in connection.execute(query):
            of = found.setdefault(channel, {})
            name = "publish" if op == "confirm" else op
            of[name] = of.get(name, 0) + count
    return found
