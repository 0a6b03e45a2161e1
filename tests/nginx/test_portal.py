"""The example configuration in docs/nginx, run by the real nginx over a real portal; `make nginx` runs only this."""

from __future__ import annotations

import gzip
import http.client
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from channels.base import Picture
from channels.portal.adapter import Portal, Site, media_address
from channels.portal.post import Label, PortalPost, Video
from channels.portal.words import HANOI

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
pytestmark = [
    pytest.mark.nginx,
    pytest.mark.skipif(not NGINX, reason="nginx is not installed: apt-get install nginx-light"),
]
CONF = Path(__file__).resolve().parents[2] / "docs/nginx"
ITEM, GONE = "2026/11/tin-k1.html", "2026/11/sai-k2.html"


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


def post(store: Path, name: str, address: str) -> PortalPost:
    store.mkdir(exist_ok=True)
    files = {ending: store / f"{'0' * 20}.{ending}" for ending in ("jpg", "mp4", "vtt")}
    for file in files.values():
        file.write_bytes(b"x" * 2000)
    share = Picture(files["jpg"], f"/{media_address(files['jpg'].name)}", "image/jpeg", 1200, 630, "")
    return PortalPost(
        item=name, edition=1, title="Tin", link="", marker=address, address=address, kind="clip", summary="Tóm tắt",
        unit=Label("so-y-te", "Sở Y tế"), areas=(), topics=(), fields=(), audiences=(), author="A", source="",
        published=datetime(2026, 11, 1, tzinfo=HANOI), updated=None, body_html="<p>Nội dung.</p>", cover=None,
        share=share, hashtags=(), words=2, video=Video(files["mp4"], "", 10, "", files["vtt"], ""),
    )  # fmt: skip


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("portal")
    folder.chmod(0o755)
    portal = Portal(folder / "public", folder / "state", "http://portal.test", Site("Tin", "UBND"), durable=False)
    portal.publish(post(folder / "store", "k1", ITEM))
    portal.publish(post(folder / "store", "k2", GONE))
    portal.withdraw(post(folder / "store", "k2", GONE), "k2")
    portal.flush()
    return folder / "public"


@pytest.fixture(scope="module")
def port(public: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """nginx in the foreground on a free loopback port, with the shipped files included as an operator does."""
    folder = tmp_path_factory.mktemp("nginx")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    for name in ("portal.conf", "headers.conf"):
        shutil.copy(CONF / name, folder / name)
    temp = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"{'user root;' if os.geteuid() == 0 else ''} daemon off; pid {folder}/pid; error_log stderr warn; events {{}}\n"
        f"http {{ include /etc/nginx/mime.types; default_type application/octet-stream; access_log off; {temp}\n"
        f"server {{ listen 127.0.0.1:{number}; root {public}; include portal.conf; }} }}\n"
    )
    server = subprocess.Popen([str(NGINX), "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")])
    try:
        for _attempt in range(200):
            with socket.socket() as probe:
                if server.poll() is None and probe.connect_ex(("127.0.0.1", number)) == 0:
                    break
            time.sleep(0.02)
        yield number
    finally:
        server.terminate()
        server.wait(10)


def get(port: int, address: str, **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", address, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    found = Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    connection.close()
    return found


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/", "text/html"), ("/tin/", "text/html"), (f"/{ITEM}", "text/html"), ("/theme/site.css?v=1", "text/css"),
        ("/theme/site.js", "application/javascript"), ("/theme/mark.svg", "image/svg+xml"),
        ("/theme/fonts/be-vietnam-pro-latin-400-normal.woff2", "font/woff2"), ("/rss.xml", "application/rss+xml"),
        ("/tin-bai/atom.xml", "application/atom+xml"), ("/feed.json", "application/feed+json"),
        ("/sitemap.xml", "text/xml"), ("/tim-kiem/muc-luc.json", "application/json"), ("/robots.txt", "text/plain"),
        (f"/{media_address('0' * 20 + '.jpg')}", "image/jpeg"),
    ],
)  # fmt: skip
def test_every_kind_of_file_has_its_type_and_the_guarding_headers(port: int, address: str, kind: str) -> None:
    """Also where a location has headers of its own."""
    answer = get(port, address)

    assert (200, kind) == (answer.status, answer.headers["content-type"].partition(";")[0])
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert ("nosniff", "max-age=31536000") == (
        answer.headers["x-content-type-options"], answer.headers["strict-transport-security"])  # fmt: skip
    if kind.startswith("text/") or "xml" in kind or "json" in kind:
        assert answer.headers["content-type"].endswith("charset=utf-8")


def test_clips_and_captions_from_our_own_folder(port: int, public: Path) -> None:
    """A film can be asked for in parts, as players do."""
    film = next(public.glob("media/*/*.mp4")).relative_to(public)
    words = next(public.glob("media/*/*.vtt")).relative_to(public)
    part = get(port, f"/{film}", Range="bytes=0-99")

    assert (206, "video/mp4", 100) == (part.status, part.headers["content-type"], len(part.body))
    assert get(port, f"/{words}").headers["content-type"].startswith("text/vtt")


def test_a_page_that_was_taken_down_is_gone(port: int) -> None:
    """410 with a page for people, and the guarding headers."""
    answer = get(port, f"/{GONE}")

    assert 410 == answer.status
    assert "Bài này đã được gỡ" in answer.body.decode()
    assert "content-security-policy" in answer.headers


def test_a_withdrawal_needs_no_reload(port: int, public: Path) -> None:
    """The mark is looked at with each request."""
    mark = public / ".gone" / ITEM
    mark.touch()
    during = get(port, f"/{ITEM}").status
    mark.unlink()

    assert (410, 200) == (during, get(port, f"/{ITEM}").status)


@pytest.mark.parametrize(
    "address", ["/khong-co.html", "/2026/11/", "/.gone/2026/11/sai-k2.html", "/.parts/x", "/410.html"]
)
def test_what_is_not_for_readers_is_not_found(port: int, address: str) -> None:
    """Marks and half-written files have no address; the page of a status cannot be asked for by itself."""
    answer = get(port, address)

    assert 404 == answer.status
    assert "Không tìm thấy trang" in answer.body.decode()


def test_text_is_compressed_and_films_are_not(port: int, public: Path) -> None:
    """And caches are told that both forms exist."""
    page = get(port, "/", Accept_Encoding="gzip")
    film = get(port, f"/{next(public.glob('media/*/*.mp4')).relative_to(public)}", Accept_Encoding="gzip")

    assert ("gzip", "Accept-Encoding") == (page.headers["content-encoding"], page.headers["vary"])
    assert gzip.decompress(page.body) == (public / "index.html").read_bytes()
    assert "content-encoding" not in film.headers


def test_how_long_each_may_be_kept(port: int) -> None:
    """What is named by its content or version for ever, a page for a minute; an unchanged page is not sent again."""
    page = get(port, "/")

    assert "public, max-age=60" == page.headers["cache-control"]
    assert "public, max-age=31536000, immutable" == get(port, "/theme/site.css?v=1").headers["cache-control"]
    assert "public, max-age=60" == get(port, "/theme/mark.svg").headers["cache-control"]
    assert 304 == get(port, "/", If_None_Match=page.headers["etag"]).status
