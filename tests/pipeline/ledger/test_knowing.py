"""What a program that stays loaded knows of the drops is what the ledger knows, whoever wrote it."""

import random
import re
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event, text

from pipeline.ledger import Knowing, Ledger
from pipeline.ledger.engine import open_engine
from pipeline.ledger.glance import remembered
from pipeline.ledger.verbs import By
from pipeline.model import Outcome
from tests.pipeline.ledger.making import prepared


@pytest.fixture
def knowing(ledger):
    return Knowing(ledger)


@pytest.fixture
def read(ledger):
    """The statements that were asked so far."""
    asked = []
    event.listen(ledger.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    return asked


def test_the_first_time_everything_is_news(ledger, knowing, now):
    """And after that nothing, until something is written."""
    ledger.record([prepared(now), prepared(now, item="a2")], now)

    assert {"so-noi-vu/a1.md", "so-noi-vu/a2.md"} == set(knowing.renew())
    assert [] == list(knowing.renew())


def test_what_others_write_is_known_after_the_next_look(ledger, knowing, url, now):
    """The desk is a process of its own."""
    ledger.record([prepared(now)], now)
    knowing.renew()
    other = open_engine(url)
    Ledger(other, "desk").record([prepared(now, digest="d2")], now)
    other.dispose()

    assert ["so-noi-vu/a1.md"] == list(knowing.renew())
    assert "d2" == knowing.drops["so-noi-vu/a1.md"].digest


def test_what_a_glance_has_read_is_not_read_again(ledger, knowing, url, now, postgres_server):
    """A command that is run looks twice: before it loads the ledger, and with it; what came between is news."""
    if postgres_server:
        return  # a glance looks into a file
    ledger.record([prepared(now, channels=())], now)
    seen = remembered(Path(url.removeprefix("sqlite:///")), now, ())
    assert seen.drops == ledger.known_drops()
    ledger.record([prepared(now, item="a2", channels=())], now)
    knowing.recall(seen)

    assert ["so-noi-vu/a2.md"] == list(knowing.renew())
    assert ledger.known_drops() == knowing.drops


def test_what_was_forgotten_or_moved_is_known_no_more(ledger, knowing, now):
    """A refused file that its sender took away; a text under another name."""
    ledger.record(
        [prepared(now), replace(prepared(now, item="a2", title="", outcome=Outcome.REJECT), identity=None)], now
    )
    knowing.renew()
    ledger.mark_missing(["so-noi-vu/a2.md"], now)
    ledger.record([replace(prepared(now), path="so-noi-vu/b.md")], now, [("so-noi-vu/a1.md", "so-noi-vu/b.md")])

    assert {"so-noi-vu/a1.md", "so-noi-vu/a2.md", "so-noi-vu/b.md"} == set(knowing.renew())
    assert {"so-noi-vu/b.md"} == knowing.drops.keys()


def test_items_are_counted_through_every_change(ledger, knowing, now):
    """A new text must not get the id of one that has moved on."""
    ledger.record([prepared(now)], now)
    knowing.renew()
    assert (True, False) == (knowing.has_item("a1"), knowing.has_item("a2"))
    ledger.record([replace(prepared(now, item="a2"), path="so-noi-vu/a1.md")], now)
    knowing.renew()

    assert (False, True) == (knowing.has_item("a1"), knowing.has_item("a2"))


def test_who_is_far_behind_reads_everything(ledger, knowing, now, postgres_server):
    """News are not kept for ever."""
    if postgres_server:
        return  # there they are not kept at all
    ledger.record([prepared(now)], now)
    knowing.renew()
    ledger.record([prepared(now, item="a2")], now)
    with ledger.engine.begin() as connection:
        for _time in range(12):
            connection.execute(text('UPDATE "drop" SET outcome = outcome'))
            connection.execute(text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
                                    "INSERT INTO drop_news (path) SELECT 'x' FROM n"))  # fmt: skip
    with ledger.reads.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM drop_news")) <= 11_000

    assert "so-noi-vu/a2.md" in knowing.renew()
    assert ledger.known_drops() == knowing.drops


def test_a_look_at_an_unchanged_ledger_reads_no_drop(ledger, knowing, read, now, postgres_server):
    """A hundred thousand of them would be read each time (on a server they are: docs/decisions/060)."""
    ledger.record([prepared(now)], now)
    knowing.renew()
    read.clear()
    knowing.renew()

    assert bool(postgres_server) == any(re.search(r'FROM "?drop\b', statement) for statement in read)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_any_history_it_knows_what_the_ledger_knows(ledger, knowing, now, seed):
    """Arrivals one by one and many at once, edits, moves, files that go, people's words."""
    chance = random.Random(seed)
    by = By("Nguyễn Thị Biên", now, "kiểm thử")
    for step in range(40):
        known = sorted(ledger.known_drops())
        match chance.randrange(6):
            case 0:
                ledger.record([prepared(now, item=f"n{step}-{one}") for one in range(chance.choice((1, 3, 12)))], now)
            case 1 if known:
                path = chance.choice(known)
                ledger.record([replace(prepared(now, item=f"e{step}", digest=f"d{step}"), path=path)], now)
            case 2 if known:
                path = chance.choice(known)
                ledger.record([replace(prepared(now), path=f"{path}-{step}")], now, [(path, f"{path}-{step}")])
            case 3:
                ledger.mark_missing(chance.sample(known, min(2, len(known))), now)
            case 4:
                refused = replace(prepared(now, item=f"r{step}", title="", outcome=Outcome.REJECT), identity=None)
                ledger.record([refused], now)
            case 5:
                items = sorted({drop.item for drop in ledger.known_drops().values() if drop.item})
                if items and not _returned(ledger, items[0]):
                    ledger.send_back(items[0], by)
        if chance.random() < 0.5:
            before = dict(knowing.drops)
            news = set(knowing.renew())
            after = ledger.known_drops()
            assert after == knowing.drops
            assert {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)} <= news


def _returned(ledger, item):
    with ledger.reads.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM returned WHERE item = :item"), {"item": item})
