"""APScheduler only knocks: what is due is in the ledger, and each firing at a set time is a unique row there."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from pipeline.log import about
from pipeline.schedule import Job, days_of

log = logging.getLogger(__name__)


def triggers(job: Job, zone: ZoneInfo) -> list[CronTrigger | IntervalTrigger]:
    """APScheduler triggers in the city's zone; a CronTrigger made without one takes the machine's (libraries.md, trap 1)."""
    if job.every:
        return [IntervalTrigger(minutes=job.every, timezone=zone)]
    clocks = [clock.split(":") for clock in job.at]
    return [
        CronTrigger(day_of_week=job.days, hour=int(clock[0]), minute=int(clock[1]), timezone=zone) for clock in clocks
    ]


def start(jobs: tuple[Job, ...], zone: ZoneInfo, fire: Callable[[Job, datetime], None],
          clock: Callable[[], datetime]) -> BackgroundScheduler:  # fmt: skip
    """Run the jobs in the background, one at a time; the memory job store holds no promise."""
    scheduler = BackgroundScheduler(timezone=zone)
    turn = threading.Lock()

    def knock(job: Job) -> None:
        with turn:
            try:
                with about(job=job.name):
                    fire(job, clock())
            except Exception:  # one failed tick must not stop the next
                log.exception("tick failed", extra={"job": job.name})

    for job in jobs:
        for number, trigger in enumerate(triggers(job, zone)):
            # Every job knocks once at the start, so a slot that was missed while nobody ran is caught up.
            first = {"next_run_time": clock() + timedelta(seconds=1)}
            scheduler.add_job(knock, trigger, args=[job], id=f"{job.name}-{number}", coalesce=True, max_instances=1,
                              misfire_grace_time=3600, **first)  # fmt: skip
    scheduler.start()
    return scheduler


def slot_of(job: Job, now: datetime) -> datetime:
    """The set time that this firing belongs to: the last one that has passed; for an interval the minute itself."""
    if job.every:
        return now.replace(second=0, microsecond=0)
    clocks = [time.fromisoformat(clock) for clock in job.at]
    days = [now.date() - timedelta(days=back) for back in range(8)]
    moments = (
        datetime.combine(day, clock, now.tzinfo)
        for day in days
        for clock in clocks
        if day.weekday() in days_of(job.days)
    )
    return max(moment for moment in moments if moment <= now)
