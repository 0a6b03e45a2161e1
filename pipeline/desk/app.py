"""The monitor: deliveries by state, newest first, with times, addresses and errors; read-only, on loopback."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from pipeline.config import Config
from pipeline.i18n import _
from pipeline.ledger import Ledger, views
from pipeline.reference import units

_HERE = Path(__file__).parent
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
ORDER = ("failed", "in_doubt", "held", "sending", "planned", "published", "withdrawn")
VIEW_NAMES = {
    "failed": "refused by the channel", "in_doubt": "unsure", "held": "held", "sending": "under way",
    "planned": "planned", "published": "public", "withdrawn": "withdrawn",
}  # fmt: skip
CHANNELS = {"portal": "Portal", "zalo": "Zalo", "facebook": "Facebook"}


def _unit_name(name: str) -> str:
    unit = units().get(name)
    return unit.name if unit else name


def build(ledger: Ledger, config: Config, clock: Callable[[], datetime]) -> FastAPI:
    """The web application over an open ledger."""
    app = FastAPI(title="bantin", docs_url=None, redoc_url=None)
    pages = Environment(loader=FileSystemLoader(_HERE / "templates"), undefined=StrictUndefined,
                        autoescape=select_autoescape(default=True), trim_blocks=True, lstrip_blocks=True)  # fmt: skip
    pages.globals["_"] = _
    pages.filters["moment"] = lambda value: f"{value.astimezone(config.zone):%H:%M %d/%m/%Y}" if value else ""
    pages.filters["unit"] = _unit_name

    @app.middleware("http")
    async def harden(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        host = (request.url.hostname or "").lower()
        if host not in ("127.0.0.1", "localhost", "::1", "testserver"):  # a foreign name is DNS rebinding
            return Response("", 403)
        response = await call_next(request)
        response.headers.update(_HEADERS)
        return response

    @app.get("/", response_class=HTMLResponse)
    def monitor(view: str = "", channel: str = "") -> str:
        rows = [
            row
            for row in views.deliveries(ledger, limit=500)
            if view in ("", row["view"]) and channel in ("", row["channel"])
        ]
        counts = views.counts(ledger)
        totals = {name: sum(of.get(name, 0) for of in counts.values()) for name in ORDER}
        return pages.get_template("monitor.html").render(
            rows=rows, totals=totals, order=ORDER, names=VIEW_NAMES, channels=CHANNELS, view=view, channel=channel, now=clock(),
            held=views.held_channels(ledger), refused=views.drops(ledger, "reject") + views.drops(ledger, "review"),
            newsroom=config.newsroom.name, portal=config.portal.base_url,
            simulator=f"http://{config.simulator.host}:{config.simulator.port}" if config.simulator.enabled else "",
            last_run=views.last_run(ledger),
        )  # fmt: skip

    @app.get("/healthz")
    def healthz() -> JSONResponse:
        return JSONResponse({"ok": True})

    @app.get("/desk.css")
    def css() -> FileResponse:
        return FileResponse(_HERE / "desk.css", media_type="text/css")

    return app
