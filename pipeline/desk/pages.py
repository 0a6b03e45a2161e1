"""Pages of the desk: one environment, everything stored is shown as text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from channels.portal.compiled import Compiled
from pipeline import labels
from pipeline.config import Config
from pipeline.desk import evidence
from pipeline.desk.fields import label
from pipeline.desk.people import who
from pipeline.i18n import N_, _
from pipeline.ledger import Ledger, accounts
from pipeline.reference import units
from pipeline.said import explained

HERE = Path(__file__).parent
# Controls and direction overrides: a title must not turn the page's own words around.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")

_DAYS: dict[int | None, str] = {-1: N_("{time} yesterday"), 0: N_("{time} today"), 1: N_("{time} tomorrow")}


@dataclass(frozen=True)
class Desk:
    """What every part of the desk works with.

    Args:
        stale: seconds for which the figures of the monitor may be old, so that many readers cost little.
    """

    ledger: Ledger
    config: Config
    clock: Callable[[], datetime]
    pages: Environment
    stale: float = 0.0

    def page(self, request: Request, name: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page for the person who asks."""
        shown = self.pages.get_template(name).render(
            newsroom=self.config.newsroom.name, now=self.clock(), person=who(request), path=request.url.path,
            name_of=cache(self._name_of), **values)  # fmt: skip
        return HTMLResponse(shown, status)

    def _name_of(self, login: str) -> str:
        """A person's name; what is no login of an account stays as it is."""
        account = accounts.find(self.ledger, login)
        return account.name if account else login


def environment(config: Config, clock: Callable[[], datetime] | None = None) -> Environment:
    """Templates and what they may call; with a clock, days near today are named as people name them."""
    pages = Environment(loader=FileSystemLoader(HERE / "templates"), undefined=StrictUndefined, finalize=_plain,
                        autoescape=select_autoescape(default=True), trim_blocks=True, lstrip_blocks=True,
                        bytecode_cache=Compiled("desk"))  # fmt: skip
    pages.globals |= {"_": _, "labels": labels, "fields": evidence.FIELDS, "channel_name": labels.channel_name, "field_name": _field_name, "explained": explained,
                      "portal": config.public_url, "simulator": _simulator(config)}  # fmt: skip
    filters: dict[str, Callable[..., Any]] = {
        "moment": _near(config.zone, clock),
        "full": _shown(config.zone, "%H:%M %d/%m/%Y"),
        "second": _shown(config.zone, "%H:%M:%S %d/%m/%Y"),
        "field": _shown(config.zone, "%Y-%m-%dT%H:%M"),
        "clock": _shown(config.zone, "%H:%M:%S"),
        "day": lambda value: f"{value:%d/%m/%Y}",
        "number": lambda value: f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ","),
        "unit": _unit_name,
        "web": web,
    }
    pages.filters.update(filters)
    return pages


def _shown(zone: tzinfo, form: str) -> Callable[[datetime | None], str]:
    return lambda value: value.astimezone(zone).strftime(form) if value else ""


def _near(zone: tzinfo, clock: Callable[[], datetime] | None) -> Callable[[datetime | None], str]:
    """A time with its day, of which yesterday, today and tomorrow are called so."""

    def shown(value: datetime | None) -> str:
        if value is None:
            return ""
        local = value.astimezone(zone)
        away = (local.date() - clock().astimezone(zone).date()).days if clock else None
        if away in _DAYS:
            return _(_DAYS[away]).format(time=f"{local:%H:%M}")
        return f"{local:%H:%M %d/%m/%Y}"

    return shown


def _plain(value: Any) -> Any:
    """Every value on its way into a page; what jinja already made safe is left as it is."""
    return _UNSEEN.sub("\ufffd", value) if type(value) is str else value


def web(address: str) -> str:
    """The address when it may stand in a link, else nothing: platforms' answers are hostile too."""
    try:
        return address if urlsplit(address).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _field_name(name: str) -> str:
    """What a person calls a field of the metadata."""
    return _(label(name))


def _unit_name(name: str) -> str:
    unit = units().get(name)
    return unit.name if unit else name


def _simulator(config: Config) -> str:
    return f"http://{config.simulator.host}:{config.simulator.port}" if config.simulator.enabled else ""
