"""What many readers ask at once is found once: a value that may be a moment old."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")
_MOST = 200  # keys


class Kept(Generic[Value]):
    """Values by key, each made anew once it is older than `seconds`; while one thread makes it the others wait for it.

    Args:
        seconds: how old a value may be; with 0 nothing is kept.
        clock: seconds that only grow.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._clock, self._lock = seconds, clock, threading.Lock()
        self._known: OrderedDict[Hashable, tuple[float, Value]] = OrderedDict()

    def of(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of a key; what `make` raises is raised to each who asks."""
        if not self._seconds:
            return make()
        with self._lock:
            known = self._known.get(key)
            if known is None or self._clock() - known[0] >= self._seconds:
                known = (self._clock(), make())
                self._known[key] = known
                self._known.move_to_end(key)
                if len(self._known) > _MOST:
                    self._known.popitem(last=False)
            return known[1]
