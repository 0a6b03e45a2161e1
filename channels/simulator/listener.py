"""The socket: loopback only, quiet, and the place where answers are cut, held back, reset and dripped."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from channels.simulator.wire import Reply, Request

LOOPBACK = ("127.0.0.1", "localhost", "::1")
BODY_BYTES = 64 * 1024 * 1024
PIECES = 20  # of a body that drips
_RESET_AT_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER on, with no time: close sends RST


class Listener(ThreadingHTTPServer):
    """Hands each request to `answer`, in a thread for each connection."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, at: tuple[str, int], answer: Callable[[Request], Reply]) -> None:
        self.answer = answer
        self.over = threading.Event()  # connections that are kept open or silent end then, too
        self.address_family = socket.AF_INET6 if ":" in at[0] else socket.AF_INET
        super().__init__(at, _Handler)

    def server_bind(self) -> None:
        # The base class would look up the host's name, which may be slow or need the network.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def shutdown_request(self, request: Any) -> None:
        """A connection that is to be reset gets no orderly end before it is closed."""
        with suppress(OSError):
            if request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8) == _RESET_AT_CLOSE:
                self.close_request(request)
                return
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Quiet: a client that hangs up is no news, and a trace could hold a token."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "bantin-simulator"
    sys_version = ""
    timeout = 300
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Listener

    def log_message(self, format: str, *args: object) -> None:
        """Silent: addresses could hold tokens."""

    def _serve(self) -> None:
        reply = self._guarded()
        if reply.manner in ("cut", "silent"):
            self.server.over.wait(reply.seconds if reply.manner == "silent" else 0)
            self._close()
        elif reply.manner == "reset" and not reply.content:
            self._close(reset=True)
        else:
            self._send(reply)

    do_GET = do_POST = do_DELETE = do_PUT = _serve  # noqa: N815 - the base class names them so

    def _send(self, reply: Reply) -> None:
        content = reply.content
        self.send_response(reply.status)
        headers = {"Content-Type": reply.media_type, "X-Content-Type-Options": "nosniff", **reply.headers}
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        if reply.manner == "drip":
            self._drip(content, reply.seconds)
            return
        self.wfile.write(content[: len(content) // 2] if reply.manner == "reset" else content)
        if reply.manner == "reset":
            self.wfile.flush()
            self._close(reset=True)

    def _drip(self, content: bytes, seconds: float) -> None:
        size = max(1, -(-len(content) // PIECES))
        with suppress(OSError):
            for start in range(0, len(content), size):
                self.wfile.write(content[start : start + size])
                self.wfile.flush()
                if self.server.over.wait(seconds / PIECES):
                    break
            else:
                return
        self.close_connection = True

    def _close(self, reset: bool = False) -> None:
        self.close_connection = True
        with suppress(OSError):
            if reset:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)
            else:
                self.connection.shutdown(socket.SHUT_RDWR)

    def finish(self) -> None:
        with suppress(OSError, ValueError):
            super().finish()

    def _guarded(self) -> Reply:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdecimal() or int(length) > BODY_BYTES:
            self.close_connection = True
            return Reply(413, {"problem": "a body needs Content-Length, at most 64 MB"})
        body = self.rfile.read(int(length))
        host = (urlsplit(f"//{self.headers.get('Host', '')}").hostname or "").lower()
        if host not in LOOPBACK:  # a name that points here from elsewhere (DNS rebinding)
            return Reply(403, {"problem": "only loopback names are served"})
        if self.server.over.is_set():
            return Reply(503, {}, manner="cut")
        where = urlsplit(self.path)
        query = dict(parse_qsl(where.query, keep_blank_values=True))
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            return self.server.answer(Request(self.command, where.path, query, headers, body))
        except Exception as error:  # noqa: BLE001 - a slip of ours must not look like a lost answer
            return Reply(500, json.dumps({"problem": f"simulator: {type(error).__name__}: {error}"}).encode())
