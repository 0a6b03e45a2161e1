"""The client for addresses that others chose: public hosts only, bounded in bytes, time and redirects.

requests-hardened resolves a host once, refuses private addresses and pins what it resolved, for every redirect anew. This
module adds what it lacks: one deadline over the whole fetch, and a limit on decoded bytes.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import requests
import urllib3
from requests_hardened import Config, HTTPSession, ip_filter
from requests_hardened.ip_filter import InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter

_MOST_REDIRECTS = 5
_CHUNK = 16 * 1024
# Site-local addresses are the one range that the filter forgets (measured, requests-hardened 1.3.0).
ip_filter.EXTRA_BLOCKED_NET_RANGES = (*ip_filter.EXTRA_BLOCKED_NET_RANGES, ipaddress.ip_network("fec0::/10"))


class FetchError(Exception):
    """Nothing usable came; `reason` is one of private, redirects, slow, big, address, status, network.

    Args:
        status: HTTP status when the reason is status, else 0.
    """

    def __init__(self, reason: str, status: int = 0) -> None:
        super().__init__(f"{reason} {status or ''}".strip())
        self.reason, self.status = reason, status


@dataclass(frozen=True)
class Fetched:
    """What came; `unchanged` with an empty body when the server says that what we know still holds."""

    unchanged: bool
    body: bytes = b""
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True)
class Fetcher:
    """Fetches feeds.

    Args:
        most_bytes: after decompression.
        seconds: for the whole fetch, redirects and body included. The name look-up has the system's own limit.
        loopback: whether addresses of this machine are allowed; for tests and rehearsals only.
    """

    most_bytes: int
    seconds: float
    loopback: bool = False

    def get(self, url: str, *, etag: str = "", modified: str = "") -> Fetched:
        """The body behind an address, or that it has not changed.

        Raises:
            FetchError: with one word for the reason; never any text of the server.
        """
        headers = {"Accept": "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.1"}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": modified} if modified else {}
        end = time.monotonic() + self.seconds
        with _session(self) as session, _deadline(session, self.seconds):
            try:
                with session.get(url, headers=headers, stream=True, timeout=self.seconds) as answer:
                    return self._read(answer, end)
            except FetchError:
                raise
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                raise FetchError("slow" if time.monotonic() >= end else _reason(error)) from None

    def _read(self, answer: requests.Response, end: float) -> Fetched:
        if answer.status_code == 304:
            return Fetched(True)
        if answer.status_code != 200:
            raise FetchError("status", answer.status_code)
        body = bytearray()
        while chunk := answer.raw.read1(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > self.most_bytes:
                raise FetchError("big")
            if time.monotonic() >= end:
                raise FetchError("slow")
        if time.monotonic() >= end:  # we cut it ourselves, which looks like the end of a body without a length
            raise FetchError("slow")
        headers = answer.headers
        return Fetched(False, bytes(body), _header(headers.get("ETag")), _header(headers.get("Last-Modified")))


def _header(value: str | None) -> str:
    """A validator that we may send back; an endless or odd one is not kept."""
    return value if value and len(value) <= 500 and value.isascii() and value.isprintable() else ""


def _reason(error: Exception) -> str:
    if isinstance(error, InvalidIPAddress):
        return "private"
    if isinstance(error, requests.TooManyRedirects):
        return "redirects"
    if isinstance(error, requests.Timeout):
        return "slow"
    wrong = (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, requests.exceptions.MissingSchema)
    return "address" if isinstance(error, wrong) else "network"


@contextmanager
def _session(limits: Fetcher) -> Iterator[HTTPSession]:
    config = Config(ip_filter_enable=True, ip_filter_allow_loopback_ips=limits.loopback, never_redirect=False,
                    default_timeout=(limits.seconds, limits.seconds), user_agent_override="bantin (feeds)")  # fmt: skip
    with HTTPSession(config) as session:
        session.trust_env = (
            False  # a proxy of the environment would fetch around the filter; .netrc would give away secrets
        )
        session.max_redirects = _MOST_REDIRECTS
        yield session


@contextmanager
def _deadline(session: HTTPSession, seconds: float) -> Iterator[None]:
    """Cut every connection of the session when the time is up: a socket's own time-out starts anew with each byte."""
    twins: list[socket.socket] = []
    for adapter in session.adapters.values():
        assert isinstance(adapter, IPFilterAdapter)
        adapter.poolmanager.pool_classes_by_scheme = {"http": _watched(urllib3.HTTPConnectionPool, twins),
                                                      "https": _watched(urllib3.HTTPSConnectionPool, twins)}  # fmt: skip
    timer = threading.Timer(seconds, _cut, [twins])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        for twin in twins:
            twin.close()


def _cut(twins: list[socket.socket]) -> None:
    for twin in twins:
        with suppress(OSError):
            twin.shutdown(socket.SHUT_RDWR)


def _watched(pool: Any, twins: list[socket.socket]) -> Any:
    """A connection pool that keeps a second handle of each socket; TLS takes the first one over."""

    class Connection(pool.ConnectionCls):  # type: ignore[misc] # the base is chosen by the scheme
        def _new_conn(self) -> socket.socket:
            made: socket.socket = super()._new_conn()
            twins.append(made.dup())
            return made

    return type(f"Watched{pool.__name__}", (pool,), {"ConnectionCls": Connection})
