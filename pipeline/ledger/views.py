"""What people ask the ledger: read-only questions of the commands and the monitor."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, or_, select, text

from pipeline.ledger import conditions, states
from pipeline.ledger import schema as t
from pipeline.ledger.ledger import Ledger
from pipeline.ledger.states import view_of

_AT_ONCE = 500  # paths of one question; SQLite takes some thousands of values
LATE = timedelta(hours=12)  # longer than any quiet night: what was due before that is stuck, not waiting


def deliveries(ledger: Ledger, *, item: str = "", view: str = "", channel: str = "", unit: str = "", limit: int = 200,
               offset: int = 0) -> list[dict[str, Any]]:  # fmt: skip
    """Newest change first, with title, unit and where it is public; `view`, `channel` and `unit` narrow it."""
    d = t.delivery.c
    wanted = [d.item == item] if item else []
    wanted += [d.channel == channel] if channel else []
    wanted += [in_view(view)] if view else []
    wanted += [t.item.c.unit == unit] if unit else []
    return _deliveries(ledger, and_(True, *wanted), limit, offset)


def stuck(ledger: Ledger, now: datetime, limit: int = 100, unit: str = "") -> list[dict[str, Any]]:
    """Deliveries that a person should look at, newest change first; `late` tells those that are due for too long."""
    d, before = t.delivery.c, now - LATE
    young = exists().where(t.edition.c.item == d.item, t.edition.c.number == d.want, t.edition.c.recorded >= before)
    late = and_(d.state == states.IDLE, d.want != d.have, ~d.cancelled, d.not_before < before, ~young)
    needs = and_(
        or_(d.state.in_([states.FAILED, states.IN_DOUBT]), d.person, d.hold, late), text(conditions.LIVE_OF_DELIVERY)
    )
    found = _deliveries(ledger, and_(needs, t.item.c.unit == unit) if unit else needs, limit)
    return [row | {"late": row["view"] == "planned"} for row in found]


def in_view(view: str) -> ColumnElement[bool]:
    """`states.view_of`, said in SQL; a test compares the two."""
    d = t.delivery.c
    doubt = and_(d.state != states.FAILED, or_(d.state == states.IN_DOUBT, d.person))
    if view in ("failed", "in_doubt"):
        return d.state == states.FAILED if view == "failed" else doubt
    own = or_(d.state.in_([states.FAILED, states.IN_DOUBT]), d.person)
    if view == "held":
        return and_(d.hold, ~own)
    busy = d.state.in_((*states.UNDER_WAY, states.ACCEPTED))
    if view == "sending":
        return and_(busy, ~d.hold, ~own)
    still = or_(d.want == d.have, d.cancelled)
    calm = and_(~own, ~busy, ~d.hold)
    return and_(
        calm, {"published": and_(still, d.have > 0), "withdrawn": and_(still, d.have == 0), "planned": ~still}[view]
    )


def _deliveries(ledger: Ledger, where: ColumnElement[bool], limit: int, offset: int = 0) -> list[dict[str, Any]]:
    query = select(t.delivery, t.item.c.title, t.item.c.unit, t.item.c.kind, t.item.c.areas).join(
        t.item, t.item.c.id == t.delivery.c.item).where(where).order_by(
        t.delivery.c.changed.desc(), t.delivery.c.id.desc()).limit(limit).offset(offset)  # fmt: skip
    with ledger.reads.connect() as connection:
        rows = connection.execute(query).mappings().all()
    return [named(row) for row in rows]


def named(row: Any) -> dict[str, Any]:
    """A delivery's row with the word on the screen."""
    view = view_of(
        row["state"], row["want"], row["have"], row["hold"], cancelled=row["cancelled"], person=row["person"]
    )
    return dict(row) | {"view": view}


def counts(ledger: Ledger) -> dict[str, dict[str, int]]:
    """Number of deliveries by channel and view; what is settled is counted in its index alone."""
    d = t.delivery.c
    equal = case((d.want == d.have, 1), else_=0)
    kinds = (d.channel, d.state, d.hold, d.cancelled, d.person, equal.label("equal"), (d.have > 0).label("public"))
    live = select(*kinds, func.count().label("n")).where(text(conditions.LIVE)).group_by(*kinds)
    calm = (
        select(d.channel, d.have, func.count().label("n")).where(text(conditions.SETTLED)).group_by(d.channel, d.have)
    )
    found: dict[str, Counter[str]] = {}
    with ledger.reads.connect() as connection:
        for row in connection.execute(live):
            have = int(row.public)
            want = have if row.equal else have + 1
            view = view_of(row.state, want, have, row.hold, cancelled=row.cancelled, person=row.person)
            found.setdefault(row.channel, Counter())[view] += row.n
        for row in connection.execute(calm):
            found.setdefault(row.channel, Counter())["published" if row.have else "withdrawn"] += row.n
    return {channel: dict(of) for channel, of in found.items()}


def attempts(ledger: Ledger, *, item: str = "", limit: int = 100) -> list[dict[str, Any]]:
    """The publish log, newest first."""
    query = select(t.attempt, t.delivery.c.item, t.delivery.c.channel, t.item.c.title, t.item.c.unit).join(
        t.delivery, t.delivery.c.id == t.attempt.c.delivery).join(t.item, t.item.c.id == t.delivery.c.item).order_by(
        t.attempt.c.started.desc(), t.attempt.c.number.desc()).limit(limit)  # fmt: skip
    if item:
        query = query.where(t.delivery.c.item == item)
    with ledger.reads.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def outcomes(ledger: Ledger) -> dict[tuple[str, str, str], int]:
    """Number of attempts by channel, operation and outcome ("" while under way)."""
    keys = (t.delivery.c.channel, t.attempt.c.op, t.attempt.c.outcome)
    query = select(*keys, func.count()).join(t.delivery, t.delivery.c.id == t.attempt.c.delivery).group_by(*keys)
    with ledger.reads.connect() as connection:
        return {(channel, op, outcome): count for channel, op, outcome, count in connection.execute(query)}


def drops(ledger: Ledger, *outcomes: str, path: str = "") -> list[dict[str, Any]]:
    """Files as last looked at, with their findings; all, those with one of the outcomes, or one file."""
    query = select(t.drop).order_by(t.drop.c.path)
    if outcomes:
        query = query.where(t.drop.c.outcome.in_(outcomes))
    if path:
        query = query.where(t.drop.c.path == path)
    with ledger.reads.connect() as connection:
        return with_findings(connection, [dict(row) for row in connection.execute(query).mappings()])


def with_findings(connection: Connection, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The files' rows, each with its findings."""
    found: dict[str, list[dict[str, Any]]] = {}
    for start in range(0, len(rows), _AT_ONCE):
        paths = [row["path"] for row in rows[start : start + _AT_ONCE]]
        query = select(t.finding).where(t.finding.c.path.in_(paths)).order_by(t.finding.c.id)
        for row in connection.execute(query).mappings():
            found.setdefault(row["path"], []).append(dict(row))
    return [row | {"findings": found.get(row["path"], [])} for row in rows]


def item(ledger: Ledger, name: str) -> dict[str, Any] | None:
    """One item by id, file or part of its address, with editions, drop, posts and deliveries."""
    with ledger.reads.connect() as connection:
        known = connection.scalar(select(t.item.c.id).where(t.item.c.id == name))
        of_file = select(t.drop.c.item).where(t.drop.c.path.endswith(name, autoescape=True)).limit(1)
        found = known or connection.scalar(select(t.item.c.id).where(t.item.c.id.in_(of_file)))
    return item_by_id(ledger, found) if found else None


def item_by_id(ledger: Ledger, name: str) -> dict[str, Any] | None:
    """One item with editions, newest posts, findings and deliveries; None when there is no such id."""
    with ledger.reads.connect() as connection:
        row = connection.execute(select(t.item).where(t.item.c.id == name)).mappings().first()
        if row is None:
            return None
        editions = connection.execute(select(t.edition).where(t.edition.c.item == name).order_by(t.edition.c.number))
        posts = connection.execute(select(t.post).where(t.post.c.item == name, t.post.c.edition == row["edition"]))
        file = connection.scalar(select(t.drop.c.path).where(t.drop.c.item == name))
        shown = {
            "editions": [dict(one) for one in editions.mappings()],
            "posts": [dict(one) for one in posts.mappings()],
        }
    found = drops(ledger, path=file) if file else []
    of_file = found[0] if found else {"findings": [], "outcome": "", "missing_since": None}
    return dict(row) | shown | {"file": file, "deliveries": deliveries(ledger, item=name)} | {
        key: of_file[key] for key in ("findings", "outcome", "missing_since")}  # fmt: skip


def units_of(ledger: Ledger, items: set[str]) -> dict[str, str]:
    with ledger.reads.connect() as connection:
        rows = connection.execute(select(t.item.c.id, t.item.c.unit).where(t.item.c.id.in_(items)))
        return {row.id: row.unit for row in rows}


def held_channels(ledger: Ledger) -> list[dict[str, Any]]:
    with ledger.reads.connect() as connection:
        return [dict(row) for row in connection.execute(select(t.channel).where(t.channel.c.hold)).mappings()]


def last_run(ledger: Ledger) -> datetime | None:
    with ledger.reads.connect() as connection:
        return connection.execute(select(t.run.c.at).order_by(t.run.c.at.desc()).limit(1)).scalar()


def blackout(ledger: Ledger, now: datetime) -> str:
    """Why the newsroom keeps silent by a person's word, "" when it does not."""
    b = t.blackout.c
    running = and_(b.starts <= now, or_(b.ends.is_(None), b.ends > now))
    with ledger.reads.connect() as connection:
        return connection.execute(select(b.why).where(running).order_by(b.id)).scalar() or ""


def blackouts(ledger: Ledger, now: datetime) -> list[dict[str, Any]]:
    """Blackouts by hand that run or are to come."""
    b = t.blackout.c
    with ledger.reads.connect() as connection:
        query = select(t.blackout).where(or_(b.ends.is_(None), b.ends > now)).order_by(b.starts)
        return [dict(row) for row in connection.execute(query).mappings()]


def audit(ledger: Ledger, *, subject: str = "", limit: int = 100) -> list[dict[str, Any]]:
    """What people and workers did, newest first."""
    query = select(t.audit).order_by(t.audit.c.id.desc()).limit(limit)
    if subject:
        query = query.where(t.audit.c.subject.startswith(subject, autoescape=True))
    with ledger.reads.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
