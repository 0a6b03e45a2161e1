"""Everybody's own page: change the password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from pipeline.desk.guard import LOGIN, address, network
from pipeline.desk.pages import Desk
from pipeline.desk.people import Person, need
from pipeline.errors import NotPossible
from pipeline.i18n import _
from pipeline.ledger import accounts, sessions
from pipeline.ledger.verbs import By
from pipeline.passwords import LONGEST, fits, hashed, problem

_Secret = Annotated[str, Form(max_length=4 * LONGEST)]


def routes(desk: Desk) -> APIRouter:
    """The page and its form."""
    router = APIRouter()

    @router.get("/mat-khau")
    def page(request: Request) -> Response:
        return _page(desk, request, need(request, "read"))

    @router.post("/mat-khau")
    def change(request: Request, cu: _Secret = "", moi: _Secret = "", lai: _Secret = "") -> Response:
        person = need(request, "read")
        if not person.logged_in or request.headers.get("authorization"):  # a token changes nobody's password
            raise HTTPException(403)
        try:
            _change(desk, person, network(address(request)), cu, moi, lai)
        except NotPossible as error:
            return _page(desk, request, person, 422, str(error))
        return RedirectResponse(LOGIN, 303)

    return router


def _page(desk: Desk, request: Request, person: Person, status: int = 200, error: str = "") -> HTMLResponse:
    """The form, or where the password is kept if not here."""
    service, account = desk.config.desk.oidc, accounts.find(desk.ledger, person.login)
    kept = "here" if account and account.password else "service" if account and service.issuer else "nowhere"
    shown = {"account": bool(account), "kept": kept, "service": service.called, "there": service.password_page}
    return desk.page(request, "password.html", status, error=error, **shown)


def _change(desk: Desk, person: Person, where: str, old: str, new: str, again: str) -> None:
    """The old one is guessed at as seldom as at the login; every session of the account ends."""
    now, account = desk.clock(), accounts.find(desk.ledger, person.login)
    if account and not account.password:
        raise NotPossible(_("No password of yours is kept here."))
    if not sessions.try_login(desk.ledger, person.login, where, now):
        raise NotPossible(_("Too many attempts. Wait a quarter of an hour and try again."))
    if account is None or not fits(old, account.password):
        raise NotPossible(_("The old password is wrong."))
    sessions.forgive(desk.ledger, person.login)
    if new != again:
        raise NotPossible(_("The new password was not typed the same twice."))
    if wrong := problem(new, person.login):
        raise NotPossible(wrong)
    accounts.change(
        desk.ledger, person.login, By(person.login, now, name=person.name), "password", password=hashed(new)
    )
