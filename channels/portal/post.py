"""What the portal section shows of one item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from channels.base import Picture, Post


@dataclass(frozen=True)
class Label:
    """Something a citizen can read and follow: an area, topic, field, audience or unit."""

    id: str
    name: str


@dataclass(frozen=True)
class Cover:
    """One picture in several encodings, smallest first, with a caption for the page.

    Args:
        renditions: encoded sizes of the same picture (WebP and JPEG, AVIF where it is switched on).
        drawn: True when it is a share card that we drew because the item has no picture.
    """

    renditions: tuple[Picture, ...]
    alt: str
    drawn: bool = False


@dataclass(frozen=True)
class Video:
    """A clip: a file of our own or a page on a video host.

    Args:
        file: our copy (mp4), None when `page` is used.
        page: address on a video host; shown as a link card, never embedded (no outside request).
        duration: seconds, None when unknown.
        captions: WebVTT file, if any.
        transcript: the words, one paragraph a line.
    """

    file: Path | None
    page: str
    duration: int | None
    program: str
    captions: Path | None
    transcript: str


@dataclass(frozen=True)
class Question:
    """A citizen's question with who answered it and on what ground."""

    text: str
    asker: str
    answered_by: str
    legal_basis: tuple[str, ...]
    procedure: str


@dataclass(frozen=True)
class Attachment:
    """A file that readers may download.

    Args:
        file: kept under its content's name, so that it never changes; `size` in bytes.
        name: what people call it, with its ending.
    """

    file: Path
    name: str
    mime: str
    size: int


@dataclass(frozen=True)
class PortalPost(Post):
    """One item page.

    Args:
        address: path below the section's root, without leading slash, e.g. "2026/11/slug-k3f9a2xq.html"; never changes.
        kind: article, clip or qa.
        published, updated: aware times; `updated` is None until the first revision.
        body_html: cleaned HTML of the text (for a Q&A: of the answer).
        share: picture for Open Graph, 1200 x 630.
        words: number of words, for the reading time.
    """

    address: str
    kind: Literal["article", "clip", "qa"]
    summary: str
    unit: Label
    areas: tuple[Label, ...]
    topics: tuple[Label, ...]
    fields: tuple[Label, ...]
    audiences: tuple[Label, ...]
    author: str
    source: str
    published: datetime
    updated: datetime | None
    body_html: str
    cover: Cover | None
    share: Picture
    hashtags: tuple[str, ...]
    words: int
    corrections: str = ""
    video: Video | None = None
    question: Question | None = None
    pictures: tuple[Picture, ...] = ()
    attachments: tuple[Attachment, ...] = ()
