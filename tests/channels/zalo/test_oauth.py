"""Rotating tokens are renewed once, by one owner, and never lost."""

from datetime import timedelta
from typing import Any

import pytest
import requests
from wire import NOW, Store, Wire, store, unreachable

from channels.base import TokenPair
from channels.errors import NotAuthorized, TryLater
from channels.http import Http, HttpOptions
from channels.zalo.oauth import Tokens

FRESH = {"access_token": "access-2", "refresh_token": "refresh-2", "expires_in": "90000"}


def tokens(held: Store, *answers: Any) -> tuple[Tokens, Wire]:
    wire = Wire(*answers)
    return Tokens(Http("http://oauth.test", HttpOptions(transport=wire)), "app", "secret-s", held, lambda: NOW), wire


def test_renews_when_expired_and_saves_under_the_lock() -> None:
    """An expired pair is renewed, durable before the lock is given back."""
    held = store(hours=-1)
    owner, wire = tokens(held, (200, FRESH))

    assert TokenPair("access-2", "refresh-2", NOW + timedelta(seconds=90000)) == owner.current()
    assert ["lock", "save", "unlock"] == held.log
    assert "secret-s" == wire.seen[0].headers["secret_key"]


def test_takes_the_pair_of_another_owner() -> None:
    """If another process renewed first, its pair is used and nothing is sent."""
    held = store(hours=-1)
    other = TokenPair("access-9", "refresh-9", NOW + timedelta(hours=25))
    held.on_lock = lambda: setattr(held, "pair", other)
    owner, wire = tokens(held)

    assert other == owner.current()
    assert [] == wire.seen


@pytest.mark.parametrize(
    "answer",
    [(200, {"error": -14014, "error_name": "Invalid refresh token."}), requests.ReadTimeout(), (502, b"<html>")],
)
def test_dead_refresh_asks_for_consent_once(answer: Any) -> None:
    """A refused or lost refresh keeps the store and never sends that token again."""
    held = store(hours=-1)
    before = held.pair
    owner, wire = tokens(held, answer)

    for _ in range(2):
        with pytest.raises(NotAuthorized, match="consent"):
            owner.current()
    assert before == held.pair
    assert 1 == len(wire.seen)


def test_unreachable_keeps_the_token_usable() -> None:
    """When nothing was sent the same refresh token is tried later."""
    owner, _ = tokens(store(hours=-1), unreachable(), (200, FRESH))

    with pytest.raises(TryLater):
        owner.current()
    assert "access-2" == owner.current().access
