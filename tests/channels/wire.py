"""A fake platform at the wire, and the posts and clock that the channel tests share."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, Self

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse
from urllib3.exceptions import MaxRetryError, NewConnectionError

from channels.base import Picture, TokenPair
from channels.facebook.adapter import Facebook
from channels.facebook.post import FacebookPost
from channels.http import HttpOptions
from channels.wordpress.adapter import WordPress
from channels.wordpress.post import WordPressPost
from channels.zalo.adapter import Zalo
from channels.zalo.post import TextBlock, ZaloPost

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LINK = "https://tin.example.vn/2026/11/mot-cua-k3f9a2xq.html"


class Wire(BaseAdapter):
    """Answers from a list: (status, body) or an exception to raise; keeps every request."""

    def __init__(self, *answers: Any) -> None:
        super().__init__()
        self.answers = list(answers)
        self.seen: list[requests.PreparedRequest] = []

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> requests.Response:
        self.seen.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, body, *rest = answer
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        response = requests.Response()
        response.status_code = status
        response.url = request.url or ""
        response.request = request
        response.headers.update(rest[0] if rest else {})
        response.raw = HTTPResponse(BytesIO(raw), headers=response.headers, preload_content=False)
        return response

    def close(self) -> None:
        pass

    @property
    def paths(self) -> list[str]:
        return [f"{one.method} {one.path_url.partition('?')[0]}" for one in self.seen]


def unreachable() -> Exception:
    refused = NewConnectionError(None, "refused")  # type: ignore[arg-type]  # no pool is needed to name the failure
    return requests.ConnectionError(MaxRetryError(None, "/", refused))  # type: ignore[arg-type]  # as above


class Store:
    """A TokenStore in memory that notes what happened in which order."""

    def __init__(self, pair: TokenPair | None) -> None:
        self.pair = pair
        self.spent: set[str] = set()
        self.log: list[str] = []
        self.on_lock: Callable[[], None] = lambda: None

    def load(self) -> TokenPair | None:
        return self.pair

    def lock(self) -> Store:
        return self

    def spend(self, pair: TokenPair) -> bool:
        self.log.append("spend")
        fresh = pair.refresh not in self.spent
        self.spent.add(pair.refresh)
        return fresh

    def unspend(self, pair: TokenPair) -> None:
        self.log.append("unspend")
        self.spent.discard(pair.refresh)

    def save(self, pair: TokenPair) -> None:
        self.log.append("save")
        self.pair = pair

    def __enter__(self) -> Self:
        self.log.append("lock")
        self.on_lock()
        return self

    def __exit__(self, *exc: object) -> None:
        self.log.append("unlock")


def store(hours: float = 20) -> Store:
    return Store(TokenPair("access-1", "refresh-1", NOW + timedelta(hours=hours)))


def zalo(
    wire: Wire, tokens: Store | None = None, clock: Callable[[], datetime] = lambda: NOW, **patience: float
) -> Zalo:
    options = HttpOptions(transport=wire, repeats=0, **patience)  # type: ignore[arg-type]  # only connect and read are given
    return Zalo(
        "http://zalo.test", "http://oauth.test", "app", "secret-s", tokens or store(), clock=clock, http=options
    )


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def facebook(
    wire: Wire, clock: Callable[[], datetime] = lambda: NOW, connect: float = 5, read: float = 30, **more: Any
) -> Facebook:
    options = HttpOptions(transport=wire, connect=connect, read=read, repeats=0)
    return Facebook("http://fb.test/graph", "v26.0", "42", "page-token", clock=clock, http=options, **more)


def wordpress(
    wire: Wire, clock: Callable[[], datetime] = lambda: NOW, connect: float = 5, read: float = 30, **more: Any
) -> WordPress:
    options = HttpOptions(transport=wire, connect=connect, read=read, repeats=0)
    return WordPress("http://wp.test", "editor", "app-password", clock=clock, http=options, **more)


def zalo_post(**changes: Any) -> ZaloPost:
    cover = Picture(Path("c.jpg"), "https://tin.example.vn/c.jpg", "image/jpeg", 500, 320, "Một cửa")
    parts: dict[str, Any] = {
        "item": "k3f9a2xq", "edition": 1, "title": "Một cửa", "link": LINK, "marker": "k3f9a2xq", "author": "VP",
        "description": "Tóm tắt", "cover": cover, "body": (TextBlock(f"<p>{LINK}</p>"),),
    }  # fmt: skip
    return ZaloPost(**{**parts, **changes})


def facebook_post(**changes: Any) -> FacebookPost:
    parts: dict[str, Any] = {
        "item": "k3f9a2xq", "edition": 1, "title": "Một cửa", "link": LINK, "marker": "k3f9a2xq",
        "message": f"Một cửa {LINK}",
    }  # fmt: skip
    return FacebookPost(**{**parts, **changes})


def wordpress_post(**changes: Any) -> WordPressPost:
    parts: dict[str, Any] = {
        "item": "k3f9a2xq", "edition": 1, "title": "Một cửa", "link": LINK, "marker": "2026/11/mot-cua-k3f9a2xq.html",
        "slug": "mot-cua-k3f9a2xq", "excerpt": "Tóm tắt", "body_html": "<p>Nội dung</p>", "published": NOW,
        "categories": (), "tags": (), "featured": "", "media": (),
    }  # fmt: skip
    return WordPressPost(**{**parts, **changes})
