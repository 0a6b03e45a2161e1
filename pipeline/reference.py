"""Reference data that the office may edit: units, the plan's outline. Read once, from pipeline/data."""

from __future__ import annotations

import calendar
import csv
import re
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from pipeline import citations
from pipeline.model import LegalDocument, Unit


def _data(name: str) -> str:
    return (files("pipeline") / "data" / name).read_text(encoding="utf-8")


class Units:
    """The register of units, found by id or slug, with their validity dates."""

    def __init__(self, units: tuple[Unit, ...]) -> None:
        self._by_id = {unit.id: unit for unit in units}
        self._by_slug: dict[str, list[Unit]] = {}
        for unit in units:
            self._by_slug.setdefault(unit.slug, []).append(unit)

    def find(self, folder: str, day: date) -> Unit | None:
        """The unit of a folder name; a slug used by several is the one valid on that day, else the newest."""
        if folder in self._by_id:
            return self._by_id[folder]
        namesakes = self._by_slug.get(folder, [])
        valid = [unit for unit in namesakes if unit.valid_on(day)]
        newest = sorted(namesakes, key=lambda unit: unit.valid_to or date.max)
        return (valid or newest)[-1] if namesakes else None

    def all(self) -> tuple[Unit, ...]:
        return tuple(self._by_id.values())

    def get(self, unit_id: str) -> Unit | None:
        return self._by_id.get(unit_id)

    def nearest(self, folder: str, day: date, most: int = 3) -> tuple[Unit, ...]:
        """Units valid on the day whose id or slug looks most like the name."""
        valid = {key: unit for unit in self._by_id.values() if unit.valid_on(day) for key in (unit.id, unit.slug)}
        import difflib  # here, as elsewhere: only what somebody misspelt is compared

        keys = difflib.get_close_matches(folder, list(valid), n=most * 2, cutoff=0.3)
        return tuple(dict.fromkeys(valid[key] for key in keys))[:most]


def _day(value: str) -> date | None:
    return date.fromisoformat(value) if value else None


@cache
def units() -> Units:
    """data/units.csv: 822 units with validity dates and successors."""
    rows = csv.DictReader(_data("units.csv").splitlines())
    return Units(
        tuple(
            Unit(
                id=row["id"], name=row["name"], slug=row["slug"], valid_from=_day(row["valid_from"]),
                valid_to=_day(row["valid_to"]), successors=tuple(filter(None, row["merged_into"].split("|"))),
                aliases=tuple(filter(None, row["aliases"].split("|"))),
            )
            for row in rows
        )
    )  # fmt: skip


@cache
def legal_register() -> dict[str, LegalDocument]:
    """data/legal_status.csv by canonical key; documents that a law's name alone can mean are also under that name."""
    register = {}
    for row in csv.DictReader(_data("legal_status.csv").splitlines()):
        document = LegalDocument(
            ref=row["ref"], title=row["title_vi"], issued=_last_day(row["issued"]),
            ended=_last_day(row["effective_to"]), successor=_successor(row["replaced_by"]),
            checked="check" not in f"{row['confidence']} {row['replaced_by']}",
        )  # fmt: skip
        register[citations.canonical(row["ref"])] = document
        if re.fullmatch(r"(?:Bộ luật|Luật) \D+ \d{4}", row["title_vi"]):
            register[row["title_vi"]] = document
    return register


def _successor(replaced_by: str) -> str:
    """A document or a law's name; remarks such as "expected after …" are for the office, not for senders."""
    shown = replaced_by.replace("(check)", "").strip()
    return shown if citations.canonical(shown) or shown.startswith(("Luật ", "Bộ luật ")) else ""


def _last_day(value: str) -> date | None:
    """The day, or the last day of a year or month; the register knows some dates only so far."""
    if not value:
        return None
    year, month, day = (*(int(part) for part in value.split("/")[-1 if value.count("-") == 0 else 0].split("-")), 0, 0)[
        :3
    ]
    if day:
        return date(year, month, day)
    return date(year, month or 12, calendar.monthrange(year, month or 12)[1])


@cache
def _outline() -> dict[str, Any]:
    import yaml

    return dict(yaml.load(_data("outline.yaml"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))  # noqa: S506 - both are safe loaders


def area_names() -> dict[str, str]:
    return {key: str(area["name"]) for key, area in _outline()["areas"].items()}


def topics() -> dict[str, str]:
    """Ids of the plan's contents (N3.1.a …) with their short titles."""
    return {key: str(topic["title"]) for key, topic in _outline()["contents"].items()}


def audiences() -> dict[str, str]:
    return {key: str(name) for key, name in _outline()["audiences"].items()}
