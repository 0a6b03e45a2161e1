"""An item as an article of the Zalo Official Account."""

from __future__ import annotations

import html
from urllib.parse import urlsplit

from channels.zalo.post import ImageBlock, TextBlock, VideoBlock, ZaloPost
from pipeline.i18n import _
from pipeline.model import QA, Clip, Item
from pipeline.render.lines import plain_lines
from pipeline.render.page import Page, author_of, marked
from pipeline.text import shorten


def zalo(item: Item, page: Page) -> ZaloPost:
    """An article within what is proven to be taken: <p> and <br>, pictures at public addresses (zalo.md §2.1)."""
    from channels.zalo.payload import LIMITS

    assert LIMITS.title and LIMITS.summary and LIMITS.author
    link, marker = marked(page, "zalo")
    blocks: list[TextBlock | ImageBlock | VideoBlock] = []
    if isinstance(item, QA):
        asked = _("Question: {text}").format(text=item.question)
        answered = _("{unit} answers:").format(unit=item.answered_by)
        blocks.append(TextBlock(_paragraph(asked) + _paragraph(answered)))
    if isinstance(item, Clip) and _is_youtube(item.video):
        blocks.append(VideoBlock(item.video, page.url(page.media.zalo)))
    blocks += _blocks(item, page)
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


def _blocks(item: Item, page: Page) -> list[TextBlock | ImageBlock]:
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
