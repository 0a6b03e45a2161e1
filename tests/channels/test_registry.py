"""Posts survive being stored, and the registry loads adapters only when asked."""

from pathlib import Path

import pytest
from wire import LINK, NOW, facebook_post, wordpress_post, zalo_post

from channels.base import Picture, Post
from channels.portal.post import Cover, Label, PortalPost, Question
from channels.registry import CHANNELS, load, post_from_json, post_to_json
from channels.wordpress.post import Medium, Term
from channels.zalo.post import ImageBlock, TextBlock, VideoBlock

BLOCKS = (
    TextBlock("<p>Một</p>"),
    ImageBlock("https://a.vn/i.jpg", ""),
    VideoBlock("https://youtu.be/x", "https://a.vn/t"),
)


SHARE = Picture(Path("s.jpg"), "", "image/jpeg", 1200, 630, "Một cửa")
PORTAL = PortalPost(
    "k3f9a2xq", 1, "Một cửa", LINK, "k3f9a2xq", "2026/11/x.html", "qa", "Tóm tắt", Label("vp", "VP"), (), (), (), (),
    "VP", "", NOW, None, "<p>Một</p>", Cover((SHARE,), "Một cửa"), SHARE, ("motcua",), 2,
    question=Question("Hỏi", "Ông A", "VP", ("84/KH-UBND",), ""),
)  # fmt: skip


WORDPRESS = wordpress_post(
    categories=(Term("mot-cua", "Một cửa"),), media=(Medium("a.jpg", Path("a.jpg"), "image/jpeg", "A"),)
)


@pytest.mark.parametrize(
    ("name", "post"),
    [("zalo", zalo_post(body=BLOCKS)), ("facebook", facebook_post()), ("portal", PORTAL), ("wordpress", WORDPRESS)],
)
def test_posts_round_trip(name: str, post: Post) -> None:
    """A stored post comes back equal, of its own class."""
    assert post == post_from_json(name, post_to_json(post))


@pytest.mark.parametrize("name", ["zalo", "facebook", "wordpress"])
def test_adapters_carry_their_name(name: str) -> None:
    """The class that the registry loads has the registry's name."""
    assert name == load(name).name
    assert name in CHANNELS
