"""Drops that nobody has seen before, recorded by the batch: what `Recording.record` writes for each, in few statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, insert, select

from pipeline.i18n import _
from pipeline.ledger import schema as t
from pipeline.ledger import searching
from pipeline.ledger.states import IDLE
from pipeline.model import Identity, Outcome

if TYPE_CHECKING:
    from pipeline.ledger.recording import Prepared

_PATHS = select(t.drop.c.path).where(t.drop.c.path.in_(bindparam("paths", expanding=True)))
_ITEMS = select(t.item.c.id).where(t.item.c.id.in_(bindparam("items", expanding=True)))
_UNPLANNED = {"not_before": None, "after": ""}
Row = dict[str, Any]
Rows = dict[Any, list[Row]]


def arrivals(connection: Connection, batch: Sequence[Prepared]) -> list[Prepared]:
    """Those of the batch of whose path, item and edition the ledger knows nothing, and that need no more than a row each.

    What is withdrawn or masked at once, and an id that stands twice, is left to the slower way.
    """
    paths = set(connection.scalars(_PATHS, {"paths": [one.path for one in batch]}))
    named = Counter(one.identity.id for one in batch if one.identity)
    items = set(connection.scalars(_ITEMS, {"items": list(named)}))
    return [
        one for one in batch
        if one.path not in paths and not one.masked and one.status != "withdrawn"
        and (one.identity is None or (named[one.identity.id] == 1 and one.identity.id not in items))
    ]  # fmt: skip


def write(connection: Connection, arrived: Sequence[Prepared], now: datetime, priority: int) -> dict[str, str]:
    """Rows of all tables; what each path means."""
    rows: Rows = {table: [] for table in (t.item, t.search, t.edition, t.post, t.drop, t.finding, t.delivery)}
    meanings = {}
    for one in arrived:
        known = bool(one.identity and one.title)
        meanings[one.path] = "new" if known else "refused"
        if known:
            _item(rows, one, now, priority)
        item = one.identity.id if one.identity and known else None
        rows[t.drop].append({"path": one.path} | of_drop(one, item, 1 if known else None, now))
        rows[t.finding] += of_findings(one)
    for table, values in rows.items():
        if values:
            connection.execute(insert(table), values)
    return meanings


def _item(rows: Rows, one: Prepared, now: datetime, priority: int) -> None:
    assert one.identity
    item, reason = one.identity.id, reason_to_wait(one)
    rows[t.item].append({"id": item, "attention": reason or ""} | of_item(one, 1) | first_seen(one.identity))
    rows[t.search].append({"item": item, "body": one.words} | of_search(one))
    rows[t.edition].append({"item": item, "number": 1} | of_edition(one, now))
    rows[t.post] += [_UNPLANNED | row for row in of_posts(one, 1)]
    if reason is None:
        rows[t.delivery] += [
            {"item": item, "channel": slot.channel, "want": 1, "not_before": slot.not_before, "after": slot.after,
             "cancelled": False, "priority": priority, "changed": now, "state": IDLE, "checked": now} for slot in one.slots]  # fmt: skip


def of_drop(one: Prepared, item: str | None, edition: int | None, now: datetime) -> Row:
    """What the table keeps of a file, without its key; so do the next ones."""
    return {"unit": one.unit, "stamp": one.stamp, "assets": list(one.assets), "digest": one.digest, "item": item,
            "edition": edition, "outcome": str(one.outcome), "seen": now, "missing_since": None}  # fmt: skip


def of_findings(one: Prepared) -> list[Row]:
    return [{"path": one.path, "code": f.code, "severity": str(f.severity), "message": f.message, "field": f.field,
             "line": f.line, "hint": f.hint} for f in one.findings]  # fmt: skip


def of_item(one: Prepared, edition: int) -> Row:
    return {"unit": one.unit, "kind": one.kind, "title": one.title, "edition": edition, "areas": list(one.areas),
            "expires": one.expires, "author": one.author, "urgent": one.urgent}  # fmt: skip


def of_search(one: Prepared) -> Row:
    """What the desk's search finds an item by, besides its text."""
    assert one.identity
    summary = str(dict(one.tagging).get("read", {}).get("summary", ""))
    more = f"{summary} {one.author}"
    return {"facts": searching.facts(one.identity.id, one.title, one.unit, [one.path], one.identity.address, more)}


def first_seen(identity: Identity) -> Row:
    """What an item keeps for ever."""
    return {"address": identity.address, "first_published": identity.first_published}


def of_edition(one: Prepared, now: datetime) -> Row:
    return {"digest": one.digest, "title": one.title, "outcome": str(one.outcome), "waits": one.waits,
            "tagging": dict(one.tagging), "recorded": now}  # fmt: skip


def of_posts(one: Prepared, edition: int) -> list[Row]:
    """With their keys; one without a slot says nothing about its time."""
    assert one.identity
    slots = {slot.channel: {"not_before": slot.not_before, "after": slot.after} for slot in one.slots}
    return [{"item": one.identity.id, "edition": edition, "channel": channel, "body": body, "digest": digest}
            | slots.get(channel, {}) for channel, (body, digest) in one.posts.items()]  # fmt: skip


def reason_to_wait(one: Prepared) -> str | None:
    """Why an edition that nobody has approved is not planned, None when it may be."""
    first = one.findings[0].message if one.findings else ""
    if one.outcome in (Outcome.REJECT, Outcome.IGNORE):
        return first
    return (first or _("Waits for an editor's approval.")) if one.waits else None
