"""The platforms' view of the web: only public addresses can be reached, within limits of size and time."""

from __future__ import annotations

import ipaddress
import socket
import time
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import requests

PAGE_BYTES = 1_000_000
HOPS = 3
SECONDS = 5.0
REDIRECTS = (301, 302, 303, 307, 308)


class Unreachable(Exception):
    """The address is private, silent, too large or not what was expected."""


@dataclass(frozen=True)
class Preview:
    """What a link shows in a feed."""

    title: str
    description: str
    image: str


class World:
    """Fetches as a platform does.

    Args:
        public_hosts: "host:port" on loopback or in a private network that stands for the public internet here.
    """

    def __init__(self, public_hosts: tuple[str, ...] = ()) -> None:
        self._public = frozenset(host.lower() for host in public_hosts)

    def allowed(self, url: str) -> bool:
        """Whether it is an absolute, percent-encoded address that is not visibly private."""
        place = _place(url)
        if place is None or not url.isascii() or any(sign.isspace() for sign in url):
            return False
        host, port = place
        if f"{host}:{port}" in self._public:
            return True
        if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
            return False
        try:
            return ipaddress.ip_address(host).is_global
        except ValueError:
            return "." in host

    def picture(self, url: str, most: int) -> str:
        """Fetch a picture and tell its type by its first bytes.

        Raises:
            Unreachable: no such picture, or larger than `most` bytes.
        """
        content, _ = self._fetch(url, most)
        kind = sniff(content)
        if not kind:
            raise Unreachable("not a picture")
        return kind

    def download(self, url: str, most: int) -> bytes:
        """The bytes at an address.

        Raises:
            Unreachable: as for `picture`.
        """
        return self._fetch(url, most)[0]

    def preview(self, url: str) -> Preview:
        """Read a page's Open Graph tags, else its title.

        Raises:
            Unreachable: no page, or nothing to show of it.
        """
        content, kind = self._fetch(url, PAGE_BYTES)
        if "html" not in kind:
            raise Unreachable("not an HTML page")
        tags = _Tags()
        tags.feed(content.decode(errors="replace"))
        title = tags.found.get("og:title") or tags.title.strip()
        if not title:
            raise Unreachable("no title")
        image = tags.found.get("og:image", "")
        return Preview(title, tags.found.get("og:description", ""), urljoin(url, image) if image else "")

    def _fetch(self, url: str, most: int) -> tuple[bytes, str]:
        deadline = time.monotonic() + SECONDS
        with requests.Session() as session:
            session.trust_env = False
            session.headers["User-Agent"] = "bantin-simulator (as facebookexternalhit/1.1)"
            for _ in range(HOPS):
                self._check(url)
                try:
                    answer = session.get(url, timeout=SECONDS, allow_redirects=False, stream=True)
                    with answer:
                        if answer.status_code not in REDIRECTS:
                            return _read(answer, most, deadline), answer.headers.get("content-type", "").lower()
                        url = urljoin(url, answer.headers.get("location", ""))
                except requests.RequestException as error:
                    raise Unreachable(type(error).__name__) from None
        raise Unreachable("too many redirects")

    def _check(self, url: str) -> None:
        place = _place(url)
        if place is None or not self.allowed(url):
            raise Unreachable("not a public address")
        if f"{place[0]}:{place[1]}" in self._public:
            return
        try:
            found = socket.getaddrinfo(*place, type=socket.SOCK_STREAM)
        except OSError:
            raise Unreachable("no such host") from None
        if not all(ipaddress.ip_address(str(one[4][0]).partition("%")[0]).is_global for one in found):
            raise Unreachable("a private address")


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.title = ""
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        name, content = values.get("property") or values.get("name"), values.get("content")
        if tag == "meta" and name and name.startswith("og:") and content:
            self.found.setdefault(name, content)
        self._in_title = tag == "title" and not self.title

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data


def _place(url: str) -> tuple[str, int] | None:
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
            return None
        return parts.hostname.lower(), parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return None


def _read(answer: requests.Response, most: int, deadline: float) -> bytes:
    if answer.status_code != 200:
        raise Unreachable(f"HTTP {answer.status_code}")
    content = bytearray()
    for chunk in answer.iter_content(65536):
        content += chunk
        if len(content) > most:
            raise Unreachable(f"over {most} bytes")
        if time.monotonic() > deadline:
            raise Unreachable("too slow")
    return bytes(content)


_SIGNS = (
    (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"), (b"BM", "image/bmp"), (b"II*\x00", "image/tiff"), (b"MM\x00*", "image/tiff"),
)  # fmt: skip


def sniff(content: bytes) -> str:
    """The picture's type by its first bytes; empty when it is none that a platform takes."""
    for sign, kind in _SIGNS:
        if content.startswith(sign):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        return "image/heif"
    return ""
