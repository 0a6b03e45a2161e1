"""Commands about times in which nothing but urgent notices begins."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from pipeline.commands.opening import by_whom, opened
from pipeline.errors import NotPossible
from pipeline.i18n import _
from pipeline.options import MOMENT, Group, by_options, clock, config_option, json_option, print_json


@click.group(cls=Group, help=_("Times in which nothing but urgent notices begins."))
def blackout() -> None:
    pass


@blackout.command("on", help=_("Begin a blackout."))
@click.option(
    "--until", type=MOMENT, default=None, help=_("End, e.g. 2026-12-02T18:00; without it, until switched off.")
)
@click.option("--from", "start", type=MOMENT, default=None, help=_("Begin; without it, now."))
@by_options
@config_option
def blackout_on(until: datetime | None, start: datetime | None, who: str, why: str, file: Path) -> None:
    config, ledger = opened(file)
    by = by_whom(config, who, why)
    if not why:
        raise NotPossible(_("Say why: --why …"))
    begin = start.replace(tzinfo=config.zone) if start else by.now
    ledger.black_out(begin, until.replace(tzinfo=config.zone) if until else None, by)
    click.echo(_("Blackout is on: {why}").format(why=why))


@blackout.command("off", help=_("End every blackout that was begun by hand."))
@by_options
@config_option
def blackout_off(who: str, why: str, file: Path) -> None:
    config, ledger = opened(file)
    ledger.lift_blackout(by_whom(config, who, why))
    click.echo(_("Blackout is off; what waited goes out within the limits of each channel."))


@blackout.command("list", help=_("Blackouts that run or are to come."))
@config_option
@json_option
def blackout_list(file: Path, as_json: bool) -> None:
    from pipeline.ledger import views
    from pipeline.wiring import timetable

    config, ledger = opened(file)
    now = clock(config)()
    rows: list[dict[str, Any]] = views.blackouts(ledger, now)
    rows += [{"starts": one.first, "ends": one.last, "why": one.name, "who": "calendar.toml"}
             for one in timetable(config).off.blackouts if one.last >= now.date()]  # fmt: skip
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['starts']} → {row['ends'] or '…'}  {row['why']}  ({row['who']})")
    if not rows:
        click.echo(_("There is no blackout."))
