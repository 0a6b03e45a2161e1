"""Many pages at once: the same bytes, made by several processes when there is much to do.

Helpers only read the index, as it was last committed; whoever gives the jobs is its only writer until all are done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from channels.portal.build import Builder, MonthOf
from channels.portal.compiled import FOLDER
from channels.portal.files import Output
from channels.portal.index import Index
from channels.portal.owed import Month
from channels.portal.rows import Rows
from channels.portal.sheets import Sheets
from channels.portal.showing import Showing
from channels.portal.site import Site

if TYPE_CHECKING:
    from concurrent.futures import Executor

MANY: Final = 300  # pages, a quarter of a second; starting helpers and ending them takes 60 ms
_CHUNK: Final = 25  # items in a job


@dataclass(frozen=True)
class Items:
    """Items whose pages are due."""

    names: tuple[str, ...]


Job: TypeAlias = Items | Sheets | MonthOf


@dataclass(frozen=True)
class Place:
    """What a helper needs to make the same pages as we do."""

    output: Path
    index: Path
    site: Site
    base_url: str
    page_size: int


class Crew:
    """Does jobs in their order, alone or with helpers."""

    def __init__(self, showing: Showing, rows: Rows, place: Place, pool: Executor | None = None) -> None:
        self._showing, self._rows, self._place, self._pool = showing, rows, place, pool

    def do(self, jobs: Sequence[Job]) -> list[Month | None]:
        """What came of each job, when all are done."""
        if self._pool is None or len(jobs) < 2:
            return [_done(job, self._rows, self._showing) for job in jobs]
        found = []
        for one in [self._pool.submit(_helped, self._place, job) for job in jobs]:
            addresses, made = one.result()
            self._showing.output.take_over(addresses)
            found.append(made)
        return found

    def pages(self, items: Sequence[str]) -> None:
        """The pages of items."""
        self.do([Items(tuple(items[first : first + _CHUNK])) for first in range(0, len(items), _CHUNK)])


@contextmanager
def helpers(workers: int, pages: int, place: Place) -> Iterator[Executor | None]:
    """Processes that help while there are many pages to make; None when it is not worth it."""
    if workers < 2 or pages < MANY:
        yield None
        return
    from channels.offspring import family  # here: most flushes have a few pages

    _tools(place)[0].builder.load()  # they begin with what is loaded here, instead of each for itself
    with family(workers) as pool:
        try:
            yield pool
        finally:  # after an error in the middle nobody waits for the rest
            pool.shutdown(wait=True, cancel_futures=True)


def _done(job: Job, rows: Rows, showing: Showing) -> Month | None:
    match job:
        case Items(names):
            showing.again(rows, names)
        case MonthOf(month):
            return showing.builder.month(rows, month)
        case Sheets(sheets):
            for sheet in sheets:
                showing.builder.sheet(rows, sheet)
    return None


def _helped(place: Place, job: Job) -> tuple[list[str], Month | None]:
    """In a helper: the addresses that were written or looked at, and what came of the job."""
    showing, index = _tools(place)
    showing.output.look_anew()
    with index.reading() as rows:
        made = _done(job, rows, showing)
    return showing.output.hand_over(), made


@lru_cache(maxsize=1)
def _tools(place: Place) -> tuple[Showing, Index]:
    output = Output(place.output, durable=False)
    builder = Builder(output, place.site, place.base_url, place.page_size, place.index.parent / FOLDER)
    return Showing(output, builder), Index(place.index)
