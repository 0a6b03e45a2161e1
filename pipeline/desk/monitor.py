"""The monitor: what is stuck, then everything, newest first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from pipeline import labels
from pipeline.config import Config
from pipeline.desk.pages import Desk
from pipeline.desk.people import need
from pipeline.ledger import Ledger, views
from pipeline.wiring import health_of

ORDER = ("failed", "in_doubt", "held", "sending", "planned", "published", "withdrawn")  # a person's work comes first
ROWS = 40
TICK = timedelta(minutes=15)  # the shipped schedules look every minute


def routes(desk: Desk) -> APIRouter:
    """The monitor's addresses."""
    router = APIRouter()

    @router.get("/")
    def monitor(
        request: Request,
        view: str = "",
        channel: str = "",
        number: Annotated[int, Query(alias="page", ge=1, le=10_000)] = 1,
    ) -> HTMLResponse:
        need(request, "read")
        values = _monitor(desk.ledger, desk.config, desk.clock(), view, channel, number)
        return desk.page(request, "monitor.html", **values)

    return router


def _monitor(ledger: Ledger, config: Config, now: datetime, view: str, channel: str, number: int) -> dict[str, Any]:
    view, channel = view if view in ORDER else "", channel if channel in labels.CHANNELS else ""
    stuck, refused = views.stuck(ledger, now), views.drops(ledger, "reject", "review")
    held, last = views.held_channels(ledger), views.last_run(ledger)
    rows = views.deliveries(ledger, view=view, channel=channel, limit=ROWS + 1, offset=(number - 1) * ROWS)
    health = health_of(config, ledger, now)
    warnings = [
        (one.name, line)
        for one in health.channels
        for line in one.lines(config.zone, ("circuit", "unhealthy", "token"))
    ]
    silent = last is not None and now - last > TICK
    return {
        "rows": rows[:ROWS], "page": number, "more": len(rows) > ROWS, "counts": views.counts(ledger), "order": ORDER,
        "view": view, "channel": channel, "stuck": stuck, "refused": refused, "held": held, "last_run": last,
        "silent": silent, "warnings": warnings, "blackout": health.blackout,
        "problems": len(stuck) + len(refused) + len(held) + len(warnings) + silent,
    }  # fmt: skip
