"""The page of an item: where it stands, why, and what goes out."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse

from pipeline.config import Config
from pipeline.desk import evidence, preview
from pipeline.desk.pages import Desk
from pipeline.desk.people import need
from pipeline.ledger import Ledger, views


def routes(desk: Desk) -> APIRouter:
    """An item's addresses."""
    router = APIRouter()

    @router.get("/tin/{item}")
    def item(request: Request, item: str) -> HTMLResponse:
        found = views.item_by_id(desk.ledger, item)
        need(request, "read", found["unit"] if found else "")
        if found is None:
            return desk.page(request, "missing.html", 404)
        return desk.page(request, "item.html", **_item(desk.ledger, desk.config, found))

    @router.get("/anh/{name}")
    def picture(request: Request, name: str) -> Response:
        need(request, "read")
        file = desk.config.state / "media" / name[:2] / name
        if not preview.PICTURE_NAME.fullmatch(name) or not file.is_file():
            return Response("", 404)
        return FileResponse(file, headers={"Cache-Control": "private, max-age=31536000, immutable"})

    return router


def _item(ledger: Ledger, config: Config, found: dict[str, Any]) -> dict[str, Any]:
    edition = found["editions"][-1] if found["editions"] else {"tagging": {}, "recorded": None, "outcome": ""}
    tagging = edition["tagging"]
    texts = {name: evidence.text(tagging, name) for name in ("title", "summary", "body")}
    return {
        "item": found, "edition": edition, "tagging": tagging, "texts": texts, "areas": evidence.areas(tagging),
        "differences": evidence.differences(tagging), "held": {row["name"]: row for row in views.held_channels(ledger)},
        "tags": evidence.labels(tagging), "masked": evidence.masked(tagging),
        "against": evidence.words(tagging.get("against", ())), "previews": preview.previews(found["posts"]),
        "attempts": views.attempts(ledger, item=found["id"]), "address": f"{config.public_url}/{found['address']}",
    }  # fmt: skip
