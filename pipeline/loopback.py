"""The newsroom's small web servers on loopback: the static portal, and the simulator of Zalo and Facebook."""

from __future__ import annotations

import functools
import http.server
import io
import threading
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from channels.portal.site import GONE, NOT_FOUND, gone_mark

_FEEDS = {"rss.xml": "application/rss+xml; charset=utf-8", "atom.xml": "application/atom+xml; charset=utf-8",
          "feed.json": "application/feed+json; charset=utf-8"}  # fmt: skip


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves the portal as docs/nginx/portal.conf does: 410 for what was taken down, no dot files, no listings."""

    extensions_map = {  # noqa: RUF012 - the base class declares a plain dict
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".html": "text/html; charset=utf-8", ".xml": "application/xml; charset=utf-8", ".webp": "image/webp", ".avif": "image/avif",
        ".woff2": "font/woff2", ".vtt": "text/vtt; charset=utf-8", ".json": "application/json; charset=utf-8",
        ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
        ".txt": "text/plain; charset=utf-8", ".svg": "image/svg+xml",
    }  # fmt: skip

    def log_message(self, format: str, *args: object) -> None:
        pass

    def end_headers(self) -> None:
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def guess_type(self, path: object) -> str:
        return _FEEDS.get(Path(str(path)).name) or super().guess_type(str(path))

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        address = unquote(urlsplit(self.path).path).lstrip("/")
        parts = Path(address).parts
        if any(part.startswith(".") for part in parts):
            return self._page(HTTPStatus.NOT_FOUND, NOT_FOUND)
        if parts and (Path(self.directory) / gone_mark(address)).is_file():
            return self._page(HTTPStatus.GONE, GONE)
        found = Path(self.translate_path(self.path))
        if not (found.is_file() or (found / "index.html").is_file()):
            return self._page(HTTPStatus.NOT_FOUND, NOT_FOUND)
        return super().send_head()

    def _page(self, status: HTTPStatus, name: str) -> io.BytesIO | None:
        """A page of the portal's own that goes with a status."""
        try:
            content = (Path(self.directory) / name).read_bytes()
        except OSError:  # nothing was built yet
            self.send_error(status)
            return None
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return io.BytesIO(content)


class PortalServer:
    """The portal's output folder at its loopback address."""

    def __init__(self, folder: Path, host: str, port: int) -> None:
        handler = functools.partial(_Quiet, directory=str(folder))
        self._server = http.server.ThreadingHTTPServer((host, port), handler)
        self._server.daemon_threads = True

    def start(self) -> None:
        look = 0.02  # seconds; `stop` waits for the next look, and each run ends with it
        threading.Thread(target=self._server.serve_forever, args=(look,), name="portal", daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
