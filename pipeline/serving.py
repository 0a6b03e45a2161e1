"""The programs that go on until they are told to stop: scheduler with monitor, worker, simulator."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import click

from pipeline import alerts, beside, flow, notify, scheduler
from pipeline.afterwards import look_for_seconds
from pipeline.config import Config
from pipeline.desk.sharing import may_serve
from pipeline.errors import LedgerDamaged, RunError
from pipeline.feeds.collect import collect, due
from pipeline.i18n import _
from pipeline.results import Delivered
from pipeline.schedule import Job
from pipeline.session import look
from pipeline.wiring import Newsroom, feed_sources, fetcher, newsroom

if TYPE_CHECKING:
    import uvicorn

log = logging.getLogger(__name__)
STALE = 1.0  # seconds for which the monitor's figures may be old; its live stream looks as often
_LOOK, _START = 0.2, 5.0  # seconds: between looks at the desk's process, to get going
_IDLE = 1.0  # seconds between two looks at the ledger when nothing is due
_AFTER_TROUBLE = 10.0  # seconds to wait when the ledger did not answer


def fire(room: Newsroom, job: Job, now: datetime) -> None:
    """One firing of a schedule, run by the first process that claims its slot."""
    if not room.ledger.first_to_run(job.name, scheduler.slot_of(job, now), now):
        return
    if job.does == "look":
        _look(room, now)
    elif job.does == "feeds":
        sources = due(feed_sources(room.config), room.ledger, now)
        collect(sources, fetcher(room.config), room.ledger, room.config.content, now)
    elif job.does == "check":
        check_channels(room, now)
    elif job.does == "alert":
        alerts.tell(room.config, room.ledger, now)
    else:
        send(room, {job.channel}, job.most)


def send(room: Newsroom, names: Collection[str], most: int,
         stopping: Callable[[], bool] = lambda: False) -> Delivered:  # fmt: skip
    """Deliver what is due on some channels; what waited for its time is validated once more before."""
    now = room.clock()
    if room.ledger.stale(now):
        _look(room, now)
    channels = {name: channel for name, channel in room.channels.items() if name in names}
    sent = flow.deliver_due(room.ledger, channels, room.clock, gates=room.gates(hours=True), most=most,
                            patience=room.patience(), stopping=stopping)  # fmt: skip
    if sent.items:
        _warn(notify.after_sending(room, {item for item, *_rest in sent.items}, now))
    return sent


def _look(room: Newsroom, now: datetime) -> None:
    _warn(notify.after_look(room, look(room, now), now))


def _warn(warnings: Iterable[str]) -> None:
    for warning in warnings:
        log.warning(warning)


def check_channels(room: Newsroom, now: datetime) -> None:
    """Look at every channel's credentials and remember what was found; and at posts that were sent anew, once more."""
    for name, channel in room.channels.items():
        room.ledger.checked(name, channel.health(), now)
        if not channel.idempotent:
            look_for_seconds(room.ledger, channel, now)


def serve_forever(config: Config, clock: Callable[[], datetime], desk: Sequence[str]) -> None:
    """Scheduler, portal and simulator, and the desk as a process of its own, until interrupted (Ctrl-C).

    Whoever reads at the desk takes no turn from who sends: two processes do not share an interpreter
    (docs/decisions/048).

    Args:
        desk: the command that runs the desk and ends with its standard input.

    Raises:
        RunError: the desk does not start.
    """
    with newsroom(config, clock) as room, _stop_signal() as stop:
        may_serve(config, room.ledger)
        for channel in room.channels.values():
            channel.flush()
        running = scheduler.start(room.timetable.jobs, config.zone, lambda job, now: fire(room, job, now), clock)
        click.echo(_("Monitor:   {address}").format(address=config.desk.address))
        click.echo(_("Portal:    {address}").format(address=config.public_url))
        if config.simulator.enabled:
            simulator = f"http://{config.simulator.host}:{config.simulator.port}"
            click.echo(_("Simulator: {address}").format(address=simulator))
        try:
            _keep_running(desk, stop, config.desk.port)
        finally:
            running.shutdown(wait=True)


def _keep_running(command: Sequence[str], stop: threading.Event, port: int) -> None:
    """Run a program until told to stop; one that ends by itself is started again, unless it never got going."""
    while not stop.is_set():
        began = time.monotonic()
        running = beside.start(command)
        try:
            while running.poll() is None and not stop.wait(_LOOK):
                pass
        finally:
            beside.end(running)
        if not stop.is_set() and time.monotonic() - began < _START:
            raise RunError(_("The desk does not start; is port {port} taken by another program?").format(port=port))
        if not stop.is_set():
            log.error("the desk ended by itself and is started again", extra={"code": running.returncode})


def desk_forever(config: Config, clock: Callable[[], datetime], *, until_eof: bool = False) -> None:
    """Only the desk, until interrupted.

    Args:
        until_eof: whoever started it also sends: the desk ends when that process does, however it ended, and gives way
            to it when both want the processor.

    Raises:
        RunError: it does not start.
    """
    import uvicorn

    from pipeline.desk.app import build

    with newsroom(config, clock, channels=False) as room:
        may_serve(config, room.ledger)
        settings = uvicorn.Config(
            build(room.ledger, config, clock, STALE), host=config.desk.host, port=config.desk.port, log_config=None,
            access_log=False, server_header=False, proxy_headers=bool(config.desk.public_url),
            forwarded_allow_ips=config.desk.proxy, timeout_graceful_shutdown=2,
        )  # fmt: skip  # open monitors' streams never end by themselves
        server = uvicorn.Server(settings)
        if until_eof:
            beside.give_way()
            threading.Thread(target=_end_with_input, args=(server,), daemon=True).start()
        server.run()
        if not server.started:
            raise RunError(
                _("The desk does not start; is port {port} taken by another program?").format(port=config.desk.port)
            )


def _end_with_input(server: uvicorn.Server) -> None:
    while os.read(0, 1024):
        pass
    server.should_exit = True


def work_forever(config: Config, clock: Callable[[], datetime], only: Collection[str], *, most: int = 50) -> None:
    """Send what is due, as one of any number of workers, until told to stop; the attempt under way ends normally.

    Args:
        only: channels of this worker; empty for all.

    Raises:
        LedgerDamaged: going on would make it worse.
    """
    with newsroom(config, clock) as room, _stop_signal() as stop:
        names = set(only) or set(room.channels)
        click.echo(_("Worker {owner}: {channels}").format(owner=room.ledger.owner, channels=", ".join(sorted(names))))
        while not stop.is_set():
            try:
                sent = send(room, names, most, stop.is_set)
                due = room.ledger.next_due(sorted(names), room.clock())
                soon = (due - room.clock()).total_seconds() if due else _IDLE
                stop.wait(0.0 if sent.items else min(max(soon, 0.05), _IDLE))
            except LedgerDamaged:
                raise
            except (
                RunError,
                OSError,
            ) as error:  # locked, full or out of reach: what is recorded is safe, so try again later
                click.echo(str(error), err=True)
                stop.wait(_AFTER_TROUBLE)


@contextmanager
def _stop_signal() -> Iterator[threading.Event]:
    """Set when the process is asked to end (SIGTERM, Ctrl-C)."""
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_args: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def simulate_forever(config: Config) -> None:
    """Only the simulator, until interrupted."""
    from channels.simulator.server import Simulator

    at = config.public_url.split("//", 1)[1]
    simulator = Simulator(config.state / "simulator", config.simulator.host, config.simulator.port, (at,))
    simulator.start()
    click.echo(_("Simulator: {address}").format(address=simulator.url))
    with _stop_signal() as stop:
        stop.wait()
    simulator.stop()
