"""The way of an item, in two verbs; the only module that knows the order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path

from channels.base import Channel, Together
from pipeline import intake
from pipeline.check import Work, Workshop
from pipeline.deliver import ORDINARY, Patience, perform, perform_all
from pipeline.ledger import Ledger, Prepared, sameness
from pipeline.log import about
from pipeline.lot import Lot, gather, works
from pipeline.model import Gate
from pipeline.moves import Moves
from pipeline.prepare import prepare
from pipeline.results import Delivered, TakenIn, told
from pipeline.watch import Watch

BATCH = 100  # drops, or deliveries on a channel of our own, in one transaction
Mapper = Callable[[Iterable[Work]], Iterable[Prepared]]
Gates = Callable[[str, datetime], Gate]


def take_in(root: Path, ledger: Ledger, shop: Workshop, *, most_missing: float, mapper: Mapper | None = None,
            watch: Watch | None = None, look: intake.Look | None = None) -> TakenIn:  # fmt: skip
    """find drops → parse → classify → validate → route → render → record.

    Args:
        watch: who looks at the folder, when it looked before.
    """
    watch = watch or Watch(root, ledger)
    lot = gather(watch, ledger, shop.now, look, most_missing)
    moves = Moves(ledger, watch, shop)
    report = TakenIn(len(lot.walk.drops), moved=moves.moved, settling=list(lot.settling))
    todo = works(root, lot.due, lot.walk.stamps, ledger, lot.known)
    ready = _ready(todo, mapper or (lambda jobs: (prepare(job, shop) for job in jobs)), lot, moves, report)
    while batch := sameness.compared(ledger.engine, list(islice(ready, BATCH))):
        report.prepared += [told(one) for one in batch]
        report.meanings |= ledger.record(batch, shop.now, moves.moved)
    alone = watch.unnamed((one.path, one.assets) for one in report.prepared)
    rest = [
        prepare(Work(root, drop, {}), shop)
        for drop in alone.due(lambda path: lot.known[path].stamp if path in lot.known else "")
    ]
    said = [one for one in rest if one.findings]  # the rule may be off
    report.prepared += [told(one) for one in said]
    report.meanings |= ledger.record(said, shop.now) if said else {}
    gone = [path for path in moves.left_behind(lot.gone) if path not in alone.paths]
    report.missing = tuple(path for path in gone if path not in lot.walk.stamps)  # the others now go with a text
    ledger.mark_missing(gone, shop.now)
    ledger.expire(shop.now)
    return report


def _ready(todo: list[Work], mapper: Mapper, lot: Lot, moves: Moves, report: TakenIn) -> Iterator[Prepared]:
    """Each drop as the item that it continues; one whose pictures are still arriving waits for the next look."""
    by_path = {work.drop.path: work for work in todo}
    for found in mapper(todo):
        one = lot.stamped(by_path[found.path], found)
        if lot.must_wait(by_path[one.path], one):
            report.settling.append(one.path)
        else:
            yield moves.follow(by_path[one.path], one)


def look_at(root: Path, ledger: Ledger, shop: Workshop, path: str, names: Sequence[str] = ()) -> bool:
    """Take in one drop that the ledger knows, at once and whether it changed or not; False when its file is gone."""
    found, known = intake.walk(root, names=names), ledger.known_drops()
    if path not in found.drops or path not in known:
        return False
    todo = works(root, [found.drops[path]], found.stamps, ledger, known)
    ledger.record(sameness.compared(ledger.engine, [prepare(work, shop) for work in todo]), shop.now)
    return True


def deliver_due(ledger: Ledger, channels: Mapping[str, Channel], clock: Callable[[], datetime], *,
                gates: Gates = lambda _channel, _now: Gate(), most: int = 1_000_000, patience: Patience = ORDINARY,
                progress: Callable[[], None] = lambda: None, stopping: Callable[[], bool] = lambda: False) -> Delivered:  # fmt: skip
    """claim → publish / revise / withdraw → settle, each its own transaction; then flush the channel once."""
    report = Delivered()
    ledger.sweep(clock(), {name: channel.looks[0] for name, channel in channels.items()})
    for name, channel in channels.items():
        ledger.probe(name, channel.health, clock())
        sent = _together(ledger, channel, clock, gates, most, patience, report, progress, stopping)
        while sent < most and not stopping() and (claim := ledger.claim(name, clock(), gates(name, clock()))):
            with about(channel=claim.channel, item=claim.item):
                result = perform(claim, channel, clock(), patience)
            if ledger.settle(claim, result, clock()):
                report.add(claim, result)
            if result.outcome == "held":  # what a person can do about it
                ledger.checked(name, channel.health(), clock())
            sent += claim.op in ("publish", "revise")
            progress()
        channel.flush()
    return report


def _together(ledger: Ledger, channel: Channel, clock: Callable[[], datetime], gates: Gates, most: int, patience: Patience,
              report: Delivered, progress: Callable[[], None], stopping: Callable[[], bool]) -> int:  # fmt: skip
    """What a channel of our own takes many at once of; how many went out. The rest is claimed one by one."""
    name, sent = channel.name, 0
    while isinstance(channel, Together) and sent < most and not stopping():
        claims = ledger.claim_many(name, clock(), gates(name, clock()), min(BATCH, most - sent))
        if not claims:
            break
        ended = list(zip(claims, perform_all(claims, channel, clock(), patience), strict=True))
        for (claim, result), kept in zip(ended, ledger.settle_many(ended, clock()), strict=True):
            if kept:
                report.add(claim, result)
            sent += 1
            progress()
    return sent
