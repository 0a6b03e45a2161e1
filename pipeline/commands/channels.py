"""Commands about channels: credentials, holds, consent."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from pipeline.commands.opening import CHANNEL, by_whom, opened
from pipeline.i18n import _
from pipeline.options import MOMENT, Group, by_options, clock, config_option, json_option, load, print_json


@click.group(cls=Group, help=_("Channels: credentials, holds, circuits."))
def channel() -> None:
    pass


@channel.command("check", help=_("Ask every channel whether it could publish; exit code 1 when one could not."))
@config_option
@json_option
def channel_check(file: Path, as_json: bool) -> None:
    from pipeline.serving import check_channels
    from pipeline.summary import print_channels
    from pipeline.wiring import newsroom

    config = load(file)
    with newsroom(config, clock(config)) as room:
        check_channels(room, room.clock())
        states = {name: state for name, state in room.ledger.channels().items() if name in room.channels}
    print_json(states) if as_json else print_channels(states, config)
    if not all(state.healthy for state in states.values()):
        raise SystemExit(1)


@channel.command("hold", help=_("Let a channel send nothing, until released or until a time."))
@click.argument("name", type=CHANNEL)
@click.option("--until", type=MOMENT, default=None, help=_("End of the hold."))
@by_options
@config_option
def channel_hold(name: str, until: datetime | None, who: str, why: str, file: Path) -> None:
    config, ledger = opened(file)
    by = by_whom(config, who, why)
    ledger.hold_channel(name, by.who, why, by.now, until.replace(tzinfo=config.zone) if until else None)
    click.echo(_("Held: {channels}").format(channels=name))


@channel.command("release", help=_("Let a held channel send again, after a person mended it."))
@click.argument("name", type=CHANNEL)
@by_options
@config_option
def channel_release(name: str, who: str, why: str, file: Path) -> None:
    config, ledger = opened(file)
    by = by_whom(config, who, why)
    ledger.release_channel(name, by.who, by.now, why)
    click.echo(_("Released: {channels}").format(channels=name))


@channel.group("zalo", cls=Group, help=_("The Zalo Official Account."))
def channel_zalo() -> None:
    pass


@channel_zalo.command("login", help=_("Let an administrator of the Official Account give consent again."))
@click.option("--code", "answer", default="", help=_("What came back: the whole address after agreeing, or the code."))
@by_options
@config_option
def zalo_login(answer: str, who: str, why: str, file: Path) -> None:
    from pipeline import consent

    config, ledger = opened(file)
    if not answer:
        click.echo(_("Open this address as an administrator of the Official Account and agree:"))
        click.echo(consent.begin(config))
        answer = click.prompt(_("Paste the whole address of the page that follows"))
    consent.finish(config, ledger, answer, who, clock(config)())
    click.echo(_("Zalo has new tokens; what was held goes out."))
