"""The portal's page as a WordPress post: the same clean HTML and the same pictures, with what a theme does not know
(question, clip, corrections, attachments, credits) written into the text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import quote

from channels.base import Picture
from channels.portal.post import PortalPost, Question, Video
from channels.portal.site import ARTICLES, CLIPS, PROCEDURE, QUESTIONS
from channels.wordpress.post import PLACE, Medium, Term, WordPressPost
from pipeline.i18n import N_, _
from pipeline.patterns import lazy
from pipeline.text import slug

_KINDS = {
    "article": Term(ARTICLES, N_("News and articles")), "clip": Term(CLIPS, N_("Clips")),
    "qa": Term(QUESTIONS, N_("Questions and answers")),
}  # fmt: skip
_MEDIA = lazy(r"(?:\.\./)*media/[0-9a-f]{2}/([\w.-]+)", re.ASCII)
_ALONE = lazy(r'<p>(<img [^>]*>)(?:<span class="caption">(.*?)</span>)?</p>')
_AMIDST = lazy(r'<img [^>]*src="(?!media/[\w.-]+")[^>]*>')


def wordpress(page: PortalPost, *, original: str = "") -> WordPressPost:
    """The post that shows what the page shows.

    Args:
        original: address of the page on the static portal when it stands there too; named at the end of the text.
    """
    media = {one.key: one for one in _media(page)}
    featured = _featured(page)
    kind = _KINDS[page.kind]
    return WordPressPost(
        item=page.item, edition=page.edition, title=page.title, link=page.link, marker=page.marker,
        slug=PurePosixPath(page.address).stem, excerpt=page.summary, body_html="\n".join(_body(page, original)),
        published=page.published, featured=featured.key, media=tuple(media.values()),
        categories=(*(Term(area.id, area.name) for area in page.areas), Term(kind.slug, _(kind.name))),
        tags=tuple(Term(slug(tag), tag) for tag in page.hashtags if slug(tag)),
    )  # fmt: skip


def _media(page: PortalPost) -> Iterator[Medium]:
    """Everything that the text or the head of the post shows, once."""
    yield _featured(page)
    alts = _alts(page.body_html)
    for picture in page.pictures:
        if picture.file.name in alts:
            yield replace(_medium(picture, page.title), alt=alts[picture.file.name])
    if page.video and page.video.file:
        file = page.video.file
        yield Medium("video", file, f"video/{file.suffix.lower().removeprefix('.')}", page.title)
        if page.video.captions:
            yield Medium("captions", page.video.captions, "text/vtt", page.title)
    for one in page.attachments:
        yield Medium(one.file.name, one.file, one.mime, one.name)


def _featured(page: PortalPost) -> Medium:
    """The widest cover; a drawn card is there in the size of a share picture only."""
    sizes = [size for size in page.cover.renditions if size.mime == "image/jpeg"] if page.cover else []
    return _medium(max(sizes, key=lambda size: size.width, default=page.share), page.title)


def _medium(picture: Picture, title: str) -> Medium:
    return Medium(picture.file.name, picture.file, picture.mime, title, picture.alt)


def _alts(body: str) -> dict[str, str]:
    """The alternative text of each picture of the text, by file name."""
    found = {}
    for image in re.findall(r"<img [^>]*>", _plain_pictures(body)):
        key, alt = _MEDIA.search(image), re.search(r' alt="([^"]*)"', image)
        if key:
            found[key[1]] = html.unescape(alt[1]) if alt else ""
    return found


def _body(page: PortalPost, original: str) -> Iterator[str]:
    if page.corrections:
        said, lines = _text(_("Correction")), "<br>".join(map(_text, page.corrections.splitlines()))
        yield f'<aside class="bantin-note"><p><strong>{said}:</strong> {lines}</p></aside>'
    if page.summary and not page.question:  # the themes that WordPress brings show the excerpt in lists only
        yield f'<p class="bantin-sapo has-medium-font-size"><strong>{_text(page.summary)}</strong></p>'
    if page.question:
        asked, asker = _lines(page.question.text), _text(page.question.asker)
        yield f"<blockquote>{asked}<cite>{asker}</cite></blockquote>"
        yield _heading(_("{unit} answers:").format(unit=page.question.answered_by or page.unit.name))
    if page.video:
        yield from _clip(page.video, page.title, _featured(page))
    yield _AMIDST.sub(lambda found: _image(found[0]), _ALONE.sub(_figure, _plain_pictures(page.body_html)))
    if page.question:
        yield from _ground(page.question)
    if page.video and page.video.transcript:
        yield _heading(_("Transcript:")) + _lines(page.video.transcript)
    if page.attachments:
        yield _heading(_("Attachments")) + _list(
            f'<a href="{PLACE}{one.file.name}">{_text(one.name)}</a>' for one in page.attachments
        )
    yield from _credits(page, original)


def _clip(video: Video, title: str, poster: Medium) -> Iterator[str]:
    if video.file:
        still = f' poster="{PLACE}{poster.key}"'
        track = (f'<track kind="captions" src="{PLACE}captions" srclang="vi" label="Tiếng Việt" default>'
                 if video.captions else "")  # fmt: skip
        yield (f'<figure class="wp-block-video"><video controls preload="metadata" style="width:100%;height:auto"{still} src="{PLACE}video">{track}'
               "</video></figure>")  # fmt: skip
    elif video.page.startswith(("https://", "http://")):
        shown = _text(_("Watch the clip: {title}").format(title=title))
        yield f'<p><a href="{html.escape(video.page)}" rel="noopener">▶ {shown}</a></p>'


def _ground(question: Question) -> Iterator[str]:
    if question.legal_basis:
        yield _heading(_("Legal basis")) + _list(map(_text, question.legal_basis))
    if question.procedure:
        said, code = _text(_("Procedure")), _text(question.procedure)
        address = html.escape(PROCEDURE.format(code=quote(question.procedure, safe="")))
        yield f'<p>{said}: <a href="{address}" rel="noopener">{code}</a></p>'


def _credits(page: PortalPost, original: str) -> Iterator[str]:
    """Who wrote it and where it comes from; once when it is all the unit."""
    said = ((_("Author"), page.author), (_("Source"), page.source))
    rows = [f"{name}: {value}" for name, value in said if value not in ("", page.unit.name)]
    rows.append(_("Unit") + f": {page.unit.name}")
    yield f'<p class="bantin-credits"><small>{"<br>".join(map(_text, rows))}</small></p>'
    if original:
        said_link = _text(_("The original on the portal"))
        yield f'<p class="bantin-original"><a href="{html.escape(original)}">{said_link}</a></p>'


def _plain_pictures(body: str) -> str:
    """The text with each picture as one <img>, for WordPress makes its sizes itself; everything else as the portal has it."""
    tags = {"a", "blockquote", "br", "code", "del", "div", "em", "h2", "h3", "h4", "hr", "img", "li", "ol", "p", "pre",
            "s", "section", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul"}  # fmt: skip
    attributes = {
        "a": {"href", "id", "class"}, "img": {"src", "alt", "width", "height"}, "ol": {"start"}, "td": {"class"},
        "th": {"class", "scope"}, "li": {"id", "class"}, "sup": {"class"}, "section": {"class"}, "span": {"class"},
        "div": {"class"}, "h2": {"id"}, "h3": {"id"},
    }  # fmt: skip
    import nh3  # here, as in render: most newsrooms have no WordPress

    return nh3.clean(body, tags=tags, attributes=attributes, attribute_filter=_named, link_rel=None)


def _named(tag: str, attribute: str, value: str) -> str | None:
    if (tag, attribute) != ("img", "src"):
        return value
    found = _MEDIA.fullmatch(value)
    return f"{PLACE}{found[1][:2]}/{found[1]}" if found else None


def _figure(found: re.Match[str]) -> str:
    """A picture that is a paragraph by itself, with its caption."""
    caption = f'<figcaption class="wp-element-caption">{found[2]}</figcaption>' if found[2] else ""
    return f'<figure class="wp-block-image">{_image(found[1])}{caption}</figure>'


def _image(tag: str) -> str:
    """The picture by the key of its medium."""
    key, rest = _MEDIA.search(tag), re.sub(r'\s*src="[^"]*"', "", tag).removeprefix("<img").rstrip(">").strip()
    return f'<img src="{PLACE}{key[1]}" {rest}>' if key else ""


def _heading(text: str) -> str:
    return f'<h2 class="has-medium-font-size"><strong>{_text(text)}</strong></h2>'


def _list(rows: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{row}</li>' for row in rows)}</ul>"


def _lines(text: str) -> str:
    return "".join(f"<p>{_text(line)}</p>" for line in text.splitlines() if line.strip())


def _text(text: str) -> str:
    return html.escape(text, quote=False)
