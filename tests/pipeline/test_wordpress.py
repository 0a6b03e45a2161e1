"""The portal's page as a WordPress post, and who waits for whom when WordPress is the portal."""

from __future__ import annotations

import html
import re
import shutil
import socket
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from channels.base import Picture
from channels.portal.post import Attachment, Cover, Label, PortalPost, Question, Video
from channels.registry import post_from_json
from channels.wordpress.payload import check
from channels.wordpress.post import PLACE
from pipeline import config, intake
from pipeline.loopback import PortalServer
from pipeline.prepare import Work, prepare
from pipeline.wiring import Newsroom, enabled, workshop
from pipeline.wordpress import wordpress

NAME = "0123456789abcdef0123"
MOMENT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
SETTINGS = """
[portal]
target = "{target}"
base_url = "https://cchc.example.vn"
[channels.wordpress]
base_url = "https://cms.example.vn"
user = "bantin"
"""


def picture(ending, width=1200, alt="Ảnh"):
    mime = {"jpg": "image/jpeg", "webp": "image/webp"}[ending]
    return Picture(Path(f"/m/01/{NAME}{width}.{ending}"), "", mime, width, 630, alt)


@pytest.fixture
def page():
    """A page with a cover in four encodings."""
    sizes = tuple(picture(ending, width) for width in (1200, 640) for ending in ("webp", "jpg"))
    return PortalPost(
        item="k3", edition=1, title="Tin", link="https://cchc.example.vn/2026/11/tin-k3.html", marker="2026/11/tin-k3.html",
        address="2026/11/tin-k3.html", kind="article", summary="Tóm tắt", unit=Label("so-y-te", "Sở Y tế"),
        areas=(Label("mot-cua", "Một cửa"),), topics=(), fields=(), audiences=(), author="Sở Y tế", source="",
        published=MOMENT, updated=None, body_html="<p>Nội dung.</p>", cover=Cover(sizes, "Ảnh"), share=picture("jpg"),
        hashtags=("#CCHC", "#ĐềÁn06"), words=2,
    )  # fmt: skip


def test_the_address_and_the_terms_are_the_portals(page):
    """So that a link of a social post is good whichever of the two carries the page."""
    post = wordpress(page)

    assert ("tin-k3", MOMENT, page.link) == (post.slug, post.published, post.link)
    assert [("mot-cua", "Một cửa"), ("tin-bai", "Tin bài")] == [(one.slug, one.name) for one in post.categories]
    assert [("cchc", "#CCHC"), ("dean06", "#ĐềÁn06")] == [(one.slug, one.name) for one in post.tags]


def test_the_largest_jpeg_stands_above_the_text(page):
    """WordPress makes the other sizes itself."""
    post = wordpress(page)

    assert f"{NAME}1200.jpg" == post.featured
    assert [post.featured] == [one.key for one in post.media]


def test_a_picture_of_the_text_keeps_its_words_and_its_caption(page):
    """One <img> in a figure; the text alternative goes into the library too."""
    shown = picture("jpg", 800, "")
    body = (f'<p><picture><source type="image/webp" srcset="../../media/01/x.webp 640w"><img src="../../media/01/{NAME}800.jpg"'
            ' srcset="a 1w" alt="Quầy &amp; ghế" width="800" height="450"></picture><span class="caption">Bước 1</span></p>')  # fmt: skip
    post = wordpress(replace(page, body_html=body, pictures=(shown, picture("jpg", 500))))

    assert "srcset" not in post.body_html
    assert "<picture" not in post.body_html
    figure = re.search(r"<figure.*</figure>", post.body_html)[0]
    assert f'<img src="{PLACE}{NAME}800.jpg"' in figure
    assert '<figcaption class="wp-element-caption">Bước 1</figcaption>' in figure
    assert {f"{NAME}1200.jpg": "Ảnh", f"{NAME}800.jpg": "Quầy & ghế"} == {one.key: one.alt for one in post.media}


def test_a_picture_amidst_a_sentence_stays_there(page):
    """A figure cannot stand in a paragraph."""
    images = [f'<img src="../../media/01/{NAME}{width}.jpg" alt="{width}">' for width in (500, 800)]
    text = wordpress(replace(page, body_html=f"<p>{images[0]} và {images[1]}.</p>")).body_html

    assert f'<p><img src="media/{NAME}500.jpg" alt="500"> và <img src="media/{NAME}800.jpg" alt="800">.</p>' in text


def test_a_question_has_its_answer_and_its_ground(page):
    """Asker, answering unit, legal basis, and the procedure on the national portal."""
    question = Question("Hỏi <gì>?\nHai", "Bà H.", "Sở Y tế", ("NĐ 118/2025",), "2.000815")
    text = wordpress(replace(page, kind="qa", question=question)).body_html

    assert "<p>Hỏi &lt;gì&gt;?</p><p>Hai</p><cite>Bà H.</cite></blockquote>" in text
    assert text.index("Sở Y tế trả lời:") < text.index("Nội dung.") < text.index("NĐ 118/2025")
    assert "ma_tt=2.000815" in text


def test_a_clip_has_player_captions_and_transcript(page):
    """The file is the library's; a page on a video host is a link, never embedded."""
    own = Video(Path("/c/a.mp4"), "", 10, "", Path("/c/a.vtt"), "Lời một\nLời hai")
    post = wordpress(replace(page, kind="clip", video=own))
    hosted = wordpress(
        replace(page, kind="clip", video=replace(own, file=None, captions=None, page="https://youtu.be/x"))
    )

    assert {"video": "video/mp4", "captions": "text/vtt"}.items() <= {one.key: one.mime for one in post.media}.items()
    assert 'src="media/video"><track kind="captions" src="media/captions" srclang="vi"' in post.body_html
    assert "<p>Lời một</p><p>Lời hai</p>" in post.body_html
    assert '<a href="https://youtu.be/x"' in hosted.body_html
    assert "<video" not in hosted.body_html


def test_corrections_attachments_and_the_original_are_told(page):
    """What a theme knows nothing of stands in the text."""
    attached = Attachment(Path(f"/m/01/{NAME}.pdf"), "Tờ khai & mẫu.pdf", "application/pdf", 10)
    text = wordpress(
        replace(page, corrections="Số <đúng> là 5.", attachments=(attached,)), original=page.link
    ).body_html

    assert "Số &lt;đúng&gt; là 5." in text
    assert f'<a href="media/{NAME}.pdf">Tờ khai &amp; mẫu.pdf</a>' in text
    assert f'href="{page.link}"' in text
    assert page.link not in wordpress(page).body_html


def test_all_shipped_content_can_be_a_post(root, tmp_path, now):
    """Every medium that a text names goes along with it, and the adapter's own check takes each."""
    (tmp_path / "config.toml").write_text(SETTINGS.format(target="both"), encoding="utf-8")
    shop = replace(workshop(config.load(tmp_path / "config.toml"), now), media=tmp_path / "media", webp_method=0)
    shutil.copytree(root / "content", tmp_path / "content")
    found = intake.walk(tmp_path / "content")
    done = [prepare(Work(tmp_path / "content", drop, found.stamps), shop) for drop in found.drops.values()]
    posts = [post_from_json("wordpress", one.posts["wordpress"][0]) for one in done if one.posts]
    for post in posts:
        check(post)
        named = set(re.findall(r'(?:src|href|poster)="media/([^"]+)"', post.body_html))
        assert named <= {one.key for one in post.media}
        assert all(one.alt for one in post.media if one.mime == "image/jpeg")

    assert 20 < len(posts)
    assert {"", "portal"} == {slot.after for one in done for slot in one.slots}


@pytest.mark.parametrize(
    ("target", "channels", "first", "base"),
    [
        ("static", ("portal", "zalo", "facebook"), "portal", "https://cchc.example.vn"),
        ("wordpress", ("wordpress", "zalo", "facebook"), "wordpress", "https://cms.example.vn"),
        ("both", ("portal", "wordpress", "zalo", "facebook"), "portal", "https://cchc.example.vn"),
    ],
)
def test_social_posts_wait_for_and_link_to_the_page(root, tmp_path, now, target, channels, first, base):
    """Config chooses who carries the pages; the section's address stays the same below it."""
    (tmp_path / "config.toml").write_text(SETTINGS.format(target=target), encoding="utf-8")
    settings = config.load(tmp_path / "config.toml")
    shutil.copytree(root / "content/so-y-te", tmp_path / "content/so-y-te")
    found = intake.walk(tmp_path / "content")
    drop = next(iter(found.drops.values()))
    done = prepare(Work(tmp_path / "content", drop, found.stamps), workshop(settings, now))
    social = {slot.channel: slot.after for slot in done.slots if slot.channel in ("zalo", "facebook")}
    facebook = post_from_json("facebook", done.posts["facebook"][0])

    assert channels == enabled(settings) == tuple(slot.channel for slot in done.slots)
    assert {"zalo": first, "facebook": first} == social
    assert f"{base}/{done.identity.address}?tu=facebook" == facebook.link
    assert facebook.link in html.unescape(facebook.message) or facebook.photo is None


@pytest.fixture
def bare(tmp_path):
    """A page on loopback that has no Open Graph tags."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "a.html").write_text("<title>Tin</title>", encoding="utf-8")
    server = PortalServer(folder, "127.0.0.1", port)
    server.start()
    yield f"http://127.0.0.1:{port}/a.html"
    server.stop()


@pytest.mark.parametrize(("target", "ready"), [("wordpress", True), ("both", False), ("static", False)])
def test_only_of_the_static_page_open_graph_is_demanded(page, tmp_path, bare, target, ready):
    """A WordPress as it comes writes no such tags; its own post waits for no page, or it would wait for ever."""
    (tmp_path / "config.toml").write_text(SETTINGS.format(target=target), encoding="utf-8")
    room = Newsroom(config.load(tmp_path / "config.toml"), ledger=None, clock=lambda: MOMENT)
    look = room.patience().ready

    assert ready == (look(replace(page, link=bare)) == "")
    if target != "static":
        assert "" == look(replace(wordpress(page), link=f"{bare}-missing"))
