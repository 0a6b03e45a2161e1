"""Clean HTML of an item's text, with the portal's own pictures, links and table cells."""

from __future__ import annotations

import html
import re
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.footnote import footnote_plugin

from pipeline.model import Item
from pipeline.patterns import lazy
from pipeline.render.page import Encoded, Page

_SAFE_INLINE = lazy(r"</?(?:br|sub|sup|u)\s*/?>", re.IGNORECASE)
_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "figcaption", "figure", "h2", "h3", "h4", "hr", "img", "li", "ol", "p",
    "picture", "pre", "section", "source", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
    "s", "div",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "id", "class"}, "img": {"src", "srcset", "sizes", "alt", "width", "height", "loading", "decoding"}, "ol": {"start"},
    "source": {"srcset", "type", "sizes"}, "td": {"class"}, "th": {"class", "scope"}, "li": {"id", "class"},
    "sup": {"class"}, "section": {"class"}, "div": {"class", "tabindex"}, "h2": {"id"}, "h3": {"id"},
}  # fmt: skip
_SCHEMES = {"http", "https", "mailto", "tel"}
_SHOWN_AT = "(min-width: 50rem) 46rem, 94vw"  # width of the text column in channels/portal/theme/site.css


class _PortalHtml(RendererHTML):
    """markdown-it's renderer without raw HTML, with our pictures, links and table cells."""

    def image(self, tokens: Any, idx: int, options: OptionsDict, env: Any) -> str:
        token: Token = tokens[idx]
        sizes: tuple[Encoded, ...] = env["inline"].get(str(token.attrGet("src") or ""), ())
        alt = html.escape(token.content, quote=True)
        if not sizes:
            return alt
        up, plain = env["up"], [size for size in sizes if size.mime == "image/jpeg"][-1]
        by_type = {mime: ", ".join(f"{up}{size.address} {size.width}w" for size in sizes if size.mime == mime)
                   for mime in ("image/avif", "image/webp", "image/jpeg")}  # fmt: skip
        jpegs = by_type.pop("image/jpeg")
        source = "".join(f'<source type="{mime}" srcset="{listed}" sizes="{_SHOWN_AT}">'
                         for mime, listed in by_type.items() if listed)  # fmt: skip
        caption = html.escape(str(token.attrGet("title") or ""))
        shown = (f'<picture>{source}<img src="{up}{plain.address}" srcset="{jpegs}" sizes="{_SHOWN_AT}" alt="{alt}" '
                 f'width="{plain.width}" height="{plain.height}" loading="lazy" decoding="async"></picture>')  # fmt: skip
        return shown + (f'<span class="caption">{caption}</span>' if caption else "")

    def html_inline(self, tokens: Any, idx: int, options: OptionsDict, env: Any) -> str:
        code = tokens[idx].content
        return code.lower() if _SAFE_INLINE.fullmatch(code) else ""

    def html_block(self, tokens: Any, idx: int, options: OptionsDict, env: Any) -> str:
        return ""

    def link_open(self, tokens: Any, idx: int, options: OptionsDict, env: Any) -> str:
        href = str(tokens[idx].attrGet("href") or "")
        if safe_link(href):
            return f'<a href="{html.escape(href, quote=True)}">'
        return "<a>"

    def heading_open(self, tokens: Any, idx: int, options: OptionsDict, env: Any) -> str:
        return f"<{_heading(tokens[idx].tag)}>"

    def heading_close(self, tokens: Any, idx: int, options: OptionsDict, env: Any) -> str:
        return f"</{_heading(tokens[idx].tag)}>\n"

    def table_open(self, tokens: Any, idx: int, options: OptionsDict, env: Any) -> str:
        return '<div class="table" tabindex="0"><table>\n'

    def table_close(self, tokens: Any, idx: int, options: OptionsDict, env: Any) -> str:
        return "</table></div>\n"

    def td_open(self, tokens: Any, idx: int, options: OptionsDict, env: Any) -> str:
        return f"<td{_aligned(tokens[idx])}>"

    def th_open(self, tokens: Any, idx: int, options: OptionsDict, env: Any) -> str:
        return f'<th scope="col"{_aligned(tokens[idx])}>'


def _heading(tag: str) -> str:
    """The page's title is the only h1; the text's headings begin at h2."""
    return {"h1": "h2", "h2": "h2", "h3": "h3"}.get(tag, "h4")


def _aligned(token: Token) -> str:
    style = str(token.attrGet("style") or "")
    return ' class="number"' if "right" in style else ' class="middle"' if "center" in style else ""


def safe_link(href: str) -> bool:
    """Whether a link may be followed: web, mail or phone, or a place in the page."""
    if href.startswith("#"):
        return True
    try:
        return urlsplit(href).scheme.lower() in _SCHEMES
    except ValueError:
        return False


def clean_html(item: Item, page: Page) -> str:
    """Clean HTML of the text; nh3 is the second wall behind the renderer."""
    up = "../" * page.identity.address.count("/")
    raw = _render_tokens(item, {"inline": page.media.inline, "up": up})
    return str(_cleaner().clean(raw))


@cache
def _cleaner() -> Any:
    """Made once: handing over its lists costs more than cleaning a page."""
    import nh3

    attributes = _ATTRIBUTES | {"span": {"class"}}
    return nh3.Cleaner(tags=_TAGS | {"span"}, attributes=attributes, url_schemes=_SCHEMES, link_rel=None)


@cache
def _engine() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}, renderer_cls=_PortalHtml).use(footnote_plugin)


def _render_tokens(item: Item, env: dict[str, Any]) -> str:
    engine = _engine()
    return str(engine.renderer.render(item.document.tokens, engine.options, env))
