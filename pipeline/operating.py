"""Commands of the operator: what people do to deliveries, channels, blackouts and the ledger itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.errors import ConfigError, NotPossible
from pipeline.i18n import N_, _
from pipeline.options import MOMENT, Group, by_options, clock, config_option, json_option, load, print_json

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.ledger import Ledger
    from pipeline.ledger.verbs import By

_CHANNEL = click.Choice(["portal", "zalo", "facebook"])


def add_to(main: click.Group) -> None:
    """Hang the operator's commands on the command line."""
    for command in (status, worker, adopt, absent, approve, move, blackout, channel, ledger):
        main.add_command(command)
    for name, (done, text) in _VERBS.items():
        main.add_command(_verb(name, done, text))


def _open(file: Path) -> tuple[Config, Ledger]:
    from pipeline.wiring import open_ledger

    config = load(file)
    return config, open_ledger(config)


def _by(config: Config, who: str, why: str) -> By:
    from pipeline.ledger.verbs import By

    return By(who, clock(config)(), why)


def _item(ledger: Ledger, name: str) -> str:
    """The id of an item given by id, file or part of its address."""
    from pipeline.ledger import views

    found = views.item(ledger, name)
    if found is None:
        raise NotPossible(_('There is no item "{item}".').format(item=name))
    return str(found["id"])


# verb: (what is said afterwards, help)
_VERBS: dict[str, tuple[str, str]] = {
    "retry": (N_("Will be tried again: {channels}"), N_("Try again what a channel refused.")),
    "hold": (N_("Held: {channels}"), N_("Let nothing new begin for an item; an attempt under way ends normally.")),
    "release": (N_("Released: {channels}"), N_("Let a held item go on, or allow again one that a person had withdrawn.")),
    "cancel": (N_("Cancelled: {channels}"), N_("What is planned does not go out; what is public stays.")),
    "withdraw": (N_("Will be taken off: {channels}"), N_("Take an item off one channel or all of them.")),
    "publish-now": (N_("Will go out at once: {channels}"), N_("Publish what is planned without waiting for hours and limits.")),
}  # fmt: skip


def _verb(name: str, done: str, text: str) -> click.Command:
    @click.command(name, help=_(text))
    @click.argument("item")
    @click.option("--channel", "on", type=_CHANNEL, default=None, help=_("Only this channel."))
    @by_options
    @config_option
    def command(item: str, on: str | None, who: str, why: str, file: Path) -> None:
        config, ledger = _open(file)
        verb: Callable[..., list[str]] = getattr(ledger, name.replace("-", "_"))
        channels = verb(_item(ledger, item), on or "", _by(config, who, why))
        click.echo(_(done).format(channels=", ".join(channels) or "–"))

    return command


@click.command(help=_("An unsure post is this one: take its id over, send nothing again."))
@click.argument("item")
@click.argument("on", metavar="CHANNEL", type=_CHANNEL)
@click.argument("remote_id")
@click.option("--url", default="", help=_("Public address of the post."))
@by_options
@config_option
def adopt(item: str, on: str, remote_id: str, url: str, who: str, why: str, file: Path) -> None:
    config, ledger = _open(file)
    ledger.adopt(_item(ledger, item), on, remote_id, url, _by(config, who, why))
    click.echo(_("Taken over: {id}").format(id=remote_id))


@click.command(help=_("An unsure post is not on the channel: plan it again."))
@click.argument("item")
@click.argument("on", metavar="CHANNEL", type=_CHANNEL)
@by_options
@config_option
def absent(item: str, on: str, who: str, why: str, file: Path) -> None:
    config, ledger = _open(file)
    ledger.absent(_item(ledger, item), on, _by(config, who, why))
    click.echo(_("Planned again on {channel}.").format(channel=on))


@click.command(help=_("Approve the newest edition of an item; approver and author must be two people."))
@click.argument("item")
@by_options
@config_option
def approve(item: str, who: str, why: str, file: Path) -> None:
    config, ledger = _open(file)
    edition = ledger.approve(_item(ledger, item), _by(config, who, why))
    click.echo(_("Approved: edition {edition}.").format(edition=edition))


@click.command(help=_("Give what is planned another earliest time."))
@click.argument("item")
@click.argument("when", type=MOMENT)
@click.option("--channel", "on", type=_CHANNEL, default=None, help=_("Only this channel."))
@by_options
@config_option
def move(item: str, when: datetime, on: str | None, who: str, why: str, file: Path) -> None:
    config, ledger = _open(file)
    moment = when.replace(tzinfo=config.zone)
    ledger.move(_item(ledger, item), on or "", moment, _by(config, who, why))
    click.echo(_("Moved to {when}.").format(when=f"{moment:%H:%M %d/%m/%Y}"))


@click.command(help=_("Send what is due, as one of any number of workers, until interrupted."))
@click.option("--channel", "only", multiple=True, type=_CHANNEL, help=_("Only this channel; may be repeated."))
@config_option
def worker(only: tuple[str, ...], file: Path) -> None:
    from pipeline.serving import work_forever

    config = load(file)
    work_forever(config, clock(config), only)


@click.command(help=_("Deliveries, channels and what needs a person; exit code 1 when something does."))
@config_option
@json_option
def status(file: Path, as_json: bool) -> None:
    from pipeline.summary import print_health, status_of
    from pipeline.wiring import health_of

    config, ledger = _open(file)
    found = health_of(config, ledger, clock(config)())
    print_json(status_of(found)) if as_json else print_health(found, config)
    if not found.ok:
        raise SystemExit(1)


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
    config, ledger = _open(file)
    by = _by(config, who, why)
    if not why:
        raise NotPossible(_("Say why: --why …"))
    begin = start.replace(tzinfo=config.zone) if start else by.now
    ledger.black_out(begin, until.replace(tzinfo=config.zone) if until else None, by)
    click.echo(_("Blackout is on: {why}").format(why=why))


@blackout.command("off", help=_("End every blackout that was begun by hand."))
@by_options
@config_option
def blackout_off(who: str, why: str, file: Path) -> None:
    config, ledger = _open(file)
    ledger.lift_blackout(_by(config, who, why))
    click.echo(_("Blackout is off; what waited goes out within the limits of each channel."))


@blackout.command("list", help=_("Blackouts that run or are to come."))
@config_option
@json_option
def blackout_list(file: Path, as_json: bool) -> None:
    from pipeline.ledger import views
    from pipeline.wiring import timetable

    config, ledger = _open(file)
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
@click.argument("name", type=_CHANNEL)
@click.option("--until", type=MOMENT, default=None, help=_("End of the hold."))
@by_options
@config_option
def channel_hold(name: str, until: datetime | None, who: str, why: str, file: Path) -> None:
    config, ledger = _open(file)
    by = _by(config, who, why)
    ledger.hold_channel(name, by.who, why, by.now, until.replace(tzinfo=config.zone) if until else None)
    click.echo(_("Held: {channels}").format(channels=name))


@channel.command("release", help=_("Let a held channel send again, after a person mended it."))
@click.argument("name", type=_CHANNEL)
@by_options
@config_option
def channel_release(name: str, who: str, why: str, file: Path) -> None:
    config, ledger = _open(file)
    by = _by(config, who, why)
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

    config, ledger = _open(file)
    if not answer:
        click.echo(_("Open this address as an administrator of the Official Account and agree:"))
        click.echo(consent.begin(config))
        answer = click.prompt(_("Paste the whole address of the page that follows"))
    consent.finish(config, ledger, answer, who, clock(config)())
    click.echo(_("Zalo has new tokens; what was held goes out."))


@click.group(cls=Group, help=_("The ledger's database."))
def ledger() -> None:
    pass


@ledger.command("copy", help=_("Copy the ledger into another, empty database, to move from SQLite to PostgreSQL."))
@click.option("--to", "url", required=True, help=_("Address of the new database, e.g. postgresql+psycopg://…"))
@config_option
def ledger_copy(url: str, file: Path) -> None:
    from pipeline.ledger.copying import copy
    from pipeline.ledger.engine import open_engine

    _config, old = _open(file)
    target = open_engine(url)
    if str(target.url) == str(old.engine.url):
        raise ConfigError(_("Old and new ledger are the same database."))
    rows = copy(old.engine, target, lambda table, count: click.echo(f"{table:12} {count:8}"))
    target.dispose()
    click.echo(_("{rows} rows copied. Now set [ledger] url in config.toml to the new address.").format(rows=rows))


@ledger.command("restored", help=_("After a backup was restored: look for all that seems planned before sending it."))
@by_options
@config_option
def ledger_restored(who: str, why: str, file: Path) -> None:
    config, restored = _open(file)
    count = restored.restored(_by(config, who, why))
    click.echo(_("{count} posts will be looked for on their channels before anything is sent.").format(count=count))
