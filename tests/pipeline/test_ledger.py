"""Claim, settle and the fence, on a real SQLite file."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from pipeline.ledger import Ledger, Prepared, schema, views
from pipeline.ledger.engine import HEAD, open_engine
from pipeline.model import Attempt, Identity, Outcome, Slot

MINUTE = timedelta(minutes=1)


@pytest.fixture
def ledger(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    yield Ledger(engine, "test")
    engine.dispose()


def prepared(now, *, digest="d1", outcome=Outcome.PUBLISH, status="ready", channels=("portal", "zalo"), text="p1"):
    slots = tuple(Slot(name, now, "" if name == "portal" else "portal") for name in channels)
    return Prepared("so-noi-vu/a.md", "so-noi-vu", digest, (), digest, outcome,
                    identity=Identity("a1", "2026/11/a-a1.html", now), kind="article", title="Tin", areas=("mot-cua",),
                    status=status, slots=slots if outcome == Outcome.PUBLISH and status == "ready" else (),
                    posts={name: (f"{name} {text}", f"{name}{text}") for name in channels})  # fmt: skip


def send(ledger, channel, now, result=None):
    claim = ledger.claim(channel, now)
    assert claim is not None
    ledger.settle(claim, result or Attempt("done", "r1", "https://x/1"), now)
    return claim


def test_a_new_item_is_planned_and_the_portal_comes_first(ledger, now):
    """Zalo waits until the portal shows the same edition."""
    assert {"so-noi-vu/a.md": "new"} == ledger.record([prepared(now)], now)
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

    assert ("revise", 3) == (claim.op, claim.edition)
    assert ledger.claim("portal", now) is None


def test_a_worker_that_died_while_publishing_leaves_a_doubt(ledger, now):
    """Its lease runs out, the post is looked for and not sent again."""
    ledger.record([prepared(now)], now)
    ledger.claim("portal", now)
    later = now + timedelta(minutes=6)

    assert 1 == ledger.sweep(later, {"portal": 30.0})
    assert ledger.claim("portal", later) is None
    assert "find" == ledger.claim("portal", later + MINUTE).op


def test_the_attempt_number_is_the_fence(ledger, now):
    """A worker that comes back late settles nothing."""
    ledger.record([prepared(now)], now)
    late = ledger.claim("portal", now)
    after = now + timedelta(minutes=6)
    ledger.sweep(after, {"portal": 0.0})
    ledger.settle(ledger.claim("portal", after), Attempt("done", "r9", "u"), after)

    assert not ledger.settle(late, Attempt("done", "r1", "u"), after)
    assert "r9" == views.deliveries(ledger)[0]["remote_id"] or "r9" in {
        row["remote_id"] for row in views.deliveries(ledger)
    }


def test_an_accepted_post_is_only_ever_confirmed(ledger, now):
    """The token is kept and asked for again, never sent again."""
    ledger.record([prepared(now)], now)
    send(ledger, "portal", now, Attempt("accepted", pending="tok", retry_at=now + MINUTE))

    assert ledger.claim("portal", now) is None
    claim = ledger.claim("portal", now + MINUTE)
    assert ("confirm", "tok") == (claim.op, claim.pending)


def test_an_edition_that_fails_leaves_what_is_public(ledger, now):
    """And cancels what was planned for the old words."""
    ledger.record([prepared(now)], now)
    send(ledger, "portal", now)
    ledger.record([prepared(now, digest="d2", outcome=Outcome.REJECT)], now)

    wants = {row["channel"]: (row["want"], row["have"]) for row in views.deliveries(ledger)}
    assert {"portal": (1, 1), "zalo": (0, 0)} == wants


def test_status_withdrawn_takes_it_off_every_channel(ledger, now):
    """want becomes 0; a withdrawal is due where something is public."""
    ledger.record([prepared(now)], now)
    send(ledger, "portal", now)
    ledger.record([prepared(now, digest="d2", status="withdrawn")], now)

    assert "withdraw" == ledger.claim("portal", now).op
    assert ledger.claim("zalo", now) is None


def test_a_held_channel_sends_nothing_until_released(ledger, now):
    """A dead token holds the whole channel."""
    ledger.record([prepared(now)], now)
    send(ledger, "portal", now, Attempt("held", error="token expired", retry_at=now))

    assert ledger.claim("portal", now) is None
    ledger.release_channel("portal", "operator", now)
    assert ledger.claim("portal", now) is not None


def test_quiet_hours_hold_what_is_not_urgent(ledger, now):
    """Decided inside the claim."""
    ledger.record([prepared(now)], now)

    assert ledger.claim("portal", now, open_hours=False) is None


def test_attempts_and_receipts_are_kept(ledger, now):
    """Every try with its outcome, for ever."""
    ledger.record([prepared(now)], now)
    send(ledger, "portal", now)
    with ledger.reads.connect() as connection:
        receipts = connection.execute(select(schema.receipt)).all()

    assert ["done"] == [row["outcome"] for row in views.attempts(ledger)]
    assert 1 == len(receipts)


def test_each_firing_of_a_schedule_runs_once(ledger, now):
    """Any number of schedulers may ask."""
    assert ledger.first_to_run("look", now, now)
    assert not ledger.first_to_run("look", now, now)


def test_times_come_back_aware(ledger, now):
    """SQLite would lose the zone."""
    ledger.record([prepared(now)], now)

    assert now == views.deliveries(ledger)[0]["not_before"]


def test_the_newest_migration_is_the_one_the_program_expects(root):
    """A new migration must move HEAD."""
    newest = max(file.name[:4] for file in (root / "pipeline/ledger/migrations/versions").glob("0*.py"))

    assert HEAD == newest


def test_the_migrations_make_exactly_the_tables_that_the_program_knows(tmp_path):
    """A column that is in the code but in no migration would be missing in the field."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from pipeline.ledger.schema import metadata

    engine = open_engine(f"sqlite:///{tmp_path / 'new.sqlite'}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)

        assert [] == compare_metadata(context, metadata)
