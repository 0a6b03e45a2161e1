"""One claim, one attempt: what each error of a channel leads to."""

from datetime import timedelta

import pytest

from channels.base import Pending, Receipt
from channels.errors import NotAuthorized, Refused, TryLater, Unsure
from channels.facebook.post import FacebookPost
from channels.registry import post_to_json
from pipeline.deliver import MOST_TRIES, perform
from pipeline.model import Claim

POST = FacebookPost(
    "a1", 0, "Tin", "https://x/2026/11/a-a1.html?tu=facebook", "a-a1.html?tu=facebook", "Tin\n\nhttps://x"
)


class Channel:
    """A channel that gives one prepared answer to every call and remembers the calls."""

    name, idempotent, looks, verify_after = "facebook", False, (30.0,), 2.0

    def __init__(self, answer):
        self.answer, self.calls = answer, []

    def __getattr__(self, call):
        def answer(*given):
            self.calls.append((call, *given))
            if isinstance(self.answer, Exception):
                raise self.answer
            return self.answer

        return answer


def claim(now, op="publish", tries=0):
    return Claim(1, "a1", "facebook", op, 3, 1, "r1", "u1", "tok", post_to_json(POST), now, tries)


def attempt(answer, now, op="publish", tries=0, same=False):
    return perform(claim(now, op, tries), Channel(answer), now, lambda _claim: same)


def test_a_receipt_settles_the_delivery(now):
    """Remote id and address are kept."""
    assert ("done", "r9") == (lambda a: (a.outcome, a.remote_id))(attempt(Receipt("r9", "u9"), now))


def test_a_pending_answer_is_confirmed_later(now):
    """The token is stored, the post is never sent again."""
    result = attempt(Pending("t9"), now)

    assert ("accepted", "t9", now + timedelta(seconds=2)) == (result.outcome, result.pending, result.retry_at)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Refused("no"), "refused"),
        (NotAuthorized("who"), "held"),
        (TryLater("busy", after=5), "later"),
        (Unsure("?"), "unsure"),
    ],
)
def test_each_error_names_the_next_step(error, outcome, now):
    """Refused, NotAuthorized, TryLater, Unsure."""
    assert outcome == attempt(error, now).outcome


def test_an_unsure_revision_is_repeated_not_looked_for(now):
    """Only a publish can be in doubt."""
    assert "later" == attempt(Unsure("?"), now, "revise").outcome


def test_waiting_grows_and_ends(now):
    """Exponential, then a person decides."""
    waits = [attempt(TryLater("busy", after=1), now, tries=n).retry_at - now for n in range(3)]

    assert sorted(waits) == waits
    assert "refused" == attempt(TryLater("busy"), now, tries=MOST_TRIES - 1).outcome


@pytest.mark.parametrize(
    ("found", "outcome"),
    [((), "absent"), ((Receipt("r", "u"),), "done"), ((Receipt("r", "u"), Receipt("s", "v")), "several")],
)
def test_a_doubt_is_settled_by_reading_back(found, outcome, now):
    """None: due again; one: ours; several: a person."""
    assert outcome == attempt(found, now, "find").outcome


def test_the_same_words_are_not_sent_again(now):
    """An edit elsewhere in the file costs no call."""
    channel = Channel(Receipt("r", "u"))
    result = perform(claim(now, "revise"), channel, now, lambda _claim: True)

    assert ("unchanged", []) == (result.outcome, channel.calls)


def test_the_edition_of_the_claim_is_what_is_sent(now):
    """A stored post carries no edition of its own."""
    channel = Channel(Receipt("r", "u"))
    perform(claim(now), channel, now, lambda _claim: False)

    assert 3 == channel.calls[0][1].edition
