"""The stored posts, made ready to be drawn as a phone would show them; nothing stored reaches the page as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from channels.base import Picture, Post
from channels.facebook.post import FacebookPost
from channels.portal.post import PortalPost
from channels.registry import CHANNELS, post_from_json
from channels.wordpress.post import PLACE, WordPressPost
from channels.zalo.post import ImageBlock, TextBlock, VideoBlock, ZaloPost

PICTURE_NAME = re.compile(r"[0-9a-f]{20}\.(?:jpg|webp|avif|png)")
_PARAGRAPHS = re.compile(r"</p>\s*|<p>", re.IGNORECASE)
_ENDS = re.compile(r"</(?:h[2-4]|li|tr|blockquote|cite)>")
_TAG = re.compile(r"<[^>]*>")
_BREAKS = re.compile(r"<br ?/?>|\n", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
_HASHTAG = re.compile(r"#\w+")


@dataclass(frozen=True)
class Run:
    """Some words of a line; `kind` is "", "link" or "hashtag"."""

    text: str
    kind: str = ""


@dataclass(frozen=True)
class Part:
    """A paragraph (lines of runs), a picture with its caption, or a video with its address."""

    lines: tuple[tuple[Run, ...], ...] = ()
    picture: str = ""
    caption: str = ""
    video: str = ""


@dataclass(frozen=True)
class Preview:
    """One channel's post; `post` is the stored one, for its plain fields."""

    channel: str
    post: Post
    cover: str
    alt: str
    parts: tuple[Part, ...] = ()


def previews(posts: Iterable[Mapping[str, Any]]) -> list[Preview]:
    """The posts of an edition, portal first; one that this version cannot read is left out."""
    found: dict[str, Post] = {}
    for row in posts:
        try:
            found[row["channel"]] = post_from_json(row["channel"], row["body"])
        except (KeyError, ValueError):
            continue
    share = next((post.share for post in found.values() if isinstance(post, PortalPost)), None)
    return [_preview(name, found[name], share) for name in CHANNELS if name in found]


def _preview(channel: str, post: Post, share: Picture | None) -> Preview:
    if isinstance(post, ZaloPost):
        return Preview(channel, post, picture_name(post.cover.url), post.cover.alt, tuple(_zalo(post)))
    if isinstance(post, FacebookPost):
        shown = post.photo or share
        parts = tuple(_paragraphs(post.message.split("\n\n")))
        return Preview(channel, post, picture_name(str(shown.file)) if shown else "", shown.alt if shown else "", parts)
    if isinstance(post, WordPressPost):
        top = next((one for one in post.media if one.key == post.featured), None)
        return Preview(channel, post, picture_name(post.featured), top.alt if top else "", tuple(_wordpress(post)))
    cover = post.cover.renditions[-1] if isinstance(post, PortalPost) and post.cover else share
    return Preview(channel, post, picture_name(str(cover.file)) if cover else "", cover.alt if cover else "")


def picture_name(place: str) -> str:
    """The encoded picture's own name out of its address or path; empty when it is no picture of ours."""
    name = place.rpartition("/")[2]
    return name if PICTURE_NAME.fullmatch(name) else ""


def _zalo(post: ZaloPost) -> Iterable[Part]:
    for block in post.body:
        if isinstance(block, TextBlock):
            yield from _paragraphs(unescape(one) for one in _PARAGRAPHS.split(_BREAKS.sub("\n", block.html)))
        elif isinstance(block, ImageBlock):
            yield Part(picture=picture_name(block.url), caption=block.caption)
        elif isinstance(block, VideoBlock):
            yield Part(picture=picture_name(block.thumb), video=block.url)


def _wordpress(post: WordPressPost) -> Iterable[Part]:
    """Words and pictures of the text in their order; how they look is the theme's."""
    for piece in re.split(r"(<figure.*?</figure>)", post.body_html, flags=re.DOTALL):
        shown = re.search(rf'<img src="{PLACE}([^"]+)"', piece)
        text = unescape(_TAG.sub("", _PARAGRAPHS.sub("\n\n", _BREAKS.sub("\n", _ENDS.sub("\n\n", piece)))))
        if shown:
            yield Part(picture=picture_name(shown[1]), caption=text.strip())
        else:
            yield from _paragraphs(text.split("\n\n"))


def _paragraphs(texts: Iterable[str]) -> Iterable[Part]:
    for text in texts:
        if text.strip():
            yield Part(tuple(runs(line) for line in text.strip().split("\n")))


def runs(line: str) -> tuple[Run, ...]:
    """A line cut into words, addresses and hashtags, as both platforms colour them."""
    found: list[Run] = []
    end = 0
    for match in re.finditer(f"{_ADDRESS.pattern}|{_HASHTAG.pattern}", line):
        found += [Run(line[end : match.start()]), Run(match[0], "hashtag" if match[0][0] == "#" else "link")]
        end = match.end()
    return tuple(run for run in (*found, Run(line[end:])) if run.text)
