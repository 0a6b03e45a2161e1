"""The help page: shortcuts and how to switch them off, what the states mean, who may do what."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from pipeline.desk.pages import HERE, Desk
from pipeline.desk.people import ROLE_NAMES, need
from pipeline.i18n import N_

KEYS = (
    ("j", N_("the next row of a list; on an item's page the next item that waits for approval")),
    ("k", N_("the row before; on an item's page the item before")),
    ("o", N_("open the row")),
    ("a", N_("approve: shows what goes out first, Enter confirms")),
    ("r", N_("send back: asks for the reason")),
    ("t", N_("hand in for approval")),
    ("u", N_("back to the list")),
    ("/", N_("search")),
    ("?", N_("this page")),
)
MAY = {
    "reader": N_("reads everything"),
    "contributor": N_("sends and writes files of the own unit and reads what becomes of them"),
    "editor": N_("mends, hands in, sends back, holds and releases"),
    "approver": N_("all that an editor may, approves and withdraws"),
    "operator": N_("all of it, moves in time, decides about the unsure, blackouts, accounts"),
}
STATES = {
    "published": N_("It stands on the channel."),
    "planned": N_("It goes out when its time has come."),
    "sending": N_("A worker is sending it."),
    "held": N_("A person or the channel holds it back."),
    "in_doubt": N_("The channel gave no clear answer; nothing is sent again before it has been looked for there."),
    "failed": N_("The channel refused it; a person decides."),
    "withdrawn": N_("It was taken off."),
}


def routes(desk: Desk) -> APIRouter:
    """The help page and the script of the shortcuts."""
    router = APIRouter()

    @router.get("/tro-giup")
    def help_page(request: Request) -> Response:
        need(request, "read")
        return desk.page(request, "help.html", keys=KEYS, may=MAY, states=STATES, role_names=ROLE_NAMES)

    @router.get("/phim.js")
    def script() -> FileResponse:
        return FileResponse(HERE / "keys.js", media_type="text/javascript")

    return router
