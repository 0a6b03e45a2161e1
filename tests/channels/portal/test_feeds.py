"""RSS and the sitemap, read back by those who read them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest

from channels.portal.adapter import Portal

NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def places(path: Path) -> dict[str, str]:
    root = ET.parse(path).getroot()  # noqa: S314 - our own file
    return {one.findtext(f"{SITEMAP}loc", ""): one.findtext(f"{SITEMAP}lastmod", "") for one in root}


@pytest.mark.parametrize("kind", ["rss.xml", "atom.xml"])
@pytest.mark.parametrize("name", ["", "mot-cua/", "kstthc/", "hoi-dap/"])
def test_a_reader_takes_the_feed(portal: Portal, desk: Any, public: Path, name: str, kind: str) -> None:
    """Well formed, even when it is empty."""
    portal.publish(desk.article(0))
    portal.publish(desk.qa(1))
    portal.flush()
    feed = feedparser.parse((public / f"{name}{kind}").read_bytes())

    assert 0 == feed.bozo
    assert {"rss.xml": "rss20", "atom.xml": "atom10"}[kind] == feed.version
    assert {"": 2, "mot-cua/": 2, "kstthc/": 0, "hoi-dap/": 1}[name] == len(feed.entries)


def test_entries_are_newest_first_with_absolute_links(portal: Portal, desk: Any, public: Path) -> None:
    """Readers poll this to learn what is new."""
    for number in range(40):
        portal.publish(desk.article(number))
    portal.flush()
    feed = feedparser.parse((public / "rss.xml").read_bytes())

    assert 30 == len(feed.entries)
    assert (desk.article(39).link, "Tin số 39", "Tóm tắt 39", "Sở Nội vụ") == tuple(
        feed.entries[0][key] for key in ("link", "title", "summary", "author")
    )
    assert "Mon, 02 Nov 2026 23:00:00 +0700" == feed.entries[0].published


def test_json_feed_has_what_its_version_asks_for(portal: Portal, desk: Any, public: Path) -> None:
    """Version, title and items with an id and a text (jsonfeed.org/version/1.1)."""
    portal.publish(desk.article(0))
    portal.flush()
    feed = json.loads((public / "feed.json").read_bytes())

    assert ("https://jsonfeed.org/version/1.1", "https://cchc.example.vn/feed.json") == (
        feed["version"],
        feed["feed_url"],
    )
    assert [(desk.article(0).link, "Tóm tắt 0")] == [(item["id"], item["content_text"]) for item in feed["items"]]


def test_atom_tells_the_last_revision(portal: Portal, desk: Any, public: Path) -> None:
    """RSS has no place for it; readers of Atom and JSON Feed see that a known item changed."""
    portal.publish(desk.article(0, updated=desk.article(0).published + timedelta(days=2)))
    portal.flush()
    entry = feedparser.parse((public / "atom.xml").read_bytes()).entries[0]
    item = json.loads((public / "feed.json").read_bytes())["items"][0]

    assert ("2026-11-01T08:00:00+07:00", "2026-11-03T08:00:00+07:00") == (entry.published, entry.updated)
    assert "2026-11-03T08:00:00+07:00" == item["date_modified"]
    assert ["Một cửa"] == item["tags"]


def test_the_news_sitemap_has_the_last_two_days(portal: Portal, desk: Any, public: Path) -> None:
    """Counted from the newest item, so that the same items give the same file."""
    for number in (0, 40, 60, 96):
        portal.publish(desk.article(number))
    portal.flush()
    found = [one.findtext(f"{NEWS}news/{NEWS}title") for one in ET.parse(public / "sitemap/tin-moi.xml").getroot()]

    assert ["Tin số 96", "Tin số 60"] == found


def test_hostile_words_do_not_break_the_feed(portal: Portal, desk: Any, public: Path) -> None:
    """Control characters are dropped, markup stays text."""
    portal.publish(desk.article(0, title="A\x00\x0b <b>&amp;</b> ]]>\ufffe", summary="<script>x</script>"))
    portal.flush()
    raw = (public / "rss.xml").read_text(encoding="utf-8")

    assert 0 == feedparser.parse(raw).bozo
    assert "<title>A &lt;b&gt;&amp;amp;&lt;/b&gt; ]]&gt;</title>" in raw


def test_the_sitemap_has_every_page_once_with_its_last_change(portal: Portal, desk: Any, public: Path) -> None:
    """One part a month, and one for the lists; a withdrawn page is not in it."""
    post = desk.article(0)
    portal.publish(desk.article(0, updated=post.published + timedelta(days=2)))
    portal.publish(desk.article(1))
    portal.publish(desk.article(2))
    portal.withdraw(desk.article(1), "k001")
    portal.flush()

    assert {"https://cchc.example.vn/sitemap/muc.xml", "https://cchc.example.vn/sitemap/2026-11.xml"} == places(
        public / "sitemap.xml"
    ).keys()
    assert {post.link: "2026-11-03T08:00:00+07:00", desk.article(2).link: "2026-11-01T10:00:00+07:00"} == places(
        public / "sitemap/2026-11.xml"
    )
    assert "https://cchc.example.vn/mot-cua/" in places(public / "sitemap/muc.xml")


def test_robots_name_the_sitemap(portal: Portal, public: Path) -> None:
    """Crawlers start here."""
    portal.flush()

    assert "Sitemap: https://cchc.example.vn/sitemap.xml" in (public / "robots.txt").read_text(encoding="utf-8")
