"""What feed readers read: RSS 2.0, Atom and JSON Feed, as pure functions of cards."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from channels.portal.card import Card
from channels.portal.site import public_url
from channels.portal.words import HANOI, iso, printable

ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
DECLARATION = "<?xml version='1.0' encoding='utf-8'?>\n"
_EMPTY = datetime(2026, 1, 1, tzinfo=UTC)  # Atom wants a date even where there is nothing
ET.register_namespace("atom", ATOM)
ET.register_namespace("dc", _DC)
Entries = Sequence[tuple[Card, datetime]]


@dataclass(frozen=True)
class Feed:
    """A feed's own words.

    Args:
        shown: address of the page that the feed follows.
        names: titles of the areas by id, for categories.
    """

    title: str
    description: str
    owner: str
    shown: str
    base_url: str
    names: dict[str, str]

    def url(self, address: str) -> str:
        return public_url(self.base_url, address)


def rss(feed: Feed, address: str, entries: Entries) -> bytes:
    """RSS 2.0, newest first; its build date is that of the last change, so that equal items give equal bytes."""
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    add(channel, "title", feed.title)
    add(channel, "link", feed.url(feed.shown))
    add(channel, "description", feed.description or feed.title)
    add(channel, "language", "vi")
    if entries:
        add(channel, "lastBuildDate", _mail_date(max(changed for _, changed in entries)))
    itself = {"href": feed.url(address), "rel": "self", "type": "application/rss+xml"}
    ET.SubElement(channel, f"{{{ATOM}}}link", itself)
    for card, _changed in entries:
        entry, url = ET.SubElement(channel, "item"), feed.url(card.address)
        add(entry, "title", card.title)
        add(entry, "link", url)
        add(entry, "guid", url).set("isPermaLink", "true")
        add(entry, "description", html.escape(card.summary or card.title, quote=False))  # readers take it for HTML
        add(entry, f"{{{_DC}}}creator", card.unit)
        for area in card.areas:
            add(entry, "category", feed.names[area])
        add(entry, "pubDate", _mail_date(card.published))
    return xml(root)


def atom(feed: Feed, address: str, entries: Entries) -> bytes:
    """Atom (RFC 4287); an entry's `updated` is its last revision."""
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "vi"})
    add(root, "title", feed.title)
    add(root, "id", feed.url(address))
    add(root, "updated", iso(max((changed for _, changed in entries), default=_EMPTY)))
    add(ET.SubElement(root, "author"), "name", feed.owner)
    ET.SubElement(root, "link", rel="self", type="application/atom+xml", href=feed.url(address))
    ET.SubElement(root, "link", rel="alternate", type="text/html", href=feed.url(feed.shown))
    for card, changed in entries:
        entry, url = ET.SubElement(root, "entry"), feed.url(card.address)
        add(entry, "title", card.title)
        add(entry, "id", url)
        ET.SubElement(entry, "link", rel="alternate", type="text/html", href=url)
        add(entry, "published", iso(card.published))
        add(entry, "updated", iso(changed))
        add(ET.SubElement(entry, "author"), "name", card.unit)
        for area in card.areas:
            ET.SubElement(entry, "category", term=area, label=feed.names[area])
        add(entry, "summary", card.summary or card.title)
    return xml(root)


def json_feed(feed: Feed, address: str, entries: Entries) -> bytes:
    """JSON Feed 1.1 (jsonfeed.org/version/1.1)."""
    items = [
        {"id": feed.url(card.address), "url": feed.url(card.address), "title": card.title,
         "content_text": card.summary or card.title, "date_published": iso(card.published),
         "date_modified": iso(changed), "authors": [{"name": card.unit}],
         **({"image": feed.url(card.sizes[-1].address)} if card.sizes else {}),
         **({"tags": [feed.names[area] for area in card.areas]} if card.areas else {})}
        for card, changed in entries
    ]  # fmt: skip
    whole = {
        "version": "https://jsonfeed.org/version/1.1", "title": feed.title, "home_page_url": feed.url(feed.shown),
        "feed_url": feed.url(address), "description": feed.description or feed.title, "language": "vi",
        "authors": [{"name": feed.owner}], "items": items,
    }  # fmt: skip
    return (printable(json.dumps(whole, ensure_ascii=False, indent=1)) + "\n").encode()


def add(parent: ET.Element, tag: str, text: str) -> ET.Element:
    """A child with text that XML can carry."""
    child = ET.SubElement(parent, tag)
    child.text = printable(text)
    return child


def xml(root: ET.Element) -> bytes:
    """A whole document."""
    ET.indent(root)
    text: str = ET.tostring(root, encoding="unicode")  # to write bytes it would encode each name by itself
    return f"{DECLARATION}{text}\n".encode()


def _mail_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(HANOI))
