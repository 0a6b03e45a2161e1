"""The shape of the section: who owns it, which lists it has, and where each list and each file lies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from channels.portal.post import PortalPost
from channels.portal.words import N_

NEWS: Final = "tin"
QUESTIONS: Final = "hoi-dap"
CLIPS: Final = "clip"
AREAS: Final = {
    "kstthc": N_("Control of administrative procedures"),
    "mot-cua": N_("One-stop service"),
    "de-an-06": N_("Project 06"),
    "chuyen-doi-so": N_("Digital transformation"),
}
LISTS: Final = {NEWS: N_("All news"), **AREAS, QUESTIONS: N_("Questions and answers"), CLIPS: N_("Clips")}
ADDRESS: Final = re.compile(r"\d{4}/(?:[\w-]+/)*[\w-][\w.-]*\.html", re.ASCII)

_KINDS: Final = {"qa": QUESTIONS, "clip": CLIPS}


@dataclass(frozen=True)
class Site:
    """What every page says about the section.

    Args:
        contact: lines of the page foot, shown as they are.
        language: language of the visible words; the catalogue of that name must exist (English needs none).
    """

    title: str
    owner: str
    tagline: str = ""
    contact: tuple[str, ...] = ()
    language: str = "vi"


def lists_of(post: PortalPost) -> tuple[str, ...]:
    """The lists that show a post; the first is the one its page offers to read on in."""
    areas = [area.id for area in post.areas if area.id in AREAS]
    kind = _KINDS.get(post.kind)
    return tuple(dict.fromkeys([*areas, *([kind] if kind else []), NEWS]))


def media_address(file_name: str) -> str:
    """Where a content-addressed file lies below the section's root: "media/ab/abcd….webp"."""
    return f"media/{file_name[:2]}/{file_name}"


def page_address(name: str, number: int = 0) -> str:
    """A page of a list: 0 is its newest page, 1 the oldest."""
    return f"{name}/trang-{number}.html" if number else f"{name}/index.html"


def public_url(base_url: str, address: str) -> str:
    """The absolute address; an index page is named by its folder."""
    path = re.sub(r"(^|/)index\.html$", r"\1", address)
    return f"{base_url}/{quote(path)}"
