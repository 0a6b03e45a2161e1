"""What an operator must know: what is late, what nobody will wake, what waits for a person, what will soon not send."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, or_, select, text

from pipeline.i18n import _
from pipeline.labels import TROUBLES
from pipeline.ledger import conditions, states, views
from pipeline.ledger import schema as t
from pipeline.ledger.channels import ChannelState
from pipeline.ledger.dues import due, sends, unfinished, within_limits
from pipeline.ledger.ledger import Ledger
from pipeline.model import Gate
from pipeline.said import explained

TOKEN_DAYS = 14  # warn so many days before credentials end
_LIVE: ColumnElement[bool] = text(conditions.LIVE_OF_DELIVERY)  # type: ignore[assignment]  # as text the partial index is seen


@dataclass(frozen=True)
class ChannelHealth:
    """One channel's gauges; seconds are None when there is none of the kind.

    Args:
        views: number of deliveries by the word on the screen.
        overdue: deliveries that could have gone out for longer than the limit and did not.
        asleep: planned deliveries that nobody will wake: no sender, a missing file, or a first channel that failed.
        persons: deliveries that wait for a person (refused, or a doubt that only a person can settle).
        oldest_doubt: seconds since the oldest unsure attempt.
        token_days: days until the credentials end.
    """

    name: str
    views: dict[str, int] = field(default_factory=dict)
    overdue: int = 0
    asleep: int = 0
    persons: int = 0
    oldest_doubt: float | None = None
    token_days: float | None = None
    gate: str = ""
    state: ChannelState | None = None

    @property
    def troubles(self) -> list[str]:
        """Codes of what is wrong: held, circuit, unhealthy, token, overdue, asleep, persons."""
        state = self.state
        found = {
            "held": bool(state and state.hold), "circuit": bool(state and state.open_circuit),
            "unhealthy": bool(state and not state.healthy),
            "token": self.token_days is not None and self.token_days < TOKEN_DAYS, "overdue": self.overdue > 0,
            "asleep": self.asleep > 0, "persons": self.persons > 0,
        }  # fmt: skip
        return [code for code, wrong in found.items() if wrong]

    def lines(self, zone: tzinfo, only: Collection[str] = ()) -> list[str]:
        """What is wrong, in words, all of it or only some codes."""
        state = self.state
        facts = {"reason": "", "rest": "–", "rest_why": "", "message": "", "remedy": ""}
        if state:
            rest = f"{state.rest_until.astimezone(zone):%H:%M %d/%m}" if state.rest_until else "–"
            facts = {"reason": _told(self.name, state.reason), "rest": rest, "rest_why": _told(self.name, state.rest_why, "later"),
                     "message": _told(self.name, state.message), "remedy": _(state.remedy) if state.remedy else ""}  # fmt: skip
        counted = {"days": f"{self.token_days or 0:.0f}", "overdue": self.overdue, "asleep": self.asleep,
                   "persons": self.persons}  # fmt: skip
        codes = [code for code in self.troubles if not only or code in only]
        return [_(TROUBLES[code]).format(**facts, **counted) for code in codes]


def _told(channel: str, text: str, kind: str = "held") -> str:
    return str(explained(channel, kind, text)) if text else ""


@dataclass(frozen=True)
class Health:
    """The newsroom's gauges; `last_run` is the age in seconds of the newest firing of a schedule, by job."""

    channels: tuple[ChannelHealth, ...]
    last_run: dict[str, float]
    missing: int
    refused: int
    waiting: int
    blackout: str

    @property
    def ok(self) -> bool:
        return not any(channel.troubles for channel in self.channels)


def health(ledger: Ledger, gates: Callable[[str, datetime], Gate], awake: Collection[str], now: datetime,
           overdue: timedelta = timedelta(minutes=30)) -> Health:  # fmt: skip
    """Read all gauges.

    Args:
        awake: channels that some process sends: enabled, and with a job of their own.
    """
    counts, known = views.counts(ledger), ledger.channels()
    names = sorted({*counts, *known, *awake}, key=lambda name: (name != "portal", name))
    with ledger.reads.connect() as connection:
        human = _human(connection)
        channels = tuple(
            _channel(connection, name, counts.get(name, {}), known.get(name), gates(name, now), name in awake, now, overdue,
                     *human.get(name, (0, None))) for name in names)  # fmt: skip
        runs = connection.execute(
            select(t.run.c.job, func.max(t.run.c.at, type_=t.UtcTime())).group_by(t.run.c.job)
        ).all()
        missing = _count(connection, t.drop.c.missing_since.is_not(None))
        refused, waiting = (_count(connection, t.drop.c.outcome == outcome) for outcome in ("reject", "review"))
    ages = {job: (now - at).total_seconds() for job, at in runs}
    return Health(channels, ages, missing, refused, waiting, views.blackout(ledger, now))


def _human(connection: Connection) -> dict[str, tuple[int, datetime | None]]:
    """By channel: deliveries that wait for a person, and since when the oldest is unsure; one look for all channels."""
    d = t.delivery.c
    persons = func.sum(case((or_(d.state == states.FAILED, d.person), 1), else_=0))
    unsure = func.min(case((d.state == states.IN_DOUBT, d.unsure_since)), type_=t.UtcTime())
    rows = connection.execute(select(d.channel, persons, unsure).where(_LIVE).group_by(d.channel))
    return {name: (count, oldest) for name, count, oldest in rows}


def _channel(connection: Connection, name: str, counts: dict[str, int], state: ChannelState | None, gate: Gate,
             awake: bool, now: datetime, overdue: timedelta, persons: int, oldest: datetime | None) -> ChannelHealth:  # fmt: skip
    here = t.delivery.c.channel == name
    left = (state.expires - now).total_seconds() / 86400 if state and state.expires else None
    return ChannelHealth(
        name, counts, _overdue(connection, name, gate, now, overdue), _asleep(connection, here, awake, now),
        persons, (now - oldest).total_seconds() if oldest else None, left, gate.why, state,
    )  # fmt: skip


def _overdue(connection: Connection, name: str, gate: Gate, now: datetime, limit: timedelta) -> int:
    """Due for longer than the limit although the channel was open, free and within its limits."""
    row = connection.execute(select(t.channel).where(t.channel.c.name == name)).first()
    if row is not None and not sends(row, now):
        return 0
    since = now - limit
    fresh = gate.open and (gate.since is None or gate.since <= since) and within_limits(connection, name, gate, now)
    moment = func.coalesce(t.delivery.c.next_at, t.delivery.c.not_before, type_=t.UtcTime())
    return _count(connection, due(name, now, fresh), moment <= since)


def _asleep(connection: Connection, here: ColumnElement[bool], awake: bool, now: datetime) -> int:
    d, drop = t.delivery.c, t.drop.c
    planned = and_(here, d.state == states.IDLE, d.want != d.have, ~d.cancelled, ~d.hold, unfinished())
    if not awake:
        return _count(connection, planned)
    first = t.delivery.alias("first")
    stuck = exists().where(first.c.item == d.item, first.c.channel == d.after, or_(
        first.c.state == states.FAILED, first.c.hold, first.c.cancelled))  # fmt: skip
    lost = exists().where(drop.item == d.item, drop.missing_since.is_not(None), drop.seen < d.not_before)
    return _count(connection, planned, d.want > 0, or_(stuck, and_(lost, d.not_before <= now)))


def _count(connection: Connection, *where: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).where(*where)).scalar_one()
