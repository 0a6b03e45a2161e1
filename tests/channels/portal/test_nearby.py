"""What stands around an item is the same whoever asked before, and in a list's order each item is read once."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from channels.portal.index import Index
from channels.portal.nearby import Nearby
from channels.portal.post import Label
from channels.portal.related import WINDOW
from channels.portal.rows import Rows, sort_of

COUNT = 90
WORDS = ("hồ sơ", "đất đai", "trường học", "bảo hiểm", "cấp phép", "thuế", "hộ tịch")
ORDERS: dict[str, Callable[[list[Any]], list[Any]]] = {
    "oldest first": list,
    "newest first": lambda posts: posts[::-1],
    "every third": lambda posts: posts[::3],
    "far apart": lambda posts: posts[:: WINDOW * 2],
    "at random": lambda posts: random.Random(1).sample(posts, len(posts)),
    "again and again": lambda posts: [post for post in posts for _ in range(2)],
}


@pytest.fixture
def posts(desk: Any) -> list[Any]:
    dice = random.Random(4)
    return [desk.article(number, title=f"Tin {number} " + " ".join(dice.sample(WORDS, 2))) for number in range(COUNT)]


@pytest.fixture
def rows(tmp_path: Path, posts: list[Any], desk: Any) -> Iterator[Rows]:
    with Index(tmp_path / "index.sqlite").open() as found:
        for post in posts:
            found.put(post)
        for number in range(200, 210):  # another list, which has nothing to say here
            found.put(desk.article(number, areas=(Label("kstthc", "KSTTHC"),)))
        yield found


def alone(rows: Rows, post: Any) -> tuple[Any, ...]:
    """Asked of the whole list by somebody who knows nothing yet."""
    return rows.nearby().around("mot-cua", sort_of(post), post)


def test_the_neighbours_are_the_items_around_in_the_list(rows: Rows, posts: list[Any]) -> None:
    """One newer and one older; the ends have one of them, and the others are of the window."""
    for number, post in enumerate(posts):
        newer, older, related = alone(rows, post)

        assert [one.item for one in posts[number + 1 : number + 2]] == ([newer.item] if newer else [])
        assert [one.item for one in posts[max(0, number - 1) : number]] == ([older.item] if older else [])
        window = [one.item for one in posts[max(0, number - 1 - WINDOW) : max(0, number - 1)]]
        assert min(3, len(window)) == len(related) == len({card.item for card in related} & set(window))


@pytest.mark.parametrize("order", ORDERS)
def test_it_does_not_matter_what_was_asked_before(rows: Rows, posts: list[Any], order: str) -> None:
    """In any order, with other lists in between."""
    nearby = rows.nearby()
    for post in ORDERS[order](posts):
        assert alone(rows, post) == nearby.around("mot-cua", sort_of(post), post)
        if order == "at random":
            nearby.around("kstthc", sort_of(post), post)


def test_an_item_that_stands_in_no_such_list_has_neighbours_by_its_time(
    rows: Rows, posts: list[Any], desk: Any
) -> None:
    """As when the areas of the site were changed and nobody has published it again."""
    other = desk.article(205, published=posts[40].published, areas=(Label("kstthc", "KSTTHC"),))
    newer, older, _related = alone(rows, other)

    assert (posts[41].item, posts[40].item) == (newer and newer.item, older and older.item)


def test_in_the_order_of_the_list_each_item_is_read_once(rows: Rows, posts: list[Any]) -> None:
    """Few statements, and no more rows than the list has."""
    read: list[int] = []

    class Counted:
        def execute(self, *given: Any) -> list[Any]:
            found = rows._run(*given).fetchall()
            read.append(len(found))
            return found

    nearby = Nearby(Counted())  # type: ignore[arg-type]  # a connection that counts
    for post in posts:
        nearby.around("mot-cua", sort_of(post), post)

    assert COUNT == sum(read)
    assert len(read) <= COUNT / 10 + 2
