"""What machines read: RSS 2.0, the sitemap and robots.txt, as pure functions of cards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from channels.portal.card import Card
from channels.portal.site import public_url
from channels.portal.words import HANOI, iso, printable

_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"

ET.register_namespace("atom", _ATOM)
ET.register_namespace("dc", _DC)


def rss(title: str, description: str, address: str, list_address: str, base_url: str, cards: Sequence[Card]) -> bytes:
    """The feed of a list, newest first; its build date is the newest item's, so that equal items give equal bytes."""
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    _add(channel, "title", title)
    _add(channel, "link", public_url(base_url, list_address))
    _add(channel, "description", description or title)
    _add(channel, "language", "vi")
    if cards:
        _add(channel, "lastBuildDate", _mail_date(cards[0].published))
    link = {"href": public_url(base_url, address), "rel": "self", "type": "application/rss+xml"}
    ET.SubElement(channel, f"{{{_ATOM}}}link", link)
    for card in cards:
        _entry(channel, card, base_url)
    return _bytes(root)


def sitemap(pages: Sequence[tuple[str, datetime]], base_url: str) -> bytes:
    """A part of the sitemap: addresses with their last change."""
    root = ET.Element("urlset", xmlns=_SITEMAP)
    for address, changed in pages:
        _place(root, "url", public_url(base_url, address), changed)
    return _bytes(root)


def sitemap_index(parts: Sequence[tuple[str, datetime]], base_url: str) -> bytes:
    """The sitemap's parts; in parts because one file may hold 50,000 addresses (sitemaps.org, seen 2026-11-24)."""
    root = ET.Element("sitemapindex", xmlns=_SITEMAP)
    for address, changed in parts:
        _place(root, "sitemap", public_url(base_url, address), changed)
    return _bytes(root)


def robots(base_url: str) -> bytes:
    """Everybody may read everything."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {public_url(base_url, 'sitemap.xml')}\n".encode()


def _entry(channel: ET.Element, card: Card, base_url: str) -> None:
    entry = ET.SubElement(channel, "item")
    url = public_url(base_url, card.address)
    _add(entry, "title", card.title)
    _add(entry, "link", url)
    _add(entry, "guid", url).set("isPermaLink", "true")
    _add(entry, "description", card.summary or card.title)
    _add(entry, f"{{{_DC}}}creator", card.unit)
    _add(entry, "pubDate", _mail_date(card.published))


def _place(root: ET.Element, tag: str, url: str, changed: datetime) -> None:
    place = ET.SubElement(root, tag)
    _add(place, "loc", url)
    _add(place, "lastmod", iso(changed))


def _add(parent: ET.Element, tag: str, text: str) -> ET.Element:
    child = ET.SubElement(parent, tag)
    child.text = printable(text)
    return child


def _mail_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(HANOI))


def _bytes(root: ET.Element) -> bytes:
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"
