"""The page of an item: where it stands, why, what goes out, and what may be done."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse

from channels.portal.post import PortalPost
from pipeline import labels
from pipeline.desk import deeds, evidence, preview, review, source
from pipeline.desk import differences as compare
from pipeline.desk.actions import DELIVERY, ITEM, offers
from pipeline.desk.pages import Desk
from pipeline.desk.people import Person, need
from pipeline.desk.undo import notice_of, undo_of
from pipeline.ledger import awaiting, history, views
from pipeline.ledger.verbs import By


def routes(desk: Desk) -> APIRouter:
    """An item's addresses."""
    router = APIRouter()

    @router.get("/tin/{item}")
    def item(
        request: Request, item: str, xong: str = "", kenh: str = "", so_sanh: int = 0, truoc: str = ""
    ) -> HTMLResponse:
        return show(desk, request, item, done=(xong, kenh, truoc), against=so_sanh)

    @router.get("/anh/{name}")
    def picture(request: Request, name: str) -> Response:
        need(request, "read")
        file = desk.config.state / "media" / name[:2] / name
        if not preview.PICTURE_NAME.fullmatch(name) or not file.is_file():
            return Response("", 404)
        return FileResponse(file, headers={"Cache-Control": "private, max-age=31536000, immutable"})

    return router


def show(desk: Desk, request: Request, item: str, *, done: tuple[str, str, str] = ("", "", ""), problem: str = "",
         status: int = 200, against: int = 0) -> HTMLResponse:  # fmt: skip
    """The page; `done` is the verb that was just done, its channel and the time before; `against` is the edition that the
    newest is compared with, 0 for the one before it."""
    found = facts(desk, item)
    person = need(request, "read", found["unit"] if found else "")
    if found is None:
        return desk.page(request, "missing.html", 404)
    values = _shown(desk, found) | _told(desk, found, person, against)
    queued = ITEM["approve"].offered(found) or done[0] in ("approve", "send_back")
    values["near"] = review.near(desk, person, item) if queued and person.may("edit") else {}
    notice, undo = notice_of(*done[:2]), undo_of(*done, found, person, desk.clock(), desk.config.zone)
    return desk.page(request, "item.html", status, notice=notice, undo=undo, problem=problem, **values)


def facts(desk: Desk, item: str) -> dict[str, Any] | None:
    """An item with all that decides what may be done to it; None when there is no such id."""
    found = views.item_by_id(desk.ledger, item)
    if found is None:
        return None
    slots = {post["channel"] for post in found["posts"] if post["not_before"]}
    codes, text = {one["code"] for one in found["findings"]}, str(found["file"] or "").endswith(".md")
    blocked = bool(found["attention"] or found["stopped"])
    for row in found["deliveries"]:
        row |= {"newest": found["edition"], "slot": row["channel"] in slots, "blocked": blocked}
    sent_back = history.sent_back(desk.ledger, item)
    return found | {
        "slots": slots, "handed": awaiting.handed_in(desk.ledger, item, found["edition"]), "sent_back": sent_back, "returned": any(row["edition"] == found["edition"] for row in sent_back),
        "edition_outcome": found["editions"][-1]["outcome"] if found["editions"] else "",
        "may_mask": text and bool(codes.intersection(source.PERSONAL)),
        "may_repair": text and bool(codes.intersection(source.REPAIRABLE)),
    }  # fmt: skip


def _shown(desk: Desk, found: dict[str, Any]) -> dict[str, Any]:
    """What the newest edition is and why."""
    ledger, config = desk.ledger, desk.config
    edition = found["editions"][-1] if found["editions"] else {"tagging": {}, "recorded": None, "outcome": ""}
    tagging = edition["tagging"]
    previews = preview.previews(found["posts"])
    texts = {name: evidence.text(tagging, name) for name in ("title", "summary", "body")}
    return {
        "item": found, "edition": edition, "tagging": tagging, "texts": texts, "areas": evidence.areas(tagging),
        "differences": evidence.differences(tagging), "held": {row["name"]: row for row in views.held_channels(ledger)},
        "tags": evidence.labels(tagging), "masked": evidence.masked(tagging),
        "against": evidence.words(tagging.get("against", ())), "previews": previews,
        "corrections": next((one.post.corrections for one in previews if isinstance(one.post, PortalPost)), ""),
        "attempts": views.attempts(ledger, item=found["id"]), "address": f"{config.public_url}/{found['address']}",
    }  # fmt: skip


def _told(desk: Desk, found: dict[str, Any], person: Person, against: int) -> dict[str, Any]:
    """What happened to it, and what this person may do."""
    ledger, item, unit = desk.ledger, found["id"], found["unit"]
    editions = found["editions"]
    older = next((one for one in editions if one["number"] == (against or found["edition"] - 1)), None)
    changes = compare.between(older["tagging"], editions[-1]["tagging"]) if older and editions else []
    todo = offers(ITEM, found, person, unit)
    own = (
        awaiting.hindrance(ledger, item, By(person.login, desk.clock(), name=person.name)) if "approve" in todo else ""
    )
    if own:
        todo.pop("approve")
    return {
        "todo": todo, "own": own, "older": older, "changes": changes,
        "lines": source.passages(desk.config.content, found["file"] or "", found["findings"]),
        "rows": [(row, offers(DELIVERY, row, person, unit)) for row in sorted(found["deliveries"], key=lambda one: list(labels.CHANNELS).index(one["channel"]))],
        "approvals": {row["edition"]: row for row in history.approvals(ledger, item)},
        "backs": {row["edition"]: row for row in found["sent_back"]},
        "receipts": history.receipts(ledger, item), "done": deeds.told(history.deeds(ledger, item), item),
    }  # fmt: skip
