"""What a page says, and that nothing in a post can make it say something else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from channels.errors import Refused
from channels.portal.adapter import Contact, Portal, Site
from channels.portal.post import Cover, Label, Question, Video
from channels.portal.words import HANOI

HOSTILE = "\"><script>alert(1)</script>'</title></script><!-- & {{ 7*7 }}\x00\x0b"


class Page(HTMLParser):
    """Tags with their attributes."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, tag: str, name: str) -> list[str]:
        return [attributes[name] for found, attributes in self.tags if found == tag and name in attributes]

    def meta(self, name: str) -> str:
        return next(
            a["content"] for tag, a in self.tags if tag == "meta" and name in (a.get("name"), a.get("property"))
        )

    def addresses(self) -> Iterator[str]:
        for tag, attributes in self.tags:
            if tag == "link" and attributes.get("rel") == "canonical":
                continue
            yield from (attributes[name] for name in ("href", "src", "poster") if name in attributes)
            yield from (one.split()[0] for one in attributes.get("srcset", "").split(",") if one.strip())


@pytest.fixture
def full(portal: Portal, desk: Any) -> Portal:
    for number in range(8):
        portal.publish(desk.article(number))
    portal.publish(desk.qa(8))
    portal.publish(desk.clip(9))
    portal.withdraw(desk.article(2), "k002")
    portal.flush()
    return portal


def test_every_link_is_relative_and_leads_to_a_file(full: Portal, public: Path) -> None:
    """The site opens from disk by a double click; only links to other sites and to the page's own address are absolute."""
    outside = {"dichvucong.gov.vn", "www.facebook.com", "cchc.example.vn"}
    for path in sorted(public.rglob("*.html")):
        for address in Page(path).addresses():
            parts = urlsplit(address)
            if parts.scheme:
                assert parts.scheme == "mailto" or parts.hostname in outside, (path, address)
            elif parts.path:
                assert not parts.path.startswith("/"), (path, address)
                assert (path.parent / unquote(parts.path)).resolve().is_file(), (path, address)


def test_no_page_has_an_inline_script_or_style(full: Portal, public: Path) -> None:
    """A strict content security policy holds: scripts are our own files, and data blocks are no scripts."""
    for path in public.rglob("*.html"):
        tags = Page(path).tags
        scripts = [attributes for tag, attributes in tags if tag == "script"]
        assert all(one.get("type") == "application/ld+json" or "src" in one for one in scripts), path
        assert not [name for _, attributes in tags for name in attributes if name.startswith("on")], path
        assert not [tag for tag, attributes in tags if tag in ("style", "iframe") or "style" in attributes]


def test_share_tags_name_the_canonical_page(full: Portal, desk: Any, public: Path) -> None:
    """Facebook and Zalo read these."""
    post = desk.article(3)
    page = Page(public / post.address)

    assert [post.link] == [a["href"] for tag, a in page.tags if a.get("rel") == "canonical"]
    assert (post.link, "article", "vi_VN", post.title) == tuple(
        page.meta(f"og:{name}") for name in ("url", "type", "locale", "title")
    )
    assert (post.share.url, "1200", "600") == tuple(page.meta(f"og:image{part}") for part in ("", ":width", ":height"))
    assert "k003" == page.meta("bantin-item")
    assert "summary_large_image" == page.meta("twitter:card")


def test_the_date_is_said_in_words(full: Portal, desk: Any, public: Path) -> None:
    """In Vietnamese and in Hanoi's time."""
    assert "Chủ Nhật, 01/11/2026, 11:00<" in (public / desk.article(3).address).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("page", "current"),
    [("index.html", ["page"]), ("mot-cua/index.html", ["page"]), ("tin/index.html", []), ("lien-he/index.html", []),
     ("2026/11/tin-3-k003.html", []), ("tin/trang-1.html", [])],
)  # fmt: skip
def test_the_menu_marks_where_one_is(full: Portal, public: Path, page: str, current: list[str]) -> None:
    """And nothing on a page that the menu does not name."""
    assert current == Page(public / page).all("a", "aria-current")


def test_an_older_page_of_a_section_marks_the_section(portal: Portal, desk: Any, public: Path) -> None:
    """As the place, not as the page itself."""
    for number in range(7):
        portal.publish(desk.article(number))
    portal.flush()

    assert ["true"] == Page(public / "mot-cua/trang-1.html").all("a", "aria-current")


def test_midnight_means_that_only_the_day_is_known(portal: Portal, desk: Any, public: Path) -> None:
    """Most items come with a date only."""
    portal.publish(desk.article(0, published=datetime(2026, 11, 2, tzinfo=HANOI)))

    assert "Thứ Hai, 02/11/2026<" in (public / desk.article(0).address).read_text(encoding="utf-8")


def test_a_correction_is_told_on_the_page_with_its_date(portal: Portal, desk: Any, public: Path) -> None:
    """What was wrong, and since when it is right."""
    changed = desk.article(0).published + timedelta(days=3)
    portal.publish(desk.article(0))
    portal.revise(desk.article(0, updated=changed, corrections="Số đúng là 5.800.\nXin lỗi bạn đọc."), "k000")
    text = (public / desk.article(0).address).read_text(encoding="utf-8")

    assert "Cập nhật:" in text
    assert "Thứ Tư, 04/11/2026, 08:00<" in text
    assert "<p>Số đúng là 5.800.</p><p>Xin lỗi bạn đọc.</p>" in text
    assert '<meta property="article:modified_time" content="2026-11-04T08:00:00+07:00">' in text
    assert '"correction":"Số đúng là 5.800.\\nXin lỗi bạn đọc."' in text


def test_a_code_that_is_none_gets_no_link(portal: Portal, desk: Any, public: Path) -> None:
    """A typing error leads nowhere, so it is only shown."""
    portal.publish(desk.qa(0, question=Question("?", "", "Sở Tư pháp", (), "theo mẫu")))
    text = (public / desk.qa(0).address).read_text(encoding="utf-8")

    assert "<strong>theo mẫu</strong></p>" in text


def test_hotlines_come_from_the_settings(open_portal: Callable[..., Portal], public: Path) -> None:
    """A telephone number can be called, and an address that is no web address is only text."""
    site = Site("Hà Nội", "UBND", contacts=(
        Contact("phone", "Tổng đài", "024.1022", "Nhánh 7"), Contact("web", "Trang", "javascript:alert(1)"),
        Contact("mail", "Thư", "cchc@hanoi.example.vn"), Contact("place", "Nơi tiếp", "Phố Đinh Tiên Hoàng")))  # fmt: skip
    open_portal(site=site).flush()
    page = Page(public / "lien-he/index.html")

    assert ["tel:0241022", "mailto:cchc@hanoi.example.vn"] == [
        address for address in dict.fromkeys(page.all("a", "href")) if address.startswith(("tel:", "mailto:"))
    ]
    assert not [address for address in page.all("a", "href") if address.startswith("javascript")]
    assert "Phố Đinh Tiên Hoàng" in (public / "lien-he/index.html").read_text(encoding="utf-8")


def test_related_items_speak_of_the_same_things(portal: Portal, desk: Any, public: Path) -> None:
    """Of the older items of the area, those with the same words come first."""
    titles = ["Đăng ký khai sinh tại nhà", "Nộp thuế đất trực tuyến", "Cấp giấy phép xây dựng", "Hẹn giờ tiếp dân",
              "Đổi giấy phép lái xe", "Khai sinh liên thông ba thủ tục"]  # fmt: skip
    for number, title in enumerate(titles):
        portal.publish(desk.article(number, title=title, summary=""))
    portal.flush()
    text = (public / desk.article(5).address).read_text(encoding="utf-8")
    related = text.partition('class="related"')[2]

    assert related.index("Đăng ký khai sinh tại nhà") < related.index("Hẹn giờ tiếp dân")
    assert "Đổi giấy phép lái xe" not in related  # it is the one before, and offered as such


def test_units_are_in_the_order_of_a_dictionary(portal: Portal, desk: Any, public: Path) -> None:
    """Đ comes after D and before E, not after Z."""
    for number, name in enumerate(["Sở Y tế", "Sở Đầu tư", "Sở Dân tộc", "Sở Xây dựng"]):
        portal.publish(desk.article(number, unit=Label(f"u{number}", name)))
    portal.flush()
    text = (public / "don-vi/index.html").read_text(encoding="utf-8")

    assert ["Sở Dân tộc", "Sở Đầu tư", "Sở Xây dựng", "Sở Y tế"] == re.findall(r">(Sở [^<]+)</a>", text)


def test_pictures_have_sizes_and_alternatives(full: Portal, desk: Any, public: Path) -> None:
    """WebP first, JPEG for the rest, room kept before they load."""
    page = Page(public / desk.article(3).address)
    cover = next(a for tag, a in page.tags if tag == "img" and a["alt"] == "Quầy tiếp nhận")

    assert ("1200", "600", "high") == (cover["width"], cover["height"], cover["fetchpriority"])
    assert [" 480w", " 1200w"] == re.findall(r" \d+w", page.all("source", "srcset")[0])
    assert all({"alt", "width", "height"} <= attributes.keys() for tag, attributes in page.tags if tag == "img")


def test_avif_stands_before_webp(portal: Portal, desk: Any, public: Path) -> None:
    """A browser takes the first that it knows."""
    sizes = tuple(desk.picture(f"{mime} {width}", mime, width) for width in (480, 1200)
                  for mime in ("image/avif", "image/webp", "image/jpeg"))  # fmt: skip
    portal.publish(desk.article(0, cover=Cover(sizes, "Quầy tiếp nhận")))
    portal.flush()
    page = Page(public / desk.article(0).address)

    assert ["image/avif", "image/webp"] == page.all("source", "type")
    assert [" 480w", " 1200w"] == re.findall(r" \d+w", page.all("source", "srcset")[0])


def test_a_drawn_cover_is_for_sharing_only(portal: Portal, desk: Any, public: Path) -> None:
    """It would say the title a second time."""
    post = desk.article(0, cover=Cover(desk.article(0).cover.renditions, "Tin số 0", drawn=True))
    portal.publish(post)

    assert "<picture>" not in (public / post.address).read_text(encoding="utf-8")


def test_question_and_answer(full: Portal, desk: Any, public: Path) -> None:
    """Who asks, who answers, on what ground, and where the procedure is."""
    text = (public / desk.qa(8).address).read_text(encoding="utf-8")

    for words in (
        "Tôi nộp ở đâu?",
        "Bạn đọc",
        "Sở Tư pháp",
        "Nghị định 118/2025/NĐ-CP",
        "1.001234",
        "dvc-danh-sach-dich-vu-cong.html?ma_tt=1.001234",
        '"@type":"QAPage"',
    ):
        assert words in text, words


def test_clip_of_our_own(full: Portal, desk: Any, public: Path) -> None:
    """The film, its captions and its words, all from our own folder."""
    path = public / desk.clip(9).address
    page, text = Page(path), path.read_text(encoding="utf-8")

    assert ["captions"] == page.all("track", "kind")
    assert "phim" == (path.parent / next(src for src in page.all("source", "src"))).read_text(encoding="utf-8")
    assert "Tạm biệt." in text
    assert "2:05" in text
    assert '"@type":"VideoObject"' in text


def test_clip_on_a_host_is_only_a_link(portal: Portal, desk: Any, public: Path) -> None:
    """No outside request until the reader clicks."""
    post = desk.clip(0, video=Video(None, "https://www.youtube.com/watch?v=1", None, "", None, ""))
    portal.publish(post)
    page = Page(public / post.address)

    assert "https://www.youtube.com/watch?v=1" in page.all("a", "href")
    assert "Xem trên youtube.com" in (public / post.address).read_text(encoding="utf-8")
    assert "video" not in [tag for tag, _ in page.tags]


def test_a_clip_address_that_is_no_web_address_is_refused(portal: Portal, desk: Any) -> None:
    """A link must not run anything."""
    with pytest.raises(Refused, match="web address"):
        portal.publish(desk.clip(0, video=Video(None, "javascript:alert(1)", None, "", None, "")))


@pytest.mark.parametrize("kind", ["article", "qa", "clip"])
def test_hostile_words_are_escaped_everywhere(portal: Portal, desk: Any, public: Path, kind: str) -> None:
    """Title, summary, names, question, transcript: text stays text on pages, in lists and in data."""
    bad = HOSTILE
    changes: dict[str, Any] = {
        "title": bad, "summary": bad, "author": bad, "source": bad, "corrections": bad, "hashtags": (bad,),
        "unit": Label("so-noi-vu", bad), "areas": (Label("mot-cua", bad),), "fields": (Label("x", bad),),
    }  # fmt: skip
    if kind == "qa":
        changes["question"] = Question(bad, bad, bad, (bad,), bad)
    if kind == "clip":
        changes["video"] = Video(None, f"https://x.vn/{bad}", 1, bad, None, bad)
    portal.publish(getattr(desk, kind)(0, **changes))
    portal.flush()
    for path in public.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "<script>alert" not in text, path
        assert not re.search("[\x00-\x08\x0b]", text), path
        assert "7*7" not in text or "{{ 7*7 }}" in text, path
    data = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', (public / "2026/11/tin-0-k000.html").read_text()
    )

    assert 1 == len(data)
    assert HOSTILE.rstrip("\x00\x0b") in json.dumps(json.loads(data[0]), ensure_ascii=False).replace('\\"', '"')


def test_english_words_when_the_site_speaks_english(
    open_portal: Callable[..., Portal], desk: Any, public: Path
) -> None:
    """The msgids are English, so that language needs no catalogue."""
    portal = open_portal(site=Site("Hanoi", "Hanoi", language="en"))
    portal.publish(desk.article(0))

    assert "Sunday, 01/11/2026" in (public / "2026/11/tin-0-k000.html").read_text(encoding="utf-8")


def test_an_empty_portal_has_all_its_doors(portal: Portal, public: Path) -> None:
    """Before the first item, every link of the menu leads somewhere."""
    portal.flush()

    for address in Page(public / "index.html").addresses():
        assert urlsplit(address).scheme or (public / urlsplit(address).path).is_file() or address.startswith("#"), (
            address
        )


def test_the_pages_for_wrong_and_old_addresses_start_at_the_root(full: Portal, public: Path) -> None:
    """A server shows it at any depth."""
    for name in ("404.html", "410.html"):
        assert ["https://cchc.example.vn/"] == Page(public / name).all("base", "href")
