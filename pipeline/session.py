"""`bantin run`: take in, then deliver until nothing is due."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pipeline import flow, intake, notify
from pipeline.config import Config
from pipeline.executors import mapper
from pipeline.hosting import portal_owes
from pipeline.inspection import report_of
from pipeline.ledger import Ledger, views
from pipeline.model import Outcome
from pipeline.quiet import NOTHING, Glance
from pipeline.results import TakenIn
from pipeline.settling import Patience
from pipeline.wiring import Newsroom, bulk, newsroom, open_ledger, patience


@dataclass
class RunResult:
    """What one run did, for the summary and for --json."""

    taken: TakenIn
    sent: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    items: list[tuple[str, str, str, str]] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)
    waiting: dict[str, dict[str, int]] = field(default_factory=dict)
    ledger: Ledger | None = None
    warnings: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        meanings = Counter(self.taken.meanings.values())
        refused = [report_of(one.path, one.item, one.kind, one.areas, one.findings, one.outcome)
                   for one in self.taken.prepared if one.outcome != Outcome.PUBLISH]  # fmt: skip
        by_unit: dict[str, dict[str, int]] = {}
        for item, channel, op, outcome in self.items:
            if outcome in ("done", "unchanged"):
                of_unit = by_unit.setdefault(self.units.get(item, "?"), {})
                key = f"{channel}.{'publish' if op == 'confirm' else op}"
                of_unit[key] = of_unit.get(key, 0) + 1
        counts = [{"channel": c, "op": o, "outcome": r, "count": n} for (c, o, r), n in sorted(self.sent.items())]
        return {"files": self.taken.seen, "changed": len(self.taken.prepared), "meanings": dict(meanings),
                "not_published": refused, "missing": list(self.taken.missing),
                "moved": [{"from": old, "to": new} for old, new in self.taken.moved],
                "settling": list(self.taken.settling), "warnings": self.warnings, "attempts": counts, "by_unit": by_unit,
                "deliveries": self.waiting}  # fmt: skip


def run_once(config: Config, clock: Callable[[], datetime], *, show_progress: bool = False,
             seen: Glance = NOTHING) -> RunResult:  # fmt: skip
    """Take in, then deliver until nothing is due; waits a little for what a channel is still working on."""
    ledger = open_ledger(config)
    with newsroom(config, clock, channels=False) as room:
        taken = look(room, clock(), wait=time.sleep, seen=seen)
        warnings = notify.after_look(room, taken, clock())
        pending = room.ledger.claimable() or bool(taken.prepared) or portal_owes(config)
    result = RunResult(taken, ledger=ledger, warnings=warnings)
    if pending:
        with newsroom(config, clock) as room:
            _drain(room, result, show_progress)
            result.warnings += notify.after_sending(room, {item for item, *_rest in result.items}, clock())
    result.units = views.units_of(ledger, {item for item, *_rest in result.items})
    result.waiting = views.counts(ledger)
    return result


def look(room: Newsroom, now: datetime, *, wait: Callable[[float], None] | None = None,
         seen: Glance = NOTHING) -> TakenIn:  # fmt: skip
    """One `take_in`, with a process pool when there is much to do; `wait` lets a file that is being copied settle.

    What was `seen` a moment ago is not looked at again.
    """
    config, shop = room.config, room.workshop(now)
    patience = seen.patience or Patience(now, config.intake.settle)
    if seen.remembered:
        room.watch.recall(seen.remembered)
    how = intake.Look(patience, config.intake.ignore, wait, seen.found)
    with mapper(shop, bulk(config)) as spread:
        return flow.take_in(config.content, room.ledger, shop, most_missing=config.intake.most_missing, mapper=spread,
                            watch=room.watch, look=how)  # fmt: skip


def _drain(room: Newsroom, result: RunResult, show_progress: bool) -> None:
    """Deliver until nothing is due; waits a little for what a channel is still working on."""
    import click

    end = time.monotonic() + patience(room.config).total_seconds()
    gates, waits = room.gates(hours=False), room.patience()
    with click.progressbar(length=room.ledger.open_count() or 1, hidden=not show_progress) as bar:
        while True:
            report = flow.deliver_due(room.ledger, room.channels, room.clock, gates=gates, patience=waits,
                                      progress=lambda: bar.update(1))  # fmt: skip
            result.sent += report.counts
            result.items += report.items
            due = room.ledger.next_due(list(room.channels), room.clock())
            wait = (due - room.clock()).total_seconds() if due else None
            if wait is None or wait > 5 or time.monotonic() + wait > end:
                return
            time.sleep(max(wait, 0.02))
