"""What intake writes, on a real database."""

from dataclasses import replace
from datetime import timedelta

from pipeline.ledger import Prepared, views
from pipeline.model import Attempt, Outcome
from tests.pipeline.ledger.making import die, prepared, send

MINUTE = timedelta(minutes=1)


def wants(ledger):
    return {row["channel"]: (row["want"], row["have"]) for row in views.deliveries(ledger)}


def test_a_new_item_is_planned_and_the_portal_comes_first(ledger, now):
    """Zalo waits until the portal shows the same edition."""
    assert {"so-noi-vu/a1.md": "new"} == ledger.record([prepared(now)], now)
    assert ledger.claim("zalo", now) is None
    send(ledger, "portal", now)
    assert "publish" == ledger.claim("zalo", now).op


def test_what_was_sent_is_never_claimed_again(ledger, now):
    """have = want: nothing to do."""
    ledger.record([prepared(now)], now)
    send(ledger, "portal", now)
    ledger.record([prepared(now)], now)

    assert ledger.claim("portal", now) is None


def test_an_edit_is_one_revision_a_channel(ledger, now):
    """A new digest is a new edition of the same item."""
    ledger.record([prepared(now)], now)
    send(ledger, "portal", now)
    ledger.record([prepared(now, digest="d2", text="p2")], now)
    ledger.record([prepared(now, digest="d3", text="p3")], now)
    claim = send(ledger, "portal", now)

    assert ("revise", 3, "portal p3", "portal p1") == (claim.op, claim.edition, claim.post, claim.shown)
    assert ledger.claim("portal", now) is None


def test_an_edition_that_fails_leaves_what_is_public(ledger, now):
    """And cancels what was planned for the old words."""
    ledger.record([prepared(now)], now)
    send(ledger, "portal", now)
    ledger.record([prepared(now, digest="d2", outcome=Outcome.REJECT)], now)

    assert {"portal": (1, 1), "zalo": (0, 0)} == wants(ledger)


def test_an_edition_that_fails_while_a_post_is_in_doubt_neither_sends_nor_withdraws_it(ledger, now):
    """What turns out to be public stays; what turns out not to be is not sent."""
    for name in ("there", "absent"):
        ledger.record([prepared(now, item=name, channels=("portal",))], now)
        die(ledger, now)
        ledger.sweep(now, {"portal": 0.0})
        ledger.record([prepared(now, item=name, channels=("portal",), digest="d2", outcome=Outcome.REJECT)], now)
        found = Attempt("done", "r", "u") if name == "there" else Attempt("absent")
        assert "find" == send(ledger, "portal", now + 7 * MINUTE, found).op

    assert ledger.claim("portal", now + 8 * MINUTE) is None
    assert {"there": "published", "absent": "withdrawn"} == {
        row["item"]: row["view"] for row in views.deliveries(ledger)
    }


def test_status_withdrawn_takes_it_off_every_channel(ledger, now):
    """want becomes 0; a withdrawal is due where something is public."""
    ledger.record([prepared(now)], now)
    send(ledger, "portal", now)
    ledger.record([prepared(now, digest="d2", status="withdrawn")], now)

    assert "withdraw" == ledger.claim("portal", now).op
    assert ledger.claim("zalo", now) is None


def test_an_item_that_needs_an_editor_waits_for_one(ledger, now, by):
    """A review finding, the newsroom's policy, or urgency; approval plans what was rendered."""
    ledger.record([prepared(now, outcome=Outcome.REVIEW)], now)
    ledger.record([prepared(now, item="b1", approval=True)], now)
    ledger.record([prepared(now, item="c1", urgent=True)], now)

    assert [] == views.deliveries(ledger)
    assert [1, 1, 1] == [ledger.approve(item, by) for item in ("a1", "b1", "c1")]
    assert {"a1": 5, "b1": 5, "c1": 0} == {row["item"]: row["priority"] for row in views.deliveries(ledger)}


def test_approval_belongs_to_an_edition(ledger, now, by):
    """The next edition waits again, and what is public stays."""
    ledger.record([prepared(now, outcome=Outcome.REVIEW, channels=("portal",))], now)
    ledger.approve("a1", by)
    send(ledger, "portal", now)
    ledger.record([prepared(now, outcome=Outcome.REVIEW, channels=("portal",), digest="d2")], now)

    assert {"portal": (1, 1)} == wants(ledger)


def test_an_expired_item_is_withdrawn_once(ledger, now):
    """From the moment named, on every channel."""
    ledger.record([prepared(now, expires=now + MINUTE, channels=("portal",))], now)
    send(ledger, "portal", now)

    assert [0, 1, 0] == [ledger.expire(moment) for moment in (now, now + MINUTE, now + MINUTE)]
    assert "withdraw" == ledger.claim("portal", now + MINUTE).op


def test_what_waited_for_its_time_is_validated_again_before_it_goes_out(ledger, now):
    """A delivery whose file was last checked before its time is not claimed until it was checked since."""
    hour = now + timedelta(hours=1)
    ledger.record([prepared(now, when=hour, channels=("portal",))], now)

    assert set() == ledger.stale(now)
    assert {"so-noi-vu/a1.md"} == ledger.stale(hour)
    assert ledger.claim("portal", hour) is None
    ledger.record([prepared(now, when=hour, channels=("portal",))], hour)
    assert ledger.claim("portal", hour) is not None


def test_many_that_come_at_once_wait_for_their_time_as_well(ledger, now):
    """A batch is written in fewer statements, to the same effect."""
    hour = now + timedelta(hours=1)
    ledger.record([prepared(now, item=f"a{number}", when=hour, channels=("portal",)) for number in range(9)], now)

    assert set() == ledger.stale(now)
    assert 9 == len(ledger.stale(hour))


def test_what_is_approved_or_moved_before_its_time_is_validated_again_at_that_time(ledger, now, by):
    """A person's word says nothing about the day on which it goes out."""
    hour, later = now + timedelta(hours=1), now + timedelta(hours=2)
    ledger.record([prepared(now, when=hour, channels=("portal",), outcome=Outcome.REVIEW)], now)
    ledger.approve("a1", by)
    assert {"so-noi-vu/a1.md"} == ledger.stale(hour)
    ledger.record([prepared(now, when=hour, channels=("portal",), outcome=Outcome.REVIEW)], hour)
    assert set() == ledger.stale(hour)
    ledger.move("a1", "portal", later, by)

    assert ({"so-noi-vu/a1.md"}, None) == (ledger.stale(later), ledger.claim("portal", later))


def test_a_second_file_of_an_item_is_checked_for_itself(ledger, now):
    """The one that was looked at longest ago counts."""
    hour = now + timedelta(hours=1)
    ledger.record([prepared(now, when=hour, channels=("portal",))], now)
    ledger.record([replace(prepared(now, when=hour, channels=("portal",)), path="so-noi-vu/b.md")], hour)

    assert {"so-noi-vu/a1.md"} == ledger.stale(hour)


def test_a_file_that_no_longer_passes_at_its_time_does_not_go_out(ledger, now):
    """The same edition, another outcome."""
    hour = now + timedelta(hours=1)
    ledger.record([prepared(now, when=hour, channels=("portal",))], now)
    ledger.record([prepared(now, when=hour, channels=("portal",), outcome=Outcome.REJECT)], hour)

    assert ledger.claim("portal", hour) is None


def test_a_renamed_file_stays_the_same_item(ledger, now):
    """Its path changes, nothing else."""
    ledger.record([prepared(now)], now)
    moved = replace(prepared(now), path="so-noi-vu/moi.md")
    ledger.record([moved], now, [("so-noi-vu/a1.md", "so-noi-vu/moi.md")])

    assert "a1" == ledger.known_drops()["so-noi-vu/moi.md"].item


def test_times_come_back_aware(ledger, now):
    """SQLite would lose the zone."""
    ledger.record([prepared(now)], now)

    assert now == views.deliveries(ledger)[0]["not_before"]


def test_a_withdrawn_file_is_taken_off_even_when_it_holds_errors(ledger, now):
    """What must go must go, whatever else is wrong with its file."""
    ledger.record([prepared(now, channels=("portal",))], now)
    send(ledger, "portal", now)
    refused = Prepared("so-noi-vu/a1.md", "so-noi-vu", "d2", (), "d2", Outcome.REJECT, status="withdrawn")
    ledger.record([refused], now)

    assert "withdraw" == ledger.claim("portal", now).op


def test_a_folder_of_more_files_than_a_statement_has_variables_is_asked_about_whole(ledger, now):
    """SQLite takes 32,766 variables in a statement, PostgreSQL's driver 65,535."""
    ledger.record([prepared(now, item="b1")], now)
    many = [f"khac-{number}" for number in range(70_000)]

    assert {"b1"} == set(ledger.identities([*many, "b1"]))
    assert set() == ledger.published([*many, "b1"])
    ledger.mark_missing([*many, "so-y-te/b1.md"], now)
