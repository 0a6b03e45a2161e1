"""What the ledger remembers of alerts, on either database."""

from datetime import timedelta

from pipeline.ledger.alerts import Trouble, due_since, last_published, refused, remember, told
from pipeline.ledger.sent import recorded
from pipeline.model import Outcome
from tests.pipeline.ledger.making import prepared, send


def test_what_was_told_is_remembered_by_target_until_its_end_was_told(ledger, now):
    """Told again, a row is renewed, not doubled."""
    trouble = Trouble("channel:zalo", "Zalo", "a")
    remember(ledger, "mail:a", [trouble, Trouble("silent", "Im")], [], now)
    remember(ledger, "mail:a", [Trouble("channel:zalo", "Zalo khác", "b")], ["silent"], now + timedelta(hours=1))
    found = told(ledger, "mail:a")

    assert {"channel:zalo": ("Zalo khác", "b", now + timedelta(hours=1))} == {
        key: (one.text, one.sign, one.told) for key, one in found.items()
    }
    assert {} == told(ledger, "mail:b")


def test_refused_files_are_counted_by_unit(ledger, now):
    """Another file or edition is another sign."""
    assert {} == refused(ledger)
    ledger.record([prepared(now, item="b1", outcome=Outcome.REJECT)], now)
    (one,) = refused(ledger).values()
    ledger.record([prepared(now, item="b1", outcome=Outcome.REJECT, digest="d2")], now)
    (two,) = refused(ledger).values()

    assert (1, 1) == (one[0], two[0]) and one[1] != two[1]


def test_what_was_published_last_and_what_is_due_are_known(ledger, now):
    """None when there is none."""
    assert (None, None) == (last_published(ledger), due_since(ledger))
    ledger.record([prepared(now, channels=("portal",))], now)
    assert (None, now) == (last_published(ledger), due_since(ledger))
    send(ledger, "portal", now + timedelta(hours=1))

    assert (now + timedelta(hours=1), None) == (last_published(ledger), due_since(ledger))


def test_a_file_that_was_sent_is_known_once_intake_saw_it(ledger, now):
    """With the item that came of it."""
    ledger.record([prepared(now)], now)

    assert ("a1", "publish") == (recorded(ledger, "so-noi-vu/a1.md").item, recorded(ledger, "so-noi-vu/a1.md").outcome)
    assert None is recorded(ledger, "so-noi-vu/khong-co.md")
