"""Which files show what: reads the index, writes the files that are out of date, what is linked to first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from channels.portal import feeds, numbers, search, sitemap
from channels.portal.card import Card
from channels.portal.debt import digest
from channels.portal.files import Output
from channels.portal.nearby import Nearby
from channels.portal.owed import FEED_LENGTH, Month
from channels.portal.pages import Around, Front, Listing, Pages
from channels.portal.places import facet_of, fixed, home_list
from channels.portal.post import PortalPost
from channels.portal.rows import Rows, sort_of
from channels.portal.sheets import Sheet, Sheets, due, numbered
from channels.portal.site import (
    AREAS,
    CLIPS,
    FACETS,
    FIELDS,
    HOME,
    LISTS,
    NEWS,
    NOT_FOUND,
    NUMBERS,
    QUESTIONS,
    UNITS,
    Site,
    gone_mark,
    media_address,
    page_address,
)
from channels.portal.words import iso

THEME: Final = Path(__file__).with_name("theme")
_DOORS: Final = "muc"


@dataclass(frozen=True)
class MonthOf:
    """A month, or a day of a large one, whose part of the search index and of the sitemap is due."""

    month: str


class Crew(Protocol):
    """Whoever does jobs: pages of lists, months."""

    def do(self, jobs: Sequence[Sheets | MonthOf]) -> list[Month | None]:
        """What came of each job, when all are done; of a month what it has now."""


class Builder:
    """Turns the index into files; `kept` is a folder of compiled templates."""

    def __init__(self, output: Output, site: Site, base_url: str, page_size: int, kept: Path | None = None) -> None:
        self._output = output
        self._site = site
        self._base_url = base_url
        self._size = page_size
        self.digest = digest(site, base_url, page_size)
        self._pages = Pages(site, base_url, self.digest[:8], kept)

    def load(self) -> None:
        """Read what the pages of items and lists are made with; otherwise the first ones do so."""
        self._pages.load()

    def page(self, post: PortalPost, nearby: Nearby, files: dict[str, str]) -> None:
        """Write an item's page as the index has it now; `files` are the names of its video and captions by role."""
        name = home_list(post)
        around = Around(name, *nearby.around(name, sort_of(post), post))
        media = {role: media_address(one) for role, one in files.items()}
        self._output.write(post.address, self._pages.item(post, around, media))
        self._output.remove(gone_mark(post.address))

    def notice(self, address: str) -> None:
        """Write what stands where an item was, and the mark by which a web server knows to answer 410."""
        self._output.write(address, self._pages.gone(address))
        self._output.write(gone_mark(address), b"")

    def complete(self, rows: Rows) -> bool:
        """Whether the folder is there and was built with the same templates, words and settings."""
        return rows.owed.fact("digest") == self.digest and (self._output.root / NOT_FOUND).exists()

    def furniture(self) -> None:
        """Style sheet, scripts, fonts, robots.txt and the pages that no item changes."""
        for file in sorted(THEME.rglob("*")):
            if file.is_file():
                self._output.write(f"theme/{file.relative_to(THEME).as_posix()}", file.read_bytes())
        self._output.write("robots.txt", sitemap.robots(self._base_url))
        for address, content in self._pages.fixed():
            self._output.write(address, content)

    def seal(self) -> None:
        """The page for wrong addresses, written last: `complete` takes it for a sign that all the others are there."""
        self._output.write(NOT_FOUND, self._pages.not_found())

    def lists(self, rows: Rows, crew: Crew) -> None:
        """Write the lists, overviews, home page, feeds, search index and sitemap that are out of date."""
        dirty = rows.owed.lists()
        crew.do(due(rows, dirty, self._size))
        for name in dirty:
            self._newest(rows, name)
        for facet in FACETS if NEWS in dirty else sorted({facet_of(name) for name in dirty} - {""}):
            self._output.write(page_address(facet), self._pages.overview(facet, rows.facet(facet)))
        if dirty:
            self._home(rows)
        if NEWS in dirty:
            self._numbers(rows)
            self._output.write(_part("tin-moi"), sitemap.news(_news(rows), self._site, self._base_url))
        for name in rows.owed.feeds():
            self._feeds(rows, name)
        self._months(rows, crew, NEWS in dirty)

    def sheet(self, rows: Rows, sheet: Sheet) -> None:
        """Write a numbered page of a list."""
        cards = rows.since(sheet.name, sheet.first, self._size)[::-1]
        newer = page_address(sheet.name, sheet.number + 1 if sheet.number < sheet.numbered else 0)
        older = page_address(sheet.name, sheet.number - 1) if sheet.number > 1 else ""
        page = Listing(sheet.name, sheet.title, sheet.number, cards, newer, older)
        self._output.write(page_address(sheet.name, sheet.number), self._pages.listing(page))

    def _newest(self, rows: Rows, name: str) -> None:
        """The index page has what stands on no numbered page, up to 2 * size - 1."""
        last, title = numbered(rows, name, self._size), rows.title(name)
        cards = rows.slice(name, last * self._size, 2 * self._size)
        if cards or fixed(name):
            older = page_address(name, last) if last else ""
            self._output.write(page_address(name), self._pages.listing(Listing(name, title, 0, cards[::-1], "", older)))
        else:
            self._output.remove(page_address(name))
        beyond = last + 1
        while self._output.remove(page_address(name, beyond)):
            beyond += 1

    def _home(self, rows: Rows) -> None:
        sections = {**{name: rows.newest(name, 5) for name in AREAS}, QUESTIONS: rows.newest(QUESTIONS, 5),
                    CLIPS: rows.newest(CLIPS, 4)}  # fmt: skip
        self._output.write(HOME, self._pages.home(Front(rows.newest(NEWS, 8), sections, rows.facet(FIELDS))))

    def _numbers(self, rows: Rows) -> None:
        newest = rows.newest(NEWS, 1)
        if not newest:
            self._output.write(NUMBERS, self._pages.numbers((), (), 0, ()))
            return
        months = numbers.months_before(iso(newest[0].published)[:7])
        counts = {name: rows.by_month(name, months[0]) for name in (NEWS, *AREAS, QUESTIONS, CLIPS)}
        highest = max((max(one.values(), default=0) for name, one in counts.items() if name != NEWS), default=0)
        charts = [numbers.chart(name, counts[name], months, highest) for name in counts if name != NEWS]
        total = sum(counts[NEWS].values())
        self._output.write(NUMBERS, self._pages.numbers(charts, months, total, rows.facet(UNITS)))

    def _feeds(self, rows: Rows, name: str) -> None:
        everything = name == NEWS
        folder, shown = ("", HOME) if everything else (f"{name}/", page_address(name))
        title = self._site.title if everything else f"{self._pages.list_title(name)} - {self._site.title}"
        areas = {area: self._pages.list_title(area) for area in AREAS}
        feed = feeds.Feed(title, self._site.tagline, self._site.owner, shown, self._base_url, areas)
        entries = rows.entries(name, FEED_LENGTH)
        for address, make in (("rss.xml", feeds.rss), ("atom.xml", feeds.atom), ("feed.json", feeds.json_feed)):
            self._output.write(folder + address, make(feed, folder + address, entries))

    def _months(self, rows: Rows, crew: Crew, news: bool) -> None:
        """Parts first, then what names them: a reader of the sitemap or of the search index finds what it names."""
        dirty, over = rows.owed.months()
        for month, made in zip(dirty, crew.do([MonthOf(one) for one in dirty]), strict=True):
            if made is None:
                over.append(month)
            else:
                rows.owed.keep_month(made)
        for month in over:
            rows.owed.forget_month(month)
        if not dirty and not news:
            return
        months = rows.owed.known_months()
        self._output.write(search.CONTENTS, search.contents((one.month, one.items, one.shard) for one in months[::-1]))
        doors = [HOME, *(page_address(name) for name in (*LISTS, *FACETS))]
        self._output.write(_part(_DOORS), sitemap.part([(door, None) for door in doors], self._base_url))
        parts = [(_part(_DOORS), None), *((_part(one.month), one.changed) for one in months)]
        self._output.write("sitemap.xml", sitemap.whole(parts, self._base_url))
        for month in over:
            self._output.remove(_part(month))
            self._output.remove(search.shard_address(month))

    def month(self, rows: Rows, month: str) -> Month | None:
        """Write the part of the search index and of the sitemap of a month or day; None when it has no items any more."""
        items = rows.owed.month(month)
        if not items:
            return None
        found = search.shard([one.entry for one in items])
        self._output.write(search.shard_address(month), found)
        self._output.write(_part(month), sitemap.part([(one.address, one.changed) for one in items], self._base_url))
        changed = max(one.changed for one in items)
        return Month(month, changed, len(items), search.version_of(found))


def _news(rows: Rows) -> list[Card]:
    cards = rows.newest(NEWS, 1)
    return rows.recent(NEWS, sitemap.NEWS_MOST, cards[0].published - sitemap.NEWS_DAYS) if cards else []


def _part(name: str) -> str:
    return f"sitemap/{name}.xml"
