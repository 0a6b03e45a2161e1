"""The commands of the feeds: fetch, list, accept, dismiss, press."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from pipeline.errors import BantinError
from pipeline.i18n import N_, _
from pipeline.options import at_option, clock, config_option, json_option, load, print_json

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.ledger import Ledger

REASONS = {
    "private": N_("the address is not a public one"), "redirects": N_("too many redirects"), "slow": N_("too slow"),
    "big": N_("too big"), "size": N_("too big"), "address": N_("not a web address"), "network": N_("not reachable"),
    "heavy": N_("too much markup"), "encoding": N_("an encoding that is not read"), "entities": N_("declares entities"),
    "feed": N_("not a feed"), "status": N_("the server answered {status}"),
}  # fmt: skip


@click.group(invoke_without_command=True,
             help=_("Fetch the feeds now: drafts from units, counts of the press. Exit code 1 when a feed failed."))  # fmt: skip
@config_option
@json_option
@at_option
@click.pass_context
def feeds(context: click.Context, file: Path, as_json: bool, at: datetime | None) -> None:
    if context.invoked_subcommand:
        return
    from pipeline.feeds.collect import collect
    from pipeline.wiring import feed_sources, fetcher

    config, ledger, clock = _opened(file, at)
    results = collect(feed_sources(config), fetcher(config), ledger, config.content, clock())
    if as_json:
        print_json([asdict(result) for result in results])
    elif not results:
        click.echo(_("No feed is set: add [[feeds.source]] to the settings."))
    else:
        _print_results(results)
    if any(result.state == "failed" for result in results):
        raise SystemExit(1)


def _opened(file: Path, at: datetime | None = None) -> tuple[Config, Ledger, Callable[[], datetime]]:
    from pipeline.wiring import open_ledger

    config = load(_of_group("file", file))
    return config, open_ledger(config), clock(config, at)


def _of_group(name: str, own: Any) -> Any:
    """`bantin feeds --config X list` means the same as `bantin feeds list --config X`."""
    context = click.get_current_context()
    given = context.get_parameter_source(name) == ParameterSource.COMMANDLINE
    parent = context.parent
    return own if given or parent is None or name not in parent.params else parent.params[name]


def _print_results(results: Sequence[Any]) -> None:
    for one in results:
        if one.state == "failed":
            click.echo(_("{feed}: failed, {reason}").format(feed=one.name, reason=_reason(one.reason)))
        elif one.state == "unchanged":
            click.echo(_("{feed}: nothing new").format(feed=one.name))
        else:
            text = _("{feed}: {new} taken, {known} known already, {beside} beside the plan")
            click.echo(text.format(feed=one.name, new=one.new, known=one.known, beside=one.beside))


def _reason(reason: str) -> str:
    word, _space, status = reason.partition(" ")
    return _(REASONS[word]).format(status=status) if word in REASONS else reason


@feeds.command("list", help=_("Drafts from feeds that wait for an editor."))
@click.option("--state", type=click.Choice(["new", "accepted", "dismissed"]), default="new", show_default=True,
              help=_("Drafts in this state."))  # fmt: skip
@config_option
@json_option
def list_drafts(state: str, file: Path, as_json: bool) -> None:
    from pipeline.ledger.feeds import stories

    config, ledger, _clock = _opened(file)
    rows = stories(ledger, "unit", state=state)
    if as_json or _of_group("as_json", False):
        keys = ("id", "feed", "owner", "title", "link", "areas", "published", "seen", "state", "path")
        print_json([{key: row[key] for key in keys} for row in rows])
        return
    for row in rows:
        click.echo(f"{row['id']:>5}  {row['published'].astimezone(config.zone):%d/%m/%Y}  {row['title']}")
        click.echo(f"       {row['path']}\n       {row['link']}")
    if not rows:
        click.echo(_("There is none."))


@feeds.command(help=_("Every feed: when it last answered, and what is wrong with it."))
@config_option
@json_option
def status(file: Path, as_json: bool) -> None:
    from pipeline.ledger.feeds import overview

    config, ledger, _clock = _opened(file)
    known = overview(ledger)
    keys = ("asked", "answered", "failures", "error")
    rows: list[dict[str, Any]] = [{"name": one.name, "kind": one.kind, "url": one.url} | {key: known.get(one.name, {}).get(key) for key in keys}
            for one in config.feeds.source]  # fmt: skip
    if as_json or _of_group("as_json", False):
        print_json(rows)
        return
    for row in rows:
        last = f"{row['answered'].astimezone(config.zone):%H:%M %d/%m/%Y}" if row["answered"] else "–"
        line = _("{feed}: last answer {time}").format(feed=row["name"], time=last)
        trouble = _("{count} × failed: {reason}").format(count=row["failures"], reason=_reason(row["error"] or ""))
        click.echo(f"{line}; {trouble}" if row["failures"] else line)


@feeds.command(help=_("Make a draft ready; the next run publishes it."))
@click.argument("number", type=int)
@click.option("--who", default="editor", show_default=True, help=_("Name for the audit."))
@config_option
def accept(number: int, who: str, file: Path) -> None:
    from pipeline.feeds.decide import accept as do

    config, ledger, clock = _opened(file)
    path = do(ledger, config.content, number, who, clock())
    click.echo(_("Accepted: {path}").format(path=path))


@feeds.command(help=_("Put a draft aside; it is not taken again."))
@click.argument("number", type=int)
@click.option("--who", default="editor", show_default=True, help=_("Name for the audit."))
@config_option
def dismiss(number: int, who: str, file: Path) -> None:
    from pipeline.feeds.decide import dismiss as do

    config, ledger, clock = _opened(file)
    path, removed = do(ledger, config.content, number, who, clock())
    text = _("Dismissed: {path}") if removed else _("Dismissed; the file was edited and stays: {path}")
    click.echo(text.format(path=path))


@feeds.command(help=_("What the press wrote on the plan's areas in a month, by outlet."))
@click.option("--month", default="", help=_("Month such as 2026-11; without it the current one."))
@config_option
@json_option
def press(month: str, file: Path, as_json: bool) -> None:
    from pipeline.feeds.decide import press as count
    from pipeline.reference import area_names

    config, ledger, clock = _opened(file)
    try:
        start = datetime.strptime(month or f"{clock():%Y-%m}", "%Y-%m").replace(tzinfo=config.zone)
    except ValueError:
        raise BantinError(_("{month} is no month; write it such as 2026-11.").format(month=month)) from None
    rows = count(ledger, start, {one.outlet for one in config.feeds.source if one.kind == "press"})
    if as_json or _of_group("as_json", False):
        print_json({"month": f"{start:%Y-%m}", "outlets": rows})
        return
    click.echo(_("Press stories on the plan's areas, {month}").format(month=f"{start:%m/%Y}"))
    for row in rows:
        click.echo(f"{row['outlet']}: {row['stories']}")
        for area, number in row["areas"].items():
            click.echo(f"    {area_names().get(area, area)}: {number}")
    if not rows:
        click.echo(_("There is none."))
