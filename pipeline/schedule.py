"""schedules/*.toml: when to look, when each channel sends, its posting hours and its limits."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline import daysoff
from pipeline.daysoff import DaysOff
from pipeline.errors import ConfigError
from pipeline.i18n import _
from pipeline.model import PORTALS, Gate

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_Model = TypeVar("_Model", bound="BaseModel")


def _clock(value: str) -> str:
    try:
        time.fromisoformat(value)
    except ValueError:
        raise ValueError(_("expected a time of day such as 07:30")) from None
    return value


def _window(value: str) -> str:
    start, _dash, end = value.partition("-")
    if _clock(start.strip()) >= _clock(end.strip()):
        raise ValueError(_("expected hours such as 07:00-11:30"))
    return value


def _weekdays(value: str) -> str:
    days_of(value)
    return value


def days_of(text: str) -> frozenset[int]:
    """Weekdays named like APScheduler names them, "mon-fri,sun"; 0 is Monday.

    Raises:
        ValueError: a name is unknown.
    """
    found: set[int] = set()
    for part in text.lower().split(","):
        start, _dash, end = part.strip().partition("-")
        if start not in _DAYS or (end or start) not in _DAYS:
            raise ValueError(_("expected weekdays such as mon-fri,sun"))
        first, last = _DAYS.index(start), _DAYS.index(end or start)
        found |= {day % 7 for day in range(first, last + 1 if last >= first else last + 8)}
    return frozenset(found)


Clock = Annotated[str, AfterValidator(_clock)]
Window = Annotated[str, AfterValidator(_window)]
Weekdays = Annotated[str, AfterValidator(_weekdays)]


class Job(BaseModel):
    """One job: it looks at the folder, sends a channel's due deliveries, asks feeds, checks credentials, or alerts people.

    `every` is in minutes; `at` are times of day in the city's zone; `most` posts at a firing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    name: str = Field(pattern=r"^[a-z0-9-]+$")
    does: Literal["look", "send", "check", "feeds", "alert"]
    channel: str = ""
    every: int = Field(default=0, ge=0, le=1440)
    at: tuple[Clock, ...] = Field(default=(), strict=False)
    days: Weekdays = "mon-sun"
    most: int = Field(default=50, ge=1, le=10_000)

    @model_validator(mode="after")
    def _whole(self) -> Job:
        if bool(self.every) == bool(self.at):
            raise ValueError(_("expected either every = minutes or at = [times]"))
        if self.does == "send" and not self.channel:
            raise ValueError(_("expected channel = the channel to send"))
        return self


class Hours(BaseModel):
    """When a channel may begin to post, and how often; corrections and withdrawals never wait for it.

    `windows` are posting hours of a day, none meaning all day; `quiet` may pass midnight; limits count publications, 0
    meaning none; `gap` is in minutes.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    channel: str = Field(pattern=r"^[a-z0-9-]+$")
    windows: tuple[Window, ...] = Field(default=(), strict=False)
    quiet: tuple[Clock, Clock] | None = Field(default=None, strict=False)
    days: Weekdays = "mon-sun"
    holidays: bool = True
    per_hour: int = Field(default=0, ge=0)
    per_day: int = Field(default=0, ge=0)
    per_month: int = Field(default=0, ge=0)
    gap: int = Field(default=0, ge=0, le=1440)

    def closed(self, now: datetime, off: DaysOff) -> str:
        """Why nothing may begin at this aware time of the city's zone, "" when it may."""
        clock = now.time()
        if now.weekday() not in days_of(self.days):
            return _("not on this day of the week")
        if not self.holidays and off.is_off(now.date()):
            return _("public holiday")
        if self.quiet and _inside(clock, *map(time.fromisoformat, self.quiet)):
            return _("quiet hours")
        spans = [tuple(time.fromisoformat(one.strip()) for one in window.split("-")) for window in self.windows]
        if spans and not any(start <= clock < end for start, end in spans):
            return _("outside the posting hours")
        return ""

    def quotas(self, now: datetime) -> tuple[tuple[datetime, int], ...]:
        """(start of the period, most) for each limit that is set."""
        day = now.replace(hour=0, minute=0, second=0, microsecond=0)
        limits = ((now - timedelta(hours=1), self.per_hour), (day, self.per_day), (day.replace(day=1), self.per_month))
        return tuple((since, most) for since, most in limits if most)


@dataclass(frozen=True)
class Timetable:
    """All that schedules/ says: jobs, hours by channel, and the office's calendar."""

    jobs: tuple[Job, ...] = ()
    hours: Mapping[str, Hours] = field(default_factory=dict)
    off: DaysOff = field(default_factory=DaysOff)

    def gate(self, channel: str, now: datetime) -> Gate:
        """What a channel may begin at an aware time of the city's zone."""
        hours = self.hours.get(channel)
        why = self.silence(now) or (hours.closed(now, self.off) if hours else "")
        if why or hours is None:
            return Gate(open=not why, why=why, alone=channel in PORTALS)
        return Gate(since=self._open_since(hours, now), quotas=hours.quotas(now), gap=timedelta(minutes=hours.gap),
                    alone=channel in PORTALS)  # fmt: skip

    def silence(self, now: datetime) -> str:
        """The name of the blackout of the calendar that is in force, "" when there is none."""
        blackout = self.off.blackout(now)
        return _("blackout: {name}").format(name=blackout.name) if blackout else ""

    def _open_since(self, hours: Hours, now: datetime) -> datetime:
        """When the present opening began, looked for in steps of five minutes up to a day back."""
        step, moment = timedelta(minutes=5), now
        while now - moment < timedelta(days=1) and not (
            self.silence(moment - step) or hours.closed(moment - step, self.off)
        ):
            moment -= step
        return moment

    def next_opening(self, channel: str, now: datetime) -> datetime | None:
        """The next moment, to five minutes, at which a channel opens; None when it is open or stays closed for weeks."""
        if self.gate(channel, now).open:
            return None
        moment = now.replace(minute=now.minute - now.minute % 5, second=0, microsecond=0)
        for _step in range(12 * 24 * 21):
            moment += timedelta(minutes=5)
            hours = self.hours.get(channel)
            if not self.silence(moment) and (hours is None or not hours.closed(moment, self.off)):
                return moment
        return None


def _inside(clock: time, start: time, end: time) -> bool:
    return start <= clock < end if start <= end else clock >= start or clock < end


def load(folder: Path) -> Timetable:
    """All jobs and hours of the folder, by file name, and its calendar.

    Raises:
        ConfigError: a file is no TOML, a key is unknown, or two jobs or hours share a name.
    """
    jobs: dict[str, Job] = {}
    hours: dict[str, Hours] = {}
    for file in sorted(folder.glob("*.toml")):
        if file.name == daysoff.FILE:
            continue
        raw = _read(file)
        if unknown := set(raw) - {"job", "hours"}:
            raise ConfigError(_("{file}: the key {place} is unknown.").format(file=file.name, place=min(unknown)))
        for job in _all(file, Job, raw.get("job", [])):
            _once(jobs, job.name, job, file)
        for one in _all(file, Hours, raw.get("hours", [])):
            _once(hours, one.channel, one, file)
    return Timetable(tuple(jobs.values()), hours, daysoff.load(folder))


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(_("{file} is no valid TOML: {error}").format(file=file.name, error=error)) from None


def _all(file: Path, model: type[_Model], entries: Iterable[object]) -> list[_Model]:
    try:
        return [model.model_validate(entry) for entry in entries]
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"{file.name}: {place} = {first['input']!r}: {first['msg']}") from None


def _once(known: dict[str, Any], name: str, value: object, file: Path) -> None:
    if name in known:
        raise ConfigError(_("{file}: {name} stands twice.").format(file=file.name, name=name))
    known[name] = value
