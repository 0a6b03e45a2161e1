"""Holds, rests and circuits of a channel."""

from datetime import timedelta

import pytest

from channels.base import Health
from pipeline.ledger import views
from pipeline.ledger.channels import THRESHOLD
from pipeline.model import Attempt
from tests.pipeline.ledger.making import prepared, send

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def many(ledger, now):
    for number in range(8):
        ledger.record([prepared(now, item=f"i{number}", channels=("portal",))], now)
    return ledger


def trouble(now, rest=0.0):
    return Attempt("unsure", error="no answer", retry_at=now + 9 * HOUR, trouble=True, rest=rest)


def test_a_dead_token_holds_the_channel_until_a_person_releases_it(many, now):
    """The delivery has done nothing wrong and is not counted as tried."""
    send(many, "portal", now, Attempt("held", error="token expired", retry_at=now))

    assert many.claim("portal", now + HOUR) is None
    assert many.channels()["portal"].hold
    many.release_channel("portal", "operator", now)
    assert many.claim("portal", now) is not None
    assert {0} == {row["tries"] for row in views.deliveries(many)}


def test_a_throttle_rests_the_whole_channel_for_as_long_as_it_asks(many, now):
    """And nothing else is tried meanwhile."""
    send(many, "portal", now, Attempt("later", retry_at=now, trouble=True, rest=300.0))

    assert many.claim("portal", now + 4 * MINUTE) is None
    assert many.claim("portal", now + 6 * MINUTE) is not None


def test_a_channel_near_its_limit_rests_after_a_success(many, now):
    """Facebook's usage headers: stop before being stopped."""
    send(many, "portal", now, Attempt("done", "r", "u", rest=120.0))

    assert many.claim("portal", now + MINUTE) is None
    assert many.claim("portal", now + 3 * MINUTE) is not None


def test_repeated_trouble_opens_the_circuit_and_a_probe_closes_it(many, now):
    """The probe only reads; it is made once, and a failed one doubles the rest."""
    for _try in range(THRESHOLD):
        send(many, "portal", now, trouble(now))
    looks = []

    def look(ok):
        looks.append(ok)
        return Health(ok, "" if ok else "still down")

    assert many.channels()["portal"].open_circuit
    many.probe("portal", lambda: look(True), now)
    assert (many.claim("portal", now), looks) == (None, [])
    many.probe("portal", lambda: look(False), now + 2 * MINUTE)
    many.probe("portal", lambda: look(True), now + 3 * MINUTE)
    assert [False] == looks
    many.probe("portal", lambda: look(True), now + 5 * MINUTE)
    assert (0, [False, True]) == (many.channels()["portal"].failures, looks)
    assert many.claim("portal", now + 5 * MINUTE) is not None


def test_a_channel_in_trouble_has_one_delivery_under_way_at_a_time(many, now):
    """So a platform that times out leaves one doubt, not one a worker."""
    send(many, "portal", now, trouble(now))
    many.claim("portal", now)

    assert many.claim("portal", now) is None


def test_an_answer_closes_what_was_counted(many, now):
    """Also a refusal is an answer."""
    send(many, "portal", now, trouble(now))
    send(many, "portal", now, Attempt("refused", error="content"))

    assert 0 == many.channels()["portal"].failures


def test_what_a_check_found_is_remembered(ledger, now):
    """For the status and its warnings."""
    ledger.checked("zalo", Health(False, "unverified", now + HOUR, "verify the account"), now)
    state = ledger.channels()["zalo"]

    assert (False, "unverified", "verify the account", now + HOUR) == (
        state.healthy, state.message, state.remedy, state.expires)  # fmt: skip
