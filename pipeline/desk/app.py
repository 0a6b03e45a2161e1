"""The desk: the monitor and the page of an item; read-only, on loopback, and everything stored is shown as text."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from pipeline import consent, labels
from pipeline.config import Config
from pipeline.desk import evidence, preview
from pipeline.desk.metrics import CONTENT_TYPE, exposition
from pipeline.errors import BantinError
from pipeline.i18n import _
from pipeline.ledger import Ledger, views
from pipeline.reference import units
from pipeline.wiring import health_of

_HERE = Path(__file__).parent
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}  # fmt: skip
ORDER = (
    "failed",
    "in_doubt",
    "held",
    "sending",
    "planned",
    "published",
    "withdrawn",
)  # what needs a person comes first
ROWS = 40
TICK = timedelta(minutes=15)  # the shipped schedules look every two
# Controls and direction overrides: a title must not turn the page's own words around.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def build(ledger: Ledger, config: Config, clock: Callable[[], datetime]) -> FastAPI:
    """The web application over an open ledger."""
    app = FastAPI(title="bantin", docs_url=None, redoc_url=None, openapi_url=None)
    app.middleware("http")(_harden)
    pages = _environment(config)

    def page(name: str, status: int = 200, **values: Any) -> HTMLResponse:
        shown = pages.get_template(name).render(newsroom=config.newsroom.name, now=clock(), **values)
        return HTMLResponse(shown, status)

    @app.get("/")
    def monitor(
        view: str = "", channel: str = "", number: Annotated[int, Query(alias="page", ge=1, le=10_000)] = 1
    ) -> HTMLResponse:
        return page("monitor.html", **_monitor(ledger, config, clock(), view, channel, number))

    @app.get("/tin/{item}")
    def item(item: str) -> HTMLResponse:
        found = views.item_by_id(ledger, item)
        if found is None:
            return page("missing.html", 404)
        return page("item.html", **_item(ledger, config, found))

    @app.get("/anh/{name}")
    def picture(name: str) -> Response:
        file = config.state / "media" / name[:2] / name
        if not preview.PICTURE_NAME.fullmatch(name) or not file.is_file():
            return Response("", 404)
        return FileResponse(file, headers={"Cache-Control": "private, max-age=31536000, immutable"})

    @app.get("/healthz")
    def healthz() -> JSONResponse:
        return JSONResponse({"ok": True})

    @app.get("/zalo/callback")
    def zalo_callback(request: Request) -> HTMLResponse:
        """Where Zalo sends an administrator who agreed; the state proves that the consent was begun here."""
        try:
            consent.finish(config, ledger, f"?{request.url.query}", "desk", clock())
        except BantinError as error:
            return page("message.html", 400, title=_("Zalo has not given new tokens"), text=str(error))
        text = _("Zalo has new tokens; what was held goes out.")
        return page("message.html", title=_("Zalo is connected"), text=text)

    @app.get("/metrics")
    def metrics() -> Response:
        found = health_of(config, ledger, clock())
        return Response(exposition(found, views.outcomes(ledger)), media_type=CONTENT_TYPE)

    @app.get("/desk.css")
    def css() -> FileResponse:
        return FileResponse(_HERE / "desk.css", media_type="text/css")

    @app.get("/mark.svg")
    def mark() -> FileResponse:
        return FileResponse(_HERE / "mark.svg", media_type="image/svg+xml")

    @app.exception_handler(404)
    def missing(request: Request, error: Exception) -> HTMLResponse:
        return page("missing.html", 404)

    return app


async def _harden(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    host = (request.url.hostname or "").lower()
    if host not in ("127.0.0.1", "localhost", "::1", "testserver"):  # a foreign name is DNS rebinding
        return Response("", 403)
    response = await call_next(request)
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _environment(config: Config) -> Environment:
    pages = Environment(loader=FileSystemLoader(_HERE / "templates"), undefined=StrictUndefined, finalize=_plain,
                        autoescape=select_autoescape(default=True), trim_blocks=True, lstrip_blocks=True)  # fmt: skip
    pages.globals |= {"_": _, "labels": labels, "fields": evidence.FIELDS, "channel_name": labels.channel_name,
                      "portal": config.portal.base_url, "simulator": _simulator(config)}  # fmt: skip
    filters: dict[str, Callable[..., Any]] = {
        "moment": _shown(config.zone, "%H:%M %d/%m/%Y"),
        "second": _shown(config.zone, "%H:%M:%S %d/%m/%Y"),
        "number": lambda value: f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ","),
        "unit": _unit_name,
        "web": web,
    }
    pages.filters.update(filters)
    return pages


def _shown(zone: tzinfo, form: str) -> Callable[[datetime | None], str]:
    return lambda value: value.astimezone(zone).strftime(form) if value else ""


def _plain(value: Any) -> Any:
    """Every value on its way into a page; what jinja already made safe is left as it is."""
    return _UNSEEN.sub("\ufffd", value) if type(value) is str else value


def web(address: str) -> str:
    """The address when it may stand in a link, else nothing: platforms' answers are hostile too."""
    try:
        return address if urlsplit(address).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _unit_name(name: str) -> str:
    unit = units().get(name)
    return unit.name if unit else name


def _simulator(config: Config) -> str:
    return f"http://{config.simulator.host}:{config.simulator.port}" if config.simulator.enabled else ""


def _monitor(ledger: Ledger, config: Config, now: datetime, view: str, channel: str, number: int) -> dict[str, Any]:
    view, channel = view if view in ORDER else "", channel if channel in labels.CHANNELS else ""
    stuck, refused = views.stuck(ledger, now), views.drops(ledger, "reject", "review")
    held, last = views.held_channels(ledger), views.last_run(ledger)
    rows = views.deliveries(ledger, view=view, channel=channel, limit=ROWS + 1, offset=(number - 1) * ROWS)
    health = health_of(config, ledger, now)
    warnings = [
        (one.name, line)
        for one in health.channels
        for line in one.lines(config.zone, ("circuit", "unhealthy", "token"))
    ]
    silent = last is not None and now - last > TICK
    return {
        "rows": rows[:ROWS], "page": number, "more": len(rows) > ROWS, "counts": views.counts(ledger), "order": ORDER,
        "view": view, "channel": channel, "stuck": stuck, "refused": refused, "held": held, "last_run": last,
        "silent": silent, "warnings": warnings, "blackout": health.blackout,
        "problems": len(stuck) + len(refused) + len(held) + len(warnings) + silent,
    }  # fmt: skip


def _item(ledger: Ledger, config: Config, found: dict[str, Any]) -> dict[str, Any]:
    edition = found["editions"][-1] if found["editions"] else {"tagging": {}, "recorded": None, "outcome": ""}
    tagging = edition["tagging"]
    texts = {name: evidence.text(tagging, name) for name in ("title", "summary", "body")}
    return {
        "item": found, "edition": edition, "tagging": tagging, "texts": texts, "areas": evidence.areas(tagging),
        "differences": evidence.differences(tagging), "held": {row["name"]: row for row in views.held_channels(ledger)},
        "tags": evidence.labels(tagging), "masked": evidence.masked(tagging),
        "against": evidence.words(tagging.get("against", ())), "previews": preview.previews(found["posts"]),
        "attempts": views.attempts(ledger, item=found["id"]), "address": f"{config.portal.base_url}/{found['address']}",
    }  # fmt: skip
