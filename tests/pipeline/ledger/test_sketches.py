"""What migration 0011 adds: sketches of likenesses that were remembered before it, and an index of what expires."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import event, select, text

import pipeline.ledger
from pipeline.ledger import Ledger, sameness, schema
from pipeline.ledger.engine import open_engine
from pipeline.likeness import likeness, sketch, unpacked
from tests.pipeline.ledger.making import prepared

STORY = "Phường mở thêm hai quầy tiếp nhận hồ sơ cho người cao tuổi và người khuyết tật từ tuần tới, mỗi quầy có một cán bộ "


def likened(now, number):
    words = " ".join(f"từ{turn}" for turn in range(number, number + 40))
    return prepared(now, item=f"a{number}", likeness=likeness([STORY + words], {}))


def test_likenesses_of_an_older_ledger_get_their_sketches(url, now):
    """More than are drawn at a time; those that come later are drawn alike. The way back leaves nothing behind."""
    engine = open_engine(url)
    sameness.compared(engine, [likened(now, number) for number in range(520)])
    with engine.connect() as connection:
        before = connection.execute(select(schema.likeness).order_by(schema.likeness.c.id)).all()
    _gone(engine, "0010")
    with engine.connect() as connection:
        assert "sketch" not in connection.execute(text("SELECT * FROM likeness")).keys()  # noqa: SIM118 - a result
    engine.dispose()
    engine = open_engine(url)
    with engine.connect() as connection:
        after = connection.execute(select(schema.likeness).order_by(schema.likeness.c.id)).all()
    engine.dispose()

    assert before == after
    assert 520 == sum(row.sketch == sketch(unpacked(row.shingles)) for row in after)


def test_a_copy_of_what_was_remembered_without_a_sketch_is_found(url, now):
    """The long way then."""
    engine = open_engine(url)
    sameness.compared(engine, [likened(now, 1)])
    with engine.begin() as connection:
        connection.execute(schema.likeness.update().values(sketch=None))
    (found,) = sameness.compared(engine, [likened(now, 2)])
    engine.dispose()

    assert ["SAME001"] == [finding.code for finding in found.findings]


def test_what_expires_is_found_without_reading_the_archive(tmp_path, now):
    """By an index of the few items that do."""
    engine, asked = open_engine(f"sqlite:///{tmp_path / 'l.sqlite'}"), []
    event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2:4]))
    Ledger(engine).expire(now)
    (question, values), *_rest = [one for one in asked if "item.expires" in one[0]]
    with engine.connect() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {question}", values)]
    engine.dispose()

    assert plan[0].startswith("SEARCH item USING INDEX ix_item_expires")


def _gone(engine, revision):
    config = Config()
    config.set_main_option("script_location", str(Path(pipeline.ledger.__file__).with_name("migrations")))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
