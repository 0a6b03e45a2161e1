"""Templates with the words of one language: what every page has, whatever it shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.environment import TemplateModule
from jinja2.ext import Extension
from markupsafe import Markup, escape

from channels.portal import site as shape
from channels.portal import words
from channels.portal.card import Size
from channels.portal.compiled import Compiled
from channels.portal.places import facet_list, facet_of
from channels.portal.site import (
    AREAS,
    FACETS,
    HOME,
    KINDS,
    LISTS,
    MONTHS,
    Site,
    media_address,
    page_address,
    public_url,
)

TEMPLATES: Final = Path(__file__).with_name("templates")
_MESSAGE: Final = re.compile(r'\{\{ _\("([^"\\]*)"\) \}\}')
_SYNTAX: Final = re.compile(r"\{[{%#]|\{$")  # what a translation must not bring into a template


class _Parts:
    """What pages of one depth are put together from; what was made lately is kept, since many pages show the same.

    An item's card stands in some of seven lists and beside its neighbours, a unit's name on each of its pages.
    """

    def __init__(self, macros: TemplateModule) -> None:
        made: Any = macros  # macros are attributes that no type knows
        self.card = lru_cache(maxsize=1_024)(made.card)  # 2 to 3 KB each
        self.labels = lru_cache(maxsize=1_024)(made.labels)
        self.path = lru_cache(maxsize=256)(made.path)
        self.picture, self.line, self.doors, self.open_graph = made.picture, made.line, made.doors, made.open_graph


class Screens:
    """Turns a template and values into the bytes of a page.

    Args:
        version: part of the addresses of style sheet and scripts, so that no browser keeps an old one.
        kept: folder of compiled templates.
    """

    def __init__(self, site: Site, base_url: str, version: str, kept: Path | None = None) -> None:
        self._base_url = base_url
        self._catalogue = words.catalogue(site.language)
        self._templates = _environment(site, base_url, version, kept)
        self._frames: dict[tuple[object, ...], Markup] = {}
        self._parts: dict[str, _Parts] = {}

    def page(self, template: str, address: str, *, find: bool = True, **values: Any) -> bytes:
        """A page; its links are relative to its address, so that the site also opens from a disk.

        Args:
            find: whether the page's head has a field to search the section.
        """
        up, section = "../" * address.count("/"), address.rpartition("/")[0]
        section = section if section in LISTS else ""
        exact = address in (HOME, page_address(section))
        text = self._templates.get_template(template).render(
            up=up, canonical=self.url(address), parts=self._shared(up), head=self._frame("head.html", up=up),
            top=self._frame("top.html", up=up, section=section, exact=exact, find=find),
            foot=self._frame("foot.html", up=up), **values,
        )  # fmt: skip
        return words.encoded(text)

    def load(self, *templates: str) -> None:
        """Compile these templates and those that every page has."""
        for template in (*templates, "base.html", "parts.html", "head.html", "top.html", "menu.html", "foot.html"):
            self._templates.get_template(template)

    def _frame(self, template: str, **values: object) -> Markup:
        """A part that many pages have in common; there are few, and they are half of a page's work."""
        key = (template, *values.values())
        if key not in self._frames:
            text = self._templates.get_template(template).render(values)
            self._frames[key] = Markup(text)  # noqa: S704 - our own template
        return self._frames[key]

    def _shared(self, up: str) -> _Parts:
        if up not in self._parts:
            self._parts[up] = _Parts(self._templates.get_template("parts.html").make_module({"up": up}))
        return self._parts[up]

    def url(self, address: str) -> str:
        """The public address."""
        return public_url(self._base_url, address)

    def word(self, message: str) -> str:
        """A message in the site's language."""
        return self._catalogue.gettext(message)

    def list_title(self, name: str, title: str = "") -> str:
        """What a list is called: its own word, a month in words, or what its items call it."""
        if name in LISTS:
            return self.word(LISTS[name])
        if facet_of(name) == MONTHS:
            return words.month_in_words(self.word, name.rpartition("/")[2])
        return title or name


class _Said(Extension):
    """Puts the words of the language into a template before it is compiled, instead of looking each up for each page."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return _MESSAGE.sub(self._said, source)

    def _said(self, found: re.Match[str]) -> str:
        text = str(cast(Callable[[str], Markup], self.environment.globals["_"])(found[1]))
        return found[0] if _SYNTAX.search(text) else text


def _environment(site: Site, base_url: str, version: str, kept: Path | None) -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True, auto_reload=False, extensions=["jinja2.ext.i18n", _Said],
        bytecode_cache=Compiled(site.language, kept),
    )  # fmt: skip
    made.policies["ext.i18n.trimmed"] = True
    catalogue = words.catalogue(site.language)
    made.install_gettext_translations(catalogue, newstyle=False)  # type: ignore[attr-defined]  # the extension's
    # Jinja's own "_" makes a context of its own each time it is asked, which was a fifth of a page's cost.
    made.globals["_"] = lru_cache(maxsize=1_000)(lambda message: escape(catalogue.gettext(message)))
    made.globals.update(
        site=site, base_url=base_url, version=version, area_names=AREAS, kind_names=KINDS, list_names=LISTS,
        facet_names=FACETS, at=shape, news=shape.NEWS, questions=shape.QUESTIONS, clips=shape.CLIPS,
        articles=shape.ARTICLES,
    )  # fmt: skip
    made.filters.update(_filters(catalogue.gettext))
    made.filters["size"] = lambda count: words.size(count, site.language)
    return made


def _filters(translate: Callable[[str], str]) -> dict[str, Callable[..., object]]:
    return {
        "clock": words.clock,
        "day": words.short_date,
        "facet_list": lambda label, facet: facet_list(facet, label.id),
        "host": _host,
        "iso": words.iso,
        "lines": lambda text: [line.strip() for line in text.splitlines() if line.strip()],
        "list_page": page_address,
        "media_page": media_address,
        "month": lambda month: words.month_in_words(translate, month),
        "moment": lambda moment: words.moment_in_words(translate, moment),
        "number": lambda value: f"{value:,}".replace(",", "."),
        "path": quote,
        "srcset": _srcset,
        "widest": lambda sizes: next((one for one in reversed(sizes) if one.mime == "image/jpeg"), sizes[-1]),
    }


def _srcset(sizes: Sequence[Size], up: str, mime: str) -> str:
    return ", ".join(f"{up}{quote(one.address)} {one.width}w" for one in sizes if one.mime == mime)


def _host(url: str) -> str:
    """youtube.com of https://www.youtube.com/watch?v=1; the whole address when it has no host."""
    return (urlsplit(url).hostname or url).removeprefix("www.")
