"""One contract over the social channels: what happens on the wire has the same name on each, for every call."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from wire import NOW, Wire, facebook, facebook_post, unreachable, wordpress, wordpress_post, zalo, zalo_post

from channels.base import Channel, Pending, Picture, Post
from channels.errors import ChannelError, NotAuthorized, Refused, TryLater, Unsure

MAKE: dict[str, Any] = {"zalo": (zalo, zalo_post), "facebook": (facebook, facebook_post),
                        "wordpress": (wordpress, wordpress_post)}  # fmt: skip
SECRETS = ("access-1", "refresh-1", "secret-s", "page-token", "app-password", "ZWRpdG9y")
IMPATIENT = {"connect": 0.0, "read": 0.0}  # every answer is too slow for it


def z(code: int, status: int = 200, message: str = "no") -> tuple[int, Any]:
    return status, {"error": code, "message": message}


def f(code: int, status: int = 400) -> tuple[int, Any]:
    return status, {"error": {"message": "no", "code": code}}


def w(code: str, status: int = 400) -> tuple[int, Any]:
    return status, {"code": code, "message": "no", "data": {"status": status}}


PENDING = {"wordpress": Pending("1"), "zalo": Pending("t1"), "facebook": Pending(f"42_1@{int(NOW.timestamp())}")}
Call = Callable[[Channel, Post], Any]
WRITES: dict[str, Call] = {
    "publish": lambda channel, post: channel.publish(post),
    "revise": lambda channel, post: channel.revise(post, "42_1", post),
    "withdraw": lambda channel, post: channel.withdraw(post, "42_1"),
}
READS: dict[str, Call] = {
    "confirm": lambda channel, post: channel.confirm(post, PENDING[channel.name]),
    "find": lambda channel, post: channel.find(post, NOW),
}
CALLS = WRITES | READS

# What the platform says, by channel; a list is one answer after the other.
SAID: dict[str, dict[str, list[Any]]] = {
    "401": {"zalo": [z(-216, 401), z(-14014)], "facebook": [f(190, 401)], "wordpress": [w("rest_cannot_create", 401)]},
    "401 under 200": {"zalo": [z(-220), z(-14014)], "facebook": [f(190, 200)]},
    "401 empty": {"zalo": [(401, {}), z(-14014)], "wordpress": [(401, {})]},
    "429": {"zalo": [z(-32, 429)], "facebook": [f(80001, 403)], "wordpress": [w("slow_down", 429)]},
    "429 json": {"zalo": [(429, {})], "facebook": [(429, {})], "wordpress": [(429, {})]},
    "429 html": {
        "zalo": [(429, b"<html>", {"Retry-After": "9"})],
        "facebook": [(429, b"<html>", {"Retry-After": "9"})],
        "wordpress": [(429, b"<html>", {"Retry-After": "9"})],
    },
    "500 json": {"zalo": [(500, {})], "facebook": [f(2, 500)], "wordpress": [w("db_insert_error", 500)]},
}
# What happens to the answer on its way, the same everywhere.
WIRE: dict[str, Any] = {
    "502": (502, b"<html>"),
    "time-out": requests.ReadTimeout(),
    "reset": requests.ConnectionError("Connection reset by peer"),
    "no connection": unreachable(),
    "html 200": (200, b"<html>"),
    "empty 200": (200, b""),
    "a list": (200, [1]),
    "truncated": (200, b'{"error": 0, "data": {"tok'),
    "short": (200, b'{"id": "42_1"}', {"Content-Length": "99"}),
    "too large": (200, b" " * 5_000_000),
    "redirect": (302, b"", {"Location": "http://elsewhere.test"}),
}
RIGHT: dict[str, tuple[type[ChannelError], type[ChannelError]]] = {  # after a write, after a read
    "401": (NotAuthorized, NotAuthorized),
    "401 under 200": (NotAuthorized, NotAuthorized),
    "401 empty": (NotAuthorized, NotAuthorized),
    "429": (TryLater, TryLater),
    "429 json": (TryLater, TryLater),
    "429 html": (TryLater, TryLater),
    "no connection": (TryLater, TryLater),
}
LOST = (Unsure, TryLater)
CASES = [(name, event) for name in MAKE for event in (*SAID, *WIRE, "slow") if name in SAID.get(event, MAKE)]


def answers(name: str, event: str) -> list[Any]:
    if event in SAID:
        return list(SAID[event][name])
    return [WIRE[event]] if event in WIRE else [(200, {"error": 0, "data": {"token": "t"}} if name == "zalo" else {})]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(("name", "event"), CASES)
def test_every_call_names_the_failure(name: str, event: str, call: str) -> None:
    """A failed call is named by what the caller does next, tells no secret, and is sent once."""
    channel, post = MAKE[name]
    wire = Wire(*answers(name, event))
    expected = RIGHT.get(event, LOST)[call in READS]

    with pytest.raises(expected) as caught:
        CALLS[call](channel(wire, **(IMPATIENT if event == "slow" else {})), post())
    assert not any(secret in str(caught.value) for secret in SECRETS)
    assert len(answers(name, event)) == len(wire.seen)


@pytest.mark.parametrize(
    ("name", "call", "said", "expected"),
    [
        ("zalo", "publish", [z(-201, message="title is invalid!")], Refused),
        ("zalo", "revise", [z(-201, message="id is invalid!")], Refused),
        ("zalo", "withdraw", [z(-201), (200, {"error": 0, "data": {"id": "42_1"}})], Refused),
        ("zalo", "confirm", [z(-200, message="Upload media failed")], Refused),
        ("zalo", "find", [z(-201)], NotAuthorized),
        ("facebook", "publish", [f(100)], Refused),
        ("facebook", "revise", [f(100)], Refused),
        ("facebook", "withdraw", [f(100)], Refused),
        ("facebook", "confirm", [f(100)], NotAuthorized),
        ("facebook", "find", [f(100)], NotAuthorized),
        ("wordpress", "publish", [w("rest_invalid_param")], Refused),
        ("wordpress", "revise", [w("rest_post_invalid_id", 404)], Refused),
        ("wordpress", "withdraw", [w("rest_invalid_param")], Refused),
        ("wordpress", "confirm", [w("rest_invalid_param")], NotAuthorized),
        ("wordpress", "find", [w("rest_invalid_param")], NotAuthorized),
    ],
)
def test_a_clear_no_is_refused(name: str, call: str, said: list[Any], expected: type[ChannelError]) -> None:
    """400 is the item's fault, but never when the channel is read back: then nothing is known of the item."""
    channel, post = MAKE[name]

    with pytest.raises(expected):
        CALLS[call](channel(Wire(*said)), post())


@pytest.mark.parametrize(("name", "event"), CASES)
def test_health_raises_nothing(name: str, event: str) -> None:
    """Whatever happens to it, the look at a channel ends in words without a secret."""
    channel, _ = MAKE[name]
    health = channel(Wire(*answers(name, event)), **(IMPATIENT if event == "slow" else {})).health()

    assert not health.ok
    assert not any(secret in health.message + health.remedy for secret in SECRETS)


@pytest.mark.parametrize("event", WIRE)
def test_a_photo_upload_is_never_in_doubt(tmp_path: Path, event: str) -> None:
    """An unpublished photo is not public, so whatever happens to its answer it may be sent again."""
    file = tmp_path / "p.jpg"
    file.write_bytes(b"jpeg")
    post = facebook_post(photo=Picture(file, "", "image/jpeg", 1200, 630, "Một cửa"))

    with pytest.raises(TryLater):
        facebook(Wire(WIRE[event])).publish(post)
