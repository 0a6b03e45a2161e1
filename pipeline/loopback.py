"""The newsroom's small web servers on loopback: the static portal, and the simulator of Zalo and Facebook."""

from __future__ import annotations

import functools
import http.server
import socket
import threading
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files without a word in the terminal and without listing folders."""

    extensions_map = {  # noqa: RUF012 - the base class declares a plain dict
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".html": "text/html; charset=utf-8", ".xml": "application/xml; charset=utf-8", ".webp": "image/webp",
        ".woff2": "font/woff2", ".vtt": "text/vtt; charset=utf-8",
    }  # fmt: skip

    def log_message(self, format: str, *args: object) -> None:
        pass

    def list_directory(self, path: object) -> None:
        self.send_error(404)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The portal's own page for what is not there, as a web server in production is set up to show it."""
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.is_file():
            super().send_error(code, message, explain)
            return
        content = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


class PortalServer:
    """The portal's output folder at its loopback address."""

    def __init__(self, folder: Path, host: str, port: int) -> None:
        handler = functools.partial(_Quiet, directory=str(folder))
        self._server = http.server.ThreadingHTTPServer((host, port), handler)
        self._server.daemon_threads = True

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, name="portal", daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def place(address: str) -> tuple[str, int] | None:
    """Host and port of a loopback address, None for any other."""
    parts = urlsplit(address)
    if parts.hostname not in LOOPBACK:
        return None
    return parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)


def listening(host: str, port: int) -> bool:
    """Whether somebody answers there already (another `bantin serve`, or another program)."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host, port)) == 0
