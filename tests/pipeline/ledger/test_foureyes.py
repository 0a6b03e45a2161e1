"""Who wrote, sent or handed in an edition does not approve it; and the list of what waits."""

from datetime import timedelta

import pytest

from pipeline.errors import NotPossible
from pipeline.ledger import awaiting
from pipeline.ledger.accounts import Account, add
from pipeline.ledger.sent import note_sent
from pipeline.ledger.verbs import By
from tests.pipeline.ledger.making import prepared


@pytest.fixture
def waiting(ledger, now, by):
    """An item that waits for an approval, and two people with accounts."""
    for login in ("lan", "hoa"):
        add(ledger, Account(login, f"Bà {login}", "approver"), by)
    ledger.record([prepared(now, item="x1", approval=True)], now)
    return ledger


def test_who_sent_the_file_does_not_approve_it(waiting, now):
    """Another person does."""
    note_sent(waiting, "lan", {"so-noi-vu/x1.md": "new"}, now)
    with pytest.raises(NotPossible, match="lan"):
        waiting.approve("x1", By("lan", now))

    assert 1 == waiting.approve("x1", By("hoa", now))


def test_who_sent_an_older_edition_may_approve_a_newer_one_of_somebody_else(waiting, now):
    """What counts is the edition."""
    note_sent(waiting, "lan", {"so-noi-vu/x1.md": "new"}, now - timedelta(minutes=1))
    note_sent(waiting, "hoa", {"so-noi-vu/x1.md": "replaced"}, now + timedelta(minutes=1))
    later = now + timedelta(minutes=2)
    waiting.record([prepared(later, item="x1", digest="d2", approval=True)], later)
    with pytest.raises(NotPossible):
        waiting.approve("x1", By("hoa", later))

    assert 2 == waiting.approve("x1", By("lan", later))


def test_without_accounts_one_person_sends_and_approves(ledger, now):
    """As on this machine alone, where nobody can be told from anybody else."""
    ledger.record([prepared(now, item="x1", approval=True)], now)
    note_sent(ledger, "may-nay", {"so-noi-vu/x1.md": "new"}, now)

    assert 1 == ledger.approve("x1", By("may-nay", now))


def test_who_hands_in_does_not_approve(waiting, now):
    """It is handed in once, and the list tells by whom."""
    waiting.hand_in("x1", By("lan", now, "xin duyệt sớm"), 1)
    for verb in (waiting.hand_in, waiting.approve):
        with pytest.raises(NotPossible):
            verb("x1", By("lan", now))
    (row,) = awaiting.awaiting(waiting)

    assert ("x1", "lan", now) == (row["id"], row["handed_by"], row["handed_at"])
    assert "xin duyệt sớm" == awaiting.handed_in(waiting, "x1", 1)["why"]
    assert "Người trình" in awaiting.hindrance(waiting, "x1", By("lan", now))
    assert "" == awaiting.hindrance(waiting, "x1", By("hoa", now))


def test_what_is_approved_returned_or_another_units_is_not_in_the_list(waiting, now, by):
    """The list is what an approver has to do."""
    waiting.record([prepared(now, item="x2", approval=True), prepared(now, item="x3", approval=True)], now)
    assert [] == awaiting.awaiting(waiting, "so-y-te")
    waiting.approve("x1", By("hoa", now))
    waiting.send_back("x2", by)

    assert ["x3"] == [row["id"] for row in awaiting.awaiting(waiting, "so-noi-vu")]
    assert {"x1"} == awaiting.approved(waiting, {"x1", "x2", "x3"})
    with pytest.raises(NotPossible):
        waiting.hand_in("x2", by)


def test_the_tenth_edition_is_not_the_first(waiting, now, by):
    """Notes are told apart by the whole number."""
    for number in range(2, 11):
        waiting.record([prepared(now, item="x1", digest=f"d{number}", approval=True)], now)
    waiting.hand_in("x1", by)

    assert (by.who, None) == (awaiting.handed_in(waiting, "x1", 10)["who"], awaiting.handed_in(waiting, "x1", 1))
