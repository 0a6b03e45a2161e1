"""`bantin plan`: the difference between the folder and the ledger, told and not done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline import intake
from pipeline.check import Checked, Work, Workshop
from pipeline.check import check as check_drop
from pipeline.config import Config
from pipeline.ledger import views
from pipeline.lot import works as works_of
from pipeline.model import Outcome
from pipeline.moves import Vanished
from pipeline.text import slug
from pipeline.wiring import open_ledger, workshop


def plan_once(config: Config, now: datetime) -> list[dict[str, Any]]:
    """The difference between the folder and the ledger; writes nothing, not even pictures."""
    ledger = open_ledger(config) if _exists(config) else None
    shop = workshop(config, now)
    found = intake.walk(config.content, names=config.intake.ignore)
    known = ledger.known_drops() if ledger else {}
    due = list(intake.changed(found, known))
    works = works_of(config.content, due, found.stamps, ledger, known) if ledger else [
        Work(config.content, drop, found.stamps) for drop in due]  # fmt: skip
    steps, vanished, moved = [], Vanished(one for path, one in known.items() if path not in found.drops), set()
    for work in works:
        checked = check_drop(work, shop)
        before = None if work.drop.path in known else vanished.match(work.drop.path, checked.digest, _own_id(checked))
        if before:
            moved.add(before.path)
            steps.append({"file": work.drop.path, "step": "move", "why": before.path})
        else:
            steps += _steps(work, checked, shop)
    steps += [
        {"file": path, "step": "missing"}
        for path in known
        if path not in found.drops and path not in found.stamps and path not in moved
    ]
    return steps + [{"item": row["item"], "title": row["title"], "channel": row["channel"], "step": "deliver",
                     "when": row["not_before"]} for row in (views.deliveries(ledger) if ledger else ())
                    if row["view"] == "planned"]  # fmt: skip


def _own_id(checked: Checked) -> str:
    return slug(checked.item.id, 40) if checked.item and checked.item.id else ""


def _exists(config: Config) -> bool:
    url = config.ledger_url
    return not url.startswith("sqlite:///") or Path(url.removeprefix("sqlite:///")).exists()


def _steps(work: Work, found: Checked, shop: Workshop) -> Iterator[dict[str, Any]]:
    from pipeline.route import route

    base = {"file": work.drop.path, "title": found.item.title if found.item else ""}
    if found.outcome != Outcome.PUBLISH or found.item is None:
        yield base | {"step": str(found.outcome), "why": found.findings[0].message if found.findings else ""}
    elif found.item.status == "withdrawn":
        yield base | {"step": "withdraw"}
    else:
        for slot in route(found.item, shop.channels, shop.now):
            step = "revise" if work.published_before else "publish"
            yield base | {"step": step, "channel": slot.channel, "when": max(slot.not_before, shop.now)}
