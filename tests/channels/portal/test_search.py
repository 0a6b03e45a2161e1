"""The search index: what an entry has, and that marks do not matter when it is looked up."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from channels.portal.adapter import Portal
from channels.portal.fold import fold, order, syllables


@pytest.mark.parametrize(
    ("shown", "typed"),
    [("Đề án 06", "de an 06"), ("HÒA BÌNH", "hoà bình"), ("số hóa", "so hoa"), ("Ế ẩm ườm Ỵ", "e am uom y"),
     ("đường", "đường")],
)  # fmt: skip
def test_marks_and_capitals_do_not_matter(shown: str, typed: str) -> None:
    """Typed on a phone without a Vietnamese keyboard, in either way of placing tones, composed or not."""
    assert fold(shown) == fold(typed)


def test_syllables_are_letters_and_digits() -> None:
    """Signs part them."""
    assert ["de", "an", "06", "chinh", "phu"] == syllables("Đề án 06/Chính phủ.")


def test_names_sort_as_in_a_dictionary() -> None:
    """Letters first, then tones."""
    assert ["An", "Ăn", "Ân", "Dân", "Đá", "Ma", "Mà", "Mả", "Mã", "Má", "Mạ", "Thủ", "Thuế"] == sorted(
        ["Thuế", "Mạ", "Ân", "Đá", "Má", "Thủ", "Ma", "Mã", "Ăn", "Mả", "Dân", "Mà", "An"], key=order
    )


def test_a_month_has_its_items_newest_first(portal: Portal, desk: Any, public: Path) -> None:
    """What the list of hits shows, and the other words of the item folded and each once."""
    portal.publish(desk.article(0))
    portal.publish(desk.qa(1, body_html="<p>Trả lời: nộp tại <b>Bộ phận</b> Một cửa &amp; trả lời sau.</p>"))
    portal.flush()
    newest, oldest = json.loads((public / "tim-kiem/2026-11.json").read_bytes())

    assert ("2026/11/tin-1-k001.html", "Tin số 1", "Tóm tắt 1", "Sở Nội vụ", "qa", ["mot-cua"], "2026-11-01") == tuple(
        newest[key] for key in "ptsukad"
    )
    assert {"tra", "loi", "nop", "bo", "phan", "cua", "dau", "118", "001234"} <= set(newest["b"].split())
    assert len(newest["b"].split()) == len(set(newest["b"].split()))
    assert "amp" not in newest["b"].split()
    assert "Tin số 0" == oldest["t"]


def test_the_contents_name_each_month_with_the_version_of_its_file(portal: Portal, desk: Any, public: Path) -> None:
    """Browsers keep a month until it changes."""
    for number in (0, 1, 800):
        portal.publish(desk.article(number))
    portal.flush()
    versions = [hashlib.sha256((public / f"tim-kiem/{month}.json").read_bytes()).hexdigest()[:8]
                for month in ("2026-12", "2026-11")]  # fmt: skip

    assert [["2026-12", 1, versions[0]], ["2026-11", 2, versions[1]]] == json.loads(
        (public / "tim-kiem/muc-luc.json").read_bytes()
    )


def test_a_month_that_lost_its_items_is_gone(portal: Portal, desk: Any, public: Path) -> None:
    """From the contents and from the disk."""
    portal.publish(desk.article(0))
    portal.publish(desk.article(800))
    portal.flush()
    portal.withdraw(desk.article(800), "k800")
    portal.flush()

    assert ["2026-11"] == [row[0] for row in json.loads((public / "tim-kiem/muc-luc.json").read_bytes())]
    assert not (public / "tim-kiem/2026-12.json").exists()
    assert not (public / "sitemap/2026-12.xml").exists()


def test_search_works_without_a_script_as_a_way_to_the_lists(portal: Portal, public: Path) -> None:
    """The form leads to a page that has them all."""
    portal.flush()
    text = (public / "tim-kiem/index.html").read_text(encoding="utf-8")

    assert '<form class="find" role="search" action="tim-kiem/index.html" method="get">' in (
        public / "index.html"
    ).read_text(encoding="utf-8")
    assert all(f'href="../{name}/index.html"' in text for name in ("tin", "mot-cua", "hoi-dap", "don-vi", "luu-tru"))
