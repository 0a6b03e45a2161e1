"""What the ledger knows of files that came through the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from pipeline.ledger import schema as t
from pipeline.ledger.foureyes import SENT
from pipeline.ledger.ledger import Ledger


@dataclass(frozen=True)
class Recorded:
    """A file as intake last saw it; `item` is empty when none came of it."""

    item: str
    outcome: str
    stamp: str
    assets: tuple[str, ...]


def recorded(ledger: Ledger, path: str) -> Recorded | None:
    """What became of one file, None when intake has never seen it."""
    with ledger.reads.connect() as connection:
        row = connection.execute(select(t.drop).where(t.drop.c.path == path)).first()
    return Recorded(row.item or "", row.outcome, row.stamp, tuple(row.assets)) if row else None


def note_sent(ledger: Ledger, who: str, files: Mapping[str, str], now: datetime) -> None:
    """Keep in the audit who put which files into the folder; `files` is what was done, by path."""
    with ledger.engine.begin() as connection:
        for path, done in files.items():
            ledger._note(connection, now, who, SENT, path, done)
