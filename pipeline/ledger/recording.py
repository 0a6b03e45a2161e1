"""What intake writes: drops, editions, findings, posts, and what people want on each channel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, exists, insert, or_, select, text, update

from pipeline.ledger import arrivals, conditions, returned
from pipeline.ledger import schema as t
from pipeline.ledger.base import portions
from pipeline.ledger.wanting import ORDINARY, Wanting
from pipeline.likeness import Likeness
from pipeline.model import Finding, Identity, Outcome, Slot

_FEW = 8  # drops that are recorded one by one
# Made once; for a drop that was seen before they are run one after the other.
_BEFORE = select(t.drop.c.item, t.drop.c.outcome).where(t.drop.c.path == bindparam("of"))
_NEWEST = select(t.item.c.edition, t.edition.c.digest).outerjoin(
    t.edition, and_(t.edition.c.item == t.item.c.id, t.edition.c.number == t.item.c.edition)).where(
    t.item.c.id == bindparam("of"))  # fmt: skip
_STOPPED = select(t.item.c.stopped).where(t.item.c.id == bindparam("of"))
_ATTENTION = update(t.item).where(t.item.c.id == bindparam("of"))
_NO_FINDINGS = delete(t.finding).where(t.finding.c.path == bindparam("of"))
_FINDINGS = insert(t.finding)
_STALE = select(t.drop.c.path).join(t.delivery, t.delivery.c.item == t.drop.c.item).where(
    text(f"({conditions.UNCHECKED})"), t.delivery.c.not_before <= bindparam("now", type_=t.UtcTime()),
    t.drop.c.missing_since.is_(None), t.drop.c.seen < t.delivery.c.not_before)  # fmt: skip


@dataclass(frozen=True)
class Prepared:
    """One drop, worked through and ready to be recorded; posts and slots are empty unless it may be published.

    Args:
        approval: the newsroom's policy asks for an editor, whatever the findings say.
        urgent: once approved, it passes quiet hours, limits and blackouts.
        masked: what was masked with the sender's acceptance, as it stands now.
        words: those of its posts, as `searching.body` gives them.
    """

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
    author: str = ""
    urgent: bool = False
    approval: bool = False
    masked: tuple[str, ...] = ()
    likeness: Likeness | None = None
    words: str = ""

    @property
    def waits(self) -> bool:
        """Whether the edition goes out only once somebody approved it."""
        return self.outcome == Outcome.REVIEW or self.approval or self.urgent


class Recording(Wanting):
    """The ledger as intake sees it; each public method is one transaction."""

    def identities(self, items: Iterable[str]) -> dict[str, Identity]:
        """Addresses of items that exist already."""
        query = select(t.item.c.id, t.item.c.address, t.item.c.first_published)
        with self.reads.connect() as connection:
            return {row.id: Identity(row.id, row.address, row.first_published) for some in portions(items)
                    for row in connection.execute(query.where(t.item.c.id.in_(some)))}  # fmt: skip

    def identity(self, item: str) -> Identity | None:
        """The address of one item, None when there is no such item."""
        return self.identities([item]).get(item)

    def published(self, items: Iterable[str]) -> set[str]:
        """Those of the items that are, or are about to be, on at least one channel."""
        query = select(t.delivery.c.item).where(t.delivery.c.have > 0)
        with self.reads.connect() as connection:
            return {one for some in portions(items)
                    for one in connection.scalars(query.where(t.delivery.c.item.in_(some)))}  # fmt: skip

    def stale(self, now: datetime) -> set[str]:
        """Paths whose planned posts fall due and were last checked before their time: to be validated again."""
        with self.reads.connect() as connection:
            return set(connection.scalars(_STALE, {"now": now}))

    def record(self, prepared: Sequence[Prepared], now: datetime,
               moved: Sequence[tuple[str, str]] = ()) -> dict[str, str]:  # fmt: skip
        """Record a batch of drops in one transaction; tells for each path what it means: new, changed, same …

        Args:
            moved: old and new path of drops that are the same item as before; those of earlier batches do no harm.
        """
        meanings: dict[str, str] = {}
        mine = {one.path for one in prepared}
        with self.engine.begin() as connection:
            for old, new in moved:
                if new in mine:
                    self._move(connection, old, new, now)
            meanings |= self._arrived(connection, prepared, now)
            for one in prepared:
                if one.path not in meanings:
                    meanings[one.path] = self._record_one(connection, one, now)
        return meanings

    def _arrived(self, connection: Connection, prepared: Sequence[Prepared], now: datetime) -> dict[str, str]:
        """Record those of a batch that are new, all at once; where machines share a database, one by one."""
        if len(prepared) < _FEW or self.postgres:
            return {}
        new = arrivals.arrivals(connection, prepared)
        return arrivals.write(connection, new, now, ORDINARY)

    def _record_one(self, connection: Connection, one: Prepared, now: datetime) -> str:
        before = connection.execute(_BEFORE, {"of": one.path}).first()
        meaning, number = "refused", None
        if one.identity and one.title:
            meaning, number = self._record_edition(connection, one, now)
            one = returned.as_returned(connection, one, number)
            if one.identity and one.masked and meaning != "same":
                self._note(connection, now, one.unit, "mask", one.identity.id, f"{number}: {'; '.join(one.masked)}")
        item = one.identity.id if one.identity and number else before.item if before else None
        self._upsert(connection, t.drop, {"path": one.path}, arrivals.of_drop(one, item, number, now))
        connection.execute(_NO_FINDINGS, {"of": one.path})
        if one.findings:
            connection.execute(_FINDINGS, arrivals.of_findings(one))
        if item and not (meaning == "same" and before and before.outcome == str(one.outcome)):
            self._plan(connection, one, item, number, now)
        if item:
            self._check(connection, item)
        return meaning

    def _record_edition(self, connection: Connection, one: Prepared, now: datetime) -> tuple[str, int]:
        assert one.identity
        row = connection.execute(_NEWEST, {"of": one.identity.id}).first()
        current = row.edition if row else 0
        number = current if row and row.digest == one.digest else current + 1
        created = arrivals.first_seen(one.identity)
        self._upsert(connection, t.item, {"id": one.identity.id}, arrivals.of_item(one, number), created)
        text = {"body": one.words} if one.posts else {}  # an edition without posts leaves the words of what is public
        self._upsert(connection, t.search, {"item": one.identity.id}, arrivals.of_search(one) | text)
        edition = {"item": one.identity.id, "number": number}
        self._upsert(connection, t.edition, edition, arrivals.of_edition(one, now))
        self._upsert_all(connection, t.post, ("item", "edition", "channel"), arrivals.of_posts(one, number))
        return ("same" if number == current else "changed" if row else "new"), number

    def _plan(self, connection: Connection, one: Prepared, item: str, number: int | None, now: datetime) -> None:
        """Write what people want. A drop that may not be published cancels what was planned, never what is public."""
        if one.status == "withdrawn":  # whatever else is wrong with the file: it must go
            self._want_item_absent(connection, item, now)
            self._note(connection, now, "intake", "withdraw", item, one.path)
            return
        reason = self._reason_to_wait(connection, one, item, number)
        connection.execute(_ATTENTION, {"of": item, "attention": reason or ""})
        if reason is not None or not number:
            self._cancel_item(connection, item, now)
        else:
            approved = self._approved(connection, item, number)
            self._want_edition(connection, item, number, one.slots, one.urgent and approved, now)

    def _reason_to_wait(self, connection: Connection, one: Prepared, item: str, number: int | None) -> str | None:
        """Why this edition is not planned, None when nothing stands in its way."""
        first = one.findings[0].message if one.findings else ""
        if one.outcome in (Outcome.REJECT, Outcome.IGNORE) or not number:
            return first
        stopped = connection.scalar(_STOPPED, {"of": item})
        if stopped:
            return str(stopped)
        reason = arrivals.reason_to_wait(one)
        return None if reason is None or self._approved(connection, item, number) else reason

    def mark_missing(self, paths: Iterable[str], now: datetime) -> None:
        """Files that are gone: remembered and reported, never withdrawn (a share may be unmounted).

        Those that never became an item are forgotten: the sender took away what was refused, or a text names it now.
        """
        gone = list(paths)
        if gone:
            with self.engine.begin() as connection:
                for some in portions(gone):
                    refused = connection.scalars(
                        select(t.drop.c.path).where(t.drop.c.path.in_(some), t.drop.c.item.is_(None))
                    ).all()
                    connection.execute(delete(t.finding).where(t.finding.c.path.in_(refused)))
                    connection.execute(delete(t.drop).where(t.drop.c.path.in_(refused)))
                    connection.execute(update(t.drop).where(
                        t.drop.c.path.in_(some), t.drop.c.missing_since.is_(None)).values(missing_since=now))  # fmt: skip

    def _move(self, connection: Connection, old: str, new: str, now: datetime) -> None:
        """A drop that was renamed or moved stays the same item."""
        connection.execute(delete(t.finding).where(t.finding.c.path == old))
        connection.execute(update(t.drop).where(t.drop.c.path == old).values(path=new, missing_since=None))
        self._note(connection, now, "intake", "move", new, old)

    def expire(self, now: datetime) -> int:
        """Withdraw what has expired; the count of items."""
        wanted = exists().where(t.delivery.c.item == t.item.c.id, or_(t.delivery.c.want > 0, t.delivery.c.have > 0),
                                t.delivery.c.want != 0)  # fmt: skip
        over = select(t.item.c.id).where(t.item.c.expires.is_not(None), t.item.c.expires <= now, wanted)
        with self.reads.connect() as connection:  # look first: an idle tick takes no write lock
            if not connection.execute(over.limit(1)).first():
                return 0
        with self.engine.begin() as connection:
            items = connection.scalars(over).all()
            for name in items:
                self._want_item_absent(connection, name, now)
                self._note(connection, now, "intake", "expire", name)
            return len(items)
