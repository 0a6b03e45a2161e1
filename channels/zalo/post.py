"""What a Zalo Official Account article shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from channels.base import Picture, Post


@dataclass(frozen=True)
class TextBlock:
    """HTML of <p> and <br> only, everything else escaped: the subset seen to work (facts: zalo.md §2.1)."""

    html: str
    type: Literal["text"] = "text"


@dataclass(frozen=True)
class ImageBlock:
    """A picture at a public address, at most 1 MB."""

    url: str
    caption: str
    type: Literal["image"] = "image"


@dataclass(frozen=True)
class VideoBlock:
    """A video on an allowed host (YouTube) with its thumbnail's public address."""

    url: str
    thumb: str
    type: Literal["video"] = "video"


@dataclass(frozen=True)
class ZaloPost(Post):
    """An article of type "normal"; lengths in code points of NFC text."""

    author: str
    description: str
    cover: Picture
    body: tuple[TextBlock | ImageBlock | VideoBlock, ...]
