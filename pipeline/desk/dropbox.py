"""The drop box: files from a browser into a unit's folder, and what the rules say of them at once."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse

from pipeline import contents, placing
from pipeline.desk.pages import HERE, Desk
from pipeline.desk.people import need, who
from pipeline.desk.receiving import Form, receive, small_form
from pipeline.desk.refusals import TooMuch, unstored
from pipeline.desk.sending import open_units, tell, writer
from pipeline.errors import NotPossible
from pipeline.i18n import _
from pipeline.ledger.sent import note_sent
from pipeline.model import Unit
from pipeline.placing import Placed, Stage
from pipeline.reference import units

_MOST_TOLD = 60  # files on one page of findings


def routes(desk: Desk) -> APIRouter:
    """The drop box's addresses."""
    router = APIRouter()

    @router.get("/gui-tin")
    def choose(request: Request, unit: str = "") -> Response:
        person = need(request, "write", unit)
        if unit or person.unit:
            found = units().get(unit or person.unit)
            return RedirectResponse(f"/gui-tin/{found.id}", 303) if found else desk.page(request, "missing.html", 404)
        listed = open_units(desk.clock().date(), person)
        return desk.page(request, "units.html", units=listed, action="/gui-tin", heading=_("Send files"))

    @router.get("/gui-tin/{unit}")
    def form(request: Request, unit: str) -> HTMLResponse:
        _person, found, _folder = writer(desk, request, unit)
        return _page(desk, request, found)

    @router.post("/gui-tin/{unit}")
    async def send(request: Request, unit: str) -> Response:
        _person, found, _folder = writer(desk, request, unit)
        stage, limits = Stage(desk.config.content / found.id), desk.config.upload
        try:
            sent = await receive(request, stage, limits, lambda name: contents.most_bytes(name, _pdf(desk)))
            return await run_in_threadpool(_take, desk, request, found, stage, sent)
        except NotPossible as error:
            return _page(desk, request, found, error)
        except OSError as error:
            stage.drop()
            return _page(desk, request, found, unstored(error))

    @router.get("/gui-tin/{unit}/ket-qua")
    def told(request: Request, unit: str, tep: Annotated[list[str], Query()] = []) -> HTMLResponse:  # noqa: B006 - FastAPI copies it
        _person, found, _folder = writer(desk, request, unit)
        rows = [tell(desk, found, path) for path in dict.fromkeys(tep[:_MOST_TOLD])]
        return desk.page(request, "told.html", unit=found, rows=rows, waits=any(row.waits for row in rows))

    @router.post("/gui-tin/{unit}/cho/{token}")
    async def decide(request: Request, unit: str, token: str) -> Response:
        _person, found, folder = writer(desk, request, unit)
        try:
            answer = await small_form(request, 10_000)
            stage = Stage.of(folder, token)
            return await run_in_threadpool(_decided, desk, request, found, stage, answer)
        except NotPossible as error:
            return _page(desk, request, found, error)
        except OSError as error:
            return _page(desk, request, found, unstored(error))

    @router.get("/gui-tin.js")
    def script() -> FileResponse:
        return FileResponse(HERE / "dropbox.js", media_type="text/javascript")

    return router


def _pdf(desk: Desk) -> int:
    return desk.config.intake.attachment_bytes


def _page(desk: Desk, request: Request, unit: Unit, error: NotPossible | None = None) -> HTMLResponse:
    status = error.status if isinstance(error, TooMuch) else 422 if error else 200
    folders = placing.folders(desk.config.content / unit.id)
    return desk.page(request, "dropbox.html", status, unit=unit, folders=folders, limits=desk.config.upload,
                     error=str(error) if error else "", accept=",".join(contents.TYPES))  # fmt: skip


def _take(desk: Desk, request: Request, unit: Unit, stage: Stage, sent: Form) -> Response:
    if not sent.files:
        raise NotPossible(_("No file was chosen."))
    try:
        for one in sent.files:
            contents.check(one.file, one.name, _pdf(desk))
        placing.sweep(stage.unit)
        folder = _folder(stage, sent.get("folder"))
        done = placing.place(desk.config.content, stage, folder, "ask")
    except NotPossible:
        stage.drop()
        raise
    return _answer(desk, request, unit, stage, folder, done)


def _folder(stage: Stage, wanted: str) -> str:
    """An existing folder by its very name, else a new one with a plain name."""
    name = wanted.strip()
    return name if name in placing.folders(stage.unit) else placing.folder_name(name)


def _decided(desk: Desk, request: Request, unit: Unit, stage: Stage, answer: Form) -> Response:
    wanted = answer.get("lam")
    if wanted == "bo":
        stage.drop()
        return RedirectResponse(f"/gui-tin/{unit.id}", 303)
    how: dict[str, placing.How] = {"thay": "replace", "canh": "beside"}
    folder = _folder(stage, answer.get("folder"))
    done = placing.place(desk.config.content, stage, folder, how.get(wanted, "ask"))
    return _answer(desk, request, unit, stage, folder, done)


def _answer(desk: Desk, request: Request, unit: Unit, stage: Stage, folder: str, done: list[Placed]) -> Response:
    if any(one.state == "exists" for one in done):
        return desk.page(request, "exists.html", 409, unit=unit, token=stage.token, folder=folder, files=done)
    changed = {one.path: one.state for one in done if one.state != "same"}
    note_sent(desk.ledger, who(request).login, changed, desk.clock())
    query = urlencode([("tep", one.path) for one in done])
    return RedirectResponse(f"/gui-tin/{unit.id}/ket-qua?{query}", 303)
