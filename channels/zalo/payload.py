"""What goes out to Zalo for a post, and what an article cannot carry (facts: zalo.md §2.1)."""

from __future__ import annotations

import html
import unicodedata
from typing import Any
from urllib.parse import urlsplit

from channels.base import Limit, Limits
from channels.errors import Refused
from channels.zalo.post import ImageBlock, TextBlock, VideoBlock, ZaloPost

_SOURCE = "https://docs.zaloplatforms.com/docs/OA/ (article create), transcription of 2026-08-20: zalo.md §2.1"

LIMITS = Limits(
    title=Limit(150, 140, "code points", _SOURCE),
    summary=Limit(300, 250, "code points", _SOURCE),
    author=Limit(50, 50, "code points", _SOURCE),
    picture_bytes=1_000_000,
    picture_types=("image/jpeg", "image/png"),
)


def payload(post: ZaloPost) -> dict[str, Any]:
    """The JSON of article/create; texts in NFC because Zalo counts code points as they come."""
    return {
        "type": "normal",
        "title": nfc(post.title),
        "author": nfc(post.author),
        "description": nfc(post.description),
        "status": "show",  # the default is hide
        "comment": "show",
        "cover": {"cover_type": "photo", "photo_url": post.cover.url, "status": "show"},
        "body": [_block(block) for block in post.body],
    }


def check(post: ZaloPost) -> None:
    """Say no by name before anything is sent.

    Raises:
        Refused: the message begins with the field.
    """
    for name, text, limit in (
        ("title", post.title, LIMITS.title),
        ("description", post.description, LIMITS.summary),
        ("author", post.author, LIMITS.author),
    ):
        length = len(nfc(text))
        if limit is not None and not 1 <= length <= limit.most:
            raise Refused(f"{name}: {length} code points, Zalo takes 1 to {limit.most}")
    if post.cover.mime not in LIMITS.picture_types:
        raise Refused(f"cover: {post.cover.mime} is not one of {', '.join(LIMITS.picture_types)}")
    _check_address("cover", post.cover.url)
    if not post.body:
        raise Refused("body: an article needs at least one block")
    for block in post.body:
        if isinstance(block, ImageBlock):
            _check_address("body image", block.url)
        elif isinstance(block, VideoBlock):
            _check_address("body video", block.url)
            _check_address("body video thumb", block.thumb)
    if not holds(payload(post)["body"], post.marker):
        raise Refused("body: the portal address is missing, so the article could not be found again")


def holds(body: object, marker: str) -> bool:
    """Whether the text of body blocks, ours or Zalo's, contains the marker."""
    blocks = body if isinstance(body, list) else []
    texts = (str(block.get("content") or "") for block in blocks if isinstance(block, dict))
    return bool(marker) and any(marker in html.unescape(text) for text in texts)


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _block(block: TextBlock | ImageBlock | VideoBlock) -> dict[str, str]:
    if isinstance(block, TextBlock):
        return {"type": "text", "content": nfc(block.html)}
    if isinstance(block, ImageBlock):
        return {"type": "image", "url": block.url, "caption": nfc(block.caption)}
    return {"type": "video", "url": block.url, "thumb": block.thumb}


def _check_address(name: str, url: str) -> None:
    # Spaces and Vietnamese letters in photo_url are refused by Zalo (zalo.md §2.1, seen in production).
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or not url.isascii() or " " in url:
        raise Refused(f"{name}: not a public, percent-encoded http address")
