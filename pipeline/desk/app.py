"""The desk: put together from its parts; hardened headers, and every address asks who may use it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from pipeline import consent
from pipeline.config import Config
from pipeline.desk import (
    accounts,
    calendar,
    compose,
    doing,
    dropbox,
    files,
    helping,
    items,
    live,
    login,
    logs,
    monitor,
    password,
    review,
    silence,
)
from pipeline.desk.api import app as api
from pipeline.desk.api import guide
from pipeline.desk.guard import Next, guard, known_host, unreadable
from pipeline.desk.metrics import CONTENT_TYPE, exposition
from pipeline.desk.pages import Desk, environment
from pipeline.desk.people import need
from pipeline.desk.problems import API
from pipeline.desk.troubles import answer_for
from pipeline.errors import BantinError, LedgerError
from pipeline.i18n import _
from pipeline.ledger import Ledger, paging, views
from pipeline.wiring import health_of

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
                               "frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # as frame-ancestors above, for what does not know it
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",  # with no-referrer browsers send forms with "Origin: null"
    "Cache-Control": "no-store",
}  # fmt: skip
PARTS = (
    monitor.routes,
    items.routes,
    login.routes,
    doing.routes,
    silence.routes,
    logs.routes,
    live.routes,
    calendar.routes,
    dropbox.routes,
    compose.routes,
    review.routes,
    helping.routes,
    accounts.routes,
    password.routes,
)


def build(ledger: Ledger, config: Config, clock: Callable[[], datetime], stale: float = 0.0) -> FastAPI:
    """The web application over an open ledger.

    Args:
        stale: seconds for which the figures of the monitor may be old.
    """
    desk = Desk(ledger, config, clock, environment(config, clock), stale)
    app = FastAPI(title="bantin", docs_url=None, redoc_url=None, openapi_url=None)
    app.middleware("http")(guard(desk))
    app.middleware("http")(_hardened(config))
    for part in PARTS:
        app.include_router(part(desk))
    programs = api.build(desk)
    app.mount(API, programs)
    app.include_router(guide.routes(desk, programs.state.described))
    answer_for(app, desk, _HEADERS)

    _watched(app, desk)
    files.add(app)

    @app.get("/zalo/callback")
    def zalo_callback(request: Request) -> HTMLResponse:
        """Where Zalo sends an administrator who agreed; the state proves that the consent was begun here."""
        try:
            consent.finish(config, ledger, f"?{request.url.query}", "desk", clock())
        except BantinError as error:
            return desk.page(request, "message.html", 400, title=_("Zalo has not given new tokens"), text=str(error))
        text = _("Zalo has new tokens; what was held goes out.")
        return desk.page(request, "message.html", title=_("Zalo is connected"), text=text)

    return app


def _watched(app: FastAPI, desk: Desk) -> None:
    """What programs ask that watch the desk."""

    @app.get("/healthz")
    def healthz() -> JSONResponse:
        return JSONResponse({"ok": True})

    @app.get("/readyz")
    def readyz() -> JSONResponse:
        """Whether it can do its work: the ledger answers."""
        try:
            return JSONResponse({"ok": paging.answers(desk.ledger)})
        except LedgerError:
            return JSONResponse({"ok": False}, 503, {"Retry-After": "10"})

    @app.get("/metrics")
    def metrics(request: Request) -> Response:
        need(request, "read")
        found = health_of(desk.config, desk.ledger, desk.clock())
        return Response(exposition(found, views.outcomes(desk.ledger)), media_type=CONTENT_TYPE)


def _hardened(config: Config) -> Callable[[Request, Next], Awaitable[Response]]:
    headers = dict(_HEADERS)
    if config.desk.public_url.startswith("https:"):
        headers["Strict-Transport-Security"] = "max-age=31536000"

    async def harden(request: Request, call_next: Next) -> Response:
        if not known_host(request, config):
            response = Response("", 403)
        elif unreadable(request):
            response = Response("", 400)
        else:
            response = await call_next(request)
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response

    return harden
