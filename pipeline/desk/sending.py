"""What both the drop box and the forms need: the unit they write for, and what the rules say of a file in its folder."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from fastapi import HTTPException, Request

from pipeline import intake, reference
from pipeline.check import Checked, Work
from pipeline.check import check as check_drop
from pipeline.desk.pages import Desk
from pipeline.desk.people import Person, need
from pipeline.desk.source import Line, passages
from pipeline.ledger.sent import recorded
from pipeline.model import Drop, Finding, Unit
from pipeline.placing import TEXTS
from pipeline.settling import is_noise
from pipeline.wiring import workshop


@dataclass(frozen=True)
class Told:
    """A file that was sent, and what is known of it.

    Args:
        kind: of the item; empty for a picture or another file that comes along.
        item: id once intake has taken in these very bytes.
        waits: intake has not looked at it yet.
        lines: those of the file about which something was said, with their neighbours.
    """

    path: str
    title: str = ""
    kind: str = ""
    outcome: str = ""
    findings: tuple[Finding, ...] = ()
    item: str = ""
    waits: bool = False
    here: bool = True
    lines: tuple[list[Line], ...] = ()


def writer(desk: Desk, request: Request, unit: str) -> tuple[Person, Unit, Path]:
    """Who writes, for which unit, into which folder.

    Raises:
        HTTPException: 404 there is no such unit; 403 it is not theirs.
    """
    found = reference.units().get(unit)
    if found is None:
        need(request, "write")
        raise HTTPException(404)
    return need(request, "write", found.id), found, desk.config.content / found.id


def open_units(day: date, person: Person) -> list[Unit]:
    """The units that this person may write for, by name."""
    found = (one for one in reference.units().all() if one.valid_on(day) and person.unit in ("", one.id))
    return sorted(found, key=lambda one: one.name)


def in_unit(desk: Desk, unit: Unit, path: str) -> Path | None:
    """The file in the unit's own folder that a path below the content folder means; None when it is none of its."""
    folder, _slash, rest = path.partition("/")
    file = intake.inside(desk.config.content / unit.id, rest) if folder == unit.id else None
    return None if file is None or any(is_noise(part) for part in rest.split("/")) else file


def tell(desk: Desk, unit: Unit, path: str) -> Told:
    """What the rules say of a file now, and whether intake has taken it in."""
    file = in_unit(desk, unit, path)
    if file is None or not file.is_file():
        return Told(path, here=False)
    if file.suffix.lower() not in TEXTS:
        return Told(path)
    content = desk.config.content
    drop = intake.single(content, file)
    checked = check(desk, drop)
    row = recorded(desk.ledger, path)
    known = row is not None and row.stamp == intake.stamp_on_disk(content, drop, row.assets)
    title = checked.item.title if checked.item else file.name
    kind = checked.item.kind if checked.item else "article"
    lines = tuple(passages(content, path, map(asdict, checked.findings)))
    return Told(path, title, kind, str(checked.outcome), checked.findings, row.item if row and known else "", not known,
                lines=lines)  # fmt: skip


def check(desk: Desk, drop: Drop) -> Checked:
    """All rules over one drop."""
    return check_drop(Work(desk.config.content, drop, {}), workshop(desk.config, desk.clock(), ()))
