"""Puts everything together: the only place that opens the ledger and the channels."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from channels.base import Channel, TokenPair
from channels.portal.debt import owes
from channels.portal.site import Contact, Site
from pipeline import config as settings
from pipeline.config import Config
from pipeline.errors import ConfigError, RunError
from pipeline.flow import Mapper
from pipeline.i18n import _
from pipeline.ledger import Ledger, Prepared
from pipeline.ledger.engine import open_engine
from pipeline.loopback import PortalServer, listening, place
from pipeline.prepare import Work, Workshop, prepare, worker_start

if TYPE_CHECKING:
    from channels.simulator.server import Simulator

_MANY = 40  # drops; below it a pool costs more than it saves
Clock = Callable[[], datetime]


@dataclass
class Newsroom:
    """One opened newsroom; closes what it opened."""

    config: Config
    ledger: Ledger
    clock: Clock
    channels: dict[str, Channel] = field(default_factory=dict)
    simulator: Simulator | None = None

    @property
    def enabled(self) -> tuple[str, ...]:
        social = self.config.channels
        names = ("portal", "zalo" if social.zalo.enabled else "", "facebook" if social.facebook.enabled else "")
        return tuple(name for name in names if name)

    def workshop(self, now: datetime) -> Workshop:
        return Workshop(self.config.zone, self.config.portal.base_url, self.enabled, self.config.state / "media", now)


def clock_in(config: Config) -> Clock:
    """The real time in the city's zone; commands and the scheduler pass its values on."""
    return lambda: datetime.now(config.zone)


def open_ledger(config: Config) -> Ledger:
    """The ledger, with its tables up to date."""
    if config.ledger_url.startswith("sqlite:///"):
        try:
            config.state.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RunError(_("The folder {path} cannot be made: {reason}").format(
                path=config.state, reason=error.strerror)) from error  # fmt: skip
    return Ledger(open_engine(config.ledger_url), f"{socket.gethostname()}:{os.getpid()}")


@contextmanager
def newsroom(config: Config, clock: Clock, *, channels: bool = True) -> Iterator[Newsroom]:
    """Open ledger, loopback servers and channels; everything is closed at the end.

    Raises:
        ConfigError: a secret is missing or an address is taken by another program.
    """
    with ExitStack() as stack:
        room = Newsroom(config, open_ledger(config), clock)
        stack.callback(room.ledger.engine.dispose)
        if channels:
            _serve_portal(room, stack)
            _simulate(room, stack)
            _open_channels(room)
        yield room


def _serve_portal(room: Newsroom, stack: ExitStack) -> None:
    """A portal on a loopback address is ours to serve, unless `bantin serve` already does."""
    at = place(room.config.portal.base_url)
    if at and not listening(*at):
        folder = room.config.path(room.config.portal.output)
        folder.mkdir(parents=True, exist_ok=True)
        server = PortalServer(folder, *at)
        server.start()
        stack.callback(server.stop)


def _simulate(room: Newsroom, stack: ExitStack) -> None:
    wanted = room.config.simulator
    if not wanted.enabled:
        return
    from channels.simulator.server import Simulator

    at = place(room.config.portal.base_url)
    public = (f"{at[0]}:{at[1]}",) if at else ()
    running = listening(wanted.host, wanted.port)
    simulator = Simulator(room.config.state / "simulator", wanted.host, wanted.port, public)
    for name, value in simulator.credentials().items():
        if not settings.secret(room.config, name.upper()):
            settings.save_secret(room.config, name.upper(), value)
    if running:
        _check_simulator(room.config)
        return
    simulator.start()
    room.simulator = simulator
    stack.callback(simulator.stop)


def _check_simulator(config: Config) -> None:
    import requests

    address = f"http://{config.simulator.host}:{config.simulator.port}"
    try:
        answer = requests.get(f"{address}/_sim", timeout=5)
        known = answer.json().get("bantin-simulator")
    except (requests.RequestException, ValueError):
        known = None
    if not known:
        raise ConfigError(_("[simulator] port = {port}: another program answers there; choose a free port.").format(
            port=config.simulator.port))  # fmt: skip


def _open_channels(room: Newsroom) -> None:
    from channels.portal.adapter import Portal

    config = room.config
    output = config.path(config.portal.output)
    room.channels["portal"] = Portal(
        output, config.state, config.portal.base_url, portal_site(config), page_size=config.portal.page_size
    )
    if config.channels.zalo.enabled:
        room.channels["zalo"] = _zalo(room)
    if config.channels.facebook.enabled:
        room.channels["facebook"] = _facebook(room)


def portal_site(config: Config) -> Site:
    """What the portal's pages say about the section."""
    contacts = tuple(Contact(one.kind, one.name, one.value, one.note) for one in config.portal.contacts)
    return Site(config.portal.title, config.portal.owner, config.portal.tagline, contacts=contacts,
                language=config.newsroom.language)  # fmt: skip


def portal_owes(config: Config) -> bool:
    """Whether the portal has something to write although nothing is due."""
    portal = config.portal
    return owes(config.path(portal.output), config.state, portal_site(config), portal.base_url, portal.page_size)


def _zalo(room: Newsroom) -> Channel:
    from channels.zalo.adapter import Zalo
    from pipeline.ledger.tokens import Tokens

    config, zalo = room.config, room.config.channels.zalo
    app_id = zalo.app_id or settings.secret(config, "ZALO_APP_ID")
    if not app_id:
        raise ConfigError(_('[channels.zalo] app_id = "": expected the id of the Zalo app'))
    refresh = settings.secret(config, "ZALO_REFRESH_TOKEN", needed_for="Zalo")
    long_ago = datetime(2000, 1, 1, tzinfo=UTC)
    tokens = Tokens(
        room.ledger, "zalo", _ledger_key(config), config.state / "zalo.lock", TokenPair("", refresh, long_ago)
    )
    return Zalo(zalo.api_base, zalo.oauth_base, app_id, settings.secret(config, "ZALO_APP_SECRET", needed_for="Zalo"),
                tokens, clock=room.clock, verify_after=zalo.verify_after)  # fmt: skip


def _ledger_key(config: Config) -> str:
    """The key that seals tokens; made once when the simulator is on, given by the operator otherwise."""
    key = settings.secret(config, "LEDGER_KEY", needed_for="" if config.simulator.enabled else "Zalo")
    if not key:
        from cryptography.fernet import Fernet

        key = Fernet.generate_key().decode()
        settings.save_secret(config, "LEDGER_KEY", key)
    return key


def _facebook(room: Newsroom) -> Channel:
    from channels.facebook.adapter import Facebook

    config, page = room.config, room.config.channels.facebook
    page_id = page.page_id or settings.secret(config, "FACEBOOK_PAGE_ID")
    if not page_id:
        raise ConfigError(_('[channels.facebook] page_id = "": expected the id of the Page'))
    token = settings.secret(config, "FACEBOOK_PAGE_TOKEN", needed_for="Facebook")
    return Facebook(page.graph_base, page.version, page_id, token, clock=room.clock)


@contextmanager
def mapper(shop: Workshop, workers: int, count: int) -> Iterator[Mapper]:
    """Serial for a few drops, a process pool for many; the order, and so the output, is the same."""
    if workers < 2 or count < _MANY:
        yield lambda works: (prepare(work, shop) for work in works)
        return
    with ProcessPoolExecutor(workers, initializer=worker_start) as pool:

        def spread(works: Iterable[Work]) -> Iterable[Prepared]:
            todo = list(works)
            return pool.map(prepare, todo, [shop] * len(todo), chunksize=8)

        yield spread


def patience(config: Config) -> timedelta:
    """How long `bantin run` waits for what a channel is still working on."""
    return timedelta(seconds=max(30.0, 8 * config.channels.zalo.verify_after))
