"""Who may reach the desk at all; without the web's libraries, because `serve` asks before it starts the desk."""

from __future__ import annotations

from pipeline.config import Config
from pipeline.errors import ConfigError
from pipeline.i18n import _
from pipeline.ledger import Ledger
from pipeline.ledger.accounts import any_account


def may_serve(config: Config, ledger: Ledger) -> None:
    """Without accounts everybody who reaches the desk may do everything, so only this machine may reach it.

    Raises:
        ConfigError: others reach it and there is no account.
    """
    if config.desk.shared and not any_account(ledger):
        raise ConfigError(_("[desk]: others than this machine can reach {address}, and there is no account yet. Make one "
                            "first: bantin account add LOGIN --name NAME --role operator").format(address=config.desk.address))  # fmt: skip
