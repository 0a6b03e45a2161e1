"""What a WordPress shows of one item, in words that need no WordPress to be written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from channels.base import Post

PLACE = "media/"  # the body names a medium as "media/<key>"; the adapter puts the address there that WordPress gave it


@dataclass(frozen=True)
class Term:
    """A category or a tag: looked up by its slug, made with its name when it is not there."""

    slug: str
    name: str


@dataclass(frozen=True)
class Medium:
    """A file of the media library.

    Args:
        key: how the body names it: `PLACE` and this.
        file: on this machine; the same content is uploaded once.
        mime: e.g. "image/jpeg".
        title: what people in the library see.
        alt: text for those who do not see a picture.
    """

    key: str
    file: Path
    mime: str
    title: str
    alt: str = ""


@dataclass(frozen=True)
class WordPressPost(Post):
    """One post of the type "post"; title and excerpt are plain text, `body_html` is clean HTML.

    Args:
        slug: last part of the address without ".html"; it carries the item's id and is what `find` looks for.
        published: aware; a time to come makes WordPress schedule the post.
        featured: key of the medium that stands above the text and in lists, empty for none.
    """

    slug: str
    excerpt: str
    body_html: str
    published: datetime
    categories: tuple[Term, ...]
    tags: tuple[Term, ...]
    featured: str
    media: tuple[Medium, ...]
