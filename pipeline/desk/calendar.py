"""A week: what is planned and what went out by day and channel, with hours, holidays and blackouts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from fastapi import APIRouter, Request, Response

from pipeline.desk import wishes
from pipeline.desk.pages import Desk
from pipeline.desk.people import need
from pipeline.hosting import enabled
from pipeline.i18n import N_, _
from pipeline.ledger import agenda
from pipeline.schedule import Hours, Timetable, days_of
from pipeline.wiring import timetable

DAYS = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"))
WEEK = 7


@dataclass(frozen=True)
class Cell:
    """One channel on one day."""

    channel: str
    hours: str
    planned: list[dict[str, Any]] = field(default_factory=list)
    done: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Day:
    """One day; `notes` say why little or nothing goes out."""

    day: date
    name: str
    notes: list[str]
    cells: list[Cell]


def routes(desk: Desk) -> APIRouter:
    """The calendar's address."""
    router = APIRouter()

    @router.get("/lich")
    def calendar(request: Request, tu: str = "") -> Response:
        person, zone = need(request, "read"), desk.config.zone
        today = desk.clock().astimezone(zone).date()
        chosen = wishes.day(tu) or today
        first = chosen - timedelta(days=chosen.weekday())
        near = [(first + timedelta(days=step)).isoformat() for step in (-WEEK, WEEK)]
        days = week(desk, first, person.unit)
        return desk.page(request, "calendar.html", days=days, today=today, near=near, may_move=person.may("operate"))

    return router


def week(desk: Desk, first: date, unit: str = "") -> list[Day]:
    """Seven days from a first one, of one unit or of all."""
    zone, table = desk.config.zone, timetable(desk.config)
    since, until = wishes.midnight(first, zone), wishes.midnight(first + timedelta(days=WEEK), zone)
    now = desk.clock().astimezone(zone)
    waiting = since <= now < until  # what is overdue stands on today
    planned = [row | {"on": max(row["not_before"], now) if waiting else row["not_before"]}
               for row in agenda.planned(desk.ledger, None if waiting else since, until, unit)]  # fmt: skip
    done = agenda.went_out(desk.ledger, since, until, unit)
    silent = agenda.blackouts(desk.ledger, since, until)
    found = []
    for number in range(WEEK):
        day = first + timedelta(days=number)
        cells = [
            Cell(
                name,
                hours_of(table, name, day),
                _on(planned, "on", day, name, zone),
                _on(done, "started", day, name, zone),
            )
            for name in enabled(desk.config)
        ]
        found.append(Day(day, DAYS[day.weekday()], _notes(table, silent, day, zone), cells))
    return found


def _on(rows: list[dict[str, Any]], column: str, day: date, channel: str, zone: tzinfo) -> list[dict[str, Any]]:
    return [row for row in rows if row["channel"] == channel and row[column].astimezone(zone).date() == day]


def hours_of(table: Timetable, channel: str, day: date) -> str:
    """When a channel may begin on a day, in words."""
    hours = table.hours.get(channel)
    if hours is None:
        return _("all day")
    if day.weekday() not in days_of(hours.days):
        return _("not on this day of the week")
    if not hours.holidays and table.off.is_off(day):
        return _("public holiday")
    return _spans(hours)


def _spans(hours: Hours) -> str:
    shown = ", ".join(window.replace("-", "–") for window in hours.windows) or _("all day")
    return shown + (
        ", " + _("quiet {first}–{last}").format(first=hours.quiet[0], last=hours.quiet[1]) if hours.quiet else ""
    )


def _notes(table: Timetable, silent: list[dict[str, Any]], day: date, zone: tzinfo) -> list[str]:
    """Holiday and blackouts of a day."""
    begin = wishes.midnight(day, zone)
    end = begin + timedelta(days=1)
    notes = [_("public holiday")] if table.off.is_off(day) else []
    kept = table.off.blackout(begin)
    notes += [_("blackout: {name}").format(name=kept.name)] if kept else []
    return notes + [
        _by_hand(row, zone) for row in silent if row["starts"] < end and (not row["ends"] or row["ends"] > begin)
    ]


def _by_hand(row: dict[str, Any], zone: tzinfo) -> str:
    def shown(when: datetime | None) -> str:
        return f"{when.astimezone(zone):%H:%M %d/%m}" if when else "…"

    return _("blackout {first} – {last}: {why}").format(
        first=shown(row["starts"]), last=shown(row["ends"]), why=row["why"]
    )
