"""`bantin serve`: scheduler, monitor, portal and simulator in one process on loopback."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

import click

from pipeline import flow, notify, schedule, scheduler
from pipeline.config import Config
from pipeline.desk.app import build
from pipeline.feeds.collect import collect, due
from pipeline.i18n import _
from pipeline.schedule import Job
from pipeline.session import look
from pipeline.wiring import Newsroom, feed_sources, fetcher, newsroom


def fire(room: Newsroom, job: Job, now: datetime) -> None:
    """One firing of a schedule, run by the first process that claims its slot."""
    if not room.ledger.first_to_run(job.name, scheduler.slot_of(job, now), now):
        return
    if job.does == "look":
        notify.after_look(room, look(room, now), now)
        return
    if job.does == "feeds":
        sources = due(feed_sources(room.config), room.ledger, now)
        collect(sources, fetcher(room.config), room.ledger, room.config.content, now)
        return
    channels = {name: channel for name, channel in room.channels.items() if name == job.channel}
    open_hours = {job.channel: job.open_at(now)}
    sent = flow.deliver_due(room.ledger, channels, room.clock, open_hours=open_hours, most={job.channel: job.most})
    notify.after_sending(room, {item for item, *_rest in sent.items}, now)


def serve_forever(config: Config, clock: Callable[[], datetime]) -> None:
    """Until interrupted (Ctrl-C)."""
    import uvicorn

    jobs = schedule.load(config.path(config.paths.schedules))
    with newsroom(config, clock) as room:
        for channel in room.channels.values():
            channel.flush()
        running = scheduler.start(jobs, config.zone, lambda job, now: fire(room, job, now), clock)
        desk = f"http://{config.desk.host}:{config.desk.port}"
        click.echo(_("Monitor:   {address}").format(address=desk))
        click.echo(_("Portal:    {address}").format(address=config.portal.base_url))
        if config.simulator.enabled:
            click.echo(
                _("Simulator: {address}").format(address=f"http://{config.simulator.host}:{config.simulator.port}")
            )
        try:
            app = build(room.ledger, config, clock)
            uvicorn.run(app, host=config.desk.host, port=config.desk.port, log_level="warning", server_header=False)
        finally:
            running.shutdown(wait=True)


def simulate_forever(config: Config) -> None:
    """Only the simulator, until interrupted."""
    from channels.simulator.server import Simulator

    at = config.portal.base_url.split("//", 1)[1]
    simulator = Simulator(config.state / "simulator", config.simulator.host, config.simulator.port, (at,))
    simulator.start()
    click.echo(_("Simulator: {address}").format(address=simulator.url))
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        simulator.stop()
