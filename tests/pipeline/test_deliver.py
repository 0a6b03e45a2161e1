"""One claim, one attempt: what each error of a channel leads to."""

from dataclasses import replace
from datetime import timedelta

import pytest

from channels.base import Pending, Receipt
from channels.errors import NotAuthorized, Refused, TryLater, Unsure
from channels.facebook.post import FacebookPost
from channels.registry import post_to_json
from pipeline.deliver import PENDING_LIFE, Patience, perform
from pipeline.model import Claim

POST = FacebookPost(
    "a1", 0, "Tin", "https://x/2026/11/a-a1.html?tu=facebook", "a-a1.html?tu=facebook", "Tin\n\nhttps://x"
)
OLD = replace(POST, message="Tin cũ")
CALM = Patience(jitter=0.0)


class Channel:
    """A channel that gives one prepared answer to every call and remembers the calls."""

    name, idempotent, looks, verify_after = "facebook", False, (30.0, 120.0), 2.0

    def __init__(self, answer, rest=0.0):
        self.answer, self.calls, self.resting = answer, [], rest

    def rest(self):
        return self.resting

    def __getattr__(self, call):
        def answer(*given):
            self.calls.append((call, *given))
            if isinstance(self.answer, Exception):
                raise self.answer
            return self.answer

        return answer


def claim(now, op="publish", **more):
    facts = {"tries": 0, "shown": post_to_json(OLD)} | more
    return Claim(1, "a1", "facebook", op, 3, 1, "r1", "u1", "tok", post_to_json(POST), now, **facts)


def attempt(answer, now, op="publish", patience=CALM, **more):
    return perform(claim(now, op, **more), Channel(answer), now, patience)


def test_a_receipt_settles_the_delivery(now):
    """Remote id and address are kept."""
    assert ("done", "r9") == (lambda a: (a.outcome, a.remote_id))(attempt(Receipt("r9", "u9"), now))


def test_a_pending_answer_is_confirmed_later(now):
    """The token is stored, the post is never sent again."""
    result = attempt(Pending("t9"), now)

    assert ("accepted", "t9", now + timedelta(seconds=2)) == (result.outcome, result.pending, result.retry_at)


@pytest.mark.parametrize(
    ("error", "op", "outcome", "trouble"),
    [
        (Refused("no"), "publish", "refused", False),
        (NotAuthorized("who"), "publish", "held", False),
        (TryLater("busy", after=5), "publish", "later", False),
        (TryLater("busy", after=5, whole=True), "publish", "later", True),
        (Unsure("?"), "publish", "unsure", True),
        (Unsure("?"), "revise", "later", True),
        (Unsure("?"), "withdraw", "later", True),
        (TryLater("busy"), "find", "later", False),
        (NotAuthorized("who"), "find", "held", False),
        (Refused("media"), "confirm", "refused", False),
        (NotAuthorized("hidden"), "confirm", "held", False),
        (TryLater("-214"), "confirm", "later", False),
    ],
)
def test_each_error_names_the_next_step(error, op, outcome, trouble, now):
    """Refused, NotAuthorized, TryLater, Unsure: for a publication, a repeatable call, and a read."""
    result = attempt(error, now, op)

    assert (outcome, trouble) == (result.outcome, result.trouble)


def test_a_busy_channel_costs_the_delivery_no_try(now):
    """The channel rests for as long as it asked."""
    result = attempt(TryLater("80001", after=900, whole=True), now, tries=50)

    assert ("later", now, 900.0) == (result.outcome, result.retry_at, result.rest)


def test_waiting_grows_keeps_to_what_was_asked_and_ends_with_a_person(now):
    """Exponential, never shorter than Retry-After."""
    waits = [(attempt(TryLater("x", after=1), now, tries=n).retry_at - now).total_seconds() for n in range(7)]

    assert [60.0, 120.0, 240.0, 480.0, 960.0, 1920.0, 3840.0] == waits
    assert now + timedelta(hours=2) == attempt(TryLater("x", after=7200), now).retry_at
    assert "refused" == attempt(TryLater("x"), now, tries=7).outcome


def test_waits_are_spread(now):
    """Many workers do not come back in the same second."""
    late = Patience(jitter=0.5, chance=lambda: 1.0)

    assert now + timedelta(seconds=90) == attempt(TryLater("x", after=1), now, patience=late).retry_at


def test_a_pending_post_is_asked_about_more_and_more_slowly_for_a_day(now):
    """Then a person decides; it is never sent again."""
    pace = [(attempt(TryLater("-214", after=3), now, "confirm", accepted=now, tries=n).retry_at - now).total_seconds()
            for n in (0, 4, 30)]  # fmt: skip
    late = attempt(TryLater("-214", after=3), now, "confirm", accepted=now - PENDING_LIFE - timedelta(seconds=1))

    assert [3.0, 15.1875, 600.0] == pace
    assert ("later", True) == (late.outcome, late.person)


def test_a_doubt_is_settled_by_reading_back(now):
    """Ours, a person's, or not there, which only the last look may say."""
    one, two = Receipt("r", "u"), Receipt("s", "v")

    assert ("done", "r") == (lambda a: (a.outcome, a.remote_id))(attempt((one,), now, "find"))
    assert (("r", "u"), ("s", "v")) == attempt((one, two), now, "find").candidates
    first = attempt((), now, "find")
    assert ("unsure", now + timedelta(seconds=120)) == (first.outcome, first.retry_at)
    last = attempt((), now, "find", looked=1)
    assert ("absent", False) == (last.outcome, last.harmless)
    page = Channel(())
    page.idempotent = True
    assert perform(claim(now, "find", looked=1), page, now, CALM).harmless


def test_the_same_words_are_not_sent_again(now):
    """An edit elsewhere in the file costs no call."""
    channel = Channel(Receipt("r", "u"))
    result = perform(claim(now, "revise", shown=post_to_json(POST)), channel, now, CALM)

    assert ("unchanged", []) == (result.outcome, channel.calls)


def test_a_revision_is_told_what_is_there_now(now):
    """So that a channel can say what it cannot edit."""
    channel = Channel(Receipt("r", "u"))
    perform(claim(now, "revise"), channel, now, CALM)

    assert "Tin cũ" == channel.calls[0][3].message


def test_the_edition_of_the_claim_is_what_is_sent(now):
    """A stored post carries no edition of its own."""
    channel = Channel(Receipt("r", "u"))
    perform(claim(now), channel, now, CALM)

    assert 3 == channel.calls[0][1].edition


def test_a_social_post_waits_for_its_portal_page(now):
    """And nothing is sent before."""
    channel = Channel(Receipt("r", "u"))
    result = perform(claim(now), channel, now, Patience(jitter=0.0, ready=lambda _post: "not public yet"))

    assert ("later", "not public yet", []) == (result.outcome, result.error, channel.calls)


def test_a_channel_near_its_limit_rests_after_a_success(now):
    """Its own word is passed on."""
    result = perform(claim(now), Channel(Receipt("r", "u"), rest=120.0), now, CALM)

    assert ("done", 120.0) == (result.outcome, result.rest)


def test_a_delivery_without_a_stored_post_is_for_a_person(now):
    """It cannot be sent."""
    assert "refused" == perform(replace(claim(now), post=""), Channel(None), now, CALM).outcome
