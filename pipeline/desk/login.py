"""Logging in and out: by password, or by the office's login service."""

from __future__ import annotations

import threading
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from pipeline.config import secret
from pipeline.desk import oidc
from pipeline.desk.guard import LOGIN, address, cookie_name, local, network, secure
from pipeline.desk.pages import Desk
from pipeline.desk.people import who
from pipeline.i18n import _
from pipeline.ledger import accounts, sessions
from pipeline.ledger.accounts import Account
from pipeline.ledger.verbs import By
from pipeline.passwords import fits

_OIDC_COOKIE = "bantin-oidc"
_AT_ONCE = 8  # logins; each waits for a hash in a thread, and a crowd of them must not keep readers waiting


def routes(desk: Desk) -> APIRouter:
    """The addresses of logging in and out; they change things by POST only, but for the way over the login service."""
    router, room = APIRouter(), threading.BoundedSemaphore(_AT_ONCE)

    @router.get(LOGIN)
    def login_page(request: Request, next_: Annotated[str, Query(alias="tiep")] = "/") -> Response:
        if who(request).logged_in:
            return RedirectResponse(local(next_), 303)
        return _page(desk, request, local(next_))

    @router.post(LOGIN)
    def login(
        request: Request,
        name: Annotated[str, Form(alias="ten")] = "",
        password: Annotated[str, Form(alias="mat_khau")] = "",
        next_: Annotated[str, Form(alias="tiep")] = "/",
    ) -> Response:
        if not room.acquire(blocking=False):
            return _page(
                desk, request, local(next_), 503, _("Too many people log in at this moment. Try again in a minute.")
            )
        try:
            return _login(desk, request, name.strip().lower()[:64], password, local(next_))
        finally:
            room.release()

    @router.post("/dang-xuat")
    def logout(request: Request) -> Response:
        cookie = cookie_name(request, desk.config)
        sessions.end(desk.ledger, request.cookies.get(cookie, ""), By(who(request).login, desk.clock()))
        answer = RedirectResponse(LOGIN, 303)
        answer.delete_cookie(cookie, secure=secure(request, desk.config), httponly=True, samesite="lax")
        return answer

    @router.get("/dang-nhap/oidc")
    def begin_oidc(request: Request, next_: Annotated[str, Query(alias="tiep")] = "/") -> Response:
        return _to_service(desk, request, local(next_))

    @router.get("/dang-nhap/oidc/ve")
    def finish_oidc(request: Request) -> Response:
        return _from_service(desk, request)

    return router


def _login(desk: Desk, request: Request, login: str, password: str, then: str) -> Response:
    """The same answer, after the same work, whether there is such an account or not."""
    now = desk.clock()
    if not sessions.try_login(desk.ledger, login, network(address(request)), now):
        text = _("Too many attempts. Wait a quarter of an hour and try again.")
        return _page(desk, request, then, 429, text)
    account = accounts.find(desk.ledger, login)
    right = fits(password, account.password if account else "")
    if account is None or not right or account.disabled:
        sessions.refused(desk.ledger, account.login if account else "", By("desk", now))
        return _page(desk, request, then, 401, _("Login name or password is wrong."))
    return _welcome(desk, request, account, then)


def _welcome(desk: Desk, request: Request, account: Account, then: str) -> Response:
    """A new session, whatever id the browser came with."""
    name = cookie_name(request, desk.config)
    by = By(account.login, desk.clock())
    begun = sessions.begin(desk.ledger, account.login, address(request), by, request.cookies.get(name, ""))
    answer = RedirectResponse(then, 303)
    answer.set_cookie(name, begun, secure=secure(request, desk.config), httponly=True, samesite="lax")
    return answer


def _to_service(desk: Desk, request: Request, then: str) -> Response:
    settings = desk.config.desk.oidc
    if not settings.issuer:
        return desk.page(request, "missing.html", 404)
    try:
        way, kept = oidc.begin(_client(desk, request), then)
    except oidc.NoLogin as error:
        return _page(desk, request, then, 502, str(error))
    answer = RedirectResponse(way, 303)
    answer.set_cookie(_OIDC_COOKIE, kept, max_age=600, path="/dang-nhap/oidc", httponly=True, samesite="lax",
                      secure=secure(request, desk.config))  # fmt: skip
    return answer


def _from_service(desk: Desk, request: Request) -> Response:
    if not desk.config.desk.oidc.issuer:
        return desk.page(request, "missing.html", 404)
    now, kept = desk.clock(), request.cookies.get(_OIDC_COOKIE, "")
    try:
        claims, then = oidc.finish(_client(desk, request), dict(request.query_params), kept, now)
    except oidc.NoLogin as error:
        sessions.refused(desk.ledger, "", By("desk", now))
        return _page(desk, request, "/", 401, str(error))
    account = _account_of(desk, claims)
    if account is None or account.disabled:
        sessions.refused(desk.ledger, account.login if account else "", By("desk", now))
        text = _("You are known to the login service but have no account here; ask an operator.")
        return _page(desk, request, "/", 403, text)
    answer = _welcome(desk, request, account, local(then))
    answer.delete_cookie(_OIDC_COOKIE, path="/dang-nhap/oidc")
    return answer


def _account_of(desk: Desk, claims: oidc.Claims) -> Account | None:
    """By the service's own id; the first time by a verified address, from then on bound to the id.

    An address may be given to another person one day, the id never.
    """
    known = accounts.by_subject(desk.ledger, claims.subject)
    if known or not claims.email:
        return known
    account = accounts.by_email(desk.ledger, claims.email)
    by = By("desk", desk.clock())
    if account and not account.disabled and accounts.bind(desk.ledger, account.login, claims.subject, by):
        return account
    return None


def _client(desk: Desk, request: Request) -> oidc.Client:
    settings, here = desk.config.desk.oidc, desk.config.desk.public_url or str(request.base_url).rstrip("/")
    return oidc.Client(settings.issuer, settings.client_id, secret(desk.config, "OIDC_SECRET"),
                       f"{here}/dang-nhap/oidc/ve")  # fmt: skip


def _page(desk: Desk, request: Request, then: str, status: int = 200, error: str = "") -> HTMLResponse:
    shown: dict[str, Any] = {"then": then, "error": error, "service": desk.config.desk.oidc.called}
    answer = desk.page(request, "login.html", status, **shown)
    if status in (429, 503):
        answer.headers["Retry-After"] = "900" if status == 429 else "30"
    return answer
