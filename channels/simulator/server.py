"""The simulator: both platforms on one loopback port, the pages that citizens would see, and the test's door."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from channels.simulator import spoil
from channels.simulator.control import Control
from channels.simulator.facebook import Facebook
from channels.simulator.faults import Faults
from channels.simulator.graph_access import Access
from channels.simulator.items import items, refreshes
from channels.simulator.listener import LOOPBACK, Listener
from channels.simulator.pages import POLICY, Pages
from channels.simulator.store import Store
from channels.simulator.wire import Reply, Request, html
from channels.simulator.world import World
from channels.simulator.zalo import Zalo
from channels.simulator.zalo_oauth import PERMISSION, ZaloTokens
from channels.simulator.zalo_rules import Refusal

PREFIXES = ("/zalo-api", "/zalo-oauth", "/graph")


class Simulator:
    """Both platforms on one port.

    Args:
        state: the folder of the simulator's file; the same folder gives the same accounts and posts again.
        port: 0 takes a free one at `start`.
        public_hosts: "host:port" of our own portal, which counts as the public internet.

    Raises:
        ValueError: the host is not loopback.
    """

    def __init__(
        self,
        state: Path,
        host: str = "127.0.0.1",
        port: int = 8790,
        public_hosts: tuple[str, ...] = (),
        clock: Callable[[], float] = time.time,
        language: str = "vi",
    ) -> None:
        if host not in LOOPBACK:
            raise ValueError(f"host {host!r}: the simulator listens on loopback only ({', '.join(LOOPBACK)})")
        self._host, self._port, self._clock = host, port, clock
        self._store = Store(state)
        world = World(public_hosts)
        self._tokens = ZaloTokens(self._store, clock)
        self._access = Access(self._store, clock)
        self.faults = Faults(self._store)
        self.zalo = Zalo(self._store, world, self._tokens, clock, lambda: self.url)
        self.facebook = Facebook(self._store, world, self._access, clock, lambda: self.url)
        self._control = Control(self._store, self.faults, self.zalo, self.facebook, self._tokens)
        self._pages = Pages(language)
        self._listener: Listener | None = None

    @property
    def url(self) -> str:
        name = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{name}:{self._port}"

    def start(self) -> None:
        """Listen in a daemon thread.

        Raises:
            OSError: the port is taken.
        """
        self._listener = Listener((self._host, self._port), self.answer)
        self._port = self._listener.server_address[1]
        self.credentials()
        threading.Thread(target=self._listener.serve_forever, args=(0.02,), name="simulator", daemon=True).start()

    def stop(self) -> None:
        if self._listener is not None:
            self._listener.over.set()
            self._listener.shutdown()
            self._listener.server_close()
            self._listener = None
        self._store.close()

    def credentials(self) -> dict[str, str]:
        """What an operator would be given; made once and kept."""
        try:
            return {**self._tokens.credentials(), **self._access.credentials()}
        finally:
            if self._listener is None:
                self._store.close()

    def set(self, switch: str, value: int) -> None:
        """Change a behaviour that the facts leave open; see `store.SWITCHES`.

        Raises:
            ValueError: there is no such switch.
        """
        self._store.set_switch(switch, value)

    def chaos(
        self, seed: int, rates: Mapping[str, Mapping[str, float]], values: Mapping[str, float] | None = None
    ) -> None:
        """Let faults come by chance; see `Chaos.begin`."""
        self.faults.chaos.begin(seed, rates, values)

    def revoke(self, platform: str) -> None:
        """Kill the tokens of "zalo" or "facebook" until a person acts; ValueError for another."""
        self._control.revoke(platform)

    def held(self) -> dict[str, list[dict[str, Any]]]:
        """What both platforms hold, newest first; removed and failed ones too."""
        return self._control.held()

    def items(self) -> dict[str, Any]:
        """All posts ever made by item, and the items that were posted twice; see `items.items`."""
        return items(self._store)

    def refreshes(self) -> dict[str, Any]:
        """Refresh tokens that were sent, and those sent more than once; see `items.refreshes`."""
        return refreshes(self._store)

    def counts(self) -> dict[str, Any]:
        """Calls, faults and calls during blocks; see `Control.counts`."""
        return self._control.counts()

    def answer(self, request: Request) -> Reply:
        """The reply to a call, and the manner in which it goes out."""
        for prefix in PREFIXES:
            if request.path.startswith(f"{prefix}/"):
                path = request.path.removeprefix(prefix)
                inner = Request(request.method, path, request.query, request.headers, request.body)
                return self._platform(prefix, inner)
        if request.path.startswith("/_sim"):
            return self._control.handle(request)
        return self._page(request.path) if request.method == "GET" else html(self._pages.missing(), 404)

    def _platform(self, prefix: str, request: Request) -> Reply:
        if prefix == "/graph":
            return self._graph(request)
        if prefix == "/zalo-api":
            fault = self.faults.take(self.zalo.call(request))
            if fault.when == "before":
                return spoil.undone(fault, self._hang) or self.zalo.refuse(fault)
            return spoil.done(self.zalo.handle(request, fault), fault, self._hang, (self.zalo.broken(),) * 2)
        if request.method == "GET" and request.path.startswith(PERMISSION):
            return self._permission(request)
        fault = self.faults.take("zalo.token")
        if fault.when == "before":
            told = self._tokens.undone(request, fault)
            return told or spoil.undone(fault, self._hang) or self.zalo.broken()
        return spoil.done(self._tokens.handle(request), fault, self._hang, (self.zalo.broken(),) * 2)

    def _graph(self, request: Request) -> Reply:
        fault = self.faults.take(self.facebook.call(request))
        if fault.when == "before":
            return spoil.undone(fault, self._hang) or self.facebook.refuse(fault)
        return spoil.done(self.facebook.handle(request, fault), fault, self._hang, self.facebook.broken())

    @property
    def _hang(self) -> float:
        return self._store.switch("hang_ms") / 1000

    def _permission(self, request: Request) -> Reply:
        """The page on which an administrator agrees; a wrong address leads to an error page (zalo.md §1.2)."""
        if request.path == f"{PERMISSION}/error":
            return self._shown(self._pages.refused(request.query.get("error_code", "")))
        try:
            return self._shown(self._pages.consent(self._tokens.permit(request.query)))
        except Refusal as no:
            there = f"{self.url}/zalo-oauth{PERMISSION}/error?error_code={no.code}"
            return Reply(302, b"", {"Location": there})

    def _page(self, path: str) -> Reply:
        now = self._clock()
        if path == "/":
            return self._shown(self._pages.index(self.zalo.held(), self.facebook.posts.held(), now))
        if path == "/facebook":
            return self._shown(self._pages.facebook(self.facebook.posts.held(), now))
        if path == "/zalo":
            return self._shown(self._pages.zalo(self.zalo.held(), now))
        wanted = path.removeprefix("/zalo/bai/")
        found = [one for one in self.zalo.held() if one["id"] == wanted and one["status"] in ("show", "hide")]
        return self._shown(self._pages.article(found[0])) if found else html(self._pages.missing(), 404)

    def _shown(self, text: str) -> Reply:
        return Reply(200, text.encode(), {"Content-Security-Policy": POLICY}, "text/html; charset=utf-8")
