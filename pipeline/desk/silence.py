"""The blackout switch: nothing but urgent notices begins while it is on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from pipeline.desk.doing import Short, Word, moment
from pipeline.desk.pages import Desk
from pipeline.desk.people import need
from pipeline.errors import NotPossible
from pipeline.i18n import N_, _
from pipeline.ledger import views
from pipeline.ledger.verbs import By
from pipeline.wiring import timetable

DONE = {"bat": N_("The blackout is on."), "tat": N_("The blackout is over; what waited goes out, the oldest first.")}


def routes(desk: Desk) -> APIRouter:
    """The page of blackouts and its form."""
    router = APIRouter()

    @router.get("/im-lang")
    def silence(request: Request, xong: str = "") -> Response:
        need(request, "read")
        return _page(desk, request, notice=DONE.get(xong, ""))

    @router.post("/im-lang")
    def switch(request: Request, verb: Word, why: Short = "", sure: Word = "", starts: Word = "",
               ends: Annotated[str, Form(max_length=40)] = "") -> Response:  # fmt: skip
        person = need(request, "operate")
        if verb not in DONE:
            raise HTTPException(404)
        given = {"why": why.strip(), "starts": starts, "ends": ends}
        if not sure:
            return _page(desk, request, ask=verb, given=given)
        by = By(person.login, desk.clock(), given["why"], person.name)
        try:
            _switch(desk, verb, given, by)
        except NotPossible as error:
            return _page(desk, request, 409, problem=str(error), given=given)
        return RedirectResponse(f"/im-lang?xong={verb}", 303)

    return router


def _switch(desk: Desk, verb: str, given: dict[str, str], by: By) -> None:
    if verb == "tat":
        desk.ledger.lift_blackout(by)
        return
    if not given["why"]:
        raise NotPossible(_("Please give a reason; it is kept in the log."))
    starts = moment(desk, given["starts"]) if given["starts"] else by.now
    desk.ledger.black_out(starts, moment(desk, given["ends"]) if given["ends"] else None, by)


def _page(desk: Desk, request: Request, status: int = 200, *, notice: str = "", problem: str = "", ask: str = "",
          given: dict[str, str] | None = None) -> Response:  # fmt: skip
    now = desk.clock()
    days = [one for one in timetable(desk.config).off.blackouts if one.last >= now.date()]
    return desk.page(request, "silence.html", status, rows=views.blackouts(desk.ledger, now), days=days, ask=ask,
                     given=given or {"why": "", "starts": "", "ends": ""}, problem=problem, notice=notice)  # fmt: skip
