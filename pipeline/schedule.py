"""schedules/*.toml: when to look, when each channel sends, how many, and its quiet hours."""

from __future__ import annotations

import tomllib
from datetime import datetime, time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.errors import ConfigError
from pipeline.i18n import _


def _clock(value: str) -> str:
    try:
        time.fromisoformat(value)
    except ValueError:
        raise ValueError(_("expected a time of day such as 07:30")) from None
    return value


Clock = Annotated[str, AfterValidator(_clock)]


class Job(BaseModel):
    """One job: it looks at the folder, sends a channel's due deliveries, or asks the feeds whose time has come.

    `every` is in minutes; `at` are times of day in the city's zone; `most` posts at a firing; `quiet` hours in which
    nothing but urgent notices goes out.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    name: str = Field(pattern=r"^[a-z0-9-]+$")
    does: Literal["look", "send", "feeds"]
    channel: str = ""
    every: int = Field(default=0, ge=0, le=1440)
    at: tuple[Clock, ...] = Field(default=(), strict=False)
    days: str = Field(default="mon-sun", pattern=r"^[a-z,-]+$")
    most: int = Field(default=50, ge=1, le=10_000)
    quiet: tuple[Clock, Clock] | None = Field(default=None, strict=False)

    @model_validator(mode="after")
    def _whole(self) -> Job:
        if bool(self.every) == bool(self.at):
            raise ValueError(_("expected either every = minutes or at = [times]"))
        if self.does == "send" and not self.channel:
            raise ValueError(_("expected channel = the channel to send"))
        return self

    def open_at(self, now: datetime) -> bool:
        """Whether it may send at this aware time; quiet hours may pass midnight."""
        if self.quiet is None:
            return True
        start, end, clock = time.fromisoformat(self.quiet[0]), time.fromisoformat(self.quiet[1]), now.time()
        inside = start <= clock < end if start <= end else clock >= start or clock < end
        return not inside


def load(folder: Path) -> tuple[Job, ...]:
    """All jobs of the folder, by file name.

    Raises:
        ConfigError: a file is no TOML, a key is unknown, or two jobs share a name.
    """
    jobs: dict[str, Job] = {}
    for file in sorted(folder.glob("*.toml")):
        try:
            raw = tomllib.loads(file.read_text(encoding="utf-8"))
            for entry in raw.get("job", []):
                job = Job.model_validate(entry)
                if job.name in jobs:
                    raise ConfigError(_("{file}: the job {name} stands twice.").format(file=file.name, name=job.name))
                jobs[job.name] = job
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(_("{file} is no valid TOML: {error}").format(file=file.name, error=error)) from None
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise ConfigError(f"{file.name}: {place} = {first['input']!r}: {first['msg']}") from None
    return tuple(jobs.values())
