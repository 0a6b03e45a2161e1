"""Opening, migrating and failing databases."""

import sqlite3
from threading import Timer

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, text

from pipeline.errors import LedgerDamaged, LedgerError, RunError
from pipeline.ledger import Ledger
from pipeline.ledger.copying import copy
from pipeline.ledger.dues import begins
from pipeline.ledger.engine import HEAD, open_engine
from pipeline.ledger.schema import delivery, metadata
from tests.pipeline.ledger.making import prepared, send


def test_the_newest_migration_is_the_one_the_program_expects(root):
    """A new migration must move HEAD."""
    newest = max(file.name[:4] for file in (root / "pipeline/ledger/migrations/versions").glob("0*.py"))

    assert HEAD == newest


def test_the_migrations_make_exactly_the_tables_that_the_program_knows(bare_url):
    """A column that is in the code but in no migration would be missing in the field."""
    engine = open_engine(bare_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": _in_the_schema})
        assert [] == compare_metadata(context, metadata)
    engine.dispose()


def _in_the_schema(name, _kind, _parents):
    """All but what one database alone has: test_searching.py and test_knowing.py ask for it."""
    return not str(name).startswith(("search_index", "drop_news")) and name not in ("document", "ix_search_document")


def test_a_ledger_of_a_newer_program_is_left_alone(tmp_path):
    """Older code would not understand it."""
    engine = open_engine(f"sqlite:///{tmp_path / 'l.sqlite'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    with pytest.raises(RunError, match="9999"):
        open_engine(f"sqlite:///{tmp_path / 'l.sqlite'}")


def test_a_damaged_file_stops_the_program_and_says_what_to_do(tmp_path):
    """Restore a backup; never go on."""
    (tmp_path / "l.sqlite").write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)

    with pytest.raises(LedgerDamaged, match="sao lưu"):
        open_engine(f"sqlite:///{tmp_path / 'l.sqlite'}")


def test_a_full_disk_is_said_and_nothing_is_lost(tmp_path, now):
    """After there is room again the same call works."""
    engine = open_engine(f"sqlite:///{tmp_path / 'l.sqlite'}")
    ledger = Ledger(engine)
    ledger.record([prepared(now)], now)
    big = [prepared(now, item=f"x{number}", text="y" * 50_000) for number in range(40)]
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 60")
    with pytest.raises(LedgerError, match="đầy"):
        ledger.record(big, now)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")

    assert 40 == len(ledger.record(big, now))
    assert "publish" == send(ledger, "portal", now).op
    engine.dispose()


def test_a_locked_ledger_is_said(tmp_path, now):
    """Another program keeps it; nothing is changed."""
    engine = open_engine(f"sqlite:///{tmp_path / 'l.sqlite'}")
    ledger = Ledger(engine)
    other = sqlite3.connect(tmp_path / "l.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with engine.execution_options(reads=True).connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 10")
    with pytest.raises(LedgerError, match="khóa"):
        ledger.record([prepared(now)], now)
    other.execute("ROLLBACK")
    other.close()

    assert 1 == len(ledger.record([prepared(now)], now))
    engine.dispose()


def test_of_two_programs_that_open_a_new_ledger_at_once_none_fails(tmp_path):
    """The second waits until the first has made its file."""
    other = sqlite3.connect(tmp_path / "l.sqlite", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    first = Timer(0.2, other.execute, ["COMMIT"])
    first.start()
    engine = open_engine(f"sqlite:///{tmp_path / 'l.sqlite'}")
    first.join()
    other.close()
    with engine.connect() as connection:
        assert ("wal", HEAD) == (connection.exec_driver_sql("PRAGMA journal_mode").scalar(),
                                 connection.scalar(text("SELECT version_num FROM alembic_version")))  # fmt: skip
    engine.dispose()


def test_a_database_that_cannot_be_opened_is_one_message():
    """No traceback."""
    with pytest.raises(RunError):
        open_engine("sqlite:////nonexistent/folder/l.sqlite")


def test_a_ledger_moves_to_another_database_with_all_its_rows(ledger, now, tmp_path):
    """And goes on there: what was sent stays sent, numbers go on."""
    ledger.record([prepared(now)], now)
    send(ledger, "portal", now)
    target = open_engine(f"sqlite:///{tmp_path / 'new.sqlite'}")
    rows = copy(ledger.engine, target)
    moved = Ledger(target)

    assert rows > 8
    assert moved.claim("portal", now) is None
    assert "publish" == send(moved, "zalo", now).op
    moved.record([prepared(now, item="b1")], now)
    target.dispose()


def test_a_claim_reads_only_what_is_open_and_in_order(tmp_path, now):
    """By the partial index: an archive of years, or a long queue, costs a claim nothing."""
    engine = open_engine(f"sqlite:///{tmp_path / 'l.sqlite'}")
    d = delivery.c
    query = select(delivery).where(begins("zalo", now, True)).order_by(d.priority, d.not_before, d.id).limit(1)
    statement = str(query.compile(engine, compile_kwargs={"literal_binds": True}))
    with engine.connect() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]

    assert "SEARCH delivery USING INDEX ix_delivery_due (channel=?)" == plan[0]
    assert not [line for line in plan if "TEMP B-TREE" in line]
    engine.dispose()
