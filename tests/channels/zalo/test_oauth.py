"""Rotating tokens are renewed once, by one owner, and never lost."""

from datetime import timedelta
from typing import Any

import pytest
import requests
from wire import NOW, Clock, Store, Wire, store, unreachable

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
    assert ["lock", "spend", "save", "unlock"] == held.log
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


def test_a_used_refresh_token_is_never_sent() -> None:
    """If somebody used it and died before the new pair was stored, a person gives consent again."""
    held = store(hours=-1)
    held.spent.add("refresh-1")
    owner, wire = tokens(held)

    with pytest.raises(NotAuthorized, match="consent"):
        owner.current()
    assert [] == wire.seen


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (unreachable(), TryLater),
        ((429, b"busy", {"Retry-After": "7"}), TryLater),
        ((200, {"error": -32, "error_name": "limit"}), TryLater),
        ((200, {"error": -14004, "error_name": "Invalid secret key"}), NotAuthorized),
        ((200, {"error": -14002, "error_name": "Invalid appId"}), NotAuthorized),
    ],
)
def test_a_refresh_token_that_was_not_looked_at_is_kept(answer: Any, error: type[Exception]) -> None:
    """What never left, was turned away unread or failed over our own app's settings may be sent again."""
    held = store(hours=-1)
    owner, _ = tokens(held, answer)

    with pytest.raises(error):
        owner.current()
    assert set() == held.spent
    assert ["lock", "spend", "unspend", "unlock"] == held.log


def test_renews_early() -> None:
    """At half of its life a pair is renewed; before that it is left alone."""
    young, old = tokens(store(hours=13)), tokens(store(hours=12), (200, FRESH))

    assert "access-1" == young[0].current().access
    assert "access-2" == old[0].current().access


@pytest.mark.parametrize("answer", [unreachable(), (200, {"error": -14014, "error_name": "Invalid refresh token."})])
def test_a_pair_that_still_works_is_used_to_its_end(answer: Any) -> None:
    """If an early renewal fails, the access token goes on; it is not asked again for some minutes."""
    clock, held, wire = Clock(), store(hours=2), Wire(answer)
    owner = Tokens(Http("http://oauth.test", HttpOptions(transport=wire)), "app", "s", held, clock)

    assert ["access-1"] * 2 == [owner.current().access for _ in range(2)]
    assert 1 == len(wire.seen)
    assert isinstance(answer, tuple) == (owner.trouble is not None)
    clock.wait(2 * 3600)
    wire.answers.append(requests.ReadTimeout())
    with pytest.raises(NotAuthorized):
        owner.current()


def test_a_pair_that_could_not_be_stored_is_kept_in_hand() -> None:
    """A full disk loses nothing: the next call stores the pair that was got, and sends nothing."""

    class Full(Store):
        full = True

        def save(self, pair: TokenPair) -> None:
            if self.full:
                raise OSError("no space left")
            super().save(pair)

    held = Full(store(hours=-1).pair)
    owner, wire = tokens(held, (200, FRESH))
    with pytest.raises(OSError, match="space"):
        owner.current()
    held.full = False

    assert "access-2" == owner.current().access
    assert ("access-2", 1) == (held.pair.access if held.pair else "", len(wire.seen))


@pytest.mark.parametrize(
    ("life", "seconds"), [("3600", 3600), (90000, 90000), (None, 90000), ("9" * 30, 90000), ("9" * 9, 31_536_000)]
)
def test_the_life_of_a_pair_is_read_leniently(life: Any, seconds: int) -> None:
    """A strange expires_in never costs us the pair."""
    owner, _ = tokens(store(hours=-1), (200, {**FRESH, "expires_in": life}))

    assert NOW + timedelta(seconds=seconds) == owner.current().expires_at
