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
        unit = need(request, "read").unit
        values = _monitor(desk.ledger, desk.config, desk.clock(), view, channel, number, unit)
        return desk.page(request, "monitor.html", **values)

    return router


def _monitor(ledger: Ledger, config: Config, now: datetime, view: str, channel: str, number: int,
             unit: str) -> dict[str, Any]:  # fmt: skip
    """What the page shows; with a unit only what is that unit's."""
    view, channel = view if view in ORDER else "", channel if channel in labels.CHANNELS else ""
    stuck = views.stuck(ledger, now, unit=unit)
    refused = [row for row in views.drops(ledger, "reject", "review") if unit in ("", row["unit"])]
    held, last = views.held_channels(ledger), views.last_run(ledger)
    rows = views.deliveries(ledger, view=view, channel=channel, unit=unit, limit=ROWS + 1, offset=(number - 1) * ROWS)
    health = health_of(config, ledger, now)
    warnings = [
        (one.name, line)
        for one in health.channels
        for line in one.lines(config.zone, ("circuit", "unhealthy", "token"))
    ]
    silent = last is not None and now - last > TICK
    return {
        "rows": rows[:ROWS], "page": number, "more": len(rows) > ROWS, "counts": views.counts(ledger, unit), "order": ORDER,
        "view": view, "channel": channel, "stuck": stuck, "refused": refused, "held": held, "last_run": last,
        "silent": silent, "warnings": warnings, "blackout": health.blackout,
        "problems": len(stuck) + len(refused) + len(held) + len(warnings) + silent,
    }  # fmt: skip
