"""The desk: put together from its parts; hardened headers, and every address asks who may use it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse

from pipeline import consent
from pipeline.config import Config
from pipeline.desk import calendar, compose, doing, dropbox, items, live, login, logs, monitor, silence
from pipeline.desk.api import app as api
from pipeline.desk.api import guide
from pipeline.desk.guard import Next, guard, known_host, unreadable
from pipeline.desk.metrics import CONTENT_TYPE, exposition
from pipeline.desk.pages import HERE, Desk, environment
from pipeline.desk.people import need
from pipeline.desk.problems import API
from pipeline.errors import BantinError, LedgerError
from pipeline.i18n import _
from pipeline.ledger import Ledger, paging, views
from pipeline.wiring import health_of

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
                               "frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # as frame-ancestors above, for what does not know it
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",  # with no-referrer browsers send forms with "Origin: null"
    "Cache-Control": "no-store",
}  # fmt: skip
_ASKED_ANEW = {"Cache-Control": "no-cache"}  # nothing private; kept, and asked for again by its ETag
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
)


def build(ledger: Ledger, config: Config, clock: Callable[[], datetime], stale: float = 0.0) -> FastAPI:
    """The web application over an open ledger.

    Args:
        stale: seconds for which the figures of the monitor may be old.
    """
    desk = Desk(ledger, config, clock, environment(config), stale)
    app = FastAPI(title="bantin", docs_url=None, redoc_url=None, openapi_url=None)
    app.middleware("http")(guard(desk))
    app.middleware("http")(_hardened(config))
    for part in PARTS:
        app.include_router(part(desk))
    programs = api.build(desk)
    app.mount(API, programs)
    app.include_router(guide.routes(desk, programs.state.described))
    _errors(app, desk)

    @app.get("/healthz")
    def healthz() -> JSONResponse:
        return JSONResponse({"ok": True})

    @app.get("/readyz")
    def readyz() -> JSONResponse:
        """Whether it can do its work: the ledger answers."""
        try:
            return JSONResponse({"ok": paging.answers(ledger)})
        except LedgerError:
            return JSONResponse({"ok": False}, 503, {"Retry-After": "10"})

    @app.get("/zalo/callback")
    def zalo_callback(request: Request) -> HTMLResponse:
        """Where Zalo sends an administrator who agreed; the state proves that the consent was begun here."""
        try:
            consent.finish(config, ledger, f"?{request.url.query}", "desk", clock())
        except BantinError as error:
            return desk.page(request, "message.html", 400, title=_("Zalo has not given new tokens"), text=str(error))
        text = _("Zalo has new tokens; what was held goes out.")
        return desk.page(request, "message.html", title=_("Zalo is connected"), text=text)

    @app.get("/metrics")
    def metrics(request: Request) -> Response:
        need(request, "read")
        found = health_of(config, ledger, clock())
        return Response(exposition(found, views.outcomes(ledger)), media_type=CONTENT_TYPE)

    @app.get("/desk.css")
    def css() -> FileResponse:
        return FileResponse(HERE / "desk.css", media_type="text/css", headers=_ASKED_ANEW)

    @app.get("/desk.js")
    def script() -> FileResponse:
        return FileResponse(HERE / "desk.js", media_type="text/javascript", headers=_ASKED_ANEW)

    @app.get("/mark.svg")
    def mark() -> FileResponse:
        return FileResponse(HERE / "mark.svg", media_type="image/svg+xml", headers=_ASKED_ANEW)

    return app


def _errors(app: FastAPI, desk: Desk) -> None:
    """What goes wrong is a page with a way on; nothing that was sent is repeated there."""

    @app.exception_handler(404)
    def missing(request: Request, error: Exception) -> HTMLResponse:
        return desk.page(request, "missing.html", 404)

    @app.exception_handler(403)
    def forbidden(request: Request, error: Exception) -> HTMLResponse:
        text = _("Your account may not do this.")
        return desk.page(request, "message.html", 403, title=_("Not allowed"), text=text)

    @app.exception_handler(RequestValidationError)
    def unfit(request: Request, error: Exception) -> HTMLResponse:
        text = _(
            "Something in the address or in the form is too long or is not what belongs there. Nothing was changed."
        )
        return desk.page(request, "message.html", 422, title=_("This cannot be read"), text=text)

    @app.exception_handler(LedgerError)
    def silent(request: Request, error: Exception) -> HTMLResponse:
        answer = desk.page(request, "message.html", 503, title=_("The ledger does not answer"), text=str(error))
        answer.headers["Retry-After"] = "10"
        return answer


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
