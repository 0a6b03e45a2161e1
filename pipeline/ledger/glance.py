"""A glance at the ledger before anything heavy is loaded: what it knows of the folder, and whether anything waits.

Plain sqlite3, because loading SQLAlchemy costs more than the whole look. It errs on one side only: whatever it is not
sure of waits, and then the ledger proper is opened.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.ledger.conditions import LIVE, OPEN, UNCHECKED


class Known(NamedTuple):
    """What the ledger remembers of a drop; `assets` are content paths whose stamps belong to the drop's stamp."""

    path: str
    stamp: str
    assets: tuple[str, ...]
    digest: str
    item: str
    outcome: str
    missing: bool


class Remembered(NamedTuple):
    """What the ledger knows of the folder, and how far it had come then (`Knowing` goes on from there)."""

    turn: int
    drops: dict[str, Known]


_MIGRATIONS = Path(__file__).with_name("migrations") / "versions"
# Each finds something to do, or something to tell a person; see Deliveries.sweep, claim and stale, Recording.expire,
# Channels.wants_probe, letterbox.waiting_folders. A restored or older ledger is another version.
_WAITS = (
    f"SELECT 1 FROM delivery WHERE ({OPEN}) AND channel IN (%s)",  # noqa: S608 - our own words, and below
    f"SELECT 1 FROM delivery WHERE ({LIVE}) AND (state <> 'idle' OR hold OR person OR cancelled)",  # noqa: S608
    f"SELECT 1 FROM delivery WHERE {UNCHECKED} AND not_before <= :now",  # noqa: S608
    "SELECT 1 FROM item i CROSS JOIN delivery d ON d.item = i.id WHERE i.expires <= :now AND d.want <> 0",
    "SELECT 1 FROM channel WHERE failures > 0 OR hold",
    "SELECT 1 FROM notice WHERE sent IS NULL AND claimed >= :recent",
)
_RECENT = timedelta(days=30)


def remembered(file: Path, now: datetime, channels: Sequence[str]) -> Remembered | None:
    """What is known of every drop, when nothing waits on these channels; None when something may.

    Args:
        file: the SQLite ledger.
    """
    if not file.is_file():
        return None
    try:
        place = f"{file.as_uri()}?mode=ro"
        with closing(sqlite3.connect(place, uri=True, timeout=1.0, isolation_level=None)) as connection:
            connection.execute("BEGIN")  # all of one moment
            return _asked(connection, now, channels)
    except (sqlite3.Error, ValueError):
        return None


def _asked(connection: sqlite3.Connection, now: datetime, channels: Sequence[str]) -> Remembered | None:
    newest = max(name.name[:4] for name in _MIGRATIONS.glob("[0-9]*.py"))
    if connection.execute("SELECT version_num FROM alembic_version").fetchone() != (newest,):
        return None
    times = {"now": _stored(now), "recent": _stored(now - _RECENT)}
    names = ", ".join(f":c{number}" for number in range(len(channels)))
    values = times | {f"c{number}": name for number, name in enumerate(channels)}
    for question in _WAITS:
        if connection.execute((question.replace("%s", names)) + " LIMIT 1", values).fetchone():
            return None
    gone = connection.execute('SELECT 1 FROM "drop" WHERE missing_since IS NOT NULL LIMIT 1').fetchone()
    if gone:
        return None
    turn = connection.execute("SELECT coalesce(max(turn), 0) FROM drop_news").fetchone()[0]
    rows = connection.execute("SELECT path, stamp, assets, digest, coalesce(item, ''), outcome, 0 FROM \"drop\"")
    return Remembered(turn, known(rows))


def known(rows: Iterable[Sequence[Any]]) -> dict[str, Known]:
    """Drops by path; of each row the third is a JSON text, most of them empty lists, and the last 0 or 1."""
    return {
        path: Known(
            path, stamp, tuple(json.loads(assets)) if assets != "[]" else (), digest, item, outcome, bool(missing)
        )
        for path, stamp, assets, digest, item, outcome, missing in rows
    }


def _stored(moment: datetime) -> str:
    """As SQLAlchemy stores a time in SQLite."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
