"""Options and helpers that every command shares."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.i18n import _, use

if TYPE_CHECKING:
    from pipeline.config import Config

Command = Callable[..., Any]


def config_option(command: Command) -> Command:
    text = _("Settings file.")
    return click.option("--config", "file", default="config.toml", type=click.Path(path_type=Path), help=text)(command)


def json_option(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help=_("Print data as JSON."))(command)


def at_option(command: Command) -> Command:
    text = _("Act as if it were this time (a rehearsal), for example 2026-11-24T07:30.")
    return click.option("--at", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]), help=text)(command)


def load_config(file: Path) -> Config:
    from pipeline.config import load

    config = load(file)
    use(config.newsroom.language)
    return config


def clock_of(config: Config, at: datetime | None) -> Callable[[], datetime]:
    from pipeline.wiring import clock_in

    real = clock_in(config)
    if at is None:
        return real
    ahead = at.replace(tzinfo=config.zone) - real()
    return lambda: real() + ahead


def print_json(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))
