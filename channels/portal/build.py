"""Which files show what: reads the index, writes the files that are out of date, what is linked to first."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from channels.portal import feeds
from channels.portal.files import Output
from channels.portal.index import RELATED, Rows, Stretch
from channels.portal.pages import HOME, NOT_FOUND, Around, Front, Pages
from channels.portal.post import PortalPost
from channels.portal.site import AREAS, CLIPS, LISTS, NEWS, QUESTIONS, Site, lists_of, media_address, page_address

THEME: Final = Path(__file__).with_name("theme")
_FEED_LENGTH: Final = 30
_HERE: Final = Path(__file__).parent
_NO_CHANGE: Final = datetime(2026, 1, 1, tzinfo=UTC)


class Builder:
    """Turns the index into files."""

    def __init__(self, output: Output, site: Site, base_url: str, page_size: int) -> None:
        self._output = output
        self._site = site
        self._base_url = base_url
        self._size = page_size
        self.digest = _digest(site, base_url, page_size)
        self._pages = Pages(site, base_url, self.digest[:8])

    def page(self, rows: Rows, post: PortalPost) -> None:
        """Write an item's page as the index has it now."""
        name = lists_of(post)[0]
        newer = rows.newer(name, post, 1)
        older = rows.older(name, post, RELATED + 1)
        around = Around(name, newer[0] if newer else None, older[0] if older else None, older[1:])
        media = {role: media_address(one) for role, one in rows.media(post.item).items()}
        self._output.write(post.address, self._pages.item(post, around, media))

    def notice(self, address: str) -> None:
        """Write what stands where an item was."""
        self._output.write(address, self._pages.gone(address))

    def complete(self, rows: Rows) -> bool:
        """Whether the folder is there and was built with the same templates, words and settings."""
        return rows.fact("digest") == self.digest and (self._output.root / NOT_FOUND).exists()

    def furniture(self) -> None:
        """Style sheet, fonts, robots.txt and the page for wrong addresses; the last marks that all are there."""
        for file in sorted(THEME.rglob("*")):
            if file.is_file():
                self._output.write(f"theme/{file.relative_to(THEME).as_posix()}", file.read_bytes())
        self._output.write("robots.txt", feeds.robots(self._base_url))
        self._output.write(NOT_FOUND, self._pages.not_found())

    def lists(self, rows: Rows) -> None:
        """Write the list pages, feeds, home page and sitemap that are out of date."""
        dirty = rows.dirty_lists()
        for name, stretches in dirty.items():
            self._list(rows, name, stretches)
        if dirty:
            self._home(rows)
        for name in dirty:
            self._feed(rows, name)
        self._sitemap(rows)

    def _list(self, rows: Rows, name: str, stretches: list[Stretch]) -> None:
        """Numbered pages are full and count from the oldest; the index page has the rest, up to 2 * size - 1."""
        numbered = max(0, rows.count(name) // self._size - 1)
        for number in sorted(set(_numbers(stretches, numbered, self._size))):
            cards = rows.slice(name, (number - 1) * self._size, self._size)
            newer = page_address(name, number + 1 if number < numbered else 0)
            older = page_address(name, number - 1) if number > 1 else ""
            self._output.write(page_address(name, number), self._pages.listing(name, number, cards[::-1], newer, older))
        cards = rows.slice(name, numbered * self._size, 2 * self._size)
        older = page_address(name, numbered) if numbered else ""
        self._output.write(page_address(name), self._pages.listing(name, 0, cards[::-1], "", older))
        beyond = numbered + 1
        while self._output.remove(page_address(name, beyond)):
            beyond += 1

    def _home(self, rows: Rows) -> None:
        sections = {**{name: rows.newest(name, 5) for name in AREAS}, QUESTIONS: rows.newest(QUESTIONS, 5),
                    CLIPS: rows.newest(CLIPS, 4)}  # fmt: skip
        self._output.write(HOME, self._pages.home(Front(rows.newest(NEWS, 8), sections)))

    def _feed(self, rows: Rows, name: str) -> None:
        everything = name == NEWS
        address = "rss.xml" if everything else f"{name}/rss.xml"
        shown = HOME if everything else page_address(name)
        title = self._site.title if everything else f"{self._pages.word(LISTS[name])} - {self._site.title}"
        cards = rows.newest(name, _FEED_LENGTH)
        self._output.write(address, feeds.rss(title, self._site.tagline, address, shown, self._base_url, cards))

    def _sitemap(self, rows: Rows) -> None:
        dirty = rows.dirty_months()
        if not dirty:
            return
        for month in dirty:
            pages = rows.month(month)
            if pages:
                self._output.write(_part(month), feeds.sitemap(pages, self._base_url))
            else:
                self._output.remove(_part(month))
        parts = [(_part(month), changed) for month, changed in rows.months()]
        last = max((changed for _, changed in parts), default=_NO_CHANGE)
        doors = [(HOME, last), *((page_address(name), last) for name in LISTS)]
        self._output.write(_part("muc"), feeds.sitemap(doors, self._base_url))
        self._output.write("sitemap.xml", feeds.sitemap_index([(_part("muc"), last), *parts], self._base_url))


def _numbers(stretches: Iterable[Stretch], numbered: int, size: int) -> Iterator[int]:
    """Pages to write; from two before an open stretch, because the page that was the newest now has a newer one."""
    for first, last in stretches:
        if last is None:
            yield from range(max(1, first // size - 1), numbered + 1)
        elif last // size < numbered:
            yield from range(first // size + 1, last // size + 2)


def _part(name: str) -> str:
    return f"sitemap/{name}.xml"


def _digest(site: Site, base_url: str, page_size: int) -> str:
    """Changes when any byte of any page may: code, templates, words, theme or settings."""
    found = hashlib.sha256(repr((site, base_url, page_size)).encode())
    for file in sorted(_HERE.rglob("*")):
        if file.is_file() and file.suffix not in (".pyc", ".po"):
            found.update(file.relative_to(_HERE).as_posix().encode() + b"\0" + file.read_bytes())
    return found.hexdigest()
