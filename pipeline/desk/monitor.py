"""The monitor: today at a glance, what is stuck, the channels' health, then everything, newest first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from pipeline import reference
from pipeline.desk import live, wishes
from pipeline.desk.memory import Kept
from pipeline.desk.pages import Desk
from pipeline.desk.people import Person, need
from pipeline.desk.wishes import ORDER
from pipeline.i18n import N_
from pipeline.ledger import listing, quotas, views
from pipeline.ledger.health import Health
from pipeline.ledger.listing import Cursor, Page, Wish
from pipeline.schedule import Hours
from pipeline.wiring import health_of, timetable

ROWS = 40
TICK = timedelta(minutes=15)  # the shipped schedules look every minute
PERIODS = (N_("this hour"), N_("today"), N_("this month"))
GLANCE = ("planned", "held", "in_doubt", "failed")


def routes(desk: Desk) -> APIRouter:
    """The monitor's addresses."""
    router, morning, known = APIRouter(), Kept[dict[str, Any]](desk.stale), Kept[list[str]](desk.stale * 60)

    @router.get("/")
    def monitor(request: Request, truoc: str = "", sau: str = "", cuoi: str = "") -> HTMLResponse:
        person = need(request, "read")
        wish = wishes.wish(request, person, desk.config.zone)
        page = _page(desk, wish, truoc, sau, cuoi)
        figures = morning.of(person.unit, lambda: _morning(desk, person, desk.clock()))
        units = known.of("units", lambda: quotas.units(desk.ledger))
        values = figures | _list(desk, wish, page) | {"units": units}
        return desk.page(request, "monitor.html", live=not (truoc or sau or cuoi), stamp=live.newest(desk), **values)

    return router


def _page(desk: Desk, wish: Wish, before: str, after: str, last: str) -> Page:
    if last:
        return listing.page(desk.ledger, wish, ROWS, upwards=True)
    cursor = Cursor.parse(after or before)
    return listing.page(desk.ledger, wish, ROWS, cursor, upwards=bool(after and cursor))


def _list(desk: Desk, wish: Wish, page: Page) -> dict[str, Any]:
    zone = desk.config.zone
    ways: dict[str, str] = {}
    if page.rows and page.newer:
        ways |= {"newest": wishes.address(wish, zone), "newer": wishes.address(wish, zone, sau=str(page.cursor(0)))}
    if page.rows and page.older:
        ways |= {"older": wishes.address(wish, zone, truoc=str(page.cursor(-1))),
                 "oldest": wishes.address(wish, zone, cuoi="1")}  # fmt: skip
    days = (wish.since, wish.until - timedelta(days=1) if wish.until else None)
    return {
        "rows": page.rows, "wish": wish, "narrowed": wishes.narrowed(wish), "ways": ways, "order": ORDER,
        "query": wishes.address(wish, zone), "days": [one.astimezone(zone).date().isoformat() if one else "" for one in days],
        "area_names": reference.area_names(),
    }  # fmt: skip


def _morning(desk: Desk, person: Person, now: datetime) -> dict[str, Any]:
    """What a person should know before anything else; a contributor hears of the own unit."""
    ledger, config = desk.ledger, desk.config
    stuck = [row for row in views.stuck(ledger, now) if person.unit in ("", row["unit"])]
    refused = [row for row in views.drops(ledger, "reject", "review") if person.unit in ("", row["unit"])]
    held, last, health = views.held_channels(ledger), views.last_run(ledger), health_of(config, ledger, now)
    warnings = [
        (one.name, line)
        for one in health.channels
        for line in one.lines(config.zone, ("circuit", "unhealthy", "token"))
    ]
    silent = last is not None and now - last > TICK
    troubled = {row["name"] for row in held} | {name for name, _line in warnings}  # one thing a channel
    today = listing.done_since(ledger, now.replace(hour=0, minute=0, second=0, microsecond=0))
    return {
        "counts": {one.name: one.views for one in health.channels if one.views}, "stuck": stuck, "refused": refused,
        "held": held, "last_run": last, "silent": silent, "warnings": warnings, "blackout": health.blackout,
        "problems": len(stuck) + len(refused) + len(troubled) + silent,
        "today": today, "done_today": sum(of.get("publish", 0) for of in today.values()), "glance": _glance(desk, health, person), "channels": _channels(desk, health, now),
    }  # fmt: skip


def _glance(desk: Desk, health: Health, person: Person) -> list[tuple[str, int, dict[str, Any] | None]]:
    """(state, how many, the one that is longest in it) for what is not simply public."""
    found = []
    for view in GLANCE:
        count = sum(one.views.get(view, 0) for one in health.channels)
        oldest = listing.oldest(desk.ledger, Wish(view=view, unit=person.unit)) if count else None
        found.append((view, count, oldest))
    return found


def _channels(desk: Desk, health: Health, now: datetime) -> list[dict[str, Any]]:
    """Each channel's gauges with what its timetable still allows."""
    table, found = timetable(desk.config), []
    for one in health.channels:
        hours = table.hours.get(one.name)
        names = [name for name, most in zip(PERIODS, _limits(hours), strict=True) if most]
        left = quotas.left(desk.ledger, one.name, hours.quotas(now) if hours else ())
        found.append({"name": one.name, "health": one, "left": list(zip(names, left, strict=True)),
                      "opens": table.next_opening(one.name, now), "lines": one.lines(desk.config.zone)})  # fmt: skip
    return found


def _limits(hours: Hours | None) -> tuple[int, int, int]:
    return (hours.per_hour, hours.per_day, hours.per_month) if hours else (0, 0, 0)
