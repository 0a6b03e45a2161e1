"""What rendering needs besides the item: encoded pictures, labels with names, the item's address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from channels.base import Picture
from channels.portal.post import Attachment, Label
from pipeline.model import Identity, Item

_MOST_HASHTAGS = 5


@dataclass(frozen=True)
class Encoded:
    """One encoded size of a picture: file on this machine, MIME type, pixels, address below the portal's root."""

    file: Path
    mime: str
    width: int
    height: int
    address: str


@dataclass(frozen=True)
class Media:
    """All encoded pictures of an item.

    Args:
        cover: sizes for the portal; empty when the item has no picture of its own.
        share, zalo, facebook: one encoding each.
        inline: by the name that the Markdown uses.
        drawn: the cover is a share card.
    """

    cover: tuple[Encoded, ...]
    share: Encoded
    zalo: Encoded
    facebook: Encoded
    drawn: bool
    inline: Mapping[str, tuple[Encoded, ...]] = field(default_factory=dict)
    video: Path | None = None
    captions: Path | None = None
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class Tags:
    """What the classifier or the editor decided, with names for people."""

    areas: tuple[Label, ...] = ()
    topics: tuple[Label, ...] = ()
    fields: tuple[Label, ...] = ()
    audiences: tuple[Label, ...] = ()
    hashtags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """Everything that rendering needs besides the item.

    Args:
        base_url: the portal's public address.
        revised: aware time of this revision; None as long as nothing of the item was public before.
    """

    identity: Identity
    edition: int
    media: Media
    tags: Tags
    base_url: str
    revised: datetime | None = None

    @property
    def link(self) -> str:
        return f"{self.base_url}/{self.identity.address}"

    def url(self, encoded: Encoded) -> str:
        return f"{self.base_url}/{encoded.address}"

    def picture(self, encoded: Encoded, alt: str) -> Picture:
        return Picture(encoded.file, self.url(encoded), encoded.mime, encoded.width, encoded.height, alt)


def marked(page: Page, channel: str) -> tuple[str, str]:
    """Link and marker: the canonical address with the item's id and the channel, which no hand-made post carries."""
    marker = f"{page.identity.address}?tu={channel}"
    return f"{page.base_url}/{marker}", marker


def author_of(item: Item) -> str:
    return item.author or item.unit.name


def hashtags(own: Iterable[str], suggested: Iterable[str]) -> tuple[str, ...]:
    """The editor's hashtags first, then those of the areas; at most five, none twice."""
    tags: dict[str, str] = {}
    for tag in (*own, *suggested):
        name = "#" + re.sub(r"\W", "", tag)
        if len(name) > 1:
            tags.setdefault(name.casefold(), name)
    return tuple(tags.values())[:_MOST_HASHTAGS]
