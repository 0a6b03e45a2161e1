"""Whether a run would do nothing: asked first, by a program that has loaded almost nothing yet.

Most runs find an unchanged folder, and loading rules, database and channels would be all that they cost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline import intake
from pipeline.config import Config
from pipeline.hosting import portal_owes
from pipeline.ledger import glance as remembering
from pipeline.ledger.glance import Known, Remembered
from pipeline.settling import Patience

_REPORT = "KET-QUA.html"
_SQLITE = "sqlite:///"


@dataclass(frozen=True)
class Glance:
    """What was seen at a glance.

    Args:
        unchanged: how many files lie unchanged in the folder while nothing waits; None when there may be something to do.
        found: what lies in the folder, for whoever goes on, so that nobody walks twice; None when it was not looked into.
        patience: with which it was looked into.
        remembered: what the ledger knows of it, for whoever goes on.
    """

    unchanged: int | None = None
    found: intake.Walk | None = None
    patience: Patience | None = None
    remembered: Remembered | None = None


NOTHING = Glance()


def glance(config: Config, now: datetime, channels: Sequence[str], *, reports: bool = True) -> Glance:
    """Look at ledger and folder without loading what works on them.

    Args:
        channels: those that would be sent to.
        reports: each unit's folder must have its report.

    Raises:
        RunError: the folder cannot be read.
    """
    if not config.ledger_url.startswith(_SQLITE) or config.portal.deploy.to:  # a server may lack what the folder has
        return NOTHING
    known = remembering.remembered(Path(config.ledger_url.removeprefix(_SQLITE)), now, channels)
    if known is None:
        return NOTHING
    patience = Patience(now, config.intake.settle)
    found = intake.walk(config.content, patience, config.intake.ignore)
    quiet = _unchanged(config, found, known.drops) and not (reports and _unreported(config)) and not portal_owes(config)
    return Glance(len(found.drops) if quiet else None, found, patience, known)


def _unchanged(config: Config, found: intake.Walk, known: Mapping[str, Known]) -> bool:
    alone = intake.unnamed(config.content, found, intake.alone(found, (drop.assets for drop in known.values())))
    if alone.due(lambda path: known[path].stamp if path in known else ""):
        return False
    return found.drops.keys() == known.keys() - alone.paths and next(intake.changed(found, known), None) is None


def _unreported(config: Config) -> bool:
    return any(
        folder.is_dir() and not (folder / _REPORT).exists() and any(folder.glob("*.*"))
        for folder in config.content.iterdir()
    )
