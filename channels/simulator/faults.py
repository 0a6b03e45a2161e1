"""Faults: some wait for the next call of their kind, some come by chance; and a count of what happened."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal

from channels.simulator.chaos import Chaos
from channels.simulator.store import Store

CALLS = (
    "zalo.token", "zalo.create", "zalo.update", "zalo.verify", "zalo.remove", "zalo.getslice", "zalo.getdetail",
    "zalo.getoa", "facebook.photos", "facebook.feed", "facebook.published_posts", "facebook.read", "facebook.update",
    "facebook.delete", "facebook.page", "facebook.debug_token",
)  # fmt: skip
_ALL = ("*",)
_WRITES = ("facebook.photos", "facebook.feed", "facebook.update", "facebook.delete")


@dataclass(frozen=True)
class Effect:
    """What a fault does.

    Args:
        when: "before" the call is done, so that nothing is done; "after" it was done, to its answer; "inside" it.
        calls: patterns of the calls that it can happen to.
    """

    when: Literal["before", "after", "inside"]
    calls: tuple[str, ...]
    text: str


EFFECTS = {
    "timeout": Effect("before", _ALL, "silent for value seconds, then the connection is closed"),
    "reset-before": Effect("before", _ALL, "the connection is reset without an answer"),
    "fail": Effect("before", _ALL, "HTTP 500, on Facebook with code 2"),
    "502-before": Effect("before", _ALL, "an HTML page with status 502"),
    "429": Effect("before", _ALL, "an HTML page with status 429; value = seconds of Retry-After"),
    "throttle": Effect("before", _ALL, "-32 or 80001; value = minutes until access"),
    "throttle-oa": Effect("before", ("zalo.*",), "-32 for the account instead of the app"),
    "throttle-4": Effect("before", ("facebook.*",), "code 4; value = minutes until access"),
    "throttle-32": Effect("before", ("facebook.*",), "code 32; value = minutes until access"),
    "throttle-613": Effect("before", ("facebook.*",), "code 613; value = minutes until access"),
    "quota": Effect("before", ("zalo.create",), "-223, the month's articles are used up"),
    "expired": Effect("before", _ALL, "-220 (-14014 for a refresh) or 190/463"),
    "revoked": Effect("before", _ALL, "-216 (-14014 for a refresh) or 190/460"),
    "limit": Effect("before", ("facebook.*",), "80001 for value seconds to every call; each call extends it by one"),
    "blocked": Effect("before", _WRITES, "368 for value seconds to every write; those writes are counted"),
    "blocked-fast": Effect("before", _WRITES, "as blocked, with 368/1390008"),
    "lost": Effect("after", _ALL, "the connection is closed without an answer"),
    "hang": Effect("after", _ALL, "silent for value seconds, then the connection is closed"),
    "reset": Effect("after", _ALL, "the connection is reset in the middle of the body"),
    "500": Effect("after", _ALL, "HTTP 500, on Facebook with code 2"),
    "code1": Effect("after", ("facebook.*",), "HTTP 500 with code 1/99"),
    "502": Effect("after", _ALL, "an HTML page with status 502"),
    "html200": Effect("after", _ALL, "an HTML page with status 200"),
    "truncated": Effect("after", _ALL, "half of the JSON, with the length of the half"),
    "drip": Effect("after", _ALL, "the body in small pieces over value seconds"),
    "error-text": Effect("after", ("zalo.*",), "`error` is a text"),
    "slow": Effect("inside", ("zalo.create", "zalo.update"), "value = answers -214 before the id"),
    "processing": Effect("inside", ("zalo.create", "zalo.update"), "value = seconds of -214 before the id"),
    "bad-media": Effect("inside", ("zalo.create", "zalo.update"), "verify answers -200"),
    "late": Effect("inside", ("zalo.create", "facebook.feed"), "shown only after value seconds"),
    "late-lost": Effect("after", ("zalo.create", "facebook.feed"), "shown only after value seconds, and no answer"),
    "phantom": Effect("inside", ("facebook.feed",), "an id is given, but there is no post and reading it is code 10"),
}


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one call."""

    effect: str = ""
    value: float = 0

    @property
    def when(self) -> str:
        return EFFECTS[self.effect].when if self.effect else ""


NONE = Fault()


class Faults:
    """The queue first, chance after it; `call` may hold wildcards, as in "zalo.*"."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._waiting = True  # whether the queue may hold something; it is read from the file the first time
        self._calls: Counter[str] = Counter()
        self._happened: Counter[tuple[str, str]] = Counter()
        self.chaos = Chaos(store, possible)

    def add(self, call: str, effect: str, value: float = 0, times: int = 1) -> None:
        """Let the next `times` calls of this kind fail.

        Raises:
            ValueError: there is no such call or effect, or it cannot happen to that call.
        """
        if not any(fnmatchcase(known, call) for known in CALLS):
            raise ValueError(f"no call {call!r}: one of {', '.join(CALLS)}")
        if effect not in EFFECTS:
            raise ValueError(f"no effect {effect!r}: one of {', '.join(EFFECTS)}")
        if not any(fnmatchcase(known, call) and possible(known, effect) for known in CALLS):
            raise ValueError(f"{effect!r} cannot happen to {call!r}, only to {', '.join(EFFECTS[effect].calls)}")
        if not 1 <= times <= 1000:
            raise ValueError("times: 1 to 1000")
        with self._store.transaction() as db:
            rows = [(call, effect, float(value))] * times
            db.executemany("INSERT INTO fault (call, effect, value) VALUES (?, ?, ?)", rows)
            self._waiting = True

    def take(self, call: str) -> Fault:
        """The fault for this call, used up now."""
        fault = self._next(call) if self._waiting else NONE
        if fault is NONE:
            fault = Fault(*self.chaos.take(call))
        with self._lock:
            self._calls[call] += 1
            if fault.effect:
                self._happened[call, fault.effect] += 1
        return fault

    def clear(self) -> None:
        """Empty the queue; what comes by chance goes on."""
        with self._store.transaction() as db:
            db.execute("DELETE FROM fault")

    def counts(self) -> dict[str, Any]:
        """Calls, and faults that happened to them, since the start of this process."""
        with self._lock:
            happened: dict[str, dict[str, int]] = {}
            for (call, effect), times in self._happened.items():
                happened.setdefault(call, {})[effect] = times
            return {"calls": dict(self._calls), "faults": happened}

    def _next(self, call: str) -> Fault:
        with self._store.transaction() as db:
            rows = db.execute("SELECT * FROM fault ORDER BY number").fetchall()
            self._waiting = bool(rows)
            for row in rows:
                if fnmatchcase(call, row["call"]) and possible(call, row["effect"]):
                    db.execute("DELETE FROM fault WHERE number = ?", (row["number"],))
                    return Fault(row["effect"], row["value"])
        return NONE


def possible(call: str, effect: str) -> bool:
    """Whether an effect can happen to a call."""
    return any(fnmatchcase(call, pattern) for pattern in EFFECTS[effect].calls)


def effects(call: str) -> list[str]:
    """The effects that can happen to a call, for tests that try them all."""
    return [effect for effect in EFFECTS if possible(call, effect)]
