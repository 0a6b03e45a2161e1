"""People's verbs: checked against the state, and written into the audit."""

from datetime import timedelta

import pytest

from pipeline.errors import NotPossible
from pipeline.ledger import views
from pipeline.ledger.verbs import By
from pipeline.model import Attempt, Outcome
from tests.pipeline.ledger.making import prepared, send

HOUR = timedelta(hours=1)


@pytest.fixture
def planned(ledger, now):
    ledger.record([prepared(now, channels=("portal",), author="Trần Văn Viết")], now)
    return ledger


@pytest.fixture
def public(planned, now):
    send(planned, "portal", now)
    return planned


def view(ledger):
    return views.deliveries(ledger)[0]["view"]


def done(ledger):
    return [(row["who"], row["what"]) for row in views.audit(ledger)]


def test_a_refused_delivery_is_tried_again(planned, now, by):
    """As if it had never been tried."""
    send(planned, "portal", now, Attempt("refused", error="too long"))
    planned.retry("a1", "", by)

    assert planned.claim("portal", now) is not None
    assert ("Nguyễn Thị Biên", "retry") in done(planned)


def test_a_held_item_waits_and_goes_on(planned, now, by):
    """An attempt under way would have ended normally."""
    planned.hold("a1", "portal", by)
    assert ("held", None) == (view(planned), planned.claim("portal", now))
    planned.release("a1", "portal", by)
    assert planned.claim("portal", now) is not None


def test_a_cancelled_plan_does_not_go_out(planned, now, by):
    """Nor does looking at the unchanged file plan it again."""
    planned.cancel("a1", "", by)
    planned.record([prepared(now, channels=("portal",))], now)

    assert planned.claim("portal", now) is None


def test_a_cancelled_revision_leaves_what_is_public(public, now, by):
    """want is what is there."""
    public.record([prepared(now, channels=("portal",), digest="d2")], now)
    public.cancel("a1", "", by)

    assert ("published", None) == (view(public), public.claim("portal", now))


def test_a_withdrawn_item_stays_off_when_its_unit_edits_it(public, now, by):
    """Until somebody releases it."""
    public.withdraw("a1", "", by)
    assert "withdraw" == send(public, "portal", now, Attempt("done")).op
    public.record([prepared(now, channels=("portal",), digest="d2")], now)
    assert public.claim("portal", now) is None
    assert ["portal"] == public.release("a1", "", by)
    assert ("publish", 2) == (lambda claim: (claim.op, claim.edition))(public.claim("portal", now))


@pytest.mark.parametrize(
    ("asks", "says"),
    [
        ({"approval": True}, "duyệt"),
        ({"urgent": True}, "duyệt"),
        ({"outcome": Outcome.REVIEW}, "duyệt"),
        ({"outcome": Outcome.REJECT}, "sửa"),
    ],
)
def test_a_released_item_still_asks_for_what_its_newest_edition_needs(public, now, by, asks, says):
    """Whoever withdrew and released it, an edition that nobody approved stays in, and the desk says why."""
    public.withdraw("a1", "", by)
    send(public, "portal", now, Attempt("done"))
    public.record([prepared(now, channels=("portal",), digest="d2", **asks)], now)

    assert [] == public.release("a1", "", by)
    assert public.claim("portal", now) is None
    assert says in views.item(public, "a1")["attention"]


def test_a_released_item_goes_out_once_its_edition_is_approved(public, now, by):
    """The approval plans it."""
    public.withdraw("a1", "", by)
    send(public, "portal", now, Attempt("done"))
    public.record([prepared(now, channels=("portal",), digest="d2", approval=True)], now)
    public.release("a1", "", by)
    public.approve("a1", By("Lê Thị Duyệt", now))

    assert 2 == public.claim("portal", now).edition


def test_publish_now_passes_the_embargo(ledger, now, by):
    """Also the hours and the limits."""
    ledger.record([prepared(now, when=now + HOUR, channels=("portal",))], now)
    ledger.publish_now("a1", "", by)

    assert ledger.claim("portal", now) is not None


def test_a_plan_can_be_moved(planned, now, by):
    """To a later time."""
    planned.move("a1", "", now + HOUR, by)

    assert planned.claim("portal", now) is None


def test_it_is_not_there_plans_it_again(planned, now, by):
    """A person looked at the channel."""
    send(planned, "portal", now, Attempt("unsure", retry_at=now + 9 * HOUR))
    planned.absent("a1", "portal", by)

    assert "publish" == planned.claim("portal", now).op


def test_approver_and_author_are_two_people(ledger, now):
    """However the name is spelled."""
    ledger.record([prepared(now, outcome=Outcome.REVIEW, author="Trần Văn Viết")], now)

    with pytest.raises(NotPossible, match="tran van viet"):
        ledger.approve("a1", By("tran van viet", now))
    assert 1 == ledger.approve("a1", By("Lê Thị Duyệt", now))


@pytest.mark.parametrize(
    "verb",
    [
        lambda ledger, by: ledger.retry("a1", "", by),
        lambda ledger, by: ledger.release("a1", "", by),
        lambda ledger, by: ledger.cancel("a1", "", by),
        lambda ledger, by: ledger.publish_now("a1", "", by),
        lambda ledger, by: ledger.adopt("a1", "portal", "r", "u", by),
        lambda ledger, by: ledger.absent("a1", "portal", by),
        lambda ledger, by: ledger.hold("nothing", "", by),
        lambda ledger, by: ledger.hold("a1", "zalo", by),
        lambda ledger, by: ledger.approve("nothing", by),
        lambda ledger, by: ledger.lift_blackout(by),
        lambda ledger, by: ledger.black_out(by.now, by.now, by),
    ],
)
def test_a_verb_that_does_not_fit_the_state_changes_nothing(public, by, verb):
    """And says why, in the user's language."""
    before = views.deliveries(public)
    with pytest.raises(NotPossible):
        verb(public, by)

    assert before == views.deliveries(public)
    assert ("Nguyễn Thị Biên", "retry") not in done(public)
