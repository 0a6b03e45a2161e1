"""The portal's way to the server that readers ask, as [portal.deploy] says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from channels.base import Health
from channels.deploy.carrier import Carrier
from channels.deploy.deployer import Deployer, forget
from channels.deploy.target import Target, target_of
from channels.portal.debt import INDEX
from channels.portal.index import Index
from channels.portal.outbox import Outbox
from pipeline.config import Config, secret
from pipeline.errors import ConfigError
from pipeline.i18n import _

Opener = Callable[[Outbox], Deployer]


def opener(config: Config, clock: Callable[[], datetime], tell: Callable[[Health], None]) -> Opener | None:
    """What makes the deployer of this newsroom, None when there is none; `tell` hears how each deployment ended.

    Raises:
        ConfigError: a secret or a library is missing.
    """
    to = config.portal.deploy.to
    if not to:
        forget(config.state)
        return None
    carrier = _carrier(config, target_of(to))
    return lambda outbox: Deployer(outbox, carrier, to, config.state, clock=clock, tell=tell)


def deployer(config: Config, clock: Callable[[], datetime]) -> Deployer:
    """For a deployment by hand.

    Raises:
        ConfigError: there is nothing to deploy to, or a secret or a library is missing.
    """
    make = opener(config, clock, lambda _health: None)
    if make is None or config.portal.target == "wordpress":
        raise ConfigError(_("[portal.deploy] to is empty: there is no server to bring the portal to."))
    return make(outbox(config))


def outbox(config: Config) -> Outbox:
    """The static site as a deployer sees it."""
    return Outbox(config.path(config.portal.output), Index(config.state / INDEX))


def _carrier(config: Config, to: Target) -> Callable[[], Carrier]:
    wanted, key, password = config.portal.deploy, secret(config, "DEPLOY_KEY"), secret(config, "DEPLOY_PASSWORD")
    if to.scheme in ("rsync", "rsync+ssh"):
        from channels.deploy.rsync import Rsync

        if to.scheme == "rsync+ssh":
            _known(config)
            secret(config, "DEPLOY_KEY", needed_for="rsync")
        return lambda: Rsync(
            to, key=key, password=password, known_hosts=config.path(wanted.known_hosts), time_out=wanted.time_out
        )
    try:
        if to.scheme == "sftp":
            from channels.deploy.sftp import Sftp

            _known(config)
            if not password:
                secret(config, "DEPLOY_KEY", needed_for="SFTP")
            return lambda: Sftp(
                to, key=key, password=password, known_hosts=config.path(wanted.known_hosts), time_out=wanted.time_out
            )
        from channels.deploy.store import Store
    except ImportError:
        raise ConfigError(_('A library is missing: pip install "bantin[deploy]"')) from None
    if to.scheme == "file":
        return lambda: Store("file", to.path, auto_mkdir=True)
    return lambda: Store("s3", f"{to.host}/{to.path}", **_s3(config))


def _s3(config: Config) -> dict[str, Any]:
    """Without keys of our own boto looks where it always does (a machine's role)."""
    wanted, key = config.portal.deploy, secret(config, "DEPLOY_S3_KEY")
    known = {"endpoint_url": wanted.endpoint, "region_name": wanted.region}
    return {
        "key": key or None,
        "secret": secret(config, "DEPLOY_S3_SECRET", needed_for="S3") if key else None,
        "client_kwargs": {name: value for name, value in known.items() if value},
        "config_kwargs": {"connect_timeout": wanted.time_out, "read_timeout": wanted.time_out, "retries": {"max_attempts": 3}},
        "use_listings_cache": False, "skip_instance_cache": True,
    }  # fmt: skip


def _known(config: Config) -> None:
    file = config.path(config.portal.deploy.known_hosts)
    if not file.is_file():
        raise ConfigError(_("The file {file} with the server's key is missing: ssh-keyscan MAY-CHU > {file}, then compare the "
                            "fingerprint with what the server's operator tells.").format(file=file))  # fmt: skip
