"""Opens the channels: what each needs of the settings, the secrets and the ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from channels.base import Channel, TokenPair
from pipeline import config as settings
from pipeline.config import Config
from pipeline.errors import ConfigError
from pipeline.hosting import portal_site
from pipeline.i18n import _
from pipeline.ledger import Ledger

if TYPE_CHECKING:
    from channels.http import HttpOptions
    from channels.portal.adapter import Portal
    from pipeline.deploying import Opener
    from pipeline.ledger.tokens import Tokens

Clock = Callable[[], datetime]


def open_channels(config: Config, ledger: Ledger, clock: Clock) -> dict[str, Channel]:
    """Every channel that is switched on, by its name.

    Raises:
        ConfigError: a secret or an id is missing.
    """
    opened: dict[str, Channel] = {}
    if config.portal.target != "wordpress":
        opened["portal"] = _portal(config, ledger, clock)
    if config.portal.target != "static":
        opened["wordpress"] = _wordpress(config, clock)
    if config.channels.zalo.enabled:
        opened["zalo"] = _zalo(config, ledger, clock)
    if config.channels.facebook.enabled:
        opened["facebook"] = _facebook(config, clock)
    return opened


def _portal(config: Config, ledger: Ledger, clock: Clock) -> Channel:
    from pipeline.deploying import opener

    return open_portal(config, opener(config, clock, lambda health: ledger.checked("portal", health, clock())))


def open_portal(config: Config, deploy: Opener | None = None) -> Portal:
    """The portal section as a channel; it needs neither secrets nor, without a deployment, a network."""
    from channels.portal.adapter import Portal

    output = config.path(config.portal.output)
    return Portal(output, config.state, config.portal.base_url, portal_site(config), page_size=config.portal.page_size,
                  workers=config.intake.workers, deploy=deploy)  # fmt: skip


def _wordpress(config: Config, clock: Clock) -> Channel:
    from channels.wordpress.adapter import WordPress

    press = config.channels.wordpress
    password = settings.secret(config, "WORDPRESS_PASSWORD", needed_for="WordPress")
    return WordPress(press.base_url, press.user, password, clock=clock, http=_http(config), looks=press.looks,
                     canonical=config.portal.target == "wordpress")  # fmt: skip


def _zalo(config: Config, ledger: Ledger, clock: Clock) -> Channel:
    from channels.zalo.adapter import Zalo

    zalo = config.channels.zalo
    secret = settings.secret(config, "ZALO_APP_SECRET", needed_for="Zalo")
    return Zalo(zalo.api_base, zalo.oauth_base, zalo_app_id(config), secret, zalo_tokens(config, ledger),
                clock=clock, http=_http(config), verify_after=zalo.verify_after, looks=zalo.looks)  # fmt: skip


def zalo_app_id(config: Config) -> str:
    """The id of the Zalo app.

    Raises:
        ConfigError: there is none.
    """
    app_id = config.channels.zalo.app_id or settings.secret(config, "ZALO_APP_ID")
    if not app_id:
        raise ConfigError(_('[channels.zalo] app_id = "": expected the id of the Zalo app'))
    return app_id


def zalo_tokens(config: Config, ledger: Ledger) -> Tokens:
    """Where Zalo's rotating tokens live; the first refresh token comes from the secrets, if there is one."""
    from pipeline.ledger.tokens import Tokens

    refresh = settings.secret(config, "ZALO_REFRESH_TOKEN")
    seed = TokenPair("", refresh, datetime(2000, 1, 1, tzinfo=UTC)) if refresh else None
    return Tokens(ledger, "zalo", _ledger_key(config), config.state / "zalo.lock", seed)


def _ledger_key(config: Config) -> str:
    """The key that seals tokens; made once when the simulator is on, given by the operator otherwise."""
    key = settings.secret(config, "LEDGER_KEY", needed_for="" if config.simulator.enabled else "Zalo")
    if not key:
        from cryptography.fernet import Fernet

        key = settings.keep_secret(config, "LEDGER_KEY", Fernet.generate_key().decode())
    return key


def _facebook(config: Config, clock: Clock) -> Channel:
    from channels.facebook.adapter import Facebook

    page = config.channels.facebook
    page_id = page.page_id or settings.secret(config, "FACEBOOK_PAGE_ID")
    if not page_id:
        raise ConfigError(_('[channels.facebook] page_id = "": expected the id of the Page'))
    token = settings.secret(config, "FACEBOOK_PAGE_TOKEN", needed_for="Facebook")
    app = page.app_id or settings.secret(config, "FACEBOOK_APP_ID")
    secret = settings.secret(config, "FACEBOOK_APP_SECRET")
    return Facebook(page.graph_base, page.version, page_id, token, clock=clock, http=_http(config),
                    looks=page.looks, app_token=f"{app}|{secret}" if app and secret else "")  # fmt: skip


def _http(config: Config) -> HttpOptions:
    from channels.http import HttpOptions

    wait = config.delivery.time_out
    return HttpOptions(connect=min(5.0, wait), read=wait, pause=min(10.0, config.delivery.first_wait))
