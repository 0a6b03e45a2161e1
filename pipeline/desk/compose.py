"""Writing in the browser: forms for article, clip and Q&A, checked as one types; what is saved is a file like any other."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse

from pipeline import contents, labels
from pipeline.desk import drafting, fields
from pipeline.desk.drafting import Draft
from pipeline.desk.drafts import listed
from pipeline.desk.pages import HERE, Desk
from pipeline.desk.people import need, who
from pipeline.desk.receiving import Form, Sent, receive, small_form
from pipeline.desk.refusals import TooMuch, unstored
from pipeline.desk.sending import in_unit, open_units, writer
from pipeline.errors import NotPossible
from pipeline.i18n import _
from pipeline.ledger.sent import note_sent
from pipeline.model import AREAS, CHANNELS, KINDS, Finding, Unit
from pipeline.placing import Stage
from pipeline.reference import area_names, units

_PICTURES = (".jpg", ".jpeg", ".png", ".webp")


def routes(desk: Desk) -> APIRouter:
    """The addresses of writing."""
    router = APIRouter()

    @router.get("/soan")
    def start(request: Request, unit: str = "") -> Response:
        person = need(request, "write", unit)
        chosen = units().get(unit or person.unit)
        if chosen is None:
            today = open_units(desk.clock().date(), person)
            return desk.page(request, "units.html", units=today, action="/soan", heading=_("Write"))
        return desk.page(request, "drafts.html", unit=chosen, kinds=labels.KINDS, drafts=listed(desk, chosen))

    @router.get("/soan/{kind}")
    def form(request: Request, kind: str, unit: str = "", tep: str = "", luu: str = "") -> HTMLResponse:
        _person, found, _folder = writer(desk, request, unit or need(request, "write").unit)
        try:
            draft = _draft(desk, found, kind, tep)
        except NotPossible as error:
            return desk.page(request, "message.html", 422, title=_("This file cannot be edited here"), text=str(error))
        rows = drafting.findings(desk, found, draft, draft.source) if draft.source else []
        return _page(desk, request, found, draft, draft.values, rows, said=_("Saved.") if luu else "")

    @router.post("/soan/{kind}")
    async def save(request: Request, kind: str, unit: str = "") -> Response:
        _person, found, folder = writer(desk, request, unit)
        stage = Stage(folder)
        try:
            form = await receive(request, stage, desk.config.upload, _picture_bytes)
        except (NotPossible, OSError) as problem:
            error = unstored(problem) if isinstance(problem, OSError) else problem
            status = error.status if isinstance(error, TooMuch) else 422
            return desk.page(request, "message.html", status, title=_("This was not stored"), text=str(error))
        try:
            return await run_in_threadpool(_saved, desk, request, found, kind, stage, form)
        finally:
            stage.drop()

    @router.post("/kiem-tra")
    async def live(request: Request) -> HTMLResponse:
        need(request, "write")
        try:
            form = await small_form(request)
        except TooMuch as error:
            return HTMLResponse("", error.status)
        _person, found, _folder = writer(desk, request, form.get("unit"))
        return await run_in_threadpool(_live, desk, request, found, form)

    @router.get("/soan.js")
    def script() -> FileResponse:
        return FileResponse(HERE / "compose.js", media_type="text/javascript")

    return router


def _picture_bytes(name: str) -> int:
    if not name.lower().endswith(_PICTURES):
        raise NotPossible(_('"{name}" is no picture (.jpg, .png, .webp).').format(name=name))
    return contents.most_bytes(name, 0)


def _draft(desk: Desk, unit: Unit, kind: str, path: str) -> Draft:
    """The form's item before what was just typed.

    Raises:
        HTTPException: 404 for an unknown kind or a file that is not in the unit's folder.
        NotPossible: the file cannot be edited here.
    """
    if kind not in KINDS:
        raise HTTPException(404)
    if not path:
        return drafting.blank(desk, kind, unit)
    file = in_unit(desk, unit, path)
    if file is None or not file.is_file():
        raise HTTPException(404)
    return drafting.load(kind, path, file)


def _page(desk: Desk, request: Request, unit: Unit, draft: Draft, values: dict[str, Any], rows: list[Finding],
          status: int = 200, error: str = "", said: str = "", form: Form | None = None) -> HTMLResponse:  # fmt: skip
    names = {"areas": {one: area_names()[one] for one in AREAS},
             "channels": {one: labels.channel_name(one) for one in CHANNELS}}  # fmt: skip
    return desk.page(request, "compose.html", status, unit=unit, draft=draft, values=values, fields_=fields.of(draft.kind),
                     rows=rows, names=names, error=error, said=said, label=fields.label, checked=bool(draft.source or form),
                     digest=form.get("digest") if form else draft.digest,
                     picture_alt=form.get("picture_alt") if form else "")  # fmt: skip


def _saved(desk: Desk, request: Request, unit: Unit, kind: str, stage: Stage, form: Form) -> Response:
    draft = _draft(desk, unit, kind, form.get("tep"))
    given, wanted = fields.given(kind, form), form.get("lam")
    status = {"gui": "ready", "nhap": "draft"}.get(wanted, draft.status)
    try:
        if draft.path and form.get("digest") != draft.digest:
            raise NotPossible(
                _("Somebody else changed this file meanwhile. Open it again in another window and compare.")
            )
        if wanted in ("gui", "nhap"):
            given = _with_pictures(desk, stage, draft, given, form)
            path = drafting.save(desk, stage, draft, given, drafting.text(draft, given, status))
            note_sent(desk.ledger, who(request).login, {path: "written"}, desk.clock())
            return _next(unit, kind, path, status)
        rows = drafting.findings(desk, unit, draft, drafting.text(draft, given, status))
    except (NotPossible, OSError) as problem:
        error = unstored(problem) if isinstance(problem, OSError) else problem
        rows = drafting.findings(desk, unit, draft, drafting.text(draft, given, status))
        return _page(desk, request, unit, draft, given, rows, 422, str(error), form=form)
    return _page(desk, request, unit, draft, given, rows, form=form)


def _next(unit: Unit, kind: str, path: str, status: str) -> Response:
    if status == "draft":
        query = urlencode({"unit": unit.id, "tep": path, "luu": "1"})
        return RedirectResponse(f"/soan/{kind}?{query}", 303)
    return RedirectResponse(f"/gui-tin/{unit.id}/ket-qua?{urlencode({'tep': path})}", 303)


def _with_pictures(desk: Desk, stage: Stage, draft: Draft, given: dict[str, Any], form: Form) -> dict[str, Any]:
    """The values with the names of the pictures that came along, once each was looked into and has a text for the blind."""
    sent = {one.field: one for one in form.files}
    alt = {"cover_file": given["cover_alt"], "picture_file": " ".join(form.get("picture_alt").split())[:500]}
    for name, one in sent.items():
        contents.check(one.file, one.name, 0)
        if not alt.get(name):
            raise NotPossible(
                _('Say what the picture "{name}" shows, for those who cannot see it.').format(name=one.name)
            )
    found = dict(given)
    if cover := sent.get("cover_file"):
        found["cover"] = _kept(desk, stage, draft, cover, given["title"])
    if picture := sent.get("picture_file"):
        place = _kept(desk, stage, draft, picture, alt["picture_file"])
        shown = alt["picture_file"].replace("\\", "").replace("[", "(").replace("]", ")")
        found["body"] = f"{given['body'].rstrip()}\n\n![{shown}]({place})\n".lstrip("\n")
    return found


def _kept(desk: Desk, stage: Stage, draft: Draft, sent: Sent, words: str) -> str:
    return drafting.keep_picture(desk, stage, draft, Path(sent.file), words)


def _live(desk: Desk, request: Request, unit: Unit, form: Form) -> HTMLResponse:
    try:
        draft = _draft(desk, unit, form.get("kind"), form.get("tep"))
    except NotPossible as error:
        return desk.page(request, "live.html", error=str(error), rows=[], label=fields.label)
    source = drafting.text(draft, fields.given(draft.kind, form), "ready")
    rows = drafting.findings(desk, unit, draft, source)
    return desk.page(request, "live.html", error="", rows=rows, label=fields.label)
