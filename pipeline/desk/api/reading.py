"""The questions of the API; each answers with typed rows, a page at a time."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response

from pipeline import reference
from pipeline.desk import calendar, items, logs, wishes
from pipeline.desk.api import gauges as g
from pipeline.desk.api import models as m
from pipeline.desk.api.asking import (
    ItemId,
    Number,
    OfAttempts,
    OfDeliveries,
    OfFiles,
    OfItems,
    OfLog,
    OfWeek,
    own,
)
from pipeline.desk.metrics import CONTENT_TYPE, exposition
from pipeline.desk.pages import Desk
from pipeline.desk.people import need
from pipeline.i18n import N_
from pipeline.ledger import history, listing, paging, quotas, views
from pipeline.ledger.listing import Cursor
from pipeline.wiring import health_of, timetable

_STREAM: dict[int | str, dict[str, Any]] = {200: {"description": N_("The whole log, as it is read."), "content": {
    "application/jsonl": {"schema": {"type": "string"}}, "text/csv": {"schema": {"type": "string"}}}}}  # fmt: skip
_TEXT: dict[int | str, dict[str, Any]] = {
    200: {"description": N_("Gauges for Prometheus."), "content": {"text/plain": {"schema": {"type": "string"}}}}
}


def routes(desk: Desk) -> APIRouter:
    """Everything that only reads."""
    router = APIRouter()
    _of_items(router, desk)
    _of_deliveries(router, desk)
    _of_newsroom(router, desk)
    return router


def _of_items(router: APIRouter, desk: Desk) -> None:
    @router.get("/items", summary=N_("Items, those published last first"))
    def all_items(request: Request, asked: Annotated[OfItems, Query()]) -> m.Items:
        asked = own(asked, need(request, "read"))
        found = paging.items(desk.ledger, asked.wish, asked.kind or "", asked.after, asked.limit)
        return m.Items.model_validate({"rows": [_item(desk, row) for row in found.rows], "next": found.next})

    @router.get(
        "/items/{item}", summary=N_("One item with editions, findings, posts, deliveries and what was done to it")
    )
    def one_item(request: Request, item: ItemId) -> m.ItemInFull:
        need(request, "read")
        found = in_full(desk, item)
        if found is None:
            raise HTTPException(404)
        need(request, "read", found["unit"])
        return m.ItemInFull.model_validate(found)

    @router.get("/files", summary=N_("Files as intake last looked at them, with their findings, by path"))
    def all_files(request: Request, asked: Annotated[OfFiles, Query()]) -> m.Files:
        asked = own(asked, need(request, "read"))
        outcomes = [asked.outcome] if asked.outcome else []
        found = paging.files(desk.ledger, asked.unit, outcomes, asked.after, asked.limit)
        return m.Files.model_validate({"rows": found.rows, "next": found.next})

    @router.get("/units", summary=N_("Units that send content"))
    def all_units(request: Request) -> list[g.Unit]:
        need(request, "read")
        return [g.Unit.model_validate(vars(one)) for one in reference.units().all()]


def _of_deliveries(router: APIRouter, desk: Desk) -> None:
    @router.get("/deliveries", summary=N_("Deliveries, newest change first"))
    def all_deliveries(request: Request, asked: Annotated[OfDeliveries, Query()]) -> m.Deliveries:
        asked = own(asked, need(request, "read"))
        page = listing.page(desk.ledger, asked.wish, asked.limit, Cursor.parse(asked.after))
        return m.Deliveries.model_validate(
            {"rows": page.rows, "next": str(page.cursor(-1)) if page.older and page.rows else ""}
        )

    @router.get("/deliveries/{number}", summary=N_("One delivery"))
    def one_delivery(request: Request, number: Number) -> m.Delivery:
        need(request, "read")
        found = paging.delivery(desk.ledger, number)
        if found is None:
            raise HTTPException(404)
        need(request, "read", found["unit"])
        return m.Delivery.model_validate(found)

    @router.get("/attempts", summary=N_("Every try of every delivery, newest first"))
    def all_attempts(request: Request, asked: Annotated[OfAttempts, Query()]) -> m.Attempts:
        asked = own(asked, need(request, "read"))
        found = paging.attempts(desk.ledger, asked.wish, asked.item, asked.delivery, asked.after, asked.limit)
        return m.Attempts.model_validate({"rows": found.rows, "next": found.next})

    @router.get("/log", summary=N_("The publish log as a file"), responses=_STREAM, response_class=Response)
    def log(request: Request, asked: Annotated[OfLog, Query()]) -> Response:
        asked = own(asked, need(request, "read"))
        return logs.as_file(listing.log(desk.ledger, asked.wish), asked.form, desk.config.zone)


def _of_newsroom(router: APIRouter, desk: Desk) -> None:
    @router.get(
        "/calendar", summary=N_("A week: what is planned and what went out, with hours, holidays and blackouts")
    )
    def week(request: Request, asked: Annotated[OfWeek, Query()]) -> list[g.Day]:
        asked = own(asked, need(request, "read"))
        today = desk.clock().astimezone(desk.config.zone).date()
        day = wishes.day(asked.day.isoformat()) if asked.day else None
        chosen = day or today
        days = calendar.week(desk, chosen - timedelta(days=chosen.weekday()), asked.unit)
        return [g.Day.model_validate({"day": one.day, "notes": one.notes, "channels": [vars(cell) for cell in one.cells]})
                for one in days]  # fmt: skip

    @router.get("/health", summary=N_("The channels' health, quotas and the newsroom's gauges"))
    def health(request: Request) -> g.Health:
        need(request, "read")
        return _health(desk)

    @router.get("/metrics", summary=N_("The same gauges for Prometheus"), responses=_TEXT, response_class=Response)
    def metrics(request: Request) -> Response:
        need(request, "read")
        found = health_of(desk.config, desk.ledger, desk.clock())
        return Response(exposition(found, views.outcomes(desk.ledger)), media_type=CONTENT_TYPE)


def in_full(desk: Desk, item: str) -> dict[str, Any] | None:
    """An item as ItemInFull takes it; None when there is no such id."""
    found = items.facts(desk, item)
    if found is None:
        return None
    posts = [row | {"body": json.loads(row["body"])} for row in found["posts"]]
    tagging = found["editions"][-1]["tagging"] if found["editions"] else {}
    ledger = desk.ledger
    return _item(desk, found) | {
        "posts": posts, "tagging": tagging, "approvals": history.approvals(ledger, item), "deeds": history.deeds(ledger, item),
        "receipts": history.receipts(ledger, item),
    }  # fmt: skip


def _item(desk: Desk, row: dict[str, Any]) -> dict[str, Any]:
    return row | {"url": f"{desk.config.public_url}/{row['address']}"}


def _health(desk: Desk) -> g.Health:
    now, table = desk.clock(), timetable(desk.config)
    found = health_of(desk.config, desk.ledger, now)
    channels = []
    for one in found.channels:
        hours = table.hours.get(one.name)
        left = quotas.left(desk.ledger, one.name, hours.quotas(now) if hours else ())
        quota = [vars(row) | {"left": row.left} for row in left]
        channels.append(vars(one) | {"troubles": one.troubles, "closed": one.gate, "quotas": quota,
                                     "succeeded": one.state.succeeded if one.state else None,
                                     "opens": table.next_opening(one.name, now)})  # fmt: skip
    return g.Health.model_validate(vars(found) | {"ok": found.ok, "jobs": found.last_run, "channels": channels})
