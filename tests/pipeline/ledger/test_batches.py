"""Claims and settlings by the batch keep the promise of single ones, on a real database."""

from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from pipeline.ledger import schema as t
from pipeline.ledger import views
from pipeline.ledger.verbs import By
from pipeline.model import Attempt, Gate
from tests.pipeline.ledger.making import prepared

DONE = Attempt("done", "r1", "https://cchc.example.vn/x")


@pytest.fixture
def many(ledger, now):
    """Five items whose portal pages are due, and what they wait for on Zalo."""
    ledger.record([prepared(now, item=f"a{number}") for number in range(5)], now)
    return ledger


@pytest.fixture
def commits(ledger):
    """Transactions that were kept since."""
    kept = []
    event.listen(ledger.engine, "commit", lambda _connection: kept.append(1))
    return kept


def states_of(ledger):
    return sorted((row["channel"], row["state"], row["have"]) for row in views.deliveries(ledger))


def test_a_batch_is_two_commits_whatever_its_size(many, commits, now):
    """Intents before anything is shown, outcomes after."""
    claims = many.claim_many("portal", now)
    assert (5, 1) == (len(claims), len(commits))
    assert [True] * 5 == many.settle_many([(claim, DONE) for claim in claims], now)

    assert 2 == len(commits)
    assert [("portal", "idle", 1)] * 5 == [row for row in states_of(many) if row[0] == "portal"]


def test_a_single_delivery_is_two_commits(many, commits, now):
    """On every channel that may not be asked twice: intent, outcome."""
    claim = many.claim("portal", now)
    many.settle(claim, DONE, now)

    assert 2 == len(commits)


def test_intents_of_a_batch_are_what_single_claims_commit(many, now):
    """Operation, edition, attempt number, digest and lease, so that a worker that dies leaves nothing unknown."""
    single = many.claim("portal", now)
    others = many.claim_many("portal", now)
    with many.reads.connect() as connection:
        rows = connection.execute(select(t.attempt).order_by(t.attempt.c.delivery)).all()
        sending = connection.execute(select(t.delivery).where(t.delivery.c.state == "sending")).all()

    assert 5 == len(rows) == len(sending)
    assert 1 == len({(row.number, row.op, row.edition, row.owner, row.outcome) for row in rows})
    assert 1 == len(
        {(row.op, row.op_edition, row.attempt, row.owner, bool(row.lease_until), row.unsure_since) for row in sending}
    )
    assert {single.item, *(one.item for one in others)} == {f"a{number}" for number in range(5)}
    assert (single.op, single.edition, single.attempt) == (others[0].op, others[0].edition, others[0].attempt)
    assert single.post.partition(" ")[0] == others[0].post.partition(" ")[0]


def test_what_somebody_else_took_over_is_not_settled(many, now):
    """The attempt number is the fence of each."""
    claims = many.claim_many("portal", now)
    later = now + timedelta(hours=1)
    with many.engine.begin() as connection:  # the lease of a real server cannot be waited for
        connection.execute(t.delivery.update().values(lease_until=now - timedelta(days=400)))
    assert 5 == many.sweep(later, {"portal": 0.0})
    assert [False] * 5 == many.settle_many([(claim, DONE) for claim in claims], later)


def test_receipts_and_outcomes_are_kept(many, now):
    """Of each what happened to it: shown, refused, later."""
    claims = many.claim_many("portal", now)
    ends = [
        DONE,
        Attempt("refused", error="nein"),
        Attempt("later", error="voll", retry_at=now + timedelta(minutes=1)),
        DONE,
        DONE,
    ]
    many.settle_many(list(zip(claims, ends, strict=True)), now)
    with many.reads.connect() as connection:
        outcomes = connection.scalars(select(t.attempt.c.outcome).order_by(t.attempt.c.delivery)).all()
        receipts = connection.scalar(select(func.count()).select_from(t.receipt))

    assert (["done", "refused", "later", "done", "done"], 3) == (outcomes, receipts)
    assert {"idle", "failed"} == {state for channel, state, _have in states_of(many) if channel == "portal"}


@pytest.mark.parametrize("gate", [Gate(quotas=((None, 1),)), Gate(gap=timedelta(minutes=5)), Gate(alone=True)])
def test_limits_and_turns_are_left_to_single_claims(many, gate, now):
    """They are counted in the claim's own transaction, one by one."""
    assert [] == many.claim_many("portal", now, gate)


def test_a_withdrawal_is_left_to_a_single_claim(many, now):
    """It shows a notice at once."""
    claims = many.claim_many("portal", now)
    many.settle_many([(claim, DONE) for claim in claims], now)
    many.withdraw("a2", "portal", By("an", now, "sai"))

    assert [] == many.claim_many("portal", now)
    assert "withdraw" == many.claim("portal", now).op
