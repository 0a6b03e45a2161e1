"""The newsroom as a whole in the answers of the API: channels' health, the week, units."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field

from pipeline.desk.api.models import Model
from pipeline.i18n import N_


class Quota(Model):
    since: AwareDatetime
    most: int
    used: int
    left: int


class ChannelHealth(Model):
    name: str
    views: Annotated[dict[str, int], Field(description=N_("Number of deliveries by view."))]
    troubles: Annotated[list[str], Field(description=N_("held, circuit, unhealthy, token, overdue, asleep, persons."))]
    overdue: int
    asleep: int
    persons: int
    oldest_doubt: Annotated[float | None, Field(description=N_("Age of the oldest unsure attempt, in seconds."))]
    token_days: Annotated[float | None, Field(description=N_("Days until the credentials end."))]
    closed: Annotated[
        str, Field(description=N_("Why nothing new begins now: hours, limits, blackout; empty when it may."))
    ]
    succeeded: AwareDatetime | None
    opens: Annotated[AwareDatetime | None, Field(description=N_("When its hours next begin."))]
    quotas: list[Quota]


class Health(Model):
    ok: Annotated[bool, Field(description=N_("Whether nothing needs a person."))]
    blackout: str
    jobs: Annotated[dict[str, float], Field(description=N_("Seconds since a schedule last fired, by job."))]
    missing: int
    refused: int
    waiting: int
    channels: list[ChannelHealth]


class Planned(Model):
    item: str
    title: str
    unit: str
    not_before: AwareDatetime


class Done(Model):
    item: str
    title: str
    unit: str
    op: str
    url: str
    started: AwareDatetime


class ChannelDay(Model):
    channel: str
    hours: str
    planned: list[Planned]
    done: list[Done]


class Day(Model):
    day: date
    notes: Annotated[list[str], Field(description=N_("Public holidays and blackouts."))]
    channels: list[ChannelDay]


class Unit(Model):
    id: str
    name: str
    valid_from: date | None
    valid_to: date | None
