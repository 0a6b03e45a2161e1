"""What search engines read: the sitemap in parts, the news sitemap and robots.txt, as pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from xml.etree import ElementTree as ET

from channels.portal.card import Card
from channels.portal.feeds import DECLARATION, add, xml
from channels.portal.site import Site, public_url
from channels.portal.words import iso, printable

NEWS_DAYS: Final = timedelta(days=2)  # what Google takes as news; and at most 1,000 of them (seen 2026-11-26)
NEWS_MOST: Final = 1000
_SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS: Final = "http://www.google.com/schemas/sitemap-news/0.9"
ET.register_namespace("news", _NEWS)


def part(pages: Sequence[tuple[str, datetime | None]], base_url: str) -> bytes:
    """A part of the sitemap: addresses with their last change."""
    return _document("urlset", "url", pages, base_url)


def whole(parts: Sequence[tuple[str, datetime | None]], base_url: str) -> bytes:
    """The index of the parts; in parts because one file may hold 50,000 addresses (sitemaps.org, seen 2026-11-24)."""
    return _document("sitemapindex", "sitemap", parts, base_url)


def news(cards: Sequence[Card], site: Site, base_url: str) -> bytes:
    """The newest items; two days are counted from the newest one, because equal input gives equal bytes."""
    root = ET.Element("urlset", xmlns=_SITEMAP)
    for card in cards:
        place = ET.SubElement(root, "url")
        add(place, "loc", public_url(base_url, card.address))
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


def _document(root: str, tag: str, places: Sequence[tuple[str, datetime | None]], base_url: str) -> bytes:
    """Addresses as `feeds.xml` would write them; a part has all items of its month, and each change of one writes it."""
    lines = [f'{DECLARATION}<{root} xmlns="{_SITEMAP}"{">" if places else " />"}\n']
    for address, changed in places:
        dated = f"    <lastmod>{iso(changed)}</lastmod>\n" if changed else ""
        lines.append(f"  <{tag}>\n    <loc>{_escaped(public_url(base_url, address))}</loc>\n{dated}  </{tag}>\n")
    lines.append(f"</{root}>\n" if places else "")
    return "".join(lines).encode()


def _escaped(text: str) -> str:
    return printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
