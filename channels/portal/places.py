"""In which lists a post stands: its areas, its kind, all news, and what a reader may narrow down by."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from channels.portal.post import Label, PortalPost
from channels.portal.site import (
    AREAS,
    ARTICLES,
    CLIPS,
    FACETS,
    FIELDS,
    LISTS,
    MONTHS,
    NEWS,
    QUESTIONS,
    TOPICS,
    UNITS,
)
from channels.portal.words import HANOI

_KINDS: Final = {"qa": QUESTIONS, "clip": CLIPS, "article": ARTICLES}


def home_list(post: PortalPost) -> str:
    """The list that a post's page offers to read on in: its first area, else its kind."""
    return next((area.id for area in post.areas if area.id in AREAS), _KINDS[post.kind])


def places_of(post: PortalPost) -> dict[str, str]:
    """The lists that show a post, with the title that it knows for each; fixed lists and months have their own."""
    fixed = [home_list(post), *(area.id for area in post.areas if area.id in AREAS), _KINDS[post.kind], NEWS]
    return {
        **dict.fromkeys(fixed, ""),
        **_facets(FIELDS, post.fields), **_facets(TOPICS, post.topics), **_facets(UNITS, (post.unit,)),
        f"{MONTHS}/{month_of(post)}": "",
    }  # fmt: skip


def facet_of(name: str) -> str:
    """The facet that a list belongs to; empty for a fixed list."""
    first, _, rest = name.partition("/")
    return first if rest and first in FACETS else ""


def fixed(name: str) -> bool:
    """Whether a list is there even when it is empty."""
    return name in LISTS


def month_of(post: PortalPost) -> str:
    """2026-11, in Hanoi."""
    return post.published.astimezone(HANOI).strftime("%Y-%m")


def facet_list(facet: str, label: str) -> str:
    """The list of a label in a facet; empty when its id has no letter that an address can carry."""
    name = re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")
    return f"{facet}/{name}" if name else ""


def _facets(facet: str, labels: Iterable[Label]) -> dict[str, str]:
    named = ((facet_list(facet, label.id), label.name) for label in labels)
    return {name: title for name, title in named if name}
