"""Puts everything together: with `openers`, the only place that opens the ledger and the channels."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from channels.base import Channel, Kept, Post
from channels.wordpress.post import WordPressPost
from pipeline import config as settings
from pipeline.check import Workshop
from pipeline.config import Config
from pipeline.deliver import Patience
from pipeline.errors import ConfigError, RunError
from pipeline.executors import Bulk
from pipeline.flow import Gates
from pipeline.hosting import enabled
from pipeline.i18n import _
from pipeline.ledger import Ledger
from pipeline.ledger.engine import open_engine
from pipeline.openers import Clock, open_channels
from pipeline.reach import listening, page_ready, place
from pipeline.schedule import Timetable
from pipeline.schedule import load as load_timetable
from pipeline.watch import Watch

if TYPE_CHECKING:
    from channels.simulator.server import Simulator
    from pipeline.feedback.mail import Postman
    from pipeline.feeds.collect import Source
    from pipeline.fetch import Fetcher
    from pipeline.ledger.health import Health


@dataclass
class Newsroom:
    """One opened newsroom; closes what it opened."""

    config: Config
    ledger: Ledger
    clock: Clock
    channels: dict[str, Channel] = field(default_factory=dict)
    simulator: Simulator | None = None
    watch: Watch = field(init=False)

    def __post_init__(self) -> None:
        self.watch = Watch(self.config.content, self.ledger)

    @property
    def enabled(self) -> tuple[str, ...]:
        return enabled(self.config)

    def patience(self) -> Patience:
        """How often and how long deliveries are tried."""
        wait = self.config.delivery
        return Patience(
            wait.tries, wait.first_wait, wait.longest_wait, ready=_ready(self.config) if wait.check_page else _always
        )

    def gates(self, *, hours: bool) -> Gates:
        """What channels may begin: by their hours and limits, or by the office's calendar alone (docs/decisions/002)."""
        table = self.timetable
        return table.gate if hours else Timetable(off=table.off).gate

    @property
    def timetable(self) -> Timetable:
        return timetable(self.config)

    def workshop(self, now: datetime) -> Workshop:
        return workshop(self.config, now)


def workshop(config: Config, now: datetime, channels: Sequence[str] | None = None) -> Workshop:
    """What preparing needs to know; `channels` are those of the newsroom unless others are given."""
    return Workshop(config.zone, config.public_url, enabled(config) if channels is None else tuple(channels),
                    config.state / "media", now, config.intake.attachment_bytes, config.approval.needs_editor,
                    config.changes, config.media.card == "item", config.media.webp_method,
                    config.intake.markdown == "markdown-it-pyrs", "avif" in config.media.formats, config.media.widths)  # fmt: skip


def timetable(config: Config) -> Timetable:
    """What schedules/ says; read anew when a file of it is another one."""
    folder = config.path(config.paths.schedules)
    signs = ((file.name, file.stat()) for file in sorted(folder.glob("*.toml")))
    return _timetable(folder, tuple((name, stat.st_mtime_ns, stat.st_size, stat.st_ino) for name, stat in signs))


@lru_cache(maxsize=4)
def _timetable(folder: Path, _signs: tuple[tuple[str, int, int, int], ...]) -> Timetable:
    return load_timetable(folder)


def health_of(config: Config, ledger: Ledger, now: datetime) -> Health:
    """All gauges of the newsroom; a channel is awake when it is enabled and some job sends it."""
    from pipeline.ledger.health import health

    table = timetable(config)
    awake = {job.channel for job in table.jobs if job.does == "send"} & set(enabled(config))
    return health(ledger, table.gate, awake, now, timedelta(minutes=config.delivery.overdue))


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
    lease = timedelta(seconds=config.delivery.lease)
    return Ledger(open_engine(config.ledger_url, config.ledger.wait), f"{socket.gethostname()}:{os.getpid()}", lease,
                  config.delivery.first_wait)  # fmt: skip


def _always(_post: Post) -> str:
    return ""


def _ready(config: Config) -> Callable[[Post], str]:
    """What a post has to wait for: one that links to a page waits for it, one that is the page for nothing."""
    if config.portal.target == "static":
        return page_ready
    tags = config.portal.target == "both"  # a WordPress as it comes writes no Open Graph tags
    return lambda post: "" if isinstance(post, WordPressPost) else page_ready(post, tags=tags)


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
            room.channels = open_channels(config, room.ledger, clock)
            for channel in room.channels.values():
                if isinstance(channel, Kept):
                    stack.callback(channel.close)
        yield room


def _serve_portal(room: Newsroom, stack: ExitStack) -> None:
    """A static portal on a loopback address is ours to serve, unless `bantin serve` already does."""
    at = place(room.config.portal.base_url) if room.config.portal.target != "wordpress" else None
    if at and not listening(*at):
        from pipeline.loopback import PortalServer  # here: a public portal has a web server of its own

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

    at = place(room.config.public_url)
    public = (f"{at[0]}:{at[1]}",) if at else ()
    running = listening(wanted.host, wanted.port)
    simulator = Simulator(room.config.state / "simulator", wanted.host, wanted.port, public)
    for name, value in simulator.credentials().items():
        if not settings.secret(room.config, name.upper()):
            settings.keep_secret(room.config, name.upper(), value)
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


def feed_sources(config: Config) -> tuple[Source, ...]:
    from pipeline.feeds.collect import Source

    return tuple(Source(one.name, one.url, one.kind, one.unit or one.outlet, one.every) for one in config.feeds.source)


def fetcher(config: Config) -> Fetcher:
    """The guarded client for feeds."""
    from pipeline.fetch import Fetcher

    feeds = config.feeds
    return Fetcher(most_bytes=feeds.most_bytes, seconds=feeds.seconds, loopback=feeds.allow_loopback)


def postman(config: Config) -> Postman | None:
    """Who carries mail to the units, or None when no mail server is set."""
    mail = config.mail
    if not mail.host:
        return None
    from pipeline.feedback.mail import Postman

    password = settings.secret(config, "MAIL_PASSWORD", needed_for="[mail]") if mail.user else ""
    return Postman(mail.host, mail.port, mail.sender, config.newsroom.name, mail.starttls, mail.user, password)


def bulk(config: Config) -> Bulk:
    """Where large batches are worked through."""
    return Bulk(config.intake.executor, config.intake.workers, config.intake.cluster)


def patience(config: Config) -> timedelta:
    """How long `bantin run` waits for what a channel is still working on."""
    return timedelta(seconds=max(30.0, 8 * config.channels.zalo.verify_after))
