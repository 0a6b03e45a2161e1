"""What machines make of the pages: strict HTML, facts with what each type requires, and how much goes over the wire."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import html5lib
import pytest

from channels.portal.adapter import Contact, Portal, Site
from channels.portal.post import Label

# What Google's documents call required for each type (seen 2026-11-26, as known), and what we promise besides.
REQUIRED = {
    "NewsArticle": {"headline", "datePublished", "dateModified", "image", "author", "publisher", "mainEntityOfPage"},
    "VideoObject": {"name", "thumbnailUrl", "uploadDate", "description", "contentUrl", "caption", "transcript"},
    "QAPage": {"mainEntity"},
    "FAQPage": {"mainEntity"},
    "Question": {"name", "acceptedAnswer"},
    "Answer": {"text"},
    "BreadcrumbList": {"itemListElement"},
    "ListItem": {"position", "name", "item"},
    "GovernmentOrganization": {"name"},
    "WebSite": {"name", "url", "potentialAction"},
}
PAGES = {
    "index.html": {"GovernmentOrganization", "WebSite"},
    "mot-cua/index.html": {"CollectionPage", "BreadcrumbList"},
    "hoi-dap/index.html": {"FAQPage", "BreadcrumbList"},
    "don-vi/index.html": {"CollectionPage", "BreadcrumbList"},
    "lien-he/index.html": {"GovernmentOrganization", "ContactPoint"},
    "2026/11/tin-0-k000.html": {"NewsArticle", "BreadcrumbList", "Person"},
    "2026/11/tin-8-k008.html": {"QAPage", "BreadcrumbList"},
    "2026/11/tin-9-k009.html": {"VideoObject", "BreadcrumbList"},
}


@pytest.fixture
def full(open_portal: Callable[..., Portal], desk: Any) -> Portal:
    contacts = (Contact("phone", "Tổng đài", "1022", "Nhánh 7"), Contact("web", "Cổng", "https://hanoi.example.vn"))
    portal = open_portal(site=Site("Cải cách hành chính", "UBND thành phố", "Gần dân", ("Số 12",), contacts))
    labels = {"fields": (Label("dat-dai", "Đất đai"),), "topics": (Label("N3.1.a", "Vai trò"),)}
    for number in range(8):
        portal.publish(desk.article(number, **labels, corrections="Số đúng là 5." if number else ""))
    portal.publish(desk.qa(8))
    portal.publish(desk.clip(9))
    portal.publish(desk.article(10, areas=(), cover=None))
    portal.withdraw(desk.article(2), "k002")
    portal.flush()
    return portal


def graph(path: Path) -> list[dict[str, Any]]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', path.read_text(encoding="utf-8"))
    return [one for text in found for one in json.loads(text)["@graph"]]


def typed(facts: Any) -> Iterator[dict[str, Any]]:
    if isinstance(facts, dict):
        if "@type" in facts:
            yield facts
        for value in facts.values():
            yield from typed(value)
    elif isinstance(facts, list):
        for value in facts:
            yield from typed(value)


def test_every_page_is_strict_html(full: Portal, public: Path) -> None:
    """A parser that forgives nothing takes all of them."""
    for path in sorted(public.rglob("*.html")):
        if ".gone" not in path.parts:
            html5lib.HTMLParser(strict=True).parse(path.read_text(encoding="utf-8"))


def test_every_page_has_one_title_one_heading_and_its_language(full: Portal, public: Path) -> None:
    """What screen readers and search engines start from; no id stands twice."""
    titles: dict[str, Path] = {}
    for path in sorted(public.rglob("*.html")):
        if ".gone" in path.parts or path.name == "410.html" or "taken" in path.name:
            continue
        text = path.read_text(encoding="utf-8")
        (title,) = re.findall(r"<title>(.*?)</title>", text)
        ids = re.findall(r' id="([^"]+)"', text)

        assert 1 == text.count("<h1"), path
        assert '<html lang="vi">' in text
        assert len(ids) == len(set(ids)), path
        assert titles.setdefault(title, path) == path or "đã được gỡ" in title, (title, path)


@pytest.mark.parametrize("name", PAGES)
def test_the_facts_have_what_their_type_requires(full: Portal, public: Path, name: str) -> None:
    """JSON-LD read back; addresses in it are absolute."""
    facts = list(typed(graph(public / name)))

    assert PAGES[name] <= {one["@type"] for one in facts}
    for one in facts:
        assert REQUIRED.get(one["@type"], set()) <= one.keys(), one
        for key in ("url", "item", "contentUrl", "thumbnailUrl", "logo"):
            for address in [one[key]] if isinstance(one.get(key), str) else one.get(key, []):
                assert address.startswith("https://cchc.example.vn/"), (key, address)


def test_the_trail_leads_from_the_home_page_to_the_item(full: Portal, public: Path) -> None:
    """Search engines show it instead of the address."""
    trail = next(one for one in graph(public / "2026/11/tin-0-k000.html") if one["@type"] == "BreadcrumbList")

    assert [(1, "Trang chủ"), (2, "Một cửa"), (3, "Tin số 0")] == [
        (step["position"], step["name"]) for step in trail["itemListElement"]
    ]


def test_an_item_page_is_light(full: Portal, desk: Any, public: Path) -> None:
    """Without pictures at most 30 KB, and with fonts at most 110 KB on a first visit, gzipped as nginx does."""
    body = "".join(f"<p>{number}. Người dân nộp hồ sơ tại Điểm phục vụ hành chính công, {number * 7919} lượt.</p>"
                   for number in range(120))  # fmt: skip
    full.publish(desk.article(20, cover=None, body_html=body))
    page = public / desk.article(20).address
    text = page.read_text(encoding="utf-8")
    names = re.findall(r'<(?:link rel="(?:stylesheet|icon)"[^>]*href|script src)="([^"?]+)', text)
    files = [page, *{(page.parent / name).resolve() for name in names}]
    light = sum(len(gzip.compress(file.read_bytes(), 6)) for file in files)
    fonts = re.findall(r'<link rel="preload" as="font"[^>]* href="([^"]+)"', text)
    heavy = light + sum((page.parent / name).stat().st_size for name in fonts)

    assert 4 == len(fonts)
    assert 4 == len(files)
    assert light <= 30_000, light
    assert heavy <= 110_000, heavy


def test_no_page_asks_another_site_for_anything(full: Portal, public: Path) -> None:
    """Links may lead out; nothing is loaded from there."""
    loads = re.compile(
        r'(?:\bsrc|\bposter|\bsrcset)="(?:https?:)?//|<link[^>]+rel="(?:stylesheet|icon|preload)"[^>]+href="(?:https?:)?//'
    )
    for path in public.rglob("*.html"):
        assert not loads.search(path.read_text(encoding="utf-8")), path
    style = (public / "theme/site.css").read_text(encoding="utf-8")
    assert "@import" not in style
    assert all(address.startswith("fonts/") for address in re.findall(r'url\("?([^")]+)', style))
