"""Faults by chance, from a seed: the n-th call of a kind meets the same fate in every run."""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from channels.simulator.store import Store

Rates = Mapping[str, Mapping[str, float]]
SECONDS = {
    "timeout": 1.0,
    "hang": 1.0,
    "drip": 1.0,
    "late": 3.0,
    "late-lost": 3.0,
    "processing": 3.0,
    "blocked": 5.0,
    "limit": 5.0,
}
_NAME = "chaos"


class Chaos:
    """Draws a fault for each call.

    Args:
        possible: whether an effect can happen to a call.
    """

    def __init__(self, store: Store, possible: Callable[[str, str], bool]) -> None:
        self._store, self._possible = store, possible
        self._lock = threading.Lock()
        self._calls: Counter[str] = Counter()
        self._set: dict[str, Any] | None = None

    def begin(self, seed: int, rates: Rates, values: Mapping[str, float] | None = None) -> None:
        """Let chance begin; it survives a restart of the simulator, its counting of calls does not.

        Args:
            rates: by call or pattern, of which the first that fits counts, the part of calls that meet an effect:
                {"facebook.feed": {"lost": 0.05}, "*": {"timeout": 0.01}}. Effects that cannot happen are passed over.
            values: by effect; else a second or a few, and 0.

        Raises:
            ValueError: an unknown effect, a rate that is none, or rates of one pattern that are over 1 together.
        """
        for pattern, effects in rates.items():
            for effect, rate in effects.items():
                self._check(effect)
                if not 0 <= float(rate) <= 1:
                    raise ValueError(f"{pattern} {effect}: a rate is 0 to 1")
            if sum(map(float, effects.values())) > 1:
                raise ValueError(f"{pattern}: rates are over 1 together")
        for effect in values or {}:
            self._check(effect)
        wanted = {"seed": int(seed), "rates": rates, "values": dict(values or {})}
        self._keep(json.dumps(wanted))
        with self._lock:
            self._set, self._calls = json.loads(json.dumps(wanted)), Counter()

    def end(self) -> None:
        self._keep("")
        with self._lock:
            self._set = {}

    def settings(self) -> dict[str, Any]:
        """What `begin` was given; empty when nothing comes by chance."""
        with self._lock:
            if self._set is None:
                self._set = self._kept()
            return self._set

    def take(self, call: str) -> tuple[str, float]:
        """Effect and value for this call; "" for none."""
        wanted = self.settings()
        if not wanted:
            return "", 0.0
        rates: dict[str, float] = next((one for name, one in wanted["rates"].items() if fnmatchcase(call, name)), {})
        with self._lock:
            self._calls[call] += 1
            number = self._calls[call]
        drawn = random.Random(f"{wanted['seed']}|{call}|{number}").random()  # noqa: S311 - repeatable, not secret
        for effect, rate in rates.items():
            drawn -= float(rate)
            if drawn < 0:
                value = wanted["values"].get(effect, SECONDS.get(effect, 0.0))
                return (effect, float(value)) if self._possible(call, effect) else ("", 0.0)
        return "", 0.0

    def _check(self, effect: str) -> None:
        try:
            self._possible("", effect)
        except KeyError:
            raise ValueError(f"no effect {effect!r}") from None

    def _keep(self, text: str) -> None:
        with self._store.transaction() as db:
            db.execute("INSERT OR REPLACE INTO secret VALUES (?, ?)", (_NAME, text))

    def _kept(self) -> dict[str, Any]:
        with self._store.transaction() as db:
            row = db.execute("SELECT value FROM secret WHERE name = ?", (_NAME,)).fetchone()
        return dict(json.loads(row["value"])) if row is not None and row["value"] else {}
