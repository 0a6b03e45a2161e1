"""The verbs of the command line, one call each: run, plan, check."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline import flow, intake, notify
from pipeline.config import Config
from pipeline.ledger import Known, Ledger, views
from pipeline.model import Finding, Outcome
from pipeline.moves import Vanished
from pipeline.prepare import Checked, Work, Workshop
from pipeline.prepare import check as check_drop
from pipeline.settling import Patience, is_noise
from pipeline.text import slug
from pipeline.wiring import Newsroom, mapper, newsroom, open_ledger, patience, portal_owes, workshop


@dataclass
class RunResult:
    """What one run did, for the summary and for --json."""

    taken: flow.TakenIn
    sent: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    items: list[tuple[str, str, str, str]] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)
    waiting: dict[str, dict[str, int]] = field(default_factory=dict)
    ledger: Ledger | None = None
    warnings: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        meanings = Counter(self.taken.meanings.values())
        refused = [_report(one.path, one.identity.id if one.identity else "", one.kind, one.areas, one.findings,
                           one.outcome) for one in self.taken.prepared if one.outcome != Outcome.PUBLISH]  # fmt: skip
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


def run_once(config: Config, clock: Callable[[], datetime], *, show_progress: bool = False) -> RunResult:
    """Take in, then deliver until nothing is due; waits a little for what a channel is still working on."""
    ledger = open_ledger(config)
    with newsroom(config, clock, channels=False) as room:
        taken = look(room, clock(), wait=time.sleep)
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


def look(room: Newsroom, now: datetime, *, wait: Callable[[float], None] | None = None) -> flow.TakenIn:
    """One `take_in`, with a process pool when there is much to do; `wait` lets a file that is being copied settle."""
    config, shop, known = room.config, room.workshop(now), room.ledger.known_drops()
    how = intake.Look(Patience(now, config.intake.settle), config.intake.ignore, wait)
    with mapper(shop, config.intake.workers, _count(config, known)) as spread:
        return flow.take_in(config.content, room.ledger, shop, most_missing=config.intake.most_missing, mapper=spread,
                            known=known, look=how)  # fmt: skip


def _count(config: Config, known: Mapping[str, Known]) -> int:
    """How many new files there may be: all, on a first run."""
    return 0 if known else sum(1 for _found in config.content.rglob("*.md"))


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


def plan_once(config: Config, now: datetime) -> list[dict[str, Any]]:
    """The difference between the folder and the ledger; writes nothing, not even pictures."""
    ledger = open_ledger(config) if _exists(config) else None
    shop = workshop(config, now)
    found = intake.walk(config.content, names=config.intake.ignore)
    known = ledger.known_drops() if ledger else {}
    due = list(intake.changed(found, {path: (drop.stamp, drop.assets) for path, drop in known.items()}))
    works = flow.ledger_view(config.content, due, found.stamps, ledger, shop, known) if ledger else [
        Work(config.content, drop, found.stamps) for drop in due]  # fmt: skip
    steps, vanished, moved = [], Vanished(known, found.drops), set()
    for work in works:
        checked = check_drop(work, shop)
        before = None if work.drop.path in known else vanished.match(work.drop.path, checked.digest, _own_id(checked))
        if before:
            moved.add(before.path)
            steps.append({"file": work.drop.path, "step": "move", "why": before.path})
        else:
            steps += _steps(work, checked, shop)
    steps += [{"file": path, "step": "missing"} for path in known if path not in found.drops and path not in moved]
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


def check_paths(config: Config, paths: Sequence[Path], now: datetime) -> list[dict[str, Any]]:
    """One report a file; folders are walked, pictures and clips belong to the files that name them."""
    shop = workshop(config, now, ())
    reports = []
    for path in paths:
        if path.is_dir():
            root, prefix = _content_root(path)
            walk = intake.walk(root, names=config.intake.ignore)
            for drop in walk.drops.values():
                if drop.path.startswith(prefix):
                    reports.append(_check_one(Work(root, drop, walk.stamps), shop, str(root / drop.path)))
            reports += [_report(str(root / name), "", "", (), (), Outcome.IGNORE)
                        for name in walk.ignored if name.startswith(prefix)]  # fmt: skip
        elif is_noise(path.name, config.intake.ignore):
            reports.append(_report(str(path), "", "", (), (), Outcome.IGNORE))
        elif not path.exists():
            raise_missing(path)
        else:
            root, _prefix = _content_root(path)
            drop = intake.single(root, root / path.absolute().relative_to(root.absolute()))
            reports.append(_check_one(Work(root, drop, {}), shop, str(path)))
    return reports


def raise_missing(path: Path) -> None:
    from pipeline.errors import ConfigError
    from pipeline.i18n import _

    raise ConfigError(_("{path} does not exist.").format(path=path))


def _content_root(path: Path) -> tuple[Path, str]:
    """The folder whose children are the units' folders, and the part of it that was asked for."""
    from datetime import date

    from pipeline import reference

    whole = path.absolute()
    for folder in (whole, *whole.parents):
        if reference.units().find(folder.name, date.max) and folder.parent != folder:
            prefix = whole.relative_to(folder.parent).as_posix()
            return folder.parent, prefix + ("/" if whole.is_dir() else "")
    if whole.is_dir():
        return whole, ""
    return (whole.parent.parent if whole.parent.parent != whole.parent else whole.parent), ""


def _check_one(work: Work, shop: Workshop, shown: str) -> dict[str, Any]:
    found = check_drop(work, shop)
    areas = found.tagging.areas if found.tagging else ()
    kind = found.item.kind if found.item else ""
    return _report(shown, found.item.id if found.item else "", kind, areas, found.findings, found.outcome)


def _report(
    file: str, item: str, kind: str, areas: Sequence[str], findings: Sequence[Finding], result: Outcome
) -> dict[str, Any]:
    rows = [{"code": f.code, "severity": str(f.severity), "message": f.message, "field": f.field, "line": f.line,
             "hint": f.hint} for f in findings]  # fmt: skip
    return {"file": file, "item": item, "kind": kind, "areas": list(areas), "findings": rows, "outcome": str(result)}
