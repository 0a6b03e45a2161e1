"""The test's own door under /_sim; a web page elsewhere cannot use it, because it wants JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from channels.simulator.facebook import Facebook
from channels.simulator.faults import Faults
from channels.simulator.items import items, refreshes
from channels.simulator.store import Store
from channels.simulator.wire import Reply, Request
from channels.simulator.zalo import Zalo
from channels.simulator.zalo_oauth import ZaloTokens

TALLIES = ("facebook_writes_while_blocked", "facebook_calls_while_limited")
DEAD_PASSWORD = 460


class Control:
    """Faults, switches and what happened, as JSON over HTTP."""

    def __init__(self, store: Store, faults: Faults, zalo: Zalo, facebook: Facebook, tokens: ZaloTokens) -> None:
        self._store, self._faults = store, faults
        self._zalo, self._facebook, self._tokens = zalo, facebook, tokens
        self._told: dict[str, Callable[[], dict[str, Any]]] = {
            "/_sim": lambda: {"bantin-simulator": 1},
            "/_sim/held": self.held,
            "/_sim/items": lambda: items(store),
            "/_sim/refreshes": lambda: refreshes(store),
            "/_sim/counts": self.counts,
            "/_sim/chaos": faults.chaos.settings,
        }
        self._actions: dict[str, Callable[[dict[str, Any]], None]] = {
            "/_sim/faults": lambda wanted: faults.add(**wanted),
            "/_sim/switches": self._switch,
            "/_sim/chaos": lambda wanted: faults.chaos.begin(**wanted),
            "/_sim/revoke": lambda wanted: self.revoke(str(wanted.get("platform"))),
        }
        self._ends: dict[str, Callable[[], None]] = {"/_sim/faults": faults.clear, "/_sim/chaos": faults.chaos.end}

    def handle(self, request: Request) -> Reply:
        if request.method == "GET":
            if request.path in self._told:
                return Reply(200, self._told[request.path]())
            found = self._facebook.posts.picture(request.path.removeprefix("/_sim/photo/"))
            return Reply(404, {}) if found is None else Reply(200, found[0], media_type=found[1])
        if request.method == "DELETE" and request.path in self._ends:
            self._ends[request.path]()
            return Reply(200, {"ok": True})
        action = self._actions.get(request.path)
        if action is None or request.media_type != "application/json" or request.json is None:
            return Reply(404, {"problem": f"POST JSON to one of {', '.join(self._actions)}"})
        try:
            action(request.json)
        except (TypeError, ValueError, AttributeError) as error:
            return Reply(400, {"problem": str(error)})
        return Reply(200, {"ok": True})

    def held(self) -> dict[str, Any]:
        """What both platforms hold, newest first; removed and failed ones too."""
        return {"zalo": self._zalo.held(), "facebook": self._facebook.posts.held()}

    def counts(self) -> dict[str, Any]:
        """Calls and faults since the start of this process; calls during a block since ever."""
        return {**self._faults.counts(), **{name: int(self._store.tally(name)) for name in TALLIES}}

    def revoke(self, platform: str) -> None:
        """The token is dead until a person acts: consent again on Zalo, on Facebook the switch back to 0.

        Raises:
            ValueError: it is neither.
        """
        if platform == "zalo":
            self._tokens.revoke()
        elif platform == "facebook":
            self._store.set_switch("facebook_token_subcode", DEAD_PASSWORD)
        else:
            raise ValueError("platform: zalo or facebook")

    def _switch(self, wanted: dict[str, Any]) -> None:
        for name, value in wanted.items():
            self._store.set_switch(name, int(value))
