"""What every command of an operator needs: settings, the ledger, who does it, which item."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.errors import NotPossible
from pipeline.i18n import _
from pipeline.options import clock, load

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.ledger import Ledger
    from pipeline.ledger.verbs import By


CHANNEL = click.Choice(["portal", "wordpress", "zalo", "facebook"])


def opened(file: Path) -> tuple[Config, Ledger]:
    from pipeline.wiring import open_ledger

    config = load(file)
    return config, open_ledger(config)


def by_whom(config: Config, who: str, why: str) -> By:
    from pipeline.ledger.verbs import By

    return By(who, clock(config)(), why)


def item_id(ledger: Ledger, name: str) -> str:
    """The id of an item given by id, file or part of its address."""
    from pipeline.ledger import views

    found = views.item(ledger, name)
    if found is None:
        raise NotPossible(_('There is no item "{item}".').format(item=name))
    return str(found["id"])
