"""Feeds and sitemaps by their schemas: whatever is published, empty lists and hostile words included."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from lxml import etree

from channels.portal.adapter import Portal

SCHEMAS = Path(__file__).with_name("schemas")


def problems(schema: str, text: bytes) -> list[str]:
    rules = etree.RelaxNG(etree.parse(SCHEMAS / schema))
    rules.validate(etree.fromstring(text))
    return [f"line {one.line}: {one.message}" for one in rules.error_log]


@pytest.fixture(params=["empty", "full"])
def site(request: pytest.FixtureRequest, portal: Portal, desk: Any, public: Path) -> Path:
    if request.param == "full":
        for number in range(35):
            portal.publish(desk.article(number))
        portal.publish(desk.qa(35))
        portal.publish(desk.clip(36))
        portal.publish(desk.article(37, title="A\x00 <b>&amp;</b> ]]>", summary="", areas=(), cover=None))
        portal.withdraw(desk.article(30), "k030")
    portal.flush()
    return public


@pytest.mark.parametrize(("schema", "names"), [("atom.rng", "**/atom.xml"), ("rss.rng", "**/rss.xml")])
def test_every_feed_is_valid(site: Path, schema: str, names: str) -> None:
    """Of the section, of each area and kind."""
    found = {str(file): problems(schema, file.read_bytes()) for file in site.glob(names)}

    assert 8 == len(found)
    assert [] == [told for told in found.items() if told[1]]


def test_every_json_feed_is_valid(site: Path) -> None:
    """By JSON Feed 1.1 and what we promise besides."""
    rules = jsonschema_rs.validator_for(json.loads((SCHEMAS / "feed.json").read_text()))
    files = list(site.glob("**/feed.json"))

    assert 8 == len(files)
    for file in files:
        assert [] == [one.message for one in rules.iter_errors(json.loads(file.read_bytes()))], file


def test_every_sitemap_is_valid(site: Path) -> None:
    """The index, its parts, and the one of the news."""
    files = [site / "sitemap.xml", *site.glob("sitemap/*.xml")]

    assert len(files) >= 3
    for file in files:
        assert [] == problems("sitemap.rng", file.read_bytes()), file


@pytest.mark.parametrize(
    ("schema", "name", "good", "bad"),
    [
        ("atom.rng", "atom.xml", b"<updated>2026-11-01T08:00:00+07:00</updated>", b"<updated>2026-11-01</updated>"),
        ("atom.rng", "atom.xml", b"https://cchc.example.vn/2026", b"/2026"),
        ("rss.rng", "rss.xml", b"+0700</pubDate>", b"ICT</pubDate>"),
        ("rss.rng", "rss.xml", b"<title>Tin", b"<summary/><title>Tin"),
        ("sitemap.rng", "sitemap/tin-moi.xml", b"T08:00:00+07:00", b" 8 o'clock"),
    ],
)
def test_what_is_wrong_is_told(
    portal: Portal, desk: Any, public: Path, schema: str, name: str, good: bytes, bad: bytes
) -> None:
    """Or their silence would say nothing."""
    portal.publish(desk.article(0))
    portal.flush()
    text = (public / name).read_bytes()

    assert [] == problems(schema, text)
    assert good in text
    assert problems(schema, text.replace(good, bad))


def test_a_feed_of_an_unknown_shape_is_told(open_portal: Callable[..., Portal]) -> None:
    """Keys that nobody knows, a missing text."""
    rules = jsonschema_rs.validator_for(json.loads((SCHEMAS / "feed.json").read_text()))

    assert not rules.is_valid({"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": [{"id": "1"}]})
