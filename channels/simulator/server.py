"""The simulator's HTTP server: loopback only, quiet, and the one place where injected faults reach the wire."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from channels.simulator.facebook import Facebook
from channels.simulator.faults import BEFORE, NONE, Fault, Faults
from channels.simulator.graph_access import Access
from channels.simulator.pages import POLICY, Pages
from channels.simulator.store import Store
from channels.simulator.wire import Reply, Request, html
from channels.simulator.world import World
from channels.simulator.zalo import Zalo
from channels.simulator.zalo_oauth import ZaloTokens

LOOPBACK = ("127.0.0.1", "localhost", "::1")
BODY_BYTES = 64 * 1024 * 1024
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
        self._world = World(public_hosts)
        self._tokens = ZaloTokens(self._store, clock)
        self._access = Access(self._store, clock)
        self.faults = Faults(self._store)
        self.zalo = Zalo(self._store, self._world, self._tokens, clock, lambda: self.url)
        self.facebook = Facebook(self._store, self._world, self._access, clock, lambda: self.url)
        self._pages = Pages(language)
        self._server: _Server | None = None

    @property
    def url(self) -> str:
        name = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{name}:{self._port}"

    def start(self) -> None:
        """Listen in a daemon thread.

        Raises:
            OSError: the port is taken.
        """
        self._server = _Server((self._host, self._port), self)
        self._port = self._server.server_address[1]
        self.credentials()
        threading.Thread(target=self._server.serve_forever, args=(0.02,), name="simulator", daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.stopped = True
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        self._store.close()

    def credentials(self) -> dict[str, str]:
        """What an operator would be given; made once and kept."""
        try:
            return {**self._tokens.credentials(), **self._access.credentials()}
        finally:
            if self._server is None:
                self._store.close()

    def set(self, switch: str, value: int) -> None:
        """Change a behaviour that the facts leave open; see `store.SWITCHES`.

        Raises:
            ValueError: there is no such switch.
        """
        self._store.set_switch(switch, value)

    def held(self) -> dict[str, list[dict[str, Any]]]:
        """What both platforms hold, newest first; removed and failed ones too."""
        return {"zalo": self.zalo.held(), "facebook": self.facebook.held()}

    def answer(self, request: Request) -> Reply | None:
        """The reply to a call; None when the connection is to be closed without one."""
        for prefix in PREFIXES:
            if request.path.startswith(f"{prefix}/"):
                path = request.path.removeprefix(prefix)
                inner = Request(request.method, path, request.query, request.headers, request.body)
                return self._platform(prefix, inner)
        if request.path.startswith("/_sim"):
            return self._control(request)
        return self._page(request.path) if request.method == "GET" else html(self._pages.missing(), 404)

    def _platform(self, prefix: str, request: Request) -> Reply | None:
        if prefix == "/zalo-oauth":
            fault = self.faults.take("zalo.token")
            if fault.effect in BEFORE:
                late = fault.effect == "expired"
                return self._tokens.refuse(-14014, "Invalid refresh token.") if late else self.zalo.refuse(fault)
            return _spoil(self._tokens.handle(request), fault)
        platform: Zalo | Facebook = self.zalo if prefix == "/zalo-api" else self.facebook
        fault = self.faults.take(platform.call(request))
        if fault.effect in BEFORE:
            return platform.refuse(fault)
        return _spoil(platform.handle(request, fault), fault)

    def _control(self, request: Request) -> Reply:
        """The test's own door; a web page elsewhere cannot use it because it wants JSON."""
        if request.method == "GET":
            if request.path == "/_sim":
                return Reply(200, {"bantin-simulator": 1})
            if request.path == "/_sim/held":
                return Reply(200, dict(self.held()))
            found = self.facebook.picture(request.path.removeprefix("/_sim/photo/"))
            return Reply(404, {}) if found is None else Reply(200, found[0], media_type=found[1])
        actions = {"/_sim/faults": self._add_fault, "/_sim/switches": self._set_switches}
        if request.method == "DELETE" and request.path == "/_sim/faults":
            self.faults.clear()
            return Reply(200, {"ok": True})
        if request.path not in actions or request.media_type != "application/json" or request.json is None:
            return Reply(404, {"problem": "POST JSON to /_sim/faults or /_sim/switches"})
        try:
            actions[request.path](request.json)
        except (TypeError, ValueError) as error:
            return Reply(400, {"problem": str(error)})
        return Reply(200, {"ok": True})

    def _add_fault(self, wanted: dict[str, Any]) -> None:
        self.faults.add(**wanted)

    def _set_switches(self, wanted: dict[str, Any]) -> None:
        for name, value in wanted.items():
            self.set(name, int(value))

    def _page(self, path: str) -> Reply:
        now, known = self._clock(), {"Content-Security-Policy": POLICY}
        if path == "/":
            text = self._pages.index(self.zalo.held(), self.facebook.held(), now)
        elif path in ("/facebook", "/zalo"):
            text = self._pages.facebook(self.facebook.held(), now) if path == "/facebook" else self._zalo_page(now)
        else:
            wanted = path.removeprefix("/zalo/bai/")
            found = [one for one in self.zalo.held() if one["id"] == wanted and one["status"] in ("show", "hide")]
            if not found:
                return html(self._pages.missing(), 404)
            text = self._pages.article(found[0])
        return Reply(200, text.encode(), known, "text/html; charset=utf-8")

    def _zalo_page(self, now: float) -> str:
        return self._pages.zalo(self.zalo.held(), now)


def _spoil(reply: Reply, fault: Fault) -> Reply | None:
    """The call was done; what the caller hears of it is another matter."""
    if fault is NONE or fault.effect not in ("lost", "502", "html200"):
        return reply
    if fault.effect == "lost":
        return None
    return html("<html><body><h1>Service Unavailable</h1></body></html>", 502 if fault.effect == "502" else 200)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, at: tuple[str, int], simulator: Simulator) -> None:
        self.simulator = simulator
        self.stopped = False  # connections that are kept open end then, too
        self.address_family = socket.AF_INET6 if ":" in at[0] else socket.AF_INET
        super().__init__(at, _Handler)

    def server_bind(self) -> None:
        # The base class would look up the host's name, which may be slow or need the network.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Quiet: a client that hangs up is no news, and a trace could hold a token."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "bantin-simulator"
    sys_version = ""
    timeout = 300
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: object) -> None:
        """Silent: addresses could hold tokens."""

    def _serve(self) -> None:
        reply = self._guarded()
        if reply is None:
            self.close_connection = True
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(reply.status)
        headers = {"Content-Type": reply.media_type, "X-Content-Type-Options": "nosniff", **reply.headers}
        for name, value in {**headers, "Content-Length": str(len(reply.content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.content)

    do_GET = do_POST = do_DELETE = do_PUT = _serve  # noqa: N815 - the base class names them so

    def _guarded(self) -> Reply | None:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdecimal() or int(length) > BODY_BYTES:
            self.close_connection = True
            return Reply(413, {"problem": "a body needs Content-Length, at most 64 MB"})
        body = self.rfile.read(int(length))
        host = (urlsplit(f"//{self.headers.get('Host', '')}").hostname or "").lower()
        if host not in LOOPBACK:  # a name that points here from elsewhere (DNS rebinding)
            return Reply(403, {"problem": "only loopback names are served"})
        if self.server.stopped:
            return None
        where = urlsplit(self.path)
        query = dict(parse_qsl(where.query, keep_blank_values=True))
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            return self.server.simulator.answer(Request(self.command, where.path, query, headers, body))
        except Exception as error:  # noqa: BLE001 - a slip of ours must not look like a lost answer
            return Reply(500, json.dumps({"problem": f"simulator: {type(error).__name__}: {error}"}).encode())
