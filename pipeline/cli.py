"""The command line; everything heavy is imported inside the command that needs it."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline import operating
from pipeline.cli_feeds import feeds
from pipeline.cli_people import account, audit
from pipeline.errors import BantinError
from pipeline.garbage import collect_rarely
from pipeline.i18n import _
from pipeline.options import Group, at_option, clock, config_option, json_option, load, print_json, start_log

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.quiet import Glance


@click.group(cls=Group, help=_("bantin: from a dropped file to the portal, Zalo and Facebook."))
@click.version_option(package_name="bantin")
def main() -> None:
    collect_rarely()


@main.command(help=_("Take in the folder and deliver what is due, once. Does not wait for posting hours."))
@config_option
@json_option
@at_option
def run(file: Path, as_json: bool, at: datetime | None) -> None:
    config = load(file)
    seen = _seen(config, clock(config, at)())
    if not as_json and seen.unchanged is not None:
        click.echo(_("Nothing to publish: {files} files are unchanged.").format(files=seen.unchanged))
        return
    from pipeline.session import run_once
    from pipeline.summary import print_run

    start_log(config, quiet=True)
    result = run_once(config, clock(config, at), show_progress=not as_json and sys.stderr.isatty(), seen=seen)
    print_json(result.as_dict()) if as_json else print_run(config, result)


def _seen(config: Config, now: datetime) -> Glance:
    from pipeline.hosting import enabled
    from pipeline.quiet import glance

    return glance(config, now, enabled(config))


@main.command(help=_("Show what a run would do; touches nothing."))
@config_option
@json_option
@at_option
def plan(file: Path, as_json: bool, at: datetime | None) -> None:
    from pipeline.planning import plan_once
    from pipeline.summary import print_plan

    config = load(file)
    steps = plan_once(config, clock(config, at)())
    print_json(steps) if as_json else print_plan(steps)


@main.command(help=_("Check files or folders and tell what is wrong; exit code 1 when something must be mended."))
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@config_option
@json_option
@at_option
def check(paths: tuple[Path, ...], file: Path, as_json: bool, at: datetime | None) -> None:
    from pipeline.inspection import check_paths
    from pipeline.summary import print_check

    config = load(file)
    reports = check_paths(config, paths, clock(config, at)())
    if as_json:
        for report in reports:
            click.echo(json.dumps(report, ensure_ascii=False))
    else:
        print_check(reports)
    if any(report["outcome"] == "reject" for report in reports):
        raise SystemExit(1)


@main.command(help=_("Tag items by content area: JSON lines in, JSON lines out."))
@config_option
def classify(file: Path) -> None:
    from pipeline import classify as tagging
    from pipeline import lexicon

    words = lexicon.load()
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
@config_option
@json_option
def show(item: str, file: Path, as_json: bool) -> None:
    from pipeline.ledger import views
    from pipeline.summary import print_item
    from pipeline.wiring import open_ledger

    config = load(file)
    found = views.item(open_ledger(config), item)
    if found is None:
        raise BantinError(_('There is no item "{item}".').format(item=item))
    print_json(found) if as_json else print_item(config, found)


@main.command(help=_("The publish log, newest first."))
@click.option("--item", default="", help=_("Only this item."))
@click.option("--limit", default=50, show_default=True, help=_("How many lines."))
@config_option
@json_option
def log(item: str, limit: int, file: Path, as_json: bool) -> None:
    from pipeline.ledger import views
    from pipeline.summary import print_log
    from pipeline.wiring import open_ledger

    config = load(file)
    rows = views.attempts(open_ledger(config), item=item, limit=limit)
    print_json(rows) if as_json else print_log(config, rows)


@main.command(help=_("Write a template for a new item into a unit's folder."))
@click.argument("kind", type=click.Choice(["article", "clip", "qa"]))
@click.option("--unit", required=True, help=_("Id of the unit, the name of its folder."))
@click.option("--title", required=True, help=_("Title of the item."))
@click.option("--word", is_flag=True, help=_("A Word form (.docx) instead of Markdown."))
@config_option
def new(kind: str, unit: str, title: str, word: bool, file: Path) -> None:
    from pipeline.templates import write
    from pipeline.wiring import clock_in

    config = load(file)
    made = write(config.content, kind, unit, title, clock_in(config)().date(), word=word)
    click.echo(_("Written: {path}").format(path=made))


@main.command(help=_("All rules: code, what is right, why, and how to mend."))
@config_option
@json_option
def rules(file: Path, as_json: bool) -> None:
    from pipeline.rules import RULES

    rows = [{"code": one.code, "severity": str(one.severity), "what": _(one.what), "why": _(one.why),
             "instead": _(one.instead), "locked": one.locked} for one in RULES.values()]  # fmt: skip
    if as_json:
        print_json(rows)
        return
    for row in rows:
        lock = ", " + _("locked") if row["locked"] else ""
        click.echo(
            f"{row['code']}  [{row['severity']}{lock}]  {row['what']}\n    {row['why']}\n    → {row['instead']}\n"
        )


@main.command(help=_("Run scheduler, monitor, portal and simulator on loopback until interrupted."))
@config_option
def serve(file: Path) -> None:
    from pipeline.beside import desk_command
    from pipeline.serving import serve_forever

    config = load(file)
    start_log(config)
    serve_forever(config, clock(config), desk_command(file))


@main.command(help=_("Run only the monitor with its pages and API, until interrupted; the scheduler runs elsewhere."))
@config_option
@click.option(
    "--until-eof", is_flag=True, hidden=True, help=_("End with the standard input: for the program that starts it.")
)
def desk(file: Path, until_eof: bool) -> None:
    from pipeline.serving import desk_forever

    config = load(file)
    start_log(config)
    desk_forever(config, clock(config), until_eof=until_eof)


@main.command(help=_("Run only the simulator of Zalo and Facebook on loopback until interrupted."))
@config_option
def simulator(file: Path) -> None:
    from pipeline.serving import simulate_forever

    simulate_forever(load(file))


main.add_command(feeds)
main.add_command(account)
main.add_command(audit)
operating.add_to(main)
