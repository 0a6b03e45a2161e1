"""The shape of the section: who owns it, which lists it has, and where each list and each file lies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import quote

from channels.portal.words import N_

NEWS: Final = "tin"
ARTICLES: Final = "tin-bai"
QUESTIONS: Final = "hoi-dap"
CLIPS: Final = "clip"
AREAS: Final = {
    "kstthc": N_("Control of administrative procedures"),
    "mot-cua": N_("One-stop service"),
    "de-an-06": N_("Project 06"),
    "chuyen-doi-so": N_("Digital transformation"),
}
KINDS: Final = {QUESTIONS: N_("Questions and answers"), CLIPS: N_("Clips"), ARTICLES: N_("News and articles")}
LISTS: Final = {NEWS: N_("All news"), **AREAS, **KINDS}
FIELDS: Final = "linh-vuc"
TOPICS: Final = "chu-de"
UNITS: Final = "don-vi"
MONTHS: Final = "luu-tru"
FACETS: Final = {FIELDS: N_("By field"), TOPICS: N_("By topic"), UNITS: N_("By unit"), MONTHS: N_("Archive")}
SEARCH: Final = "tim-kiem/index.html"
MAP: Final = "so-do/index.html"
CONTACT: Final = "lien-he/index.html"
ACCESS: Final = "tiep-can/index.html"
FEEDS: Final = "kenh-tin/index.html"
NUMBERS: Final = "con-so/index.html"
HOME: Final = "index.html"
NOT_FOUND: Final = "404.html"
GONE: Final = "410.html"
ADDRESS: Final = re.compile(r"\d{4}/(?:[\w-]+/)*[\w-][\w.-]*\.html", re.ASCII)
# Form seen in public code with the real code 2.000815 (2026-11-26); the old detail pages take the portal's inner number.
PROCEDURE: Final = "https://dichvucong.gov.vn/p/home/dvc-danh-sach-dich-vu-cong.html?ma_tt={code}"


@dataclass(frozen=True)
class Contact:
    """A way to reach the office; the name and the note are shown as they are.

    Args:
        kind: what `value` is; a phone number or an address of mail or web becomes a link.
    """

    kind: Literal["phone", "mail", "web", "place"]
    name: str
    value: str
    note: str = ""

    @property
    def href(self) -> str:
        """Where a click leads; empty for a place, and for a web address that is none."""
        if self.kind == "phone":
            return "tel:" + re.sub(r"[^\d+]", "", self.value)
        if self.kind == "mail":
            return "mailto:" + quote(self.value, safe="@.+-_")
        web = self.kind == "web" and self.value.startswith(("https://", "http://"))
        return self.value if web else ""


@dataclass(frozen=True)
class Site:
    """What every page says about the section.

    Args:
        contact: lines of the page foot, shown as they are.
        contacts: hotlines and places of the contact page.
        language: language of the visible words; the catalogue of that name must exist (English needs none).
        procedure: address of a procedure on the national portal, with {code}.
    """

    title: str
    owner: str
    tagline: str = ""
    contact: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()
    language: str = "vi"
    procedure: str = PROCEDURE


def media_address(file_name: str) -> str:
    """Where a content-addressed file lies below the section's root: "media/ab/abcd….webp"."""
    return f"media/{file_name[:2]}/{file_name}"


def page_address(name: str, number: int = 0) -> str:
    """A page of a list: 0 is its newest page, 1 the oldest."""
    return f"{name}/trang-{number}.html" if number else f"{name}/index.html"


def gone_mark(address: str) -> str:
    """An empty file that tells a web server to answer 410 for an item page; no server shows names with a dot."""
    return f".gone/{address}"


def public_url(base_url: str, address: str) -> str:
    """The absolute address; an index page is named by its folder."""
    path = address[: -len(HOME)] if address == HOME or address.endswith(f"/{HOME}") else address
    return f"{base_url}/{quote(path)}"
