"""Every page of the section as text: a pure function of posts and cards, so that equal posts give equal bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from channels.portal import structured, words
from channels.portal.card import Card, Size, sizes_of
from channels.portal.post import PortalPost
from channels.portal.site import AREAS, CLIPS, LISTS, NEWS, QUESTIONS, Site, media_address, page_address, public_url

TEMPLATES: Final = Path(__file__).with_name("templates")
HOME: Final = "index.html"
NOT_FOUND: Final = "404.html"
_READING_SPEED: Final = 220  # Vietnamese syllables a minute, unhurried


@dataclass(frozen=True)
class Around:
    """What an item page offers to read on: within one list, only items that change when this one's place does."""

    list: str
    newer: Card | None
    older: Card | None
    related: Sequence[Card]


@dataclass(frozen=True)
class Front:
    """What the home page shows."""

    newest: Sequence[Card]
    sections: Mapping[str, Sequence[Card]]


class Pages:
    """Templates with the words of one language.

    Args:
        version: part of the style sheet's address, so that no browser keeps an old one.
    """

    def __init__(self, site: Site, base_url: str, version: str) -> None:
        self._site = site
        self._base_url = base_url
        self._gettext = words.catalogue(site.language).gettext
        self._templates = _environment(site, base_url, version)

    def item(self, post: PortalPost, around: Around, media: Mapping[str, str]) -> bytes:
        """An item's page; `media` names its video and captions files."""
        url = self._url(post.address)
        minutes = max(1, round(post.words / _READING_SPEED))
        body = Markup(post.body_html)  # noqa: S704 - cleaned by the core
        facts = structured.json_ld(post, url, self._site.owner, self._media_url(media))
        return self._page(
            f"{post.kind}.html", post.address, post=post, body=body, around=around, media=media,
            minutes=minutes, cover=_cover(post), areas=[area for area in post.areas if area.id in AREAS],
            facts=facts, share_url=_share(url, post.title),
        )  # fmt: skip

    def gone(self, address: str) -> bytes:
        """What stands where an item was; it says nothing of the item."""
        return self._page("gone.html", address)

    def listing(self, name: str, number: int, cards: Sequence[Card], newer: str, older: str) -> bytes:
        """A page of a list, newest first; `newer` and `older` are addresses or empty."""
        return self._page("list.html", page_address(name, number), name=name, number=number, cards=cards,
                          newer=newer, older=older)  # fmt: skip

    def home(self, front: Front) -> bytes:
        """The first page: one lead story with a picture if one of the newest has one, then the sections."""
        lead = next((card for card in front.newest if card.sizes and card.kind == "article"), None)
        lead = lead or next(iter(front.newest), None)
        others = [card for card in front.newest if card != lead]
        return self._page("home.html", HOME, lead=lead, others=others[:5],
                          sections={name: _without(cards, lead) for name, cards in front.sections.items()})  # fmt: skip

    def not_found(self) -> bytes:
        """Shown by the web server for any address, so its links start at the section's root."""
        return self._page("404.html", NOT_FOUND)

    def word(self, message: str) -> str:
        """A message in the site's language."""
        return self._gettext(message)

    def _url(self, address: str) -> str:
        return public_url(self._base_url, address)

    def _media_url(self, media: Mapping[str, str]) -> str:
        return self._url(media["video"]) if "video" in media else ""

    def _page(self, template: str, address: str, **values: Any) -> bytes:
        up = "../" * address.count("/")
        text = self._templates.get_template(template).render(
            up=up, here=address, canonical=self._url(address), **values
        )
        return words.printable(text).encode("utf-8")


def _environment(site: Site, base_url: str, version: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True, extensions=["jinja2.ext.i18n"],
    )  # fmt: skip
    made.policies["ext.i18n.trimmed"] = True
    catalogue = words.catalogue(site.language)
    made.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]  # the extension's
    made.globals.update(
        site=site, base_url=base_url, version=version, area_names=AREAS, list_names=LISTS,
        news=NEWS, questions=QUESTIONS, clips=CLIPS,
    )  # fmt: skip
    made.filters.update(_filters(catalogue.gettext))
    made.filters["size"] = lambda count: words.size(count, site.language)
    return made


def _filters(translate: Callable[[str], str]) -> dict[str, Callable[..., object]]:
    return {
        "clock": words.clock,
        "day": words.short_date,
        "day_in_words": lambda moment: words.date_in_words(translate, moment),
        "host": _host,
        "iso": words.iso,
        "lines": lambda text: [line.strip() for line in text.splitlines() if line.strip()],
        "list_page": page_address,
        "media_page": media_address,
        "path": quote,
        "srcset": _srcset,
        "widest": lambda sizes: next((one for one in reversed(sizes) if one.mime == "image/jpeg"), sizes[-1]),
    }


def _srcset(sizes: Sequence[Size], up: str, mime: str) -> str:
    return ", ".join(f"{up}{quote(one.address)} {one.width}w" for one in sizes if one.mime == mime)


def _host(url: str) -> str:
    """youtube.com of https://www.youtube.com/watch?v=1; the whole address when it has no host."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


def _without(cards: Sequence[Card], lead: Card | None) -> Sequence[Card]:
    """The lead story is not told twice on a page, unless a section has no other."""
    return [card for card in cards if card != lead][:4] or cards


def _cover(post: PortalPost) -> tuple[Size, ...]:
    """The sizes of a real picture; a drawn card would only say the title again."""
    return sizes_of(post.cover.renditions) if post.cover and not post.cover.drawn else ()


def _share(url: str, title: str) -> dict[str, str]:
    """Plain links: no script, no counter, nothing is asked before the reader clicks."""
    return {
        "facebook": "https://www.facebook.com/sharer/sharer.php?" + urlencode({"u": url}),
        "mail": "mailto:?" + urlencode({"subject": title, "body": url}, quote_via=quote),
    }
