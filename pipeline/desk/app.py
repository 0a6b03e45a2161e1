"""The desk: put together from its parts; hardened headers, and every address asks who may use it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse

from pipeline import consent
from pipeline.config import Config
from pipeline.desk import (
    accounts,
    calendar,
    compose,
    doing,
    dropbox,
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
from pipeline.desk.guard import Next, guard, known_host
from pipeline.desk.metrics import CONTENT_TYPE, exposition
from pipeline.desk.pages import HERE, Desk, environment
from pipeline.desk.people import need
from pipeline.desk.troubles import answer_for
from pipeline.errors import BantinError
from pipeline.i18n import _
from pipeline.ledger import Ledger, views
from pipeline.wiring import health_of

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
                               "frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
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


def build(ledger: Ledger, config: Config, clock: Callable[[], datetime]) -> FastAPI:
    """The web application over an open ledger."""
    desk = Desk(ledger, config, clock, environment(config, clock))
    app = FastAPI(title="bantin", docs_url=None, redoc_url=None, openapi_url=None)
    app.middleware("http")(guard(desk))
    app.middleware("http")(_hardened(config))
    for part in PARTS:
        app.include_router(part(desk))

    @app.get("/healthz")
    def healthz() -> JSONResponse:
        return JSONResponse({"ok": True})

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
        return FileResponse(HERE / "desk.css", media_type="text/css")

    @app.get("/desk.js")
    def script() -> FileResponse:
        return FileResponse(HERE / "desk.js", media_type="text/javascript")

    @app.get("/mark.svg")
    def mark() -> FileResponse:
        return FileResponse(HERE / "mark.svg", media_type="image/svg+xml")

    answer_for(app, desk, _HEADERS)
    return app


def _hardened(config: Config) -> Callable[[Request, Next], Awaitable[Response]]:
    async def harden(request: Request, call_next: Next) -> Response:
        if not known_host(request, config):
            return Response("", 403)
        response = await call_next(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return harden
