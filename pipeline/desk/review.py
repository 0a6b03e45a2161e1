"""What waits for an approval, the oldest first: where an approver begins, and the way from one item to the next."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from pipeline.desk.pages import Desk
from pipeline.desk.people import Person, need
from pipeline.ledger.awaiting import awaiting


def routes(desk: Desk) -> APIRouter:
    """The list's address."""
    router = APIRouter()

    @router.get("/duyet")
    def waiting(request: Request) -> Response:
        person = need(request, "read")
        return desk.page(request, "review.html", rows=awaiting(desk.ledger, person.unit))

    return router


def near(desk: Desk, person: Person, item: str) -> dict[str, dict[str, Any] | None]:
    """The items before and after one in the list; of an item that waits no more, the first is the next."""
    rows = awaiting(desk.ledger, person.unit)
    place = next((number for number, row in enumerate(rows) if row["id"] == item), None)
    if place is None:
        return {"before": None, "after": rows[0] if rows else None}
    return {
        "before": rows[place - 1] if place else None,
        "after": rows[place + 1] if place + 1 < len(rows) else None,
    }
