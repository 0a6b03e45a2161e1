"""Faults waiting to happen: each is used up by the next call of its kind, in the order in which they were added."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from channels.simulator.store import Store

CALLS = (
    "zalo.token", "zalo.create", "zalo.update", "zalo.verify", "zalo.remove", "zalo.getslice", "zalo.getdetail",
    "zalo.getoa", "facebook.photos", "facebook.feed", "facebook.published_posts", "facebook.read", "facebook.update",
    "facebook.delete", "facebook.page", "facebook.debug_token",
)  # fmt: skip

EFFECTS = {
    "lost": "done, then the connection is closed without an answer",
    "502": "done, then an HTML page with status 502",
    "html200": "done, then an HTML page with status 200",
    "fail": "not done: HTTP 500, on Facebook with code 2",
    "throttle": "not done: -32 or 80001; value = minutes until access",
    "expired": "not done: -220 (-14014 for a refresh) or 190/463",
    "slow": "zalo.create, zalo.update: value = answers -214 before the id",
    "bad-media": "zalo.create, zalo.update: verify answers -200",
    "late": "zalo.create, facebook.feed: listed only after value seconds",
}
BEFORE = frozenset({"fail", "throttle", "expired"})


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one call."""

    effect: str = ""
    value: int = 0


NONE = Fault()


class Faults:
    """The queue; `call` may hold wildcards, as in "zalo.*"."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, call: str, effect: str, value: int = 0, times: int = 1) -> None:
        """Let the next `times` calls of this kind fail.

        Raises:
            ValueError: there is no such call or effect.
        """
        if not any(fnmatchcase(known, call) for known in CALLS):
            raise ValueError(f"no call {call!r}: one of {', '.join(CALLS)}")
        if effect not in EFFECTS:
            raise ValueError(f"no effect {effect!r}: one of {', '.join(EFFECTS)}")
        if not 1 <= times <= 1000:
            raise ValueError("times: 1 to 1000")
        with self._store.transaction() as db:
            rows = [(call, effect, value)] * times
            db.executemany("INSERT INTO fault (call, effect, value) VALUES (?, ?, ?)", rows)

    def take(self, call: str) -> Fault:
        """The fault for this call, used up now."""
        with self._store.transaction() as db:
            for row in db.execute("SELECT * FROM fault ORDER BY number").fetchall():
                if fnmatchcase(call, row["call"]):
                    db.execute("DELETE FROM fault WHERE number = ?", (row["number"],))
                    return Fault(row["effect"], row["value"])
        return NONE

    def clear(self) -> None:
        with self._store.transaction() as db:
            db.execute("DELETE FROM fault")
