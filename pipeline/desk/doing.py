"""Verbs of people as plain forms: POST, a second step where it cannot be undone, and a way back with a notice."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, BackgroundTasks, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import AfterValidator

from pipeline import labels, notify
from pipeline.desk import items, mend
from pipeline.desk.actions import DELIVERY, ITEM, Action
from pipeline.desk.pages import Desk
from pipeline.desk.people import Person, need
from pipeline.errors import NotPossible
from pipeline.i18n import _
from pipeline.ledger.verbs import By
from pipeline.wiring import Newsroom

_LONGEST = 500  # code points of a reason
_YEARS = 5  # nobody plans further ahead; a later year is a slip of the hand
Short = Annotated[
    str, Form(max_length=_LONGEST), AfterValidator(lambda text: text.replace("\x00", ""))
]  # PostgreSQL takes none
Address = Annotated[str, Form(max_length=2000), AfterValidator(lambda text: text.replace("\x00", ""))]
Word = Annotated[str, Form(max_length=40)]


def routes(desk: Desk) -> APIRouter:
    """The address to which every form of an item's page goes."""
    router = APIRouter()

    @router.post("/tin/{item}/lam")
    def do(request: Request, later: BackgroundTasks, item: str, verb: Word, channel: Word = "", why: Short = "",
           edition: Annotated[int, Form(ge=0)] = 0, sure: Word = "", when: Word = "", remote_id: Short = "",
           url: Address = "") -> Response:  # fmt: skip
        found = items.facts(desk, item)
        action = (DELIVERY if channel else ITEM).get(verb)
        if found is None or action is None or (channel and channel not in labels.CHANNELS):
            raise HTTPException(404)
        person = need(request, action.right, found["unit"])
        given = {"why": why.strip(), "when": when, "remote_id": remote_id, "url": url}
        if action.steps == 2 and not sure:
            return _ask(desk, request, found, verb, action, channel, given)
        try:
            act(desk, found, verb, action, channel, edition or None, given, person, later)
        except NotPossible as error:
            if action.steps == 2:
                return _ask(desk, request, found, verb, action, channel, given, str(error))
            return items.show(desk, request, item, problem=str(error), status=409)
        place = f"/tin/{quote(item, safe='')}?xong={verb}" + (f"&kenh={channel}" if channel else "")
        return RedirectResponse(place, 303, background=later)

    return router


def _ask(desk: Desk, request: Request, found: dict[str, Any], verb: str, action: Action, channel: str,
         given: dict[str, str], problem: str = "") -> Response:  # fmt: skip
    return desk.page(request, "ask.html", 409 if problem else 200, item=found, verb=verb, action=action,
                     channel=channel, given=given, problem=problem)  # fmt: skip


def act(desk: Desk, found: dict[str, Any], verb: str, action: Action, channel: str, edition: int | None,
        given: dict[str, str], person: Person, later: BackgroundTasks) -> None:  # fmt: skip
    """One verb; the ledger says whether the state allows it. What its unit has to hear of is told `later`.

    Args:
        given: why, when (as a form's field says it), remote_id, url; each may be empty.

    Raises:
        NotPossible: it does not allow it, or something is missing.
    """
    _do(desk, found, verb, action, channel, edition, given, person)
    if verb in ("send_back", "take_back", "accept_masking", "accept_repair"):
        later.add_task(notify.after_word, Newsroom(desk.config, desk.ledger, desk.clock), found["id"], desk.clock())


def _do(desk: Desk, found: dict[str, Any], verb: str, action: Action, channel: str, edition: int | None,
        given: dict[str, str], person: Person) -> None:  # fmt: skip
    if action.reason and not given["why"]:
        raise NotPossible(_("Please give a reason; it is kept in the log."))
    ledger, item = desk.ledger, found["id"]
    by = By(person.login, desk.clock(), given["why"], person.name)
    if verb == "approve":
        ledger.approve(item, by, edition)
    elif verb == "send_back":
        ledger.send_back(item, by, edition)
    elif verb == "take_back":
        ledger.take_back(item, by)
        mend.look_again(desk, found["file"] or "")
    elif verb in ("accept_masking", "accept_repair"):
        _accept(desk, found, verb, by)
    elif verb == "move":
        ledger.move(item, channel, moment(desk, given["when"]), by)
    elif verb == "adopt":
        ledger.adopt(item, channel, given["remote_id"], given["url"], by)
    else:  # retry, hold, release, cancel, withdraw, publish_now, absent, plan: alike for a channel and for all
        getattr(ledger, verb)(item, channel, by)


def _accept(desk: Desk, found: dict[str, Any], verb: str, by: By) -> None:
    key = mend.MASKING if verb == "accept_masking" else mend.REPAIR
    mend.accept(desk, found["file"] or "", key)
    desk.ledger.note(by, verb.replace("_", " "), found["id"])


def moment(desk: Desk, text: str) -> datetime:
    """A time of a form's field, in the city's zone.

    Raises:
        NotPossible: it is no time, past, or years away.
    """
    try:
        found = datetime.fromisoformat(text).replace(tzinfo=desk.config.zone)
    except ValueError:
        raise NotPossible(_("Please give a day and a time.")) from None
    if found < desk.clock():
        raise NotPossible(_("This time is past."))
    if found.year > desk.clock().year + _YEARS:
        raise NotPossible(_("This time is too far away."))
    return found


def shown(desk: Desk, when: datetime) -> str:
    """A time as `moment` reads it."""
    try:
        return when.astimezone(desk.config.zone).replace(tzinfo=None).isoformat()
    except OverflowError:
        return ""
