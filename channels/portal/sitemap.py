"""What search engines read: the sitemap in parts, the news sitemap and robots.txt, as pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from xml.etree import ElementTree as ET

from channels.portal.card import Card
from channels.portal.feeds import add, xml
from channels.portal.site import Site, public_url
from channels.portal.words import iso

NEWS_DAYS: Final = timedelta(days=2)  # what Google takes as news; and at most 1,000 of them (seen 2026-11-26)
NEWS_MOST: Final = 1000
_SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS: Final = "http://www.google.com/schemas/sitemap-news/0.9"
ET.register_namespace("news", _NEWS)


def part(pages: Sequence[tuple[str, datetime | None]], base_url: str) -> bytes:
    """A part of the sitemap: addresses with their last change."""
    root = ET.Element("urlset", xmlns=_SITEMAP)
    for address, changed in pages:
        _place(root, "url", public_url(base_url, address), changed)
    return xml(root)


def whole(parts: Sequence[tuple[str, datetime | None]], base_url: str) -> bytes:
    """The index of the parts; in parts because one file may hold 50,000 addresses (sitemaps.org, seen 2026-11-24)."""
    root = ET.Element("sitemapindex", xmlns=_SITEMAP)
    for address, changed in parts:
        _place(root, "sitemap", public_url(base_url, address), changed)
    return xml(root)


def news(cards: Sequence[Card], site: Site, base_url: str) -> bytes:
    """The newest items; two days are counted from the newest one, because equal input gives equal bytes."""
    root = ET.Element("urlset", xmlns=_SITEMAP)
    for card in cards:
        place = _place(root, "url", public_url(base_url, card.address), None)
        told = ET.SubElement(place, f"{{{_NEWS}}}news")
        paper = ET.SubElement(told, f"{{{_NEWS}}}publication")
        add(paper, f"{{{_NEWS}}}name", site.title)
        add(paper, f"{{{_NEWS}}}language", site.language)
        add(told, f"{{{_NEWS}}}publication_date", iso(card.published))
        add(told, f"{{{_NEWS}}}title", card.title)
    return xml(root)


def robots(base_url: str) -> bytes:
    """Everybody may read everything."""
    maps = "".join(f"Sitemap: {public_url(base_url, name)}\n" for name in ("sitemap.xml", "sitemap/tin-moi.xml"))
    return f"User-agent: *\nAllow: /\n\n{maps}".encode()


def _place(root: ET.Element, tag: str, url: str, changed: datetime | None) -> ET.Element:
    place = ET.SubElement(root, tag)
    add(place, "loc", url)
    if changed:
        add(place, "lastmod", iso(changed))
    return place
