"""Options and helpers that the commands share."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.errors import BantinError, ConfigError
from pipeline.i18n import _, use

if TYPE_CHECKING:
    from pipeline.config import Config

Command = Callable[..., Any]


class Group(click.Group):
    """Turns our own errors into one message and the promised exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ConfigError as error:
            click.echo(_("Settings: {error}").format(error=error), err=True)
            ctx.exit(2)
        except BantinError as error:
            click.echo(_("Stopped: {error}").format(error=error), err=True)
            ctx.exit(1)
        except OSError as error:  # a full disk, a share that is away: what is recorded is safe, the next run goes on
            if error.errno is None:
                raise
            reason = os.strerror(error.errno)
            click.echo(_("Stopped: {file}: {reason}. What was recorded is safe; run it again when this is mended.").format(
                file=error.filename or "?", reason=reason), err=True)  # fmt: skip
            ctx.exit(1)


def config_option(command: Command) -> Command:
    text = _("Settings file.")
    return click.option("--config", "file", default="config.toml", type=click.Path(path_type=Path), help=text)(command)


def json_option(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help=_("Print data as JSON."))(command)


def at_option(command: Command) -> Command:
    text = _("Act as if it were this time (a rehearsal), for example 2026-11-24T07:30.")
    return click.option("--at", type=MOMENT, help=text)(command)


def by_options(command: Command) -> Command:
    """Who does it and why, for the audit."""
    who = click.option("--by", "who", default=_user, show_default=_("your user name"), help=_("Who does it."))
    return who(click.option("--why", default="", help=_("Why, in a few words; kept in the audit."))(command))


MOMENT = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"])


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a process without a user entry
        return "?"


def load(file: Path) -> Config:
    """The settings; from here on messages are in their language."""
    from pipeline.config import load as read

    config = read(file)
    use(config.newsroom.language)
    return config


def start_log(config: Config, *, quiet: bool = False) -> None:
    """Send the program's log where [log] says; `quiet` leaves a command that ends with a summary to its warnings."""
    from pipeline import log
    from pipeline.config import secrets

    wanted = config.log
    level = "warning" if quiet and wanted.level == "info" and not wanted.json_lines else wanted.level
    log.set_up(level, as_json=wanted.json_lines, known=secrets(config))


def clock(config: Config, at: datetime | None = None) -> Callable[[], datetime]:
    """The real time in the city's zone, moved when a rehearsal asks for it."""
    from pipeline.wiring import clock_in

    real = clock_in(config)
    if at is None:
        return real
    ahead = at.replace(tzinfo=config.zone) - real()
    return lambda: real() + ahead


def print_json(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))
