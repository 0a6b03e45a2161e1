"""Commands about one item: what people do to its deliveries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from pipeline.commands.opening import CHANNEL, by_whom, item_id, opened
from pipeline.i18n import N_, _
from pipeline.options import MOMENT, by_options, config_option

# verb: (what is said afterwards, help)
VERBS: dict[str, tuple[str, str]] = {
    "retry": (N_("Will be tried again: {channels}"), N_("Try again what a channel refused.")),
    "hold": (N_("Held: {channels}"), N_("Let nothing new begin for an item; an attempt under way ends normally.")),
    "release": (N_("Released: {channels}"), N_("Let a held item go on, or allow again one that a person had withdrawn.")),
    "cancel": (N_("Cancelled: {channels}"), N_("What is planned does not go out; what is public stays.")),
    "withdraw": (N_("Will be taken off: {channels}"), N_("Take an item off one channel or all of them.")),
    "publish-now": (N_("Will go out at once: {channels}"), N_("Publish what is planned without waiting for hours and limits.")),
}  # fmt: skip


def verb_command(name: str, done: str, text: str) -> click.Command:
    @click.command(name, help=_(text))
    @click.argument("item")
    @click.option("--channel", "on", type=CHANNEL, default=None, help=_("Only this channel."))
    @by_options
    @config_option
    def command(item: str, on: str | None, who: str, why: str, file: Path) -> None:
        config, ledger = opened(file)
        verb: Callable[..., list[str]] = getattr(ledger, name.replace("-", "_"))
        channels = verb(item_id(ledger, item), on or "", by_whom(config, who, why))
        click.echo(_(done).format(channels=", ".join(channels) or "–"))

    return command


@click.command(help=_("An unsure post is this one: take its id over, send nothing again."))
@click.argument("item")
@click.argument("on", metavar="CHANNEL", type=CHANNEL)
@click.argument("remote_id")
@click.option("--url", default="", help=_("Public address of the post."))
@by_options
@config_option
def adopt(item: str, on: str, remote_id: str, url: str, who: str, why: str, file: Path) -> None:
    config, ledger = opened(file)
    ledger.adopt(item_id(ledger, item), on, remote_id, url, by_whom(config, who, why))
    click.echo(_("Taken over: {id}").format(id=remote_id))


@click.command(help=_("An unsure post is not on the channel: plan it again."))
@click.argument("item")
@click.argument("on", metavar="CHANNEL", type=CHANNEL)
@by_options
@config_option
def absent(item: str, on: str, who: str, why: str, file: Path) -> None:
    config, ledger = opened(file)
    ledger.absent(item_id(ledger, item), on, by_whom(config, who, why))
    click.echo(_("Planned again on {channel}.").format(channel=on))


@click.command(help=_("Approve the newest edition of an item; approver and author must be two people."))
@click.argument("item")
@by_options
@config_option
def approve(item: str, who: str, why: str, file: Path) -> None:
    config, ledger = opened(file)
    edition = ledger.approve(item_id(ledger, item), by_whom(config, who, why))
    click.echo(_("Approved: edition {edition}.").format(edition=edition))


@click.command(help=_("Give what is planned another earliest time."))
@click.argument("item")
@click.argument("when", type=MOMENT)
@click.option("--channel", "on", type=CHANNEL, default=None, help=_("Only this channel."))
@by_options
@config_option
def move(item: str, when: datetime, on: str | None, who: str, why: str, file: Path) -> None:
    config, ledger = opened(file)
    moment = when.replace(tzinfo=config.zone)
    ledger.move(item_id(ledger, item), on or "", moment, by_whom(config, who, why))
    click.echo(_("Moved to {when}.").format(when=f"{moment:%H:%M %d/%m/%Y}"))
