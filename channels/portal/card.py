"""A card: what lists, neighbours and feeds show of an item, so that none of them reads a whole post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from pydantic import TypeAdapter

from channels.base import Picture
from channels.portal.post import PortalPost
from channels.portal.site import AREAS, media_address


@dataclass(frozen=True)
class Size:
    """One encoding of a picture; its address is below the section's root."""

    address: str
    mime: str
    width: int
    height: int


@dataclass(frozen=True)
class Card:
    """One entry of a list; `sizes` is empty when the item has no picture of its own."""

    item: str
    address: str
    kind: Literal["article", "clip", "qa"]
    title: str
    summary: str
    unit: str
    areas: tuple[str, ...]
    published: datetime
    sizes: tuple[Size, ...]
    alt: str
    duration: int | None

    def __hash__(self) -> int:
        """As equal cards have it, without looking at all of them: cards are found by it again and again."""
        return hash((self.item, self.title))


CARDS: Final = TypeAdapter(Card)
POSTS: Final = TypeAdapter(PortalPost)


def card_of(post: PortalPost) -> Card:
    """The card of a post; a drawn cover repeats the title in letters, so a card goes without it."""
    shown = post.cover if post.cover and not post.cover.drawn else None
    return Card(
        item=post.item,
        address=post.address,
        kind=post.kind,
        title=post.title,
        summary=post.summary,
        unit=post.unit.name,
        areas=tuple(area.id for area in post.areas if area.id in AREAS),
        published=post.published,
        sizes=sizes_of(shown.renditions) if shown else (),
        alt=shown.alt if shown else "",
        duration=post.video.duration if post.video else None,
    )


def sizes_of(pictures: tuple[Picture, ...]) -> tuple[Size, ...]:
    """Narrow to wide, whatever order they come in."""
    sizes = (Size(media_address(one.file.name), one.mime, one.width, one.height) for one in pictures)
    return tuple(sorted(sizes, key=lambda size: (size.width, size.mime)))
