"""An item as a post of the Facebook Page."""

from __future__ import annotations

from channels.facebook.post import FacebookPost
from pipeline.i18n import _
from pipeline.model import QA, Item
from pipeline.render.page import Page, marked


def facebook(item: Item, page: Page) -> FacebookPost:
    """First line the news, then the summary, the link with our marker, and hashtags (vietnam.md §8)."""
    link, marker = marked(page, "facebook")
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
