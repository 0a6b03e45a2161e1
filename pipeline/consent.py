"""The way back to living Zalo tokens: begin, let an administrator agree in a browser, finish with what came back."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

from channels.errors import ChannelError
from channels.http import Http
from channels.zalo import consent
from pipeline import config as settings
from pipeline.config import Config
from pipeline.errors import ConfigError, NotPossible
from pipeline.i18n import _
from pipeline.ledger import Ledger
from pipeline.openers import zalo_app_id, zalo_tokens

_FILE = "zalo-consent.json"


def begin(config: Config) -> str:
    """The address that an administrator of the Official Account opens; what proves that we asked is kept in state/.

    Raises:
        ConfigError: the app's id or the callback address is missing.
    """
    zalo = config.channels.zalo
    if not zalo.redirect_uri:
        raise ConfigError(_('[channels.zalo] redirect_uri = "": expected the callback address of the Zalo app'))
    begun = consent.begin(zalo.oauth_base, zalo_app_id(config), zalo.redirect_uri)
    file = _kept(config)
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        json.dump({"state": begun.state, "verifier": begun.verifier}, out)
    return begun.address


def finish(config: Config, ledger: Ledger, answer: str, who: str, now: datetime) -> None:
    """Change what came back for a pair of tokens, store it, and let the channel send again.

    Args:
        answer: the address of the page after "agree", or the bare code.

    Raises:
        NotPossible: no consent was begun, Zalo refused, or the answer belongs to another one.
    """
    try:
        kept = json.loads(_kept(config).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise NotPossible(_("No consent was begun: run bantin channel zalo login.")) from None
    secret = settings.secret(config, "ZALO_APP_SECRET", needed_for="Zalo")
    tokens = zalo_tokens(config, ledger)
    try:
        code = consent.read_callback(answer, kept["state"])
        with tokens.lock():
            pair = consent.redeem(Http(config.channels.zalo.oauth_base), zalo_app_id(config), secret, code,
                                  kept["verifier"], now)  # fmt: skip
            tokens.save(pair)
    except ChannelError as error:
        raise NotPossible(str(error)) from None
    _kept(config).unlink(missing_ok=True)
    ledger.release_channel("zalo", who, now, "consent renewed")


def _kept(config: Config) -> Path:
    return config.state / _FILE
