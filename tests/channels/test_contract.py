"""One contract over the social channels: what happens on the wire has the same name on each."""

from typing import Any

import pytest
import requests
from wire import Wire, facebook, facebook_post, unreachable, zalo, zalo_post

from channels.errors import ChannelError, NotAuthorized, Refused, TryLater, Unsure

MAKE: dict[str, Any] = {"zalo": (zalo, zalo_post), "facebook": (facebook, facebook_post)}


def z(code: int) -> tuple[int, Any]:
    return 200, {"error": code, "message": "no"}


def f(code: int) -> tuple[int, Any]:
    return 400, {"error": {"message": "no", "code": code}}


def both(answer: Any) -> dict[str, list[Any]]:
    return {name: [answer] for name in MAKE}


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"zalo": [z(-216), z(-14014)], "facebook": [f(190)]}, NotAuthorized),
        ({"zalo": [z(-32)], "facebook": [f(4)]}, TryLater),
        ({"zalo": [z(-201)], "facebook": [f(100)]}, Refused),
        (both((502, b"<html>")), Unsure),
        (both(requests.ReadTimeout()), Unsure),
        (both(unreachable()), TryLater),
    ],
    ids=["token", "throttle", "refused", "502", "timeout", "no-connection"],
)
@pytest.mark.parametrize("name", MAKE)
def test_publish_names_the_failure(name: str, answers: dict[str, list[Any]], error: type[ChannelError]) -> None:
    """A failed publish is named by what the caller does next, and tells no secret."""
    channel, post = MAKE[name]

    with pytest.raises(error) as caught:
        channel(Wire(*answers[name])).publish(post())
    assert not any(secret in str(caught.value) for secret in ("access-1", "refresh-1", "secret-s", "page-token"))
