"""Pages by keyset: nothing twice, nothing lost, by indexes alone."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from pipeline.ledger.listing import Cursor, Wish, conditions, page, statement
from tests.pipeline.ledger.making import prepared, send


@pytest.fixture
def many(ledger, now):
    """Twenty deliveries of ten items, two at every moment."""
    for number in range(10):
        ledger.record([prepared(now, item=f"i{number}", title=f"Thủ tục số {number}")], now + timedelta(minutes=number))
    return ledger


@pytest.mark.parametrize("upwards", [False, True])
def test_pages_one_after_the_other_hold_every_row_once(many, upwards):
    """In both directions, with ties of time."""
    seen, cursor = [], None
    while True:
        found = page(many, Wish(), 3, cursor, upwards=upwards)
        seen += [row["id"] for row in (found.rows[::-1] if upwards else found.rows)]
        if not (found.newer if upwards else found.older):
            break
        cursor = Cursor.parse(str(found.cursor(0 if upwards else -1)))

    assert sorted(seen, reverse=not upwards) == seen
    assert 20 == len(set(seen)) == len(seen)


def test_words_are_found_without_marks_and_signs_of_patterns_are_words(many):
    """A per cent sign is not everything."""
    assert 2 == len(page(many, Wish(words="thu tuc 7"), 40).rows)
    assert 0 == len(page(many, Wish(words="thu%tuc9x"), 40).rows)


def test_views_narrow_as_the_word_on_the_screen_says(many, now):
    """One is public now."""
    send(many, "portal", now + timedelta(hours=1))

    assert ["portal"] == [row["channel"] for row in page(many, Wish(view="published"), 40).rows]
    assert 19 == len(page(many, Wish(view="planned"), 40).rows)


@pytest.mark.parametrize("name", ["all", "planned"])
def test_a_page_is_read_in_the_order_of_an_index(many, name):
    """No sorting of what is not shown (SQLite's own plan)."""
    if many.postgres:
        pytest.skip("the plan is SQLite's")
    wish = Wish(view="planned") if name == "planned" else Wish()
    query = statement(conditions(many, wish), None, upwards=False).limit(40)
    with many.engine.connect() as connection:
        shown = query.compile(connection, compile_kwargs={"literal_binds": True})
        plan = " ".join(row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {shown}")))

    assert "USING INDEX ix_delivery_" in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize("shown", ["", "1", "-", "a-1", "1-b", "²-1", "9" * 30 + "-1", "1-" + "9" * 30])
def test_an_address_without_sense_is_no_cursor(shown):
    """It narrows nothing."""
    assert Cursor.parse(shown) is None
