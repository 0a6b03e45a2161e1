"""The command line; everything heavy is imported inside the command that needs it."""

from __future__ import annotations

import json
import sys
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


class _Group(click.Group):
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


@click.group(cls=_Group, help=_("bantin: from a dropped file to the portal, Zalo and Facebook."))
@click.version_option(package_name="bantin")
def main() -> None:
    pass


def _config_option(command: Command) -> Command:
    text = _("Settings file.")
    return click.option("--config", "file", default="config.toml", type=click.Path(path_type=Path), help=text)(command)


def _json_option(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help=_("Print data as JSON."))(command)


def _at_option(command: Command) -> Command:
    text = _("Act as if it were this time (a rehearsal), for example 2026-11-24T07:30.")
    return click.option("--at", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]), help=text)(command)


def _load(file: Path) -> Config:
    from pipeline.config import load

    config = load(file)
    use(config.newsroom.language)
    return config


def _clock(config: Config, at: datetime | None) -> Callable[[], datetime]:
    from pipeline.wiring import clock_in

    real = clock_in(config)
    if at is None:
        return real
    ahead = at.replace(tzinfo=config.zone) - real()
    return lambda: real() + ahead


def _print_json(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))


@main.command(help=_("Take in the folder and deliver what is due, once. Does not wait for posting hours."))
@_config_option
@_json_option
@_at_option
def run(file: Path, as_json: bool, at: datetime | None) -> None:
    from pipeline.session import run_once
    from pipeline.summary import print_run

    config = _load(file)
    result = run_once(config, _clock(config, at), show_progress=not as_json and sys.stderr.isatty())
    _print_json(result.as_dict()) if as_json else print_run(config, result)


@main.command(help=_("Show what a run would do; touches nothing."))
@_config_option
@_json_option
@_at_option
def plan(file: Path, as_json: bool, at: datetime | None) -> None:
    from pipeline.session import plan_once
    from pipeline.summary import print_plan

    config = _load(file)
    steps = plan_once(config, _clock(config, at)())
    _print_json(steps) if as_json else print_plan(steps)


@main.command(help=_("Check files or folders and tell what is wrong; exit code 1 when something must be mended."))
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@_config_option
@_json_option
@_at_option
def check(paths: tuple[Path, ...], file: Path, as_json: bool, at: datetime | None) -> None:
    from pipeline.session import check_paths
    from pipeline.summary import print_check

    config = _load(file)
    reports = check_paths(config, paths, _clock(config, at)())
    if as_json:
        for report in reports:
            click.echo(json.dumps(report, ensure_ascii=False))
    else:
        print_check(reports)
    if any(report["outcome"] == "reject" for report in reports):
        raise SystemExit(1)


@main.command(help=_("Tag items by content area: JSON lines in, JSON lines out."))
@_config_option
def classify(file: Path) -> None:
    from pipeline import classify as tagging
    from pipeline.lexicon import load

    words = load()
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        try:
            given = json.loads(line)
            text = {key: str(given.get(key) or "") for key in ("id", "kind", "title", "summary", "body")}
        except (ValueError, AttributeError):
            raise BantinError(_("Line {line} is no JSON object.").format(line=number)) from None
        found = tagging.classify(
            tagging.Words(text["title"], text["summary"], (), text["body"]), text["kind"] or "article", lexicon=words
        )
        click.echo(json.dumps({"id": given.get("id")} | tagging.to_json(found), ensure_ascii=False))


@main.command(help=_("Show one item: file, findings, tags with their evidence, posts and deliveries."))
@click.argument("item")
@_config_option
@_json_option
def show(item: str, file: Path, as_json: bool) -> None:
    from pipeline.ledger import views
    from pipeline.summary import print_item
    from pipeline.wiring import open_ledger

    config = _load(file)
    found = views.item(open_ledger(config), item)
    if found is None:
        raise BantinError(_('There is no item "{item}".').format(item=item))
    _print_json(found) if as_json else print_item(config, found)


@main.command(help=_("The publish log, newest first."))
@click.option("--item", default="", help=_("Only this item."))
@click.option("--limit", default=50, show_default=True, help=_("How many lines."))
@_config_option
@_json_option
def log(item: str, limit: int, file: Path, as_json: bool) -> None:
    from pipeline.ledger import views
    from pipeline.summary import print_log
    from pipeline.wiring import open_ledger

    config = _load(file)
    rows = views.attempts(open_ledger(config), item=item, limit=limit)
    _print_json(rows) if as_json else print_log(config, rows)


@main.command(help=_("Deliveries by channel and state, and what needs a person."))
@_config_option
@_json_option
def status(file: Path, as_json: bool) -> None:
    from pipeline.ledger import views
    from pipeline.summary import print_status
    from pipeline.wiring import open_ledger

    ledger = open_ledger(_load(file))
    held = views.held_channels(ledger)
    data = {"deliveries": views.counts(ledger), "held_channels": held, "last_run": views.last_run(ledger),
            "refused": len(views.drops(ledger, "reject")), "waiting": len(views.drops(ledger, "review"))}  # fmt: skip
    _print_json(data) if as_json else print_status(data)


@main.command(help=_("Write a template for a new item into a unit's folder."))
@click.argument("kind", type=click.Choice(["article", "clip", "qa"]))
@click.option("--unit", required=True, help=_("Id of the unit, the name of its folder."))
@click.option("--title", required=True, help=_("Title of the item."))
@_config_option
def new(kind: str, unit: str, title: str, file: Path) -> None:
    from pipeline.templates import write
    from pipeline.wiring import clock_in

    config = _load(file)
    made = write(config.content, kind, unit, title, clock_in(config)().date())
    click.echo(_("Written: {path}").format(path=made))


@main.command(help=_("All rules: code, what is right, why, and how to mend."))
@_config_option
@_json_option
def rules(file: Path, as_json: bool) -> None:
    from pipeline.rules import RULES

    rows = [{"code": one.code, "severity": str(one.severity), "what": _(one.what), "why": _(one.why),
             "instead": _(one.instead), "locked": one.locked} for one in RULES.values()]  # fmt: skip
    if as_json:
        _print_json(rows)
        return
    for row in rows:
        lock = ", " + _("locked") if row["locked"] else ""
        click.echo(
            f"{row['code']}  [{row['severity']}{lock}]  {row['what']}\n    {row['why']}\n    → {row['instead']}\n"
        )


@main.command(help=_("Run scheduler, monitor, portal and simulator on loopback until interrupted."))
@_config_option
def serve(file: Path) -> None:
    from pipeline.serving import serve_forever

    config = _load(file)
    serve_forever(config, _clock(config, None))


@main.command(help=_("Run only the simulator of Zalo and Facebook on loopback until interrupted."))
@_config_option
def simulator(file: Path) -> None:
    from pipeline.serving import simulate_forever

    simulate_forever(_load(file))
