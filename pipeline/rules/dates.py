"""Rules on dates and status."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from pipeline.i18n import _
from pipeline.model import Item, Severity
from pipeline.rules.registry import Context, Flaw, rule

_FAR = timedelta(days=366)
_OLD = timedelta(days=3 * 366)


@rule("DATE001", Severity.ERROR)
def no_date(item: Item, context: Context) -> Iterator[Flaw]:
    """An item has a date.

    Why: the portal sorts by it, and the law on a citation depends on it.

    Instead: write date: 2026-11-24 (year-month-day) or 24/11/2026.
    """
    if item.date is None:
        yield Flaw(_("The date is missing."), "date", item.lines.get("title"))


@rule("DATE002", Severity.ERROR)
def date_far_ahead(item: Item, context: Context) -> Iterator[Flaw]:
    """An item is dated at most one year ahead.

    Why: a later date is a slip of the keyboard, and the item would wait for ever.

    Instead: correct the year.
    """
    for key in ("published", "date"):
        moment = item.published if key == "published" else None
        if moment and moment - context.now > _FAR:
            field = "publish_at" if "publish_at" in item.lines else "date"
            yield Flaw(_("The date {date} is more than a year ahead.").format(date=f"{moment:%d/%m/%Y}"),
                       field, item.lines.get(field))  # fmt: skip


@rule("DATE003", Severity.ERROR)
def expires_before_published(item: Item, context: Context) -> Iterator[Flaw]:
    """An item expires after it is published.

    Why: otherwise it would never be seen.

    Instead: correct publish_at or expires_at.
    """
    if item.expires and item.published and item.expires <= item.published:
        yield Flaw(_("The item expires ({end}) before it is published ({start}).").format(
            end=f"{item.expires:%d/%m/%Y %H:%M}", start=f"{item.published:%d/%m/%Y %H:%M}"),
            "expires_at", item.lines.get("expires_at"))  # fmt: skip


@rule("DATE004", Severity.REVIEW)
def already_expired(item: Item, context: Context) -> Iterator[Flaw]:
    """A new item has not expired yet.

    Why: an invitation to something past misleads.

    Instead: correct expires_at, or do not send the item any more.
    """
    if item.expires and item.expires <= context.now and not context.published_before:
        yield Flaw(_("The item expired on {end}.").format(end=f"{item.expires:%d/%m/%Y %H:%M}"),
                   "expires_at", item.lines.get("expires_at"))  # fmt: skip


@rule("DATE005", Severity.WARNING)
def very_old(item: Item, context: Context) -> Iterator[Flaw]:
    """An item is not older than three years.

    Why: an old date is often a slip, and old news confuses.

    Instead: check the year.
    """
    if item.published and context.now - item.published > _OLD:
        yield Flaw(_("The date {date} is more than three years ago.").format(date=f"{item.published:%d/%m/%Y}"),
                   "date", item.lines.get("date"))  # fmt: skip


@rule("STAT001", Severity.WARNING)
def withdrawn_before_published(item: Item, context: Context) -> Iterator[Flaw]:
    """Only an item that was published can be withdrawn.

    Why: this one was never public, so there is nothing to take down; it is not published either.

    Instead: delete the file, or write status: ready when it is to be published.
    """
    if item.status == "withdrawn" and not context.published_before:
        yield Flaw(_("The item is marked as withdrawn but was never published."), "status", item.lines.get("status"))
