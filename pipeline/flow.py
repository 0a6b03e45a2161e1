"""The way of an item, in two verbs; the only module that knows the order."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from channels.base import Channel
from pipeline import intake
from pipeline.deliver import ORDINARY, Patience, perform
from pipeline.ledger import Known, Ledger, Prepared, sameness
from pipeline.model import Attempt, Claim, Drop, Gate
from pipeline.moves import Vanished, rework
from pipeline.prepare import Work, Workshop, prepare

log = logging.getLogger(__name__)
BATCH = 50
Mapper = Callable[[Iterable[Work]], Iterable[Prepared]]
Gates = Callable[[str, datetime], Gate]


@dataclass
class TakenIn:
    """What a look at the folder found: counts by meaning, every prepared drop, (old, new) path of what was moved, and
    what is still being copied and was left for the next look."""

    seen: int = 0
    meanings: dict[str, str] = field(default_factory=dict)
    prepared: list[Prepared] = field(default_factory=list)
    missing: tuple[str, ...] = ()
    moved: list[tuple[str, str]] = field(default_factory=list)
    settling: list[str] = field(default_factory=list)


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
            record: bool = True, known: Mapping[str, Known] | None = None, look: intake.Look | None = None) -> TakenIn:  # fmt: skip
    """find drops → parse → classify → validate → route → render → record."""
    known = ledger.known_drops() if known is None else known
    remembered = {path: (drop.stamp, drop.assets) for path, drop in known.items()}
    found, due = intake.settled(root, remembered, look)
    gone = [path for path, drop in known.items() if path not in found.drops and not drop.missing]
    stale = ledger.stale(shop.now) - {drop.path for drop in due}  # validated before their time, due now
    due += [drop for path, drop in found.drops.items() if path in stale]
    intake.check_vanished(len(known), len(gone) - sum(drop.path not in known for drop in due), most_missing)
    report, vanished = TakenIn(seen=len(found.drops)), Vanished(known, found.drops)
    report.settling += [drop.path for drop in due if drop.path in found.young]
    works = ledger_view(root, [drop for drop in due if drop.path not in found.young], found.stamps, ledger, shop, known)
    by_path, items, batch = {work.drop.path: work for work in works}, {drop.item for drop in known.values()}, []
    for one in (mapper or (lambda jobs: (prepare(job, shop) for job in jobs)))(works):
        work = by_path[one.path]
        if intake.unsettled(work.drop, one.assets, found):
            report.settling.append(one.path)
            continue
        if one.path not in known and (again := rework(work, one, vanished, items, ledger.identity)):
            one = prepare(again[0], shop)  # noqa: PLW2901 - the same drop, now with the identity that it had before
            if again[1]:
                report.moved.append((again[1].path, one.path))
        batch.append(one)
        if record and len(batch) >= BATCH:
            _record(report, ledger, batch, shop.now)
            batch = []
    left = {old for old, _new in report.moved}
    report.missing = tuple(path for path in gone if path not in left)
    if not record:
        report.prepared += batch
    else:
        _record(report, ledger, batch, shop.now)
        ledger.mark_missing(report.missing, shop.now)
        ledger.expire(shop.now)
    return report


def look_at(root: Path, ledger: Ledger, shop: Workshop, path: str, names: Sequence[str] = ()) -> bool:
    """Take in one drop that the ledger knows, at once and whether it changed or not; False when its file is gone."""
    found, known = intake.walk(root, names=names), ledger.known_drops()
    if path not in found.drops or path not in known:
        return False
    works = ledger_view(root, [found.drops[path]], found.stamps, ledger, shop, known)
    _record(TakenIn(), ledger, [prepare(work, shop) for work in works], shop.now)
    return True


def _record(report: TakenIn, ledger: Ledger, batch: list[Prepared], now: datetime) -> None:
    compared = sameness.compared(ledger.engine, batch)
    report.prepared += compared
    report.meanings |= ledger.record(compared, now, report.moved) if compared else {}


def ledger_view(root: Path, due: list[Drop], stamps: Mapping[str, str], ledger: Ledger, shop: Workshop,
                known: Mapping[str, Known]) -> list[Work]:  # fmt: skip
    """Each changed drop with the identity that it already has."""
    if not due:
        return []
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
            if result.outcome == "held":  # what a person can do about it
                ledger.checked(name, channel.health(), clock())
            sent += claim.op in ("publish", "revise")
            progress()
        channel.flush()
    return report
