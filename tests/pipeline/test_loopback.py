"""bantin's own little server answers as docs/nginx does, so that what is tried on a desk is what citizens get."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.loopback import PortalServer
from pipeline.reach import place


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    for name, text in {"index.html": "đầu", "404.html": "không có", "410.html": "đã gỡ", "rss.xml": "<rss/>",
                       "atom.xml": "<feed/>", "feed.json": "{}", "tin/index.html": "tin", "2026/11/a-1.html": "bài",
                       "2026/11/b-2.html": "dấu", ".gone/2026/11/b-2.html": "", "theme/site.js": "",
                       "theme/a.css": "", "media/ab/ab.webp": ""}.items():  # fmt: skip
        file = tmp_path / "public" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = int(probe.getsockname()[1])
    server = PortalServer(tmp_path / "public", "127.0.0.1", number)
    server.start()
    yield number
    server.stop()


def get(port: int, address: str, method: str = "GET") -> tuple[int, str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, address)
    answer = connection.getresponse()
    found = (answer.status, answer.getheader("content-type", ""), answer.read().decode())
    connection.close()
    return found


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/", 200, "đầu"), ("/tin/", 200, "tin"), ("/2026/11/a-1.html?tu=zalo", 200, "bài"),
        ("/2026/11/b-2.html", 410, "đã gỡ"), ("/2026/11/b%2D2.html", 410, "đã gỡ"), ("/khong", 404, "không có"),
        ("/.gone/2026/11/b-2.html", 404, "không có"), ("/media/", 404, "không có"), ("/2026/11/", 404, "không có"),
        ("/../../etc/passwd", 404, "không có"), ("/%2e%2e/x", 404, "không có"),
    ],
)  # fmt: skip
def test_each_address_has_its_status_and_its_page(port: int, address: str, status: int, words: str) -> None:
    """A page that was taken down is 410, whatever stands there; marks and folders are not shown."""
    assert (status, words) == get(port, address)[::2]


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/rss.xml", "application/rss+xml; charset=utf-8"), ("/atom.xml", "application/atom+xml; charset=utf-8"),
        ("/feed.json", "application/feed+json; charset=utf-8"), ("/theme/site.js", "text/javascript; charset=utf-8"),
        ("/theme/a.css", "text/css; charset=utf-8"), ("/media/ab/ab.webp", "image/webp"),
        ("/", "text/html; charset=utf-8"),
    ],
)  # fmt: skip
def test_each_file_has_its_type(port: int, address: str, kind: str) -> None:
    """Feed readers and browsers look at it."""
    assert kind == get(port, address)[1]


def test_heads_are_answered_without_a_body(port: int) -> None:
    """The social channels ask for them."""
    assert [(200, ""), (410, ""), (404, "")] == [
        get(port, address, "HEAD")[::2] for address in ("/2026/11/a-1.html", "/2026/11/b-2.html", "/khong")
    ]


def test_before_anything_is_built_there_is_nothing(tmp_path: Path) -> None:
    """Not an error of the server."""
    server = PortalServer(tmp_path, "127.0.0.1", 0)
    server.start()
    port = server._server.server_address[1]

    assert 404 == get(int(port), "/")[0]
    server.stop()


@pytest.mark.parametrize(("address", "found"), [("http://127.0.0.1:8780", ("127.0.0.1", 8780)), ("https://x.vn", None)])
def test_only_loopback_addresses_are_ours(address: str, found: tuple[str, int] | None) -> None:
    """Others are served by somebody else."""
    assert found == place(address)
