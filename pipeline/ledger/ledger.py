"""What the pipeline asks of the ledger; each public method is one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from pipeline.ledger import schema as t
from pipeline.likeness import Likeness
from pipeline.model import Attempt, Claim, Finding, Identity, Outcome, Slot

LEASE = timedelta(minutes=5)


@dataclass(frozen=True)
class Known:
    """What the ledger remembers of a drop; `assets` are content paths whose stamps belong to the drop's stamp."""

    path: str
    stamp: str
    assets: tuple[str, ...]
    digest: str
    item: str
    outcome: str
    missing: bool


@dataclass(frozen=True)
class Prepared:
    """One drop, worked through and ready to be recorded; posts and slots are empty unless it may be published."""

    path: str
    unit: str
    stamp: str
    assets: tuple[str, ...]
    digest: str
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    identity: Identity | None = None
    kind: str = ""
    title: str = ""
    areas: tuple[str, ...] = ()
    tagging: Mapping[str, Any] = field(default_factory=dict)
    status: str = "ready"
    expires: datetime | None = None
    slots: tuple[Slot, ...] = ()
    posts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    likeness: Likeness | None = None


class Ledger:
    """The database behind one newsroom."""

    def __init__(self, engine: Engine, owner: str = "bantin") -> None:
        self.engine = engine
        self.reads = engine.execution_options(reads=True)
        self.owner = owner

    # intake

    def known_drops(self) -> dict[str, Known]:
        """Every drop that was ever seen, by path."""
        with self.reads.connect() as connection:
            rows = connection.execute(select(t.drop)).all()
        return {
            row.path: Known(row.path, row.stamp, tuple(row.assets), row.digest, row.item or "", row.outcome,
                            row.missing_since is not None)
            for row in rows
        }  # fmt: skip

    def identities(self, items: Iterable[str]) -> dict[str, Identity]:
        """Addresses of items that exist already."""
        wanted = list(items)
        query = select(t.item.c.id, t.item.c.address, t.item.c.first_published).where(t.item.c.id.in_(wanted))
        with self.reads.connect() as connection:
            return {row.id: Identity(row.id, row.address, row.first_published) for row in connection.execute(query)}

    def published(self, items: Iterable[str]) -> set[str]:
        """Those of the items that are, or are about to be, on at least one channel."""
        query = select(t.delivery.c.item).where(t.delivery.c.item.in_(list(items)), t.delivery.c.have > 0)
        with self.reads.connect() as connection:
            return set(connection.scalars(query))

    def record(self, prepared: Sequence[Prepared], now: datetime) -> dict[str, str]:
        """Record a batch of drops in one transaction; tells for each path what it means: new, changed, same …"""
        meanings = {}
        with self.engine.begin() as connection:
            for one in prepared:
                meanings[one.path] = self._record_one(connection, one, now)
        return meanings

    def _record_one(self, connection: Connection, one: Prepared, now: datetime) -> str:
        meaning, number = "refused", None
        if one.identity and one.title:
            meaning, number = self._record_edition(connection, one, now)
        item = one.identity.id if one.identity and number else self._item_of(connection, one.path)
        values = {"unit": one.unit, "stamp": one.stamp, "assets": list(one.assets), "digest": one.digest, "item": item,
                  "edition": number, "outcome": str(one.outcome), "seen": now, "missing_since": None}  # fmt: skip
        self._upsert(connection, t.drop, {"path": one.path}, values)
        connection.execute(delete(t.finding).where(t.finding.c.path == one.path))
        if one.findings:
            connection.execute(insert(t.finding), [
                {"path": one.path, "code": f.code, "severity": str(f.severity), "message": f.message, "field": f.field,
                 "line": f.line, "hint": f.hint} for f in one.findings])  # fmt: skip
        if item:
            self._plan(connection, one, item, number, now)
        return meaning

    def _item_of(self, connection: Connection, path: str) -> str | None:
        return connection.scalar(select(t.drop.c.item).where(t.drop.c.path == path))

    def _record_edition(self, connection: Connection, one: Prepared, now: datetime) -> tuple[str, int]:
        assert one.identity
        row = connection.execute(select(t.item.c.edition).where(t.item.c.id == one.identity.id)).first()
        current = row.edition if row else 0
        last = connection.execute(select(t.edition.c.digest, t.edition.c.outcome).where(
            t.edition.c.item == one.identity.id, t.edition.c.number == current)).first()  # fmt: skip
        number = current if last and last.digest == one.digest else current + 1
        facts = {"unit": one.unit, "kind": one.kind, "title": one.title, "edition": number, "areas": list(one.areas),
                 "expires": one.expires}  # fmt: skip
        created = {"address": one.identity.address, "first_published": one.identity.first_published}
        self._upsert(connection, t.item, {"id": one.identity.id}, facts, created)
        values = {"digest": one.digest, "title": one.title, "outcome": str(one.outcome), "tagging": dict(one.tagging),
                  "recorded": now}  # fmt: skip
        self._upsert(connection, t.edition, {"item": one.identity.id, "number": number}, values)
        for channel, (body, digest) in one.posts.items():
            key = {"item": one.identity.id, "edition": number, "channel": channel}
            self._upsert(connection, t.post, key, {"body": body, "digest": digest})
        return ("same" if number == current else "changed" if row else "new"), number

    def _plan(self, connection: Connection, one: Prepared, item: str, number: int | None, now: datetime) -> None:
        """Write what people want. A drop that may not be published cancels what was planned, never what is public."""
        of_item = t.delivery.c.item == item
        if one.status == "withdrawn" and one.outcome != Outcome.REJECT:
            connection.execute(update(t.delivery).where(of_item).values(want=0, not_before=now, changed=now))
            self._note(connection, now, "intake", "withdraw", item, one.path)
            return
        if one.outcome != Outcome.PUBLISH or not number:
            message = one.findings[0].message if one.findings else ""
            connection.execute(update(t.delivery).where(of_item, t.delivery.c.want != t.delivery.c.have).values(
                want=t.delivery.c.have, changed=now))  # fmt: skip
            connection.execute(update(t.item).where(t.item.c.id == item).values(attention=message))
            return
        connection.execute(update(t.item).where(t.item.c.id == item).values(attention=""))
        for slot in one.slots:
            values = {"want": number, "not_before": slot.not_before, "after": slot.after}
            self._want(connection, item, slot.channel, values, now)
        kept = [slot.channel for slot in one.slots]
        connection.execute(update(t.delivery).where(of_item, t.delivery.c.channel.not_in(kept), t.delivery.c.want > 0)
                           .values(want=0, changed=now))  # fmt: skip

    def _want(self, connection: Connection, item: str, channel: str, values: dict[str, Any], now: datetime) -> None:
        key = and_(t.delivery.c.item == item, t.delivery.c.channel == channel)
        row = connection.execute(select(t.delivery.c.id, t.delivery.c.want, t.delivery.c.state).where(key)).first()
        if row is None:
            connection.execute(insert(t.delivery).values(item=item, channel=channel, changed=now, **values))
        elif row.want != values["want"]:
            mended = {"state": "idle", "tries": 0, "error": "", "next_at": None} if row.state == "failed" else {}
            connection.execute(update(t.delivery).where(key).values(changed=now, **values, **mended))
        else:
            connection.execute(update(t.delivery).where(key).values(**values))

    def mark_missing(self, paths: Iterable[str], now: datetime) -> None:
        """Files that are gone: remembered and reported, never withdrawn (a share may be unmounted)."""
        gone = list(paths)
        if gone:
            with self.engine.begin() as connection:
                connection.execute(update(t.drop).where(t.drop.c.path.in_(gone), t.drop.c.missing_since.is_(None))
                                   .values(missing_since=now))  # fmt: skip

    def moved(self, old: str, new: str) -> None:
        """A drop that was renamed stays the same item."""
        with self.engine.begin() as connection:
            connection.execute(delete(t.finding).where(t.finding.c.path == old))
            connection.execute(update(t.drop).where(t.drop.c.path == old).values(path=new, missing_since=None))

    def expire(self, now: datetime) -> int:
        """Withdraw what has expired; the count of deliveries that changed."""
        expired = select(t.item.c.id).where(t.item.c.expires.is_not(None), t.item.c.expires <= now)
        with self.engine.begin() as connection:
            return connection.execute(update(t.delivery).where(t.delivery.c.item.in_(expired), t.delivery.c.want > 0)
                                      .values(want=0, not_before=now, changed=now)).rowcount  # fmt: skip

    # delivery

    def sweep(self, now: datetime, settle: Mapping[str, float]) -> int:
        """Deliveries whose worker died: a publish becomes in doubt, everything else is due again."""
        late = and_(t.delivery.c.state.in_(["sending", "checking"]), t.delivery.c.lease_until < now)
        with self.engine.begin() as connection:
            rows = connection.execute(select(t.delivery).where(late)).all()
            for row in rows:
                doubtful = row.op in ("publish", "find")
                wait = now + timedelta(seconds=settle.get(row.channel, 300.0))
                state = "in_doubt" if doubtful else ("accepted" if row.pending else "idle")
                connection.execute(update(t.delivery).where(t.delivery.c.id == row.id).values(
                    state=state, next_at=wait, lease_until=None, unsure_since=row.unsure_since or now,
                    error="the worker died", changed=now))  # fmt: skip
                connection.execute(update(t.attempt).where(
                    t.attempt.c.delivery == row.id, t.attempt.c.number == row.attempt).values(
                    ended=now, outcome="unsure" if doubtful else "later"))  # fmt: skip
            return len(rows)

    def claim(self, channel: str, now: datetime, *, open_hours: bool = True) -> Claim | None:
        """Take the next due delivery of a channel and commit the intent before the first byte is sent.

        Args:
            open_hours: False in quiet hours; then only priority 0 and reads are taken.
        """
        d = t.delivery.c
        with self.reads.connect() as connection:  # a cheap look first: idle polling takes no write lock
            if connection.scalar(select(d.id).where(self._due(channel, now, open_hours)).limit(1)) is None:
                return None
        with self.engine.begin() as connection:
            row = connection.execute(
                select(t.delivery).where(self._due(channel, now, open_hours)).order_by(d.priority, d.not_before, d.id).limit(1)
                .with_for_update(skip_locked=True)
            ).first()  # fmt: skip
            return self._take(connection, row, now) if row else None

    def _due(self, channel: str, now: datetime, open_hours: bool) -> Any:
        d = t.delivery.c
        first = t.delivery.alias("first")
        ready = or_(d.want == 0, d.after == "", exists().where(
            first.c.item == d.item, first.c.channel == d.after, first.c.have == d.want, first.c.want == d.want))  # fmt: skip
        held = exists().where(t.channel.c.name == d.channel, t.channel.c.hold, or_(
            t.channel.c.until.is_(None), t.channel.c.until > now))  # fmt: skip
        fresh = and_(d.state == "idle", d.want != d.have, d.not_before <= now, ready)
        if not open_hours:
            fresh = and_(fresh, d.priority == 0)
        wakes = or_(fresh, d.state.in_(["accepted", "in_doubt"]))
        return and_(d.channel == channel, ~d.hold, ~held, wakes, or_(d.next_at.is_(None), d.next_at <= now))

    def _take(self, connection: Connection, row: Any, now: datetime) -> Claim:
        op: Any = {"accepted": "confirm", "in_doubt": "find"}.get(row.state) or (
            "publish" if row.have == 0 else "withdraw" if row.want == 0 else "revise")  # fmt: skip
        edition = row.want if row.state == "idle" else row.op_edition
        shown = edition or row.have
        number = row.attempt + 1
        body = connection.execute(select(t.post.c.body, t.post.c.digest).where(
            t.post.c.item == row.item, t.post.c.channel == row.channel, t.post.c.edition == shown)).first()  # fmt: skip
        state = {"confirm": "sending", "find": "checking"}.get(op, "sending")
        since = row.unsure_since or now
        connection.execute(update(t.delivery).where(t.delivery.c.id == row.id).values(
            state=state, op=op if op in ("publish", "revise", "withdraw") else row.op, op_edition=edition, attempt=number,
            owner=self.owner, lease_until=now + LEASE, changed=now,
            unsure_since=since if op == "publish" else row.unsure_since))  # fmt: skip
        connection.execute(insert(t.attempt).values(
            delivery=row.id, number=number, op=op, edition=edition, owner=self.owner, started=now,
            request=body.digest if body else ""))  # fmt: skip
        return Claim(row.id, row.item, row.channel, op, edition, number, row.remote_id, row.url, row.pending,
                     body.body if body else "", since, row.tries)  # fmt: skip

    def same_post(self, claim: Claim) -> bool:
        """Whether the channel already shows these very words (an edit elsewhere in the file)."""
        of = and_(t.post.c.item == claim.item, t.post.c.channel == claim.channel)
        with self.reads.connect() as connection:
            have = connection.scalar(select(t.delivery.c.have).where(t.delivery.c.id == claim.delivery))
            digests = connection.scalars(
                select(t.post.c.digest).where(of, t.post.c.edition.in_([have, claim.edition]))
            ).all()
        return len(digests) == 2 and digests[0] == digests[1]

    def settle(self, claim: Claim, result: Attempt, now: datetime) -> bool:
        """Write how an attempt ended, fenced by its number; False when somebody else has taken over."""
        values = _after(claim, result, now)
        mine = and_(t.delivery.c.id == claim.delivery, t.delivery.c.attempt == claim.attempt,
                    t.delivery.c.state.in_(["sending", "checking"]))  # fmt: skip
        with self.engine.begin() as connection:
            if (
                connection.execute(
                    update(t.delivery).where(mine).values(changed=now, lease_until=None, **values)
                ).rowcount
                != 1
            ):
                return False
            connection.execute(update(t.attempt).where(
                t.attempt.c.delivery == claim.delivery, t.attempt.c.number == claim.attempt).values(
                ended=now, outcome=result.outcome, code=result.code, error=result.error))  # fmt: skip
            if result.outcome in ("done", "unchanged"):
                connection.execute(insert(t.receipt).values(
                    delivery=claim.delivery, attempt=claim.attempt, edition=claim.edition,
                    remote_id=result.remote_id or claim.remote_id, url=result.url or claim.url, at=now))  # fmt: skip
            if result.outcome == "held":
                self._upsert(
                    connection,
                    t.channel,
                    {"name": claim.channel},
                    {"hold": True, "until": None, "reason": result.error},
                )
                self._note(connection, now, self.owner, "hold channel", claim.channel, result.error)
        return True

    def next_due(self, channels: Sequence[str], now: datetime) -> datetime | None:
        """When the earliest delivery that only waits for time wakes up."""
        d = t.delivery.c
        waiting = or_(d.state.in_(["accepted", "in_doubt"]), and_(d.state == "idle", d.want != d.have))
        query = select(func.min(func.coalesce(d.next_at, d.not_before))).where(d.channel.in_(channels), ~d.hold, waiting,
                       func.coalesce(d.next_at, d.not_before) > now)  # fmt: skip
        with self.reads.connect() as connection:
            found = connection.scalar(query)
        return t.UtcTime().process_result_value(found, self.engine.dialect) if not isinstance(found, str) else None

    def open_count(self) -> int:
        """Deliveries that are not as people want them."""
        d = t.delivery.c
        with self.reads.connect() as connection:
            return connection.scalar(select(func.count()).where(or_(d.want != d.have, d.state != "idle"))) or 0

    def claimable(self) -> bool:
        """Whether there may be anything to send at all; a run without changes opens no channel."""
        d = t.delivery.c
        waiting = or_(d.want != d.have, d.state.in_(["accepted", "in_doubt", "sending", "checking"]))
        with self.reads.connect() as connection:
            return connection.scalar(select(d.id).where(waiting, d.state != "failed").limit(1)) is not None

    def release_channel(self, name: str, who: str, now: datetime) -> None:
        """Let a held channel send again."""
        with self.engine.begin() as connection:
            connection.execute(update(t.channel).where(t.channel.c.name == name).values(hold=False, reason=""))
            self._note(connection, now, who, "release channel", name, "")

    # schedule, small helpers

    def first_to_run(self, job: str, slot: datetime, now: datetime) -> bool:
        """Whether this process is the one that runs a firing; any number of schedulers may ask."""
        make = postgresql.insert if self.engine.dialect.name == "postgresql" else sqlite.insert
        statement = make(t.run).values(job=job, slot=slot, who=self.owner, at=now).on_conflict_do_nothing()
        with self.engine.begin() as connection:
            return connection.execute(statement).rowcount == 1

    def _note(self, connection: Connection, now: datetime, who: str, what: str, subject: str, note: str) -> None:
        connection.execute(insert(t.audit).values(at=now, who=who, what=what, subject=subject, note=note))

    def _upsert(self, connection: Connection, table: Any, key: dict[str, Any], values: dict[str, Any],
                created: dict[str, Any] | None = None) -> None:  # fmt: skip
        make = postgresql.insert if self.engine.dialect.name == "postgresql" else sqlite.insert
        statement = make(table).values(**key, **values, **(created or {}))
        connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))


def _after(claim: Claim, result: Attempt, now: datetime) -> dict[str, Any]:
    """The workers' columns after an attempt (delivery.md, state machine)."""
    idle: dict[str, Any] = {
        "state": "idle",
        "pending": "",
        "error": "",
        "tries": 0,
        "next_at": None,
        "unsure_since": None,
    }
    done = {"have": claim.edition, "remote_id": result.remote_id or claim.remote_id, "url": result.url or claim.url}
    match result.outcome:
        case "done" | "unchanged":
            return idle | done
        case "accepted":
            return {"state": "accepted", "pending": result.pending, "next_at": result.retry_at, "error": ""}
        case "absent":
            return idle | {"error": result.error}
        case "unsure" | "several":
            return {"state": "in_doubt", "next_at": result.retry_at, "error": result.error, "tries": claim.tries + 1}
        case "refused":
            return {"state": "failed", "pending": "", "error": result.error, "tries": claim.tries + 1}
        case _:  # later, held
            state = {"confirm": "accepted", "find": "in_doubt"}.get(claim.op, "idle")
            return {"state": state, "next_at": result.retry_at, "error": result.error, "tries": claim.tries + 1}
