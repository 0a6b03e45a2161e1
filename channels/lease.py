"""How long a worker may still send: the clock of leases, and the moment by which every write must have left."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

LEAVE_BY: Final[ContextVar[float]] = ContextVar("leave_by", default=float("inf"))


def ticks() -> float:
    """Seconds of a clock that nobody sets and that goes on while the machine sleeps (CLOCK_BOOTTIME)."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


@contextmanager
def leave_by(deadline: float) -> Iterator[None]:
    """Let no write leave when less than one whole call is left until `deadline` (a reading of `ticks`).

    A worker that was stopped for longer than its lease would otherwise send what another has taken over
    (facts/delivery.md, "zombies").
    """
    token = LEAVE_BY.set(deadline)
    try:
        yield
    finally:
        LEAVE_BY.reset(token)
