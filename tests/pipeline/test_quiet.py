"""A run that has nothing to do is told so at a glance; whatever else is, is not."""

import shutil
import sqlite3
from datetime import timedelta

import pytest

from bench import corpus
from bench import newsroom as office
from pipeline import config as settings
from pipeline.quiet import glance
from pipeline.session import run_once

COUNT = 4
SOCIAL = "[channels.zalo]\nenabled = false\n[channels.facebook]\nenabled = false\n"


@pytest.fixture
def quiet(tmp_path, now):
    """A newsroom after a run, with a portal alone."""
    file = office.make(tmp_path, corpus.corpus(COUNT), workers=1)
    file.write_text(file.read_text(encoding="utf-8") + SOCIAL, encoding="utf-8")
    config = settings.load(file)
    run_once(config, lambda: now)
    return config


def asked(config, now):
    return glance(config, now, ("portal",)).unchanged


def test_an_unchanged_newsroom_is_quiet(quiet, now):
    """And a whole run agrees: nothing taken in, nothing sent."""
    result = run_once(quiet, lambda: now)

    assert ([], {}) == (result.taken.prepared, dict(result.sent))
    assert COUNT == asked(quiet, now)


def ledger(statement):
    def change(config, now):
        with sqlite3.connect(config.state / "ledger.sqlite") as connection:
            connection.execute(statement, {"past": str(now - timedelta(days=1))[:19] + ".000000"})

    return change


def broken(file):
    file.with_name("ledger.sqlite-wal").unlink(missing_ok=True)
    file.write_bytes(b"no database")


def file_of(config, number=2):
    return next(config.content.rglob(f"{corpus.entry(number).name}.md"))


@pytest.mark.parametrize("change", [
    lambda config, now: office.write(config.content.parent, corpus.entry(COUNT)),
    lambda config, now: file_of(config).write_text(file_of(config).read_text(encoding="utf-8") + "Thêm.\n", encoding="utf-8"),
    lambda config, now: file_of(config).rename(file_of(config).with_name("ten-khac.md")),
    lambda config, now: file_of(config).unlink(),
    lambda config, now: shutil.rmtree(config.path("public")),
    lambda config, now: next(config.content.rglob("KET-QUA.html")).unlink(),
    lambda config, now: (config.state / "ledger.sqlite").unlink(),
    lambda config, now: broken(config.state / "ledger.sqlite"),
    ledger("UPDATE delivery SET want = 2"), ledger("UPDATE delivery SET want = 0"), ledger("UPDATE delivery SET hold = 1"),
    ledger("UPDATE delivery SET state = 'failed'"), ledger("UPDATE delivery SET state = 'sending', lease_until = :past"),
    ledger("UPDATE item SET expires = :past"), ledger("UPDATE channel SET failures = 3"),
    ledger("UPDATE alembic_version SET version_num = '9999'"), ledger("DROP TABLE notice"),
], ids=range(17))  # fmt: skip
def test_whatever_else_is_left_to_the_run(quiet, now, change):
    """A new, changed, renamed or missing file; a folder or report that is gone; anything that waits; a doubtful ledger."""
    change(quiet, now)

    assert asked(quiet, now) is None


def test_a_missing_folder_is_an_error_as_in_a_run(quiet, now):
    """A share that is unmounted is not quiet."""
    shutil.rmtree(quiet.content)
    with pytest.raises(Exception, match="content"):
        asked(quiet, now)
