"""Every page of the section as bytes: a pure function of posts and cards, so that equal posts give equal bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from markupsafe import Markup

from channels.portal import site as shape
from channels.portal.card import Card, Size, sizes_of
from channels.portal.contents import with_contents
from channels.portal.fold import order
from channels.portal.numbers import Chart
from channels.portal.places import facet_of
from channels.portal.post import PortalPost
from channels.portal.screens import Screens
from channels.portal.site import AREAS, FACETS, HOME, QUESTIONS, Site, page_address
from channels.portal.structured import Facts, Trail
from channels.portal.words import N_

_UNITS_SHOWN: Final = 30
_KINDS: Final = ("article", "clip", "qa")
_LATEST: Final = 7  # beside the lead story, whose picture is as tall on a desk
_READING_SPEED: Final = 220  # Vietnamese syllables a minute, unhurried
_CODE: Final = re.compile(r"[1-9]\.\d{6}(?:\.[0-9A-Z]+)*", re.ASCII)
# Pages that say the same whatever is published: address, template, title.
FIXED: Final = (
    (shape.SEARCH, "search.html", N_("Search")),
    (shape.MAP, "map.html", N_("Site map")),
    (shape.CONTACT, "contact.html", N_("Contact and hotlines")),
    (shape.ACCESS, "access.html", N_("Accessibility")),
    (shape.FEEDS, "feeds.html", N_("News feeds (RSS)")),
)


@dataclass(frozen=True)
class Around:
    """What an item page offers to read on: within one list, only items that change when this one's place does."""

    list: str
    newer: Card | None
    older: Card | None
    related: Sequence[Card]


@dataclass(frozen=True)
class Front:
    """What the home page shows; `fields` as `Rows.facet` gives them."""

    newest: Sequence[Card]
    sections: Mapping[str, Sequence[Card]]
    fields: Sequence[tuple[str, str, int]] = ()


@dataclass(frozen=True)
class Listing:
    """A page of a list, newest first.

    Args:
        number: 0 is the newest page, 1 the oldest.
        title: what the list's items call it, for a list that has no word of its own.
        newer, older: addresses of the pages around it, or empty.
    """

    name: str
    title: str
    number: int
    cards: Sequence[Card]
    newer: str
    older: str


class Pages:
    """The pages of one site; `version` and `kept` are those of `Screens`."""

    def __init__(self, site: Site, base_url: str, version: str, kept: Path | None = None) -> None:
        self._site = site
        self._screens = Screens(site, base_url, version, kept)
        self._facts = Facts(site, base_url)

    def load(self) -> None:
        """The templates of items and lists."""
        self._screens.load(*(f"{kind}.html" for kind in _KINDS), "item.html", "list.html")

    def item(self, post: PortalPost, around: Around, media: dict[str, str]) -> bytes:
        """An item's page; `media` names its video and captions files."""
        url = self._screens.url(post.address)
        trail = self._trail((self._title(around.list), page_address(around.list)), (post.title, post.address))
        procedure = post.question.procedure.strip() if post.question else ""
        known = _CODE.fullmatch(procedure)
        areas = [area for area in post.areas if area.id in AREAS]
        body, contents = with_contents(post.body_html, post.words)
        return self._screens.page(
            f"{post.kind}.html", post.address, post=post, around=around, media=media, trail=trail,
            body=Markup(body), contents=contents,  # noqa: S704 - cleaned by the core
            minutes=max(1, round(post.words / _READING_SPEED)), cover=_cover(post),
            areas=areas, others=[area for area in areas if area.id != around.list],
            procedure_url=self._site.procedure.replace("{code}", quote(procedure)) if known else "",
            facts=self._facts.item(post, url, media, trail), share_url=_share(url, post.title),
        )  # fmt: skip

    def gone(self, address: str) -> bytes:
        """What stands where an item was; it says nothing of the item."""
        return self._screens.page("gone.html", address, rooted=False)

    def listing(self, page: Listing) -> bytes:
        """A page of a list."""
        address, title = page_address(page.name, page.number), self._title(page.name, page.title)
        facet = facet_of(page.name)
        steps = [(self._screens.word(FACETS[facet]), page_address(facet))] if facet else []
        trail = self._trail(*steps, (title, page_address(page.name)))
        asked = page.cards if page.name == QUESTIONS else ()
        facts = self._facts.listing(title, self._screens.url(address), trail, asked)
        return self._screens.page("list.html", address, page=page, title=title, trail=trail, facts=facts)

    def overview(self, facet: str, lists: Sequence[tuple[str, str, int]]) -> bytes:
        """All lists of a facet with how many items each has; months newest first, the others by name."""
        title = self._screens.word(FACETS[facet])
        rows = [(self._title(name, told), page_address(name), count) for name, told, count in lists]
        groups: dict[str, list[tuple[str, str, int]]] = {}
        for (name, _told, _count), row in zip(lists, rows, strict=True):
            groups.setdefault(name.rpartition("/")[2][:4] if facet == shape.MONTHS else "", []).append(row)
        if facet == shape.MONTHS:
            groups = {year: groups[year][::-1] for year in sorted(groups, reverse=True)}
        else:
            groups = {name: sorted(told, key=lambda row: order(row[0])) for name, told in groups.items()}
        address = page_address(facet)
        trail = self._trail((title, address))
        facts = self._facts.listing(title, self._screens.url(address), trail, ())
        return self._screens.page("overview.html", address, title=title, groups=groups, trail=trail, facts=facts)

    def numbers(self, charts: Sequence[Chart], months: Sequence[str], total: int,
                units: Sequence[tuple[str, str, int]]) -> bytes:  # fmt: skip
        """What was published, by whom and when; `units` as `Rows.facet` gives them."""
        title, address = self._screens.word(N_("Numbers")), shape.NUMBERS
        trail = self._trail((title, address))
        facts = self._facts.listing(title, self._screens.url(address), trail, ())
        busiest = sorted(units, key=lambda row: (-row[2], order(row[1])))[:_UNITS_SHOWN]
        return self._screens.page("numbers.html", address, title=title, charts=charts, months=months, total=total,
                                  units=busiest, trail=trail, facts=facts)  # fmt: skip

    def home(self, front: Front) -> bytes:
        """The first page: one lead story with a picture if one of the newest has one, then the sections."""
        lead = next((card for card in front.newest if card.sizes and card.kind == "article"), None)
        lead = lead or next(iter(front.newest), None)
        others = [card for card in front.newest if card != lead]
        sections = {name: _without(cards, lead) for name, cards in front.sections.items()}
        return self._screens.page("home.html", HOME, lead=lead, others=others[:_LATEST], sections=sections,
                                  fields=sorted(front.fields, key=lambda row: order(row[1])), facts=self._facts.home())  # fmt: skip

    def fixed(self) -> list[tuple[str, bytes]]:
        """The pages that no item changes, with their addresses."""
        pages = []
        for address, template, message in FIXED:
            title = self._screens.word(message)
            trail, url = self._trail((title, address)), self._screens.url(address)
            facts = self._facts.contact(url) if address == shape.CONTACT else self._facts.listing(title, url, trail, ())
            find = address != shape.SEARCH  # which has a larger one
            content = self._screens.page(template, address, find=find, title=title, trail=trail, facts=facts)
            pages.append((address, content))
        return [*pages, (shape.GONE, self._screens.page("gone.html", shape.GONE, rooted=True))]

    def not_found(self) -> bytes:
        """Shown by the web server for any address, so its links start at the section's root."""
        return self._screens.page("404.html", shape.NOT_FOUND)

    def list_title(self, name: str) -> str:
        """What a fixed list is called."""
        return self._screens.list_title(name)

    def _title(self, name: str, title: str = "") -> str:
        return self._screens.list_title(name, title)

    def _trail(self, *steps: tuple[str, str]) -> Trail:
        return (self._screens.word(N_("Home")), HOME), *steps


def _cover(post: PortalPost) -> tuple[Size, ...]:
    """The sizes of a real picture; a drawn card would only say the title again."""
    return sizes_of(post.cover.renditions) if post.cover and not post.cover.drawn else ()


def _without(cards: Sequence[Card], lead: Card | None) -> Sequence[Card]:
    """The lead story is not told twice on a page, unless a section has no other."""
    return [card for card in cards if card != lead][:4] or cards


def _share(url: str, title: str) -> dict[str, str]:
    """Plain links: no script, no counter, nothing is asked before the reader clicks."""
    address = quote(url, safe="")
    return {
        "facebook": f"https://www.facebook.com/sharer/sharer.php?u={address}",
        "mail": f"mailto:?subject={quote(title, safe='')}&body={address}",
    }
