"""Commands about the ledger itself: its copy, its restoring, its audit."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.commands.opening import by_whom, opened
from pipeline.errors import ConfigError
from pipeline.i18n import _
from pipeline.options import Group, by_options, config_option


@click.group(cls=Group, help=_("The ledger's database."))
def ledger() -> None:
    pass


@ledger.command("copy", help=_("Copy the ledger into another, empty database, to move from SQLite to PostgreSQL."))
@click.option("--to", "url", required=True, help=_("Address of the new database, e.g. postgresql+psycopg://…"))
@config_option
def ledger_copy(url: str, file: Path) -> None:
    from pipeline.ledger.copying import copy
    from pipeline.ledger.engine import open_engine

    _config, old = opened(file)
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
    config, restored = opened(file)
    count = restored.restored(by_whom(config, who, why))
    click.echo(_("{count} posts will be looked for on their channels before anything is sent.").format(count=count))
