"""Gauges: what is late, asleep, in doubt, or waiting for a person."""

from datetime import timedelta

from channels.base import Health
from pipeline.ledger.health import health
from pipeline.model import Attempt, Gate
from tests.pipeline.ledger.making import prepared, send

HOUR = timedelta(hours=1)


def gauges(ledger, now, *, awake=("portal",), gate=None):
    found = health(ledger, lambda _name, _now: gate or Gate(), awake, now)
    return {channel.name: channel for channel in found.channels}["portal"], found


def test_a_quiet_newsroom_is_in_order(ledger, now):
    """Nothing wrong, exit code 0."""
    assert gauges(ledger, now)[1].ok


def test_what_could_have_gone_out_for_long_is_overdue(ledger, now):
    """But not while the channel is closed."""
    ledger.record([prepared(now, channels=("portal",))], now)

    assert 0 == gauges(ledger, now)[0].overdue
    assert (1, ["overdue"]) == (lambda c: (c.overdue, c.troubles))(gauges(ledger, now + HOUR)[0])
    assert 0 == gauges(ledger, now + HOUR, gate=Gate(open=False))[0].overdue


def test_what_nobody_will_wake_is_counted(ledger, now):
    """A channel without a sender; an embargoed item whose file is gone."""
    ledger.record([prepared(now, channels=("portal",), when=now + HOUR)], now)

    assert (0, 1) == (gauges(ledger, now)[0].asleep, gauges(ledger, now, awake=())[0].asleep)
    ledger.mark_missing(["so-noi-vu/a1.md"], now)
    assert 1 == gauges(ledger, now + HOUR)[0].asleep


def test_doubts_and_persons_are_counted(ledger, now):
    """With the age of the oldest doubt."""
    for item in ("a", "b"):
        ledger.record([prepared(now, item=item, channels=("portal",))], now)
    send(ledger, "portal", now, Attempt("refused"))
    send(ledger, "portal", now, Attempt("unsure", retry_at=now + 9 * HOUR))
    found = gauges(ledger, now + HOUR)[0]

    assert (1, 3600.0, ["persons"]) == (found.persons, found.oldest_doubt, found.troubles)


def test_credentials_that_end_soon_are_warned_of(ledger, now):
    """Days before, not after."""
    ledger.checked("portal", Health(True, "", now + 10 * 24 * HOUR), now)

    assert ["token"] == gauges(ledger, now)[0].troubles


def test_the_age_of_each_jobs_last_firing_is_known(ledger, now):
    """A scheduler that stands still shows."""
    ledger.first_to_run("look", now, now)

    assert {"look": 3600.0} == gauges(ledger, now + HOUR)[1].last_run
