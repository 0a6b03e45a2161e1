"""`bantin deploy`: bring the portal to its server by hand, or see what would be brought."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from pipeline.errors import RunError
from pipeline.i18n import _
from pipeline.options import clock, config_option, json_option, load, print_json, start_log


@click.command(
    help=_("Bring the portal to its server ([portal.deploy]); `serve`, `run` and `worker` do so after each change.")
)
@click.option("--dry-run", "dry", is_flag=True, help=_("Only show what would be brought and removed."))
@click.option("--whole", is_flag=True, help=_("Bring every file, also those that the server should have."))
@click.option(
    "--gone-map", "gone", is_flag=True, help=_("Print what was withdrawn as an nginx map, and bring nothing.")
)
@config_option
@json_option
def deploy(dry: bool, whole: bool, gone: bool, file: Path, as_json: bool) -> None:
    from pipeline.deploying import deployer, outbox
    from pipeline.wiring import open_ledger

    config = load(file)
    start_log(config, quiet=True)
    if gone:
        click.echo("".join(f'"/{address}" 1;\n' for address in outbox(config).withdrawn()), nl=False)
        return
    now = clock(config)
    carrier = deployer(config, now)
    report = carrier.run(whole=whole, dry=dry)
    if not dry:
        open_ledger(config).checked("portal", carrier.health(), now())
    if as_json:
        print_json(asdict(report))
    elif not report.error:
        for name in report.sent if dry else ():
            click.echo(f"+ {name}")
        for name in report.removed if dry else ():
            click.echo(f"- {name}")
        click.echo(_("{sent} files ({size} KB) brought to {target}, {same} were there, {removed} removed.").format(
            sent=len(report.sent), size=-(-report.size // 1024), target=config.portal.deploy.to, same=report.same,
            removed=len(report.removed)) if not dry else _("{sent} files ({size} KB) to bring, {removed} to remove.").format(
            sent=len(report.sent), size=-(-report.size // 1024), removed=len(report.removed)))  # fmt: skip
    if report.error:
        raise RunError("\n".join(part for part in (report.error, _(report.remedy) if report.remedy else "") if part))
