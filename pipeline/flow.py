"""The way of an item, in two verbs; the only module that knows the order."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from channels.base import Channel
from pipeline import intake
from pipeline.deliver import ORDINARY, Patience, perform
from pipeline.ledger import Ledger, Prepared, sameness
from pipeline.model import Attempt, Claim, Drop, Gate
from pipeline.prepare import Work, Workshop, prepare

log = logging.getLogger(__name__)
BATCH = 50
Mapper = Callable[[Iterable[Work]], Iterable[Prepared]]
Gates = Callable[[str, datetime], Gate]


@dataclass
class TakenIn:
    """What a look at the folder found: counts by meaning, and every prepared drop."""

    seen: int = 0
    meanings: dict[str, str] = field(default_factory=dict)
    prepared: list[Prepared] = field(default_factory=list)
    missing: tuple[str, ...] = ()


@dataclass
class Delivered:
    """What went out: (unit is looked up by item) a count per channel, operation and outcome."""

    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    items: list[tuple[str, str, str, str]] = field(default_factory=list)

    def add(self, claim: Claim, result: Attempt) -> None:
        self.counts[claim.channel, claim.op, result.outcome] += 1
        done = claim.op == "confirm" and result.outcome == "done"
        self.items.append((claim.item, claim.channel, claim.brings if done else claim.op, result.outcome))
        log.info("attempt", extra={"channel": claim.channel, "item": claim.item, "op": claim.op,
                                   "outcome": result.outcome})  # fmt: skip


def take_in(root: Path, ledger: Ledger, shop: Workshop, *, most_missing: float, mapper: Mapper | None = None,
            record: bool = True) -> TakenIn:  # fmt: skip
    """find drops → parse → classify → validate → route → render → record."""
    found, known = intake.walk(root), ledger.known_drops()
    gone = [path for path, drop in known.items() if path not in found.drops and not drop.missing]
    intake.check_vanished(len(known), len(gone), most_missing)
    due = list(intake.changed(found, {path: (drop.stamp, drop.assets) for path, drop in known.items()}))
    again = ledger.stale(shop.now) - {drop.path for drop in due}  # validated before their time, due now
    due += [drop for path, drop in found.drops.items() if path in again]
    report = TakenIn(seen=len(found.drops), missing=tuple(gone))
    works = ledger_view(root, due, found.stamps, ledger, shop)
    batch: list[Prepared] = []
    for one in (mapper or (lambda jobs: (prepare(job, shop) for job in jobs)))(works):
        batch.append(one)
        if record and len(batch) >= BATCH:
            _record(report, ledger, batch, shop.now)
            batch = []
    if not record:
        report.prepared += batch
    else:
        _record(report, ledger, batch, shop.now)
        ledger.mark_missing(gone, shop.now)
        ledger.expire(shop.now)
    return report


def _record(report: TakenIn, ledger: Ledger, batch: list[Prepared], now: datetime) -> None:
    compared = sameness.compared(ledger.engine, batch)
    report.prepared += compared
    report.meanings |= ledger.record(compared, now) if compared else {}


def ledger_view(root: Path, due: list[Drop], stamps: Mapping[str, str], ledger: Ledger, shop: Workshop) -> list[Work]:
    """Each changed drop with the identity that it already has."""
    if not due:
        return []
    known = ledger.known_drops()
    items = {drop.path: known[drop.path].item for drop in due if drop.path in known}
    identities = ledger.identities(filter(None, items.values()))
    published = ledger.published(identities)
    return [
        Work(root, drop, stamps, identities.get(items.get(drop.path, "")), items.get(drop.path, "") in published)
        for drop in due
    ]


def deliver_due(ledger: Ledger, channels: Mapping[str, Channel], clock: Callable[[], datetime], *,
                gates: Gates = lambda _channel, _now: Gate(), most: int = 1_000_000, patience: Patience = ORDINARY,
                progress: Callable[[], None] = lambda: None, stopping: Callable[[], bool] = lambda: False) -> Delivered:  # fmt: skip
    """claim → publish / revise / withdraw → settle, each its own transaction; then flush the channel once."""
    report = Delivered()
    ledger.sweep(clock(), {name: channel.looks[0] for name, channel in channels.items()})
    for name, channel in channels.items():
        ledger.probe(name, channel.health, clock())
        sent = 0
        while sent < most and not stopping() and (claim := ledger.claim(name, clock(), gates(name, clock()))):
            result = perform(claim, channel, clock(), patience)
            if ledger.settle(claim, result, clock()):
                report.add(claim, result)
            sent += claim.op in ("publish", "revise")
            progress()
        channel.flush()
    return report
