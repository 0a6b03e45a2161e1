"""An item becomes one Post for each channel, rendered once from the same tokens: what is previewed is what goes out."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.footnote import footnote_plugin

from channels.base import Picture, Post
from channels.facebook.post import FacebookPost
from channels.portal.post import Attachment, Cover, Label, PortalPost, Question, Video
from channels.zalo.post import ImageBlock, TextBlock, VideoBlock, ZaloPost
from pipeline.i18n import _
from pipeline.model import QA, Clip, Identity, Item
from pipeline.text import shorten, syllables
from pipeline.wordpress import wordpress

_SAFE_INLINE = re.compile(r"</?(?:br|sub|sup|u)\s*/?>", re.IGNORECASE)
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
_MOST_HASHTAGS = 5
_SHOWN_AT = "(min-width: 50rem) 46rem, 94vw"  # width of the text column in channels/portal/theme/site.css


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


def render(item: Item, page: Page, channels: Iterable[str]) -> dict[str, Post]:
    """A post for each of the channels."""
    names = tuple(channels)
    makers: dict[str, Callable[[Item, Page], Post]] = {
        "portal": portal, "zalo": zalo, "facebook": facebook,
        "wordpress": lambda item, page: wordpress(portal(item, page), original=page.link if "portal" in names else ""),
    }  # fmt: skip
    return {name: makers[name](item, page) for name in names}


def _marked(page: Page, channel: str) -> tuple[str, str]:
    """Link and marker: the canonical address with the item's id and the channel, which no hand-made post carries."""
    marker = f"{page.identity.address}?tu={channel}"
    return f"{page.base_url}/{marker}", marker


def author_of(item: Item) -> str:
    return item.author or item.unit.name


# portal


def portal(item: Item, page: Page) -> PortalPost:
    """The item page; links and pictures of the text are already the portal's own."""
    alt = item.cover_alt or item.title
    covers = tuple(page.picture(size, alt) for size in page.media.cover)
    return PortalPost(
        item=page.identity.id, edition=page.edition, title=item.title, link=page.link, marker=page.identity.address,
        address=page.identity.address, kind=item.kind, summary=item.summary,
        unit=Label(item.unit.slug, item.unit.name), areas=page.tags.areas, topics=page.tags.topics,
        fields=page.tags.fields, audiences=page.tags.audiences, author=author_of(item),
        source=item.source or item.unit.name, published=page.identity.first_published, updated=page.revised,
        body_html=_html(item, page), cover=Cover(covers, alt, page.media.drawn) if covers else None,
        share=page.picture(page.media.share, alt), hashtags=page.tags.hashtags,
        words=syllables(item.document.text), corrections=item.corrections, video=_video(item, page),
        question=_question(item), attachments=page.media.attachments,
        # Zalo fetches its cover from the portal, so the portal carries that size too.
        pictures=(page.picture(page.media.zalo, alt), *(
            page.picture(size, "") for sizes in page.media.inline.values() for size in sizes)),
    )  # fmt: skip


def _video(item: Item, page: Page) -> Video | None:
    if not isinstance(item, Clip):
        return None
    address = item.video if "://" in item.video else ""
    return Video(page.media.video, address, item.duration, item.program, page.media.captions, item.transcript)


def _question(item: Item) -> Question | None:
    if not isinstance(item, QA):
        return None
    asker = item.asker or _("A reader")
    return Question(item.question, asker, item.answered_by, item.legal_basis, item.procedure)


class _PortalHtml(RendererHTML):
    """markdown-it's renderer without raw HTML, with our pictures, links and table cells."""

    def image(self, tokens: Any, idx: int, options: OptionsDict, env: Any) -> str:
        token: Token = tokens[idx]
        sizes: tuple[Encoded, ...] = env["inline"].get(str(token.attrGet("src") or ""), ())
        alt = html.escape(token.content, quote=True)
        if not sizes:
            return alt
        up, plain = env["up"], [size for size in sizes if size.mime == "image/jpeg"][-1]
        better, jpegs = (", ".join(f"{up}{size.address} {size.width}w" for size in sizes if size.mime == mime)
                         for mime in ("image/webp", "image/jpeg"))  # fmt: skip
        source = f'<source type="image/webp" srcset="{better}" sizes="{_SHOWN_AT}">' if better else ""
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


def _html(item: Item, page: Page) -> str:
    """Clean HTML of the text; nh3 is the second wall behind the renderer."""
    import nh3

    up = "../" * page.identity.address.count("/")
    raw = _render_tokens(item, {"inline": page.media.inline, "up": up})
    attributes = _ATTRIBUTES | {"span": {"class"}}
    return nh3.clean(raw, tags=_TAGS | {"span"}, attributes=attributes, url_schemes=_SCHEMES, link_rel=None)


@cache
def _engine() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}, renderer_cls=_PortalHtml).use(footnote_plugin)


def _render_tokens(item: Item, env: dict[str, Any]) -> str:
    engine = _engine()
    return str(engine.renderer.render(item.document.tokens, engine.options, env))


# Zalo


def zalo(item: Item, page: Page) -> ZaloPost:
    """An article within what is proven to be taken: <p> and <br>, pictures at public addresses (zalo.md §2.1)."""
    from channels.zalo.payload import LIMITS

    assert LIMITS.title and LIMITS.summary and LIMITS.author
    link, marker = _marked(page, "zalo")
    blocks: list[TextBlock | ImageBlock | VideoBlock] = []
    if isinstance(item, QA):
        asked = _("Question: {text}").format(text=item.question)
        answered = _("{unit} answers:").format(unit=item.answered_by)
        blocks.append(TextBlock(_paragraph(asked) + _paragraph(answered)))
    if isinstance(item, Clip) and _is_youtube(item.video):
        blocks.append(VideoBlock(item.video, page.url(page.media.zalo)))
    blocks += _zalo_blocks(item, page)
    if isinstance(item, Clip) and item.transcript:
        blocks.append(TextBlock(_paragraph(_("Transcript:")) + _paragraph(item.transcript)))
    more = _("Read on the portal: {link}").format(link=link)
    blocks.append(TextBlock(_paragraph(more)))
    return ZaloPost(
        item=page.identity.id, edition=page.edition, title=shorten(item.title, LIMITS.title.aim), link=link,
        marker=marker, author=shorten(author_of(item), LIMITS.author.aim),
        description=shorten(item.summary or item.title, LIMITS.summary.aim),
        cover=page.picture(page.media.zalo, item.cover_alt or item.title), body=tuple(blocks),
    )  # fmt: skip


def _is_youtube(address: str) -> bool:
    host = (urlsplit(address).hostname or "") if "://" in address else ""
    return host.removeprefix("www.") in ("youtube.com", "youtu.be", "m.youtube.com")


def _paragraph(text: str) -> str:
    return "<p>" + html.escape(text, quote=False).replace("\n", "<br>") + "</p>"


def _zalo_blocks(item: Item, page: Page) -> list[TextBlock | ImageBlock]:
    """Runs of text between pictures."""
    blocks: list[TextBlock | ImageBlock] = []
    run: list[str] = []
    for line in plain_lines(item.document.tokens):
        if isinstance(line, str):
            run.append(_paragraph(line))
            continue
        sizes = [size for size in page.media.inline.get(line.src, ()) if size.mime == "image/jpeg"]
        if sizes:
            if run:
                blocks.append(TextBlock("".join(run)))
                run = []
            blocks.append(ImageBlock(page.url(sizes[-1]), line.caption))
    return [*blocks, TextBlock("".join(run))] if run else blocks


# Facebook


def facebook(item: Item, page: Page) -> FacebookPost:
    """First line the news, then the summary, the link with our marker, and hashtags (vietnam.md §8)."""
    link, marker = _marked(page, "facebook")
    photo = None if page.media.drawn else page.picture(page.media.facebook, item.cover_alt or item.title)
    parts = [item.title, item.summary]
    if isinstance(item, QA):
        parts = [item.title, _("{unit} answers: {summary}").format(unit=item.answered_by, summary=item.summary)]
    if photo:
        parts.append(_("Read on the portal: {link}").format(link=link))
    if page.tags.hashtags:
        parts.append(" ".join(page.tags.hashtags))
    message = "\n\n".join(part for part in parts if part)
    return FacebookPost(page.identity.id, page.edition, item.title, link, marker, message, photo)


def hashtags(own: Iterable[str], suggested: Iterable[str]) -> tuple[str, ...]:
    """The editor's hashtags first, then those of the areas; at most five, none twice."""
    tags: dict[str, str] = {}
    for tag in (*own, *suggested):
        name = "#" + re.sub(r"\W", "", tag)
        if len(name) > 1:
            tags.setdefault(name.casefold(), name)
    return tuple(tags.values())[:_MOST_HASHTAGS]


# plain text of the tokens


@dataclass(frozen=True)
class Shot:
    """A picture between two lines of text."""

    src: str
    caption: str


def plain_lines(tokens: Iterable[Token]) -> list[str | Shot]:
    """Paragraphs, list entries ("– …", "1. …") and table rows ("a; b; c") as lines, pictures between them."""
    lines: list[str | Shot] = []
    marks: list[list[Any]] = []
    cells: list[str] | None = None
    fresh = False
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            marks.append([token.type == "ordered_list_open", int(str(token.attrGet("start") or 1))])
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            marks.pop()
        elif token.type == "list_item_open":
            fresh = True
        elif token.type == "list_item_close" and marks:
            marks[-1][1] += 1
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close" and cells is not None:
            lines.append("; ".join(cell for cell in cells if cell))
            cells = None
        elif token.type in ("fence", "code_block"):
            lines.append(token.content.rstrip())
        elif token.type == "inline":
            text, shots = _inline(token)
            if cells is not None:
                cells.append(text)
                continue
            if text:
                lines.append(_bullet(marks, fresh) + text)
                fresh = False
            lines += shots
    return lines


def _bullet(marks: list[list[Any]], fresh: bool) -> str:
    if not marks or not fresh:
        return ""
    numbered, number = marks[-1]
    return f"{number}. " if numbered else "– "


def _inline(token: Token) -> tuple[str, list[Shot]]:
    parts, shots, address = [], [], ""
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type == "softbreak" or (child.type == "html_inline" and child.content.lower().startswith("<br")):
            parts.append(" ")
        elif child.type == "hardbreak":
            parts.append("\n")
        elif child.type == "image":
            shots.append(Shot(str(child.attrGet("src") or ""), str(child.attrGet("title") or child.content)))
        elif child.type == "link_open":
            address = str(child.attrGet("href") or "")
        elif child.type == "link_close":
            shown = "".join(parts)
            bare = address.removeprefix("https://").removeprefix("http://").rstrip("/")
            if safe_link(address) and address.startswith("http") and bare not in shown:
                parts.append(f" ({address})")
    return "".join(parts).strip(), shots
