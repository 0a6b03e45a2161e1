"""The numbered pages of lists, which are full and count from the oldest: which are out of date, and in which order to make them.

An item stands in seven lists. Pages that show the same time are made one after the other, so that its card is made once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from channels.portal.owed import Stretch
from channels.portal.rows import Place, Rows

_TOGETHER: Final = 40  # pages that one helper makes in one go


@dataclass(frozen=True)
class Sheet:
    """A numbered page of a list.

    Args:
        title: what the list's items call it.
        first: place of its oldest item.
        numbered: how many numbered pages the list has.
    """

    name: str
    title: str
    number: int
    first: Place
    numbered: int


@dataclass(frozen=True)
class Sheets:
    """Pages to be made in one go."""

    sheets: tuple[Sheet, ...]


def numbered(rows: Rows, name: str, size: int) -> int:
    """How many numbered pages a list has: the newest `size` to 2 * `size` - 1 items stand on its first page."""
    return max(0, rows.count(name) // size - 1)


def due(rows: Rows, lists: dict[str, list[Stretch]], size: int) -> list[Sheets]:
    """The pages of lists that are out of date in some stretches, by the time of their items."""
    found = chain.from_iterable(_of(rows, name, stretches, size) for name, stretches in lists.items())
    sheets = sorted(found, key=lambda sheet: (sheet.first, sheet.name))
    return [Sheets(tuple(sheets[first : first + _TOGETHER])) for first in range(0, len(sheets), _TOGETHER)]


def _of(rows: Rows, name: str, stretches: Sequence[Stretch], size: int) -> Iterator[Sheet]:
    last = numbered(rows, name, size)
    numbers = sorted(set(_numbers(stretches, last, size)))
    if numbers:
        title = rows.title(name)
        places = rows.places(name, [(number - 1) * size for number in numbers])
        yield from (Sheet(name, title, number, first, last) for number, first in zip(numbers, places, strict=True))


def _numbers(stretches: Iterable[Stretch], last: int, size: int) -> Iterator[int]:
    """Pages to write; from two before an open stretch, because the page that was the newest now has a newer one."""
    for first, end in stretches:
        if end is None:
            yield from range(max(1, first // size - 1), last + 1)
        elif end // size < last:
            yield from range(first // size + 1, end // size + 2)
