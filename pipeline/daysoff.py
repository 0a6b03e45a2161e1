"""Public holidays and days of mourning: the law's days from `holidays`, the office's own from schedules/calendar.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.errors import ConfigError
from pipeline.i18n import _

FILE = "calendar.toml"


class Blackout(BaseModel):
    """Days on which nothing but urgent notices begins, both included (national mourning, disaster)."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    name: str = Field(min_length=1)
    first: date = Field(alias="from")
    last: date = Field(alias="to")
    source: str = ""

    @model_validator(mode="after")
    def _forwards(self) -> Blackout:
        if self.last < self.first:
            raise ValueError(_("expected a last day that is not before the first"))
        return self


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    off: tuple[date, ...] = Field(default=(), strict=False)
    working: tuple[date, ...] = Field(default=(), strict=False)
    blackout: tuple[Blackout, ...] = Field(default=(), strict=False)


@dataclass(frozen=True)
class DaysOff:
    """Which days are public holidays, and when the newsroom keeps silent.

    Args:
        off: further days off (swaps that the ministry announces each year).
        working: days that the law has off but on which the office works.
    """

    off: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()
    blackouts: tuple[Blackout, ...] = ()

    def is_off(self, day: date) -> bool:
        """Whether it is a public holiday; weekends are not counted."""
        return day in self.off or (day not in self.working and day in _law(day.year))

    def blackout(self, now: datetime) -> Blackout | None:
        """The blackout that is in force at an aware time of the city's zone."""
        return next((one for one in self.blackouts if one.first <= now.date() <= one.last), None)


def load(folder: Path) -> DaysOff:
    """The office's calendar; an absent file means that only the law's holidays count.

    Raises:
        ConfigError: the file is no TOML, or a key or a day is wrong.
    """
    try:
        raw = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))
        file = _File.model_validate(raw)
    except FileNotFoundError:
        return DaysOff()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(_("{file} is no valid TOML: {error}").format(file=FILE, error=error)) from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"{FILE}: {place} = {first['input']!r}: {first['msg']}") from None
    return DaysOff(frozenset(file.off), frozenset(file.working), file.blackout)


@cache
def _law(year: int) -> frozenset[date]:
    """Days off of Vietnam in a year (Bộ luật Lao động 2019, điều 112, as the package `holidays` computes them)."""
    from holidays import country_holidays

    return frozenset(country_holidays("VN", years=year))
