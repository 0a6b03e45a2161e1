"""RSS and the sitemap, read back by those who read them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest

from channels.portal.adapter import Portal

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def places(path: Path) -> dict[str, str]:
    root = ET.parse(path).getroot()  # noqa: S314 - our own file
    return {one.findtext(f"{SITEMAP}loc", ""): one.findtext(f"{SITEMAP}lastmod", "") for one in root}


@pytest.mark.parametrize("name", ["rss.xml", "mot-cua/rss.xml", "kstthc/rss.xml", "hoi-dap/rss.xml"])
def test_a_reader_takes_the_feed(portal: Portal, desk: Any, public: Path, name: str) -> None:
    """Well formed, even when it is empty."""
    portal.publish(desk.article(0))
    portal.publish(desk.qa(1))
    portal.flush()
    feed = feedparser.parse((public / name).read_bytes())

    assert 0 == feed.bozo
    assert {"rss.xml": 2, "mot-cua/rss.xml": 2, "kstthc/rss.xml": 0, "hoi-dap/rss.xml": 1}[name] == len(feed.entries)


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
