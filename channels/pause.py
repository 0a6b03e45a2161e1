"""How long a channel asked to be left alone, kept between its answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta


class Pause:
    """The end of the latest pause that a platform asked for.

    Args:
        clock: gives the aware time now.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._end: datetime | None = None

    def ask(self, seconds: float) -> None:
        """Rest at least this long from now; a longer pause that was asked for before stays."""
        end = self._clock() + timedelta(seconds=seconds)
        if seconds > 0 and (self._end is None or end > self._end):
            self._end = end

    def left(self) -> float:
        """Seconds until the end; 0 when there is no pause."""
        return 0.0 if self._end is None else max(0.0, (self._end - self._clock()).total_seconds())
