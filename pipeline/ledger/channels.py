"""A channel as the ledger knows it: held by a person or a dead token, resting by its own wish, or with an open circuit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, or_, select, update

from channels.base import Health
from pipeline.ledger import schema as t
from pipeline.ledger.base import Base
from pipeline.model import Attempt

THRESHOLD = 3  # troubles in a row that open the circuit
LONGEST_REST = 3600.0  # seconds
_LOCKED = select(t.channel).where(t.channel.c.name == bindparam("of")).with_for_update()  # made once


@dataclass(frozen=True)
class ChannelState:
    """What is known of a channel; times are aware."""

    name: str
    hold: bool
    until: datetime | None
    reason: str
    failures: int
    rest_until: datetime | None
    rest_why: str
    succeeded: datetime | None
    checked: datetime | None
    healthy: bool
    message: str
    remedy: str
    expires: datetime | None

    @property
    def open_circuit(self) -> bool:
        return self.failures >= THRESHOLD


class Channels(Base):
    """Hold, rest, circuit and health of the channels."""

    def channels(self) -> dict[str, ChannelState]:
        """All channels that ever sent or were checked."""
        with self.reads.connect() as connection:
            return {row["name"]: ChannelState(**row) for row in connection.execute(select(t.channel)).mappings()}

    def hear(self, connection: Connection, name: str, result: Attempt, now: datetime) -> None:
        """Learn from an attempt, within its transaction: hold, rest, count troubles or close the circuit."""
        row = connection.execute(_LOCKED, {"of": name}).first()
        failures = row.failures + 1 if row and result.trouble else row.failures if row else int(result.trouble)
        values: dict[str, Any] = {}
        if result.outcome == "held":
            values |= {"hold": True, "until": None, "reason": result.error}
            self._note(connection, now, self.owner, "hold channel", name, result.error)
        elif result.trouble:
            rest = max(result.rest, self._rest_after(failures))
            values |= {"failures": failures}
            if rest:
                values |= {"rest_until": now + timedelta(seconds=rest), "rest_why": result.error}
            if failures == THRESHOLD:
                self._note(connection, now, self.owner, "open circuit", name, result.error)
        elif result.outcome != "later" and (result.rest or not row or _news(row, now)):
            values |= {"failures": 0, "rest_until": None, "rest_why": "", "succeeded": now}
            if result.rest:
                values |= {"rest_until": now + timedelta(seconds=result.rest), "rest_why": _NEAR_LIMIT}
        if values:
            self._upsert(connection, t.channel, {"name": name}, values, {} if "hold" in values else {"hold": False})

    def wants_probe(self, name: str, now: datetime) -> bool:
        """Whether this process is the one that looks if a channel with an open circuit is back."""
        c = t.channel.c
        ready = and_(c.name == name, c.failures >= THRESHOLD, ~c.hold, or_(c.rest_until.is_(None), c.rest_until <= now))
        with self.reads.connect() as connection:
            if connection.execute(select(c.name).where(ready)).first() is None:
                return False
        with self.engine.begin() as connection:
            taken = update(t.channel).where(ready).values(rest_until=now + timedelta(seconds=self.first_rest))
            return connection.execute(taken).rowcount == 1

    def probed(self, name: str, health: Health, now: datetime) -> None:
        """Close the circuit when the channel is well again, else let it rest for longer."""
        with self.engine.begin() as connection:
            failures = connection.scalar(select(t.channel.c.failures).where(t.channel.c.name == name)) or 0
            values: dict[str, Any] = {"failures": 0, "rest_until": None, "rest_why": ""}
            if not health.ok:
                rest = self._rest_after(failures + 1)
                values = {
                    "failures": failures + 1,
                    "rest_until": now + timedelta(seconds=rest),
                    "rest_why": health.message,
                }
            connection.execute(update(t.channel).where(t.channel.c.name == name).values(**values))
            if health.ok:
                self._note(connection, now, self.owner, "close circuit", name)

    def checked(self, name: str, health: Health, now: datetime) -> None:
        """Remember what a look at the credentials told."""
        values = {"checked": now, "healthy": health.ok, "message": health.message, "remedy": health.remedy,
                  "expires": health.expires_at}  # fmt: skip
        with self.engine.begin() as connection:
            self._upsert(connection, t.channel, {"name": name}, values, {"hold": False})

    def hold_channel(self, name: str, who: str, why: str, now: datetime, until: datetime | None = None) -> None:
        """Let a channel send nothing, until a time or until it is released."""
        with self.engine.begin() as connection:
            self._upsert(connection, t.channel, {"name": name}, {"hold": True, "until": until, "reason": why})
            self._note(connection, now, who, "hold channel", name, why)

    def release_channel(self, name: str, who: str, now: datetime, why: str = "") -> None:
        """Let a held or resting channel send again."""
        free = {"hold": False, "until": None, "reason": "", "failures": 0, "rest_until": None, "rest_why": ""}
        with self.engine.begin() as connection:
            connection.execute(update(t.channel).where(t.channel.c.name == name).values(**free))
            self._note(connection, now, who, "release channel", name, why)

    def probe(self, name: str, look: Callable[[], Health], now: datetime) -> None:
        """Close an open circuit by a look that publishes nothing, if it is time for one and nobody else looks."""
        if self.wants_probe(name, now):
            self.probed(name, look(), now)

    def _rest_after(self, failures: int) -> float:
        """Seconds: none for the first troubles, then doubling up to an hour."""
        return 0.0 if failures < THRESHOLD else min(self.first_rest * 2 ** min(failures - THRESHOLD, 20), LONGEST_REST)


def _news(row: Row[Any], now: datetime) -> bool:
    """Whether a success changes anything worth a write: it ends a trouble, or the last one was a while ago."""
    quiet = row.failures == 0 and row.rest_until is None
    return not quiet or row.succeeded is None or now - row.succeeded > _STEP


_STEP = timedelta(minutes=1)
_NEAR_LIMIT = "near the platform's limit"
