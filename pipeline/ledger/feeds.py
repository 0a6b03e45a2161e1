"""What the ledger remembers of feeds: their validators, and every story once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from pipeline.ledger import chain
from pipeline.ledger import schema as t
from pipeline.ledger.base import insert_for
from pipeline.ledger.ledger import Ledger


@dataclass(frozen=True)
class Remembered:
    """What is known of a feed; `failures` in a row, `asked` aware time of the last try."""

    etag: str
    modified: str
    asked: datetime
    failures: int


def remembered(ledger: Ledger, name: str, url: str) -> Remembered | None:
    """None for a feed that was never asked; validators of another address are not used."""
    with ledger.reads.connect() as connection:
        row = connection.execute(select(t.feed).where(t.feed.c.name == name)).first()
    if row is None:
        return None
    same = row.url == url
    return Remembered(row.etag if same else "", row.modified if same else "", row.asked, row.failures)


def overview(ledger: Ledger) -> dict[str, dict[str, Any]]:
    """All feeds that were ever asked, by name: when, when they last answered, failures in a row and the last reason."""
    with ledger.reads.connect() as connection:
        return {row["name"]: dict(row) for row in connection.execute(select(t.feed)).mappings()}


def answered(ledger: Ledger, name: str, url: str, now: datetime, *, etag: str | None, modified: str | None) -> None:
    """The feed answered and its stories are recorded; None keeps a validator."""
    kept = {key: value for key, value in (("etag", etag), ("modified", modified)) if value is not None}
    values = {"url": url, "asked": now, "answered": now, "failures": 0, "error": ""} | kept
    _upsert(ledger, {"name": name}, values, values)


def failed(ledger: Ledger, name: str, url: str, reason: str, now: datetime) -> None:
    created = {"url": url, "asked": now, "failures": 1, "error": reason}
    _upsert(ledger, {"name": name}, created, {"asked": now, "failures": t.feed.c.failures + 1, "error": reason})


def _upsert(ledger: Ledger, key: dict[str, Any], created: Mapping[str, Any], changed: Mapping[str, Any]) -> None:
    make = insert_for(ledger.engine)
    statement = (
        make(t.feed).values(**key, **created).on_conflict_do_update(index_elements=list(key), set_=dict(changed))
    )
    with ledger.engine.begin() as connection:
        connection.execute(statement)


def take(ledger: Ledger, story: Mapping[str, Any], draft: Callable[[], tuple[str, str]]) -> bool:
    """Record a story unless it is known by id, address or title; False when it is.

    Args:
        story: the columns of the story.
        draft: writes the draft and gives its path and digest, or two empty words; called before the commit, so that a
            crash leaves a file that the next fetch writes again, never a story without its draft.
    """
    same = or_(*(t.story.c[key] == story[key] for key in ("id_key", "link_key", "title_key")))
    try:
        with ledger.engine.begin() as connection:
            if connection.scalar(select(t.story.c.id).where(t.story.c.scope == story["scope"], same).limit(1)):
                return False
            path, digest = draft()
            connection.execute(insert(t.story).values(**story, path=path, digest=digest))
    except IntegrityError:  # another process took it in the same moment
        return False
    return True


def stories(ledger: Ledger, kind: str, *, state: str = "", since: datetime | None = None,
            until: datetime | None = None) -> list[dict[str, Any]]:  # fmt: skip
    """Stories by time of publication, oldest first; `until` excluded."""
    s = t.story.c
    query = select(t.story).where(s.kind == kind).order_by(s.published, s.id)
    query = query.where(s.state == state) if state else query
    query = query.where(s.published >= since) if since else query
    query = query.where(s.published < until) if until else query
    with ledger.reads.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def story(ledger: Ledger, number: int) -> dict[str, Any] | None:
    with ledger.reads.connect() as connection:
        row = connection.execute(select(t.story).where(t.story.c.id == number)).mappings().first()
    return dict(row) if row else None


def decide(ledger: Ledger, number: int, state: str, who: str, now: datetime) -> bool:
    """An editor's decision on a story that is still open; False when another one came first."""
    with ledger.engine.begin() as connection:
        open_one = (t.story.c.id == number) & (t.story.c.state == "new")
        if connection.execute(update(t.story).where(open_one).values(state=state)).rowcount != 1:
            return False
        row = {"at": now, "who": who, "what": f"feed {state}", "subject": str(number), "note": ""}
        chain.note(connection, ledger.owner, row)
    return True
