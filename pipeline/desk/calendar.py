"""A week: what is planned and what went out by day and channel, with hours, holidays and blackouts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from pipeline.desk import items, wishes
from pipeline.desk.pages import HERE, Desk
from pipeline.desk.people import need
from pipeline.desk.undo import notice_of, undo_of
from pipeline.hosting import enabled
from pipeline.i18n import N_, _
from pipeline.ledger import agenda
from pipeline.schedule import Hours, Timetable, days_of
from pipeline.wiring import timetable

DAYS = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"))
WEEK = 7


@dataclass(frozen=True)
class Cell:
    """One channel on one day; `slots` are times of day that are offered to whoever drags something there."""

    channel: str
    hours: str
    slots: tuple[str, ...] = ()
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
    def calendar(
        request: Request, tu: str = "", tin: str = "", xong: str = "", kenh: str = "", truoc: str = ""
    ) -> Response:
        person, zone = need(request, "read"), desk.config.zone
        today = desk.clock().astimezone(zone).date()
        chosen = wishes.day(tu) or today
        first = chosen - timedelta(days=chosen.weekday())
        near = [(first + timedelta(days=step)).isoformat() for step in (-WEEK, WEEK)]
        found = items.facts(desk, tin) if tin else None
        undo = undo_of(xong, kenh, truoc, found, person, desk.clock(), zone) if found else None
        return desk.page(request, "calendar.html", days=week(desk, first, person.unit), today=today, near=near, moved=tin,
                         may_move=person.may("operate"), undo=undo, notice=notice_of(xong, kenh) if found else "")  # fmt: skip

    @router.get("/lich.js")
    def script() -> FileResponse:
        return FileResponse(HERE / "calendar.js", media_type="text/javascript")

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
                slots_of(table, name, day),
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


def slots_of(table: Timetable, channel: str, day: date) -> tuple[str, ...]:
    """Times of a day at which a channel may begin: the beginning of each window, else every three hours outside the quiet."""
    hours = table.hours.get(channel)
    starts = [time.fromisoformat(window.split("-")[0].strip()) for window in hours.windows] if hours else []
    starts = starts or [time(hour) for hour in range(0, 24, 3)]
    begin = datetime.combine(day, time())
    return tuple(f"{one:%H:%M}" for one in starts
                 if hours is None or not hours.closed(begin.replace(hour=one.hour, minute=one.minute), table.off))  # fmt: skip


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
