"""The audit's hash chain: unbroken under concurrent writers, and broken by whoever touches a row."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from pipeline.ledger import Ledger, chain, views
from pipeline.ledger import schema as t
from pipeline.ledger.chain import Verdict, coming_from, verify
from pipeline.ledger.engine import open_engine


def written(ledger, now, count=4):
    """So many rows, one transaction each; their ids."""
    for number in range(count):
        ledger.hold_channel("zalo", f"người {number}", "kiểm thử ế", now + timedelta(seconds=number))
    return sorted(row["id"] for row in views.audit(ledger))


def tampered(ledger, statement):
    with ledger.engine.begin() as connection:
        connection.execute(statement)


def test_an_untouched_audit_is_whole(ledger, now):
    """And its last value, noted down elsewhere, is still in it later."""
    assert Verdict(0, None, "", True) == verify(ledger.engine)
    written(ledger, now)
    kept = verify(ledger.engine).last
    written(ledger, now)

    assert (8, None, True) == (
        verify(ledger.engine).rows,
        verify(ledger.engine).broken,
        verify(ledger.engine, kept).kept,
    )
    assert 64 == len(kept)


@pytest.mark.parametrize("column", ["who", "what", "subject", "note", "where_from", "chain"])
def test_a_changed_word_is_found_in_its_row(ledger, now, column):
    """The first row that does not fit is named."""
    ids = written(ledger, now)
    tampered(ledger, update(t.audit).where(t.audit.c.id == ids[1]).values(**{column: "khác"}))

    assert (1, ids[1]) == (verify(ledger.engine).rows, verify(ledger.engine).broken)


def test_another_time_a_removed_and_a_slipped_in_row_are_found(ledger, now):
    """Each breaks the chain where it stands."""
    ids = written(ledger, now, 6)
    tampered(ledger, update(t.audit).where(t.audit.c.id == ids[4]).values(at=now + timedelta(hours=1)))
    assert ids[4] == verify(ledger.engine).broken
    tampered(ledger, delete(t.audit).where(t.audit.c.id == ids[2]))
    assert ids[3] == verify(ledger.engine).broken
    row = {"id": ids[0] - 1, "at": now, "who": "x", "what": "approve", "subject": "a1", "chain": "0" * 64}
    tampered(ledger, insert(t.audit).values(**row))
    assert ids[0] - 1 == verify(ledger.engine).broken


def test_a_cut_tail_is_found_by_the_value_that_was_noted_down(ledger, now):
    """The rows that are left fit each other, so only the noted value shows it."""
    ids = written(ledger, now)
    kept = verify(ledger.engine).last
    tampered(ledger, delete(t.audit).where(t.audit.c.id == ids[-1]))
    found = verify(ledger.engine, kept)

    assert (None, False) == (found.broken, found.kept)


def test_what_is_rolled_back_leaves_no_row_and_no_hole(ledger, now):
    """Neither in the audit nor waiting for the next transaction of that connection."""
    written(ledger, now, 1)
    with pytest.raises(ZeroDivisionError), ledger.engine.begin() as connection:
        ledger._note(connection, now, "x", "approve", "a1")
        raise ZeroDivisionError
    written(ledger, now, 1)

    assert (2, None) == (verify(ledger.engine).rows, verify(ledger.engine).broken)


def test_many_writers_at_once_make_one_chain(url, now):
    """Threads with connections of their own, as the desk's and the workers' are."""
    engine = open_engine(url)
    start = threading.Barrier(6)

    def work(number):
        start.wait()
        for turn in range(8):
            with engine.begin() as connection:
                ledger = Ledger(engine, f"w{number}")
                ledger._note(connection, now, f"w{number}", "hold", f"{turn}")
                ledger._note(connection, now, f"w{number}", "release", f"{turn}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert (96, None) == (verify(engine).rows, verify(engine).broken)
    engine.dispose()


def test_the_address_of_the_request_stands_in_the_row_else_the_process(ledger, now):
    """What a command or a worker does has no address."""
    with coming_from("10.1.2.3"):
        written(ledger, now, 1)
    written(ledger, now, 1)

    assert ["test", "10.1.2.3"] == [row["where_from"] for row in views.audit(ledger)]


def test_rows_from_before_the_chain_become_its_beginning(url, now):
    """The migration chains what is there; new rows go on from it."""
    from alembic import command
    from alembic.config import Config

    engine = open_engine(url)
    ledger = Ledger(engine, "test")
    written(ledger, now)
    config = Config()
    config.set_main_option("script_location", "pipeline/ledger/migrations")
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0004")
    engine.dispose()
    engine = open_engine(url)
    written(Ledger(engine, "test"), now)

    assert (8, None) == (verify(engine).rows, verify(engine).broken)
    engine.dispose()


def test_the_way_of_writing_a_row_never_changes():
    """Chains in the field were made with it: a value computed by hand from the documented form."""
    import hashlib
    from datetime import UTC, datetime

    row = {"at": datetime(2026, 11, 24, 8, 0, tzinfo=UTC), "who": "bích", "what": "approve", "subject": "a1", "note": "",
           "where_from": "10.0.0.1", "id": 7}  # fmt: skip
    form = ('before\n{"at":"2026-11-24T08:00:00.000000+00:00","note":"","subject":"a1","what":"approve",'
            '"where_from":"10.0.0.1","who":"b\\u00edch"}')  # fmt: skip

    assert hashlib.sha256(form.encode()).hexdigest() == chain.link("before", row)


def test_a_ledger_that_moves_keeps_its_chain(ledger, now, tmp_path):
    """Copied rows fit, and new ones go on."""
    from pipeline.ledger.copying import copy

    written(ledger, now)
    target = open_engine(f"sqlite:///{tmp_path / 'new.sqlite'}")
    copy(ledger.engine, target)
    Ledger(target).hold_channel("zalo", "y", "", now)

    assert (5, None) == (verify(target).rows, verify(target).broken)
    with target.connect() as connection:
        assert 5 == len(connection.execute(select(t.audit.c.chain).distinct()).all())
    target.dispose()
