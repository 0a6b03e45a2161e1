"""One HTTP client for all channels, and the one place where transport failures become our four errors."""

from __future__ import annotations

import json as jsonlib
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import urlsplit

import requests
from requests import exceptions as rx
from requests.adapters import BaseAdapter
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from channels.errors import NotAuthorized, TryLater, Unsure
from channels.lease import LEAVE_BY, ticks

# Raised by requests before a connection exists: a wrong address or header in our own settings.
_SETTINGS = (rx.InvalidURL, rx.InvalidSchema, rx.MissingSchema, rx.InvalidHeader, UnicodeError)
# A name that is unknown, a port that is closed, a certificate that is not trusted: no byte of the request left.
_NEVER_SENT = (NewConnectionError, ConnectTimeoutError, ssl.SSLCertVerificationError)
MINUTE, DAY = 60.0, 86_400.0  # seconds


@dataclass(frozen=True)
class HttpOptions:
    """How patient and how trusting the client is.

    Args:
        connect: seconds to reach the host.
        read: seconds of silence, and together with `connect` the seconds for the whole call.
        most: bytes of body that we are willing to read.
        pause: seconds to leave the host alone after it could not be reached; repeated failures wait longer (circuit).
        repeats: how often a GET whose answer was lost is sent again at once, within the seconds for the whole call.
        transport: stands in for the network in tests.
    """

    connect: float = 5.0
    read: float = 30.0
    most: int = 4 * 1024 * 1024
    pause: float = 10.0
    repeats: int = 2
    transport: BaseAdapter | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Answer:
    """A JSON object from a platform, with any HTTP status; what it means is the adapter's business."""

    status: int
    body: dict[str, Any]
    headers: Mapping[str, str]

    @property
    def retry_after(self) -> float:
        """Seconds that the platform asks us to wait; a minute when it does not say (a date is not read)."""
        return _seconds(self.headers)


class _Lost(TryLater):
    """A read was sent and its answer was lost."""


class _Session(requests.Session):
    """Knows no redirect: requests would read its body whole, past our cap, even when it does not follow."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class Http:
    """Sends one request at a time below a base address; follows no redirect.

    Only a GET is repeated, a few times and at once: a long list is read page by page, and one lost page must not cost
    all of them. An answer that the platform gave is never asked for again here, whatever it says. Anything else, and all
    that takes waiting, is decided by whoever calls.
    """

    def __init__(self, base: str, options: HttpOptions | None = None) -> None:
        self._base = base.rstrip("/")
        self._host = urlsplit(base).netloc.rpartition("@")[2]
        self._options = options or HttpOptions()
        self._session = _Session()
        self._session.trust_env = False  # a .netrc entry would replace our Authorization header
        if self._options.transport is not None:
            self._session.mount("http://", self._options.transport)
            self._session.mount("https://", self._options.transport)

    def send(
        self,
        method: str,
        path: str,
        *,
        writes: bool,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str | int] | None = None,
        json: object = None,
        data: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
    ) -> Answer:
        """Send and read a JSON object.

        Args:
            writes: a lost answer may mean that something is public now.

        Raises:
            TryLater: nothing was sent, the answer is 429 and no more, or the answer to a read was lost.
            Unsure: the answer to a write was lost or is not a JSON object.
            NotAuthorized: our address or header cannot be sent at all.
        """
        whole = self._options.connect + self._options.read
        if writes and ticks() + whole > LEAVE_BY.get():
            raise TryLater("this worker came too late to send; another will", after=0.0)
        deadline = time.monotonic() + whole
        address = f"{self._base}/{path.lstrip('/')}"
        parts = {"headers": headers, "params": params, "json": json, "data": data, "files": files}
        left = self._options.repeats if method == "GET" and not writes else 0
        while True:
            try:
                return self._read(self._open(method, address, writes, parts), deadline, writes)
            except _Lost:
                left -= 1
                if left < 0 or time.monotonic() >= deadline:
                    raise

    def _open(self, method: str, address: str, writes: bool, parts: dict[str, Any]) -> requests.Response:
        patience = (self._options.connect, self._options.read)
        try:
            return self._session.request(method, address, timeout=patience, allow_redirects=False, stream=True, **parts)
        # `from None` here and below: the texts of requests may hold the address or a header's value.
        except _SETTINGS as error:
            raise NotAuthorized(f"{self._host}: settings cannot be sent ({type(error).__name__})") from None
        except rx.RequestException as error:
            if _never_sent(error):
                text = f"{self._host}: no connection ({type(error).__name__})"
                raise TryLater(text, after=self._options.pause, whole=True) from None
            self._lost(type(error).__name__, writes)

    def _read(self, response: requests.Response, deadline: float, writes: bool) -> Answer:
        with response:
            content = self._content(response, deadline, writes)
        try:
            body = jsonlib.loads(content)
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            if response.status_code == 429:  # a gateway turned the request away, so nothing was done
                raise TryLater(f"{self._host}: HTTP 429", after=_seconds(response.headers), code="429", whole=True)
            self._lost(f"HTTP {response.status_code} without a JSON object", writes)
        return Answer(response.status_code, body, response.headers)

    def _content(self, response: requests.Response, deadline: float, writes: bool) -> bytes:
        """The body in the pieces in which it comes: `iter_content` would wait for 64 KiB from a server that drips."""
        content = bytearray()
        try:
            while chunk := response.raw.read1(65536, decode_content=True):
                content += chunk
                if len(content) > self._options.most:
                    self._lost(f"HTTP {response.status_code}, body over {self._options.most} bytes", writes)
                if time.monotonic() > deadline:
                    self._lost("the answer took too long", writes)
        except (HTTPError, OSError) as error:
            self._lost(f"HTTP {response.status_code}, {type(error).__name__}", writes)
        return bytes(content)

    def _lost(self, what: str, writes: bool) -> NoReturn:
        if writes:
            raise Unsure(f"{self._host}: no clear answer: {what}") from None
        raise _Lost(f"{self._host}: no usable answer: {what}", after=self._options.pause, whole=True) from None


def _never_sent(error: rx.RequestException) -> bool:
    if isinstance(error, rx.ConnectTimeout):
        return True
    return any(isinstance(cause, _NEVER_SENT) for cause in _causes(error))


def _seconds(headers: Mapping[str, str]) -> float:
    text = headers.get("Retry-After", "").strip()
    return min(max(float(text), 1.0), DAY) if text.isdecimal() and len(text) < 9 else MINUTE


def _causes(error: BaseException) -> Iterator[BaseException]:
    """requests hides urllib3's error in `args`, urllib3 hides the socket's in `reason`."""
    yield error
    for inner in (*error.args, getattr(error, "reason", None)):
        if isinstance(inner, BaseException):
            yield from _causes(inner)
