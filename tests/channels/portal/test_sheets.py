"""Which numbered pages are due, and that those of one time come together, whatever list they are of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from channels.portal.index import Index
from channels.portal.owed import Stretch
from channels.portal.rows import Rows
from channels.portal.sheets import due, numbered

COUNT, SIZE = 260, 4


@pytest.fixture
def rows(tmp_path: Path, desk: Any) -> Iterator[Rows]:
    with Index(tmp_path / "index.sqlite").open() as found:
        for number in range(COUNT):
            found.put(desk.article(number))
        yield found


def numbers(rows: Rows, *stretches: Stretch) -> list[int]:
    return [sheet.number for job in due(rows, {"tin": list(stretches)}, SIZE) for sheet in job.sheets]


def test_a_list_keeps_its_newest_items_off_the_numbered_pages(rows: Rows) -> None:
    """One to two pages full of them stand on its first page."""
    assert 64 == numbered(rows, "tin", SIZE)
    assert 0 == numbered(rows, "clip", SIZE)
    assert list(range(1, 65)) == numbers(rows, Stretch(0, None))


@pytest.mark.parametrize(
    ("stretch", "expected"),
    [(Stretch(100, 100), [26]), (Stretch(255, None), [62, 63, 64]), (Stretch(259, 259), []), (Stretch(8, 11), [3])],
)
def test_only_pages_that_show_a_stretch_are_due(rows: Rows, stretch: Stretch, expected: list[int]) -> None:
    """And from two before an open one, because the page that was the newest now has a newer one."""
    assert expected == numbers(rows, stretch)


def test_a_page_begins_where_the_one_before_it_ends(rows: Rows) -> None:
    """Few are counted one by one and many in one go; both give the items that stand at these positions."""
    every = rows.slice("tin", 0, COUNT)
    for stretches in ([Stretch(0, None)], [Stretch(40, 43), Stretch(200, 203)]):
        for job in due(rows, {"tin": stretches}, SIZE):
            for sheet in job.sheets:
                first = (sheet.number - 1) * SIZE

                assert every[first : first + SIZE] == rows.since("tin", sheet.first, SIZE)


def test_pages_of_one_time_are_made_together(rows: Rows) -> None:
    """So that an item's card is made once for all lists that it stands in."""
    jobs = due(rows, {name: [Stretch(0, None)] for name in ("tin", "tin-bai", "mot-cua")}, SIZE)
    sheets = [sheet for job in jobs for sheet in job.sheets]

    assert [(number, name) for number in range(1, 65) for name in ("mot-cua", "tin", "tin-bai")] == [
        (sheet.number, sheet.name) for sheet in sheets
    ]
    assert 1 < len(jobs) < len(sheets) / 10
