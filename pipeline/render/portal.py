"""An item as a page of the portal."""

from __future__ import annotations

from channels.portal.post import Cover, Label, PortalPost, Question, Video
from pipeline.i18n import _
from pipeline.model import QA, Clip, Item
from pipeline.render.markup import clean_html
from pipeline.render.page import Page, author_of
from pipeline.text import syllables


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
        body_html=clean_html(item, page), cover=Cover(covers, alt, page.media.drawn) if covers else None,
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
