"""Stored posts, made ready to be drawn."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from channels.base import Picture
from channels.facebook.post import FacebookPost
from channels.registry import post_to_json
from channels.wordpress.post import Medium, WordPressPost
from channels.zalo.post import ImageBlock, TextBlock, VideoBlock, ZaloPost
from pipeline.desk.preview import Run, picture_name, previews, runs

NAME = "0123456789abcdef0123.jpg"
PICTURE = Picture(f"/x/{NAME}", f"https://cchc.example.vn/anh/01/{NAME}", "image/jpeg", 10, 10, "Quầy")


def test_addresses_and_hashtags_are_told_from_words():
    """A full stop after an address is not part of it."""
    expected = (Run("Xem "), Run("https://a.vn/b?c=1", "link"), Run(". "), Run("#CCHC", "hashtag"))

    assert expected == runs("Xem https://a.vn/b?c=1. #CCHC")


def test_zalo_blocks_become_paragraphs_pictures_and_videos():
    """HTML of the block is read back as plain words, never passed on."""
    body = (TextBlock("<p>Một &lt;b&gt;<br>hai</p><p>ba</p>"), ImageBlock(PICTURE.url, "Chú thích"),
            VideoBlock("https://youtu.be/x", PICTURE.url))  # fmt: skip
    post = ZaloPost("a1", 1, "Tin", "https://a.vn", "a1", "Tác giả", "Tóm tắt", PICTURE, body)
    found = previews([{"channel": "zalo", "body": post_to_json(post)}])[0]

    assert ((Run("Một <b>"),), (Run("hai"),)) == found.parts[0].lines
    assert ((Run("ba"),),) == found.parts[1].lines
    assert (NAME, "Chú thích") == (found.parts[2].picture, found.parts[2].caption)
    assert ("https://youtu.be/x", NAME) == (found.parts[3].video, found.parts[3].picture)


def test_a_wordpress_post_is_words_and_pictures():
    """Its HTML becomes plain words too; a figure is a picture with its caption."""
    body = (f'<p>Một &lt;b&gt;<br>hai</p>\n<h2 class="x">Mục</h2><ul><li>ba</li></ul><figure class="wp-block-image">'
            f'<img src="media/{NAME}" alt="a"><figcaption>Chú thích</figcaption></figure><p>bốn</p>')  # fmt: skip
    media = (Medium(NAME, Path("/x"), "image/jpeg", "Tin", "Quầy"),)
    moment = datetime(2026, 11, 20, tzinfo=UTC)
    post = WordPressPost("a1", 1, "Tin", "https://a.vn", "a1", "tin-a1", "Tóm tắt", body, moment, (), (), NAME, media)
    found = previews([{"channel": "wordpress", "body": post_to_json(post)}])[0]

    assert (NAME, "Quầy") == (found.cover, found.alt)
    assert ((Run("Một <b>"),), (Run("hai"),)) == found.parts[0].lines
    assert [((Run("Mục"),),), ((Run("ba"),),)] == [part.lines for part in found.parts[1:3]]
    assert (NAME, "Chú thích") == (found.parts[3].picture, found.parts[3].caption)
    assert ((Run("bốn"),),) == found.parts[4].lines


def test_a_post_that_cannot_be_read_is_left_out():
    """An older version's words must not take the whole page down."""
    post = FacebookPost("a1", 1, "Tin", "https://a.vn", "a1", "Tin\n\nTóm tắt", PICTURE)
    rows = [{"channel": "zalo", "body": "{"}, {"channel": "xyz", "body": "{}"},
            {"channel": "facebook", "body": post_to_json(post)}]  # fmt: skip

    assert ["facebook"] == [one.channel for one in previews(rows)]


@pytest.mark.parametrize("place", ["", "https://a.vn/evil.svg", "../../etc/passwd", f"{NAME}/x", "A" * 20 + ".jpg"])
def test_only_our_own_encoded_pictures_have_a_name(place):
    """Nothing else is asked for."""
    assert "" == picture_name(place)
