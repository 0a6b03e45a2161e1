"""What editors do to an edition."""

import pytest

from pipeline.errors import NotPossible
from pipeline.ledger import history, views
from pipeline.ledger.verbs import By
from tests.pipeline.ledger.making import prepared, send


def wants(ledger):
    return {row["want"] for row in views.deliveries(ledger, item="x1")}


@pytest.fixture
def recorded(ledger, now):
    ledger.record([prepared(now, item="x1")], now)
    return ledger


def test_an_edition_that_was_sent_back_stays_refused_when_it_is_recorded_again(recorded, by, now):
    """A file that is touched is no new edition."""
    recorded.send_back("x1", by, 1)
    recorded.record([prepared(now, item="x1")], now)

    assert {0} == wants(recorded)
    assert "reject" == views.item_by_id(recorded, "x1")["editions"][-1]["outcome"]
    assert by.why in views.item_by_id(recorded, "x1")["attention"]
    with pytest.raises(NotPossible):
        recorded.approve("x1", by)


def test_a_new_edition_after_sending_back_goes_its_own_way(recorded, by, now):
    """The word was about the old one."""
    recorded.send_back("x1", by)
    recorded.record([prepared(now, item="x1", digest="d2")], now)

    assert {2} == wants(recorded)
    assert [1] == [row["edition"] for row in history.sent_back(recorded, "x1")]


def test_what_is_public_cannot_be_sent_back_and_no_reason_is_no_word(recorded, by, now):
    """It must be withdrawn or corrected."""
    with pytest.raises(NotPossible):
        recorded.send_back("x1", By("a", now))
    send(recorded, "portal", now)
    with pytest.raises(NotPossible):
        recorded.send_back("x1", by)


def test_an_author_is_known_by_name_and_by_login(ledger, now):
    """Four eyes, however somebody is called."""
    ledger.record([prepared(now, item="x1", author="Nguyễn Văn A")], now)

    with pytest.raises(NotPossible):
        ledger.approve("x1", By("nva", now, name="Nguyen Van A"))


def test_plan_undoes_cancel_and_nothing_else(recorded, by):
    """What waits for an editor is not planned by the back door."""
    with pytest.raises(NotPossible):
        recorded.plan("x1", "", by)
    recorded.cancel("x1", "", by)
    assert {0} == wants(recorded)
    recorded.plan("x1", "", by)
    assert {1} == wants(recorded)
    recorded.send_back("x1", by)
    with pytest.raises(NotPossible):
        recorded.plan("x1", "", by)
