"""Figures that many readers ask for at once are found once, and never older than promised."""

import threading

import pytest
import requests
import uvicorn

from pipeline.desk.app import build
from pipeline.desk.memory import Kept
from pipeline.model import Attempt
from tests.pipeline.desk.conftest import Served


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_a_value_is_made_anew_when_it_is_too_old():
    """By key; at exactly its age it is too old."""
    clock, made = Clock(), []
    kept = Kept(1.0, clock)

    def ask(key):
        return kept.of(key, lambda: made.append(key) or len(made))

    assert [1, 1, 2] == [ask("a"), ask("a"), ask("b")]
    clock.now = 0.99
    assert 1 == ask("a")
    clock.now = 1.0
    assert [3, 4] == [ask("a"), ask("b")]


def test_with_no_patience_nothing_is_kept():
    """As the tests of the pages have it: what was done is seen at once."""
    made = []
    kept = Kept(0.0)

    assert [1, 2] == [kept.of("a", lambda: made.append(1) or len(made)) for _turn in range(2)]


def test_what_fails_is_not_kept():
    """The next reader tries again."""
    kept = Kept(60.0)
    with pytest.raises(ZeroDivisionError):
        kept.of("a", lambda: 1 / 0)

    assert 7 == kept.of("a", lambda: 7)


def test_many_readers_at_once_cost_one_making():
    """The others wait for the one that makes it."""
    made, kept, start = [], Kept(60.0), threading.Barrier(10)

    def ask():
        start.wait(10)
        kept.of("a", lambda: made.append(1))

    threads = [threading.Thread(target=ask) for _reader in range(10)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(10)

    assert [1] == made


def test_it_does_not_grow_without_end():
    """The oldest key goes."""
    kept = Kept(60.0)
    for number in range(1000):
        kept.of(number, lambda: number)

    assert 200 == len(kept._known)


def test_the_list_is_never_old_though_the_figures_may_be(desk, office):
    """A delivery that was just refused stands in the list at once."""
    app = build(desk.ledger, office, lambda: desk.now, 3600.0)
    with Served(uvicorn.Config(app, port=0, log_level="warning")) as address:
        before = requests.get(address, timeout=20).text
        desk.send("portal", Attempt("refused", error="Ảnh quá lớn"))
        after = requests.get(address, timeout=20).text

    assert 1 == after.count('class="state failed"') - before.count('class="state failed"')
    assert before.split('id="stuck-list"')[0].split('id="now"')[1] == after.split('id="stuck-list"')[0].split('id="now"')[1].replace(
        after.split('data-stamp="')[1].split('"')[0], before.split('data-stamp="')[1].split('"')[0])  # fmt: skip
