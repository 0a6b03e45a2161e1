"""Whether a run would do nothing: asked first, by a program that has loaded almost nothing yet.

Most runs find an unchanged folder, and loading rules, database and channels would be all that they cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pipeline import intake
from pipeline.config import Config
from pipeline.hosting import portal_owes
from pipeline.ledger import glance
from pipeline.settling import Patience

_REPORT = "KET-QUA.html"
_SQLITE = "sqlite:///"


def nothing_to_do(config: Config, now: datetime, channels: Sequence[str], *, reports: bool = True) -> int | None:
    """How many files lie unchanged in the folder while nothing waits; None when there may be something to do.

    Args:
        channels: those that would be sent to.
        reports: each unit's folder must have its report.

    Raises:
        RunError: the folder cannot be read.
    """
    if not config.ledger_url.startswith(_SQLITE) or config.portal.deploy.to:  # a server may lack what the folder has
        return None
    known = glance.remembered(Path(config.ledger_url.removeprefix(_SQLITE)), now, channels)
    if known is None:
        return None
    found = intake.walk(config.content, Patience(now, config.intake.settle), config.intake.ignore)
    alone = intake.unnamed(config.content, found, (assets for _stamp, assets in known.values()))
    if alone.due(lambda path: known[path][0] if path in known else ""):
        return None
    if found.drops.keys() != known.keys() - alone.paths or next(intake.changed(found, known), None):
        return None
    return None if (reports and _unreported(config)) or portal_owes(config) else len(found.drops)


def _unreported(config: Config) -> bool:
    return any(
        folder.is_dir() and not (folder / _REPORT).exists() and any(folder.glob("*.*"))
        for folder in config.content.iterdir()
    )
