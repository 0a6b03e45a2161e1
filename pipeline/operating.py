"""Commands of the operator: what people do to deliveries, channels, blackouts and the ledger itself."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.commands.blackouts import blackout
from pipeline.commands.channels import channel
from pipeline.commands.deploy import deploy
from pipeline.commands.ledger import ledger
from pipeline.commands.opening import CHANNEL, opened
from pipeline.commands.verbs import VERBS, absent, adopt, approve, move, verb_command
from pipeline.i18n import _
from pipeline.options import clock, config_option, json_option, load, print_json, start_log


def add_to(main: click.Group) -> None:
    """Hang the operator's commands on the command line."""
    for command in (status, worker, adopt, absent, approve, move, blackout, channel, deploy, ledger):
        main.add_command(command)
    for name, (done, text) in VERBS.items():
        main.add_command(verb_command(name, done, text))


@click.command(help=_("Send what is due, as one of any number of workers, until interrupted."))
@click.option("--channel", "only", multiple=True, type=CHANNEL, help=_("Only this channel; may be repeated."))
@config_option
def worker(only: tuple[str, ...], file: Path) -> None:
    from pipeline.serving import work_forever

    config = load(file)
    start_log(config)
    work_forever(config, clock(config), only)


@click.command(help=_("Deliveries, channels and what needs a person; exit code 1 when something does."))
@config_option
@json_option
def status(file: Path, as_json: bool) -> None:
    from pipeline.summary import print_health, status_of
    from pipeline.wiring import health_of

    config, ledger = opened(file)
    found = health_of(config, ledger, clock(config)())
    print_json(status_of(found)) if as_json else print_health(found, config)
    if not found.ok:
        raise SystemExit(1)
