"""Claim, settle, doubt and the fence, on a real database."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import select

from channels.http import ticks
from pipeline.ledger import Ledger, schema, states, views
from pipeline.ledger.engine import open_engine
from pipeline.ledger.verbs import By
from pipeline.model import Attempt, Gate
from tests.pipeline.ledger.making import die, prepared, send

MINUTE = timedelta(minutes=1)
DONE = Attempt("done", "r1", "https://x/1")


def only(ledger):
    return views.deliveries(ledger)[0]


@pytest.fixture
def portal(ledger, now):
    """One item planned on the portal alone."""
    ledger.record([prepared(now, channels=("portal",))], now)
    return ledger


def test_a_worker_that_died_while_publishing_leaves_a_doubt(portal, now):
    """Its lease runs out, the post is looked for and not sent again."""
    die(portal, now)

    assert 1 == portal.sweep(now, {"portal": 30.0})
    assert portal.claim("portal", now) is None
    assert "find" == portal.claim("portal", now + MINUTE).op


def test_the_attempt_number_is_the_fence(portal, now):
    """A worker that comes back late settles nothing."""
    late = die(portal, now)
    portal.sweep(now, {"portal": 0.0})
    portal.settle(portal.claim("portal", now), Attempt("done", "r9", "u"), now)

    assert not portal.settle(late, DONE, now)
    assert "r9" == only(portal)["remote_id"]


def test_a_claim_says_until_when_a_write_may_leave(portal, now):
    """By a clock that nobody sets, so that a worker that was stopped does not send late."""
    claim = portal.claim("portal", now)

    assert 0 < claim.leave_by - ticks() <= portal.lease.total_seconds()


def test_an_accepted_post_is_only_ever_confirmed(portal, now):
    """The token is kept and asked for again, never sent again, also after a crash."""
    send(portal, "portal", now, Attempt("accepted", pending="tok", retry_at=now + MINUTE))

    assert portal.claim("portal", now) is None
    claim = portal.claim("portal", now + MINUTE)
    assert ("confirm", "tok", now) == (claim.op, claim.pending, claim.accepted)
    with portal.engine.begin() as connection:
        connection.execute(schema.delivery.update().values(lease_until=now - timedelta(days=400)))
    portal.sweep(now + MINUTE, {"portal": 0.0})
    assert "confirm" == portal.claim("portal", now + 2 * MINUTE).op


def test_a_doubt_is_looked_at_as_often_as_the_channel_asks(portal, now):
    """Only the last look makes it absent; then one new attempt, then a person."""
    for _round in range(2):
        send(portal, "portal", now, Attempt("unsure", retry_at=now))
        send(portal, "portal", now, Attempt("unsure", error="not found", retry_at=now))
        assert 1 == portal.claim("portal", now).looked
        with portal.engine.begin() as connection:
            connection.execute(schema.delivery.update().values(state="in_doubt"))
        send(portal, "portal", now, Attempt("absent"))

    assert ("in_doubt", True) == (only(portal)["state"], only(portal)["person"])
    assert portal.claim("portal", now + timedelta(days=30)) is None


def test_what_nothing_can_double_is_done_again_until_it_looks_poisonous(portal, now):
    """Our own page: workers may die for other reasons, but twenty in a row die of this page."""
    for _round in range(20):
        send(portal, "portal", now, Attempt("unsure", retry_at=now))
        send(portal, "portal", now, Attempt("absent", harmless=True))
        assert not only(portal)["person"]
    send(portal, "portal", now, Attempt("unsure", retry_at=now))
    send(portal, "portal", now, Attempt("absent", harmless=True))

    assert ("in_doubt", True) == (only(portal)["state"], only(portal)["person"])


def test_several_matches_are_shown_to_a_person(portal, now, by):
    """The person says which one is ours."""
    send(portal, "portal", now, Attempt("unsure", retry_at=now))
    send(portal, "portal", now, Attempt("several", candidates=(("r1", "u1"), ("r2", "u2"))))

    assert [["r1", "u1"], ["r2", "u2"]] == only(portal)["candidates"]
    portal.adopt("a1", "portal", "r2", "u2", by)
    assert ("published", "r2") == (only(portal)["view"], only(portal)["remote_id"])


def test_a_publication_that_is_withdrawn_while_in_doubt_is_checked_first(portal, now, by):
    """Found: taken off. Not there: nothing to do."""
    send(portal, "portal", now, Attempt("unsure", retry_at=now))
    portal.withdraw("a1", "", by)

    assert "find" == send(portal, "portal", now, Attempt("done", "r5", "u")).op
    claim = portal.claim("portal", now)
    assert ("withdraw", "r5") == (claim.op, claim.remote_id)


def test_edits_while_a_token_is_pending_become_one_revision(portal, now):
    """The token is settled first."""
    send(portal, "portal", now, Attempt("accepted", pending="tok", retry_at=now))
    for digest in ("d2", "d3"):
        portal.record([prepared(now, channels=("portal",), digest=digest)], now)
    send(portal, "portal", now)

    assert ("revise", 3) == (lambda claim: (claim.op, claim.edition))(send(portal, "portal", now))
    assert portal.claim("portal", now) is None


def test_a_closed_gate_holds_first_publications_only(portal, now, by):
    """Urgent notices, corrections and withdrawals pass."""
    closed = Gate(open=False, why="quiet hours")

    assert portal.claim("portal", now, closed) is None
    portal.publish_now("a1", "", by)
    send(portal, "portal", now, gate=closed)
    portal.record([prepared(now, channels=("portal",), digest="d2")], now)
    assert "revise" == send(portal, "portal", now, gate=closed).op
    portal.withdraw("a1", "", by)
    assert "withdraw" == send(portal, "portal", now, gate=closed).op


def test_a_blackout_by_hand_holds_until_it_is_lifted(portal, now, by):
    """Decided inside the claim: nothing has to be switched at a certain minute."""
    portal.black_out(now, None, by)

    assert portal.claim("portal", now) is None
    portal.lift_blackout(By("x", now + MINUTE))
    assert portal.claim("portal", now + MINUTE) is not None


def test_a_blackout_ends_by_itself(portal, now, by):
    """At the time that was given."""
    portal.black_out(now, now + MINUTE, by)

    assert portal.claim("portal", now) is None
    assert portal.claim("portal", now + MINUTE) is not None


def test_quotas_and_the_gap_are_counted_in_the_claim(ledger, now):
    """What may be public counts; what was clearly not sent does not."""
    for item in ("a", "b", "c"):
        ledger.record([prepared(now, item=item, channels=("portal",))], now)
    gate = Gate(quotas=((now - timedelta(hours=1), 2),))
    send(ledger, "portal", now, Attempt("later", retry_at=now), gate=gate)
    send(ledger, "portal", now, gate=gate)
    send(ledger, "portal", now, Attempt("unsure", retry_at=now + timedelta(hours=9)), gate=gate)

    assert ledger.claim("portal", now, gate) is None
    assert ledger.claim("portal", now, Gate(gap=timedelta(minutes=5))) is None
    assert ledger.claim("portal", now + timedelta(minutes=6), Gate(gap=timedelta(minutes=5))) is not None


def test_a_channel_that_works_alone_has_one_delivery_under_way(ledger, now):
    """As the portal, whose lists are one file system."""
    for item in ("a", "b"):
        ledger.record([prepared(now, item=item, channels=("portal",))], now)
    claim = ledger.claim("portal", now, Gate(alone=True))

    assert ledger.claim("portal", now, Gate(alone=True)) is None
    ledger.settle(claim, DONE, now)
    assert ledger.claim("portal", now, Gate(alone=True)) is not None


def test_attempts_and_receipts_are_kept(portal, now):
    """Every try with its outcome, for ever."""
    send(portal, "portal", now)
    with portal.reads.connect() as connection:
        receipts = connection.execute(select(schema.receipt)).all()

    assert ["done"] == [row["outcome"] for row in views.attempts(portal)]
    assert 1 == len(receipts)


def test_each_firing_of_a_schedule_runs_once(ledger, now):
    """Any number of schedulers may ask."""
    assert ledger.first_to_run("look", now, now)
    assert not ledger.first_to_run("look", now, now)


def test_the_next_wake_up_is_known(ledger, now):
    """For a loop that sleeps until then."""
    assert ledger.next_due(["portal"], now) is None
    ledger.record([prepared(now, when=now + MINUTE, channels=("portal",))], now)
    assert now + MINUTE == ledger.next_due(["portal"], now)


class Platform:
    """What a channel really holds, with answers that get lost."""

    def __init__(self, chance):
        self.posts, self.created, self.chance = {}, 0, chance

    def perform(self, claim, now):
        roll, soon = self.chance.random(), now + MINUTE
        if claim.op == "find":
            found = [name for name, item in self.posts.items() if item == claim.item]
            assert len(found) <= 1
            return Attempt("done", found[0], "u") if found else Attempt("absent")
        if claim.op == "withdraw":
            self.posts.pop(claim.remote_id, None)
            return Attempt("done") if roll < 0.8 else Attempt("later", retry_at=soon, unclear=True)
        if claim.op == "revise":
            assert claim.remote_id in self.posts
            return Attempt("done") if roll < 0.8 else Attempt("later", retry_at=soon, unclear=True)
        if roll < 0.2:
            return Attempt("later", retry_at=soon)
        if roll < 0.3:
            return Attempt("refused")
        if roll < 0.4:
            return Attempt("unsure", retry_at=soon)
        self.created += 1
        self.posts[f"r{self.created}"] = claim.item
        assert 1 == list(self.posts.values()).count(claim.item), "posted twice"
        return Attempt("done", f"r{self.created}", "u") if roll < 0.8 else Attempt("unsure", retry_at=soon)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_people_and_workers_do_no_item_is_there_twice_and_none_is_lost(tmp_path, now, seed):
    """Edits, holds, cancels, withdrawals, deaths and lost answers in any order; at the end the channel is as wanted."""
    chance = random.Random(seed)
    engine = open_engine(f"sqlite:///{tmp_path / 'chaos.sqlite'}")
    ledger, platform, seen = Ledger(engine, "w"), Platform(chance), set()
    verbs = ("hold", "release", "cancel", "withdraw", "retry", "publish_now")

    def work():
        ledger.sweep(now, {"portal": 0.0})
        claim = ledger.claim("portal", now)
        if claim:
            seen.add((claim.op, "claimed"))
            result = platform.perform(claim, now)
            if chance.random() > 0.15:  # else the worker dies between answer and settle
                ledger.settle(claim, result, now)

    for step in range(120):
        now += chance.choice([MINUTE, 3 * MINUTE, 20 * MINUTE])
        item, what = f"i{chance.randrange(3)}", chance.random()
        if what < 0.2:
            ledger.record([prepared(now, item=item, digest=f"d{step}", text=str(step), channels=("portal",))], now)
        elif what < 0.35:
            try:
                getattr(ledger, chance.choice(verbs))(item, "", By("p", now))
            except Exception as error:
                assert "NotPossible" == type(error).__name__
        else:
            work()
    for row in views.deliveries(ledger):  # the day ends: holds are released, refusals retried
        for verb in ("release", "release", "retry"):
            try:
                getattr(ledger, verb)(row["item"], "", By("p", now))
            except Exception as error:
                assert "NotPossible" == type(error).__name__
    platform.chance = type("Calm", (), {"random": staticmethod(lambda: 0.5)})
    chance.random = lambda: 0.5
    for _round in range(60):
        now += 30 * MINUTE
        work()
    for row in views.deliveries(ledger):
        if row["person"]:
            continue
        assert states.IDLE == row["state"]
        assert (row["have"] > 0) == (row["item"] in platform.posts.values())
        assert row["cancelled"] or row["want"] == row["have"]
    engine.dispose()
