"""Rules on title, summary, body, tags and links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from pipeline.i18n import _
from pipeline.model import AREAS, Article, Item, Severity
from pipeline.rules.registry import Context, Flaw, rule
from pipeline.text import fold_tones, one_line

TITLE_MOST = 250  # what a portal's title column holds (vietnam.md §7: NukeViet title ≤ 250)
TITLE_AIM = 140  # what Zalo shows whole (zalo.md §2.1: 1…150, exactly 150 was refused)
SUMMARY_AIM = 500
_ALIKE = 90  # percent; a word or two were changed
_SCHEMES = {"http", "https", "mailto", "tel"}


@rule("ART001", Severity.ERROR)
def no_title(item: Item, context: Context) -> Iterator[Flaw]:
    """An item has a title.

    Why: the portal shows the title as the link, Zalo and Facebook begin with it.

    Instead: write title: "…" in the metadata.
    """
    if not item.title:
        yield Flaw(_("The title is missing."), "title", 1)


@rule("ART002", Severity.ERROR)
def title_too_long(item: Item, context: Context) -> Iterator[Flaw]:
    """A title has at most 250 characters.

    Why: the portal cannot hold a longer one, and nobody reads it.

    Instead: say the news in one short sentence and move the rest into the summary.
    """
    if len(item.title) > TITLE_MOST:
        yield Flaw(_("The title has {count} characters, at most {most} are allowed.").format(
            count=len(item.title), most=TITLE_MOST), "title", item.lines.get("title"))  # fmt: skip


@rule("ART003", Severity.WARNING)
def title_long_for_zalo(item: Item, context: Context) -> Iterator[Flaw]:
    """A title has at most 140 characters.

    Why: Zalo takes no more than 150, so a longer title is shortened there.

    Instead: shorten the title yourself, so that no important word is lost.
    """
    if TITLE_AIM < len(item.title) <= TITLE_MOST:
        yield Flaw(_("The title has {count} characters; Zalo will show about {most}.").format(
            count=len(item.title), most=TITLE_AIM), "title", item.lines.get("title"))  # fmt: skip


@rule("ART004", Severity.WARNING)
def title_in_capitals(item: Item, context: Context) -> Iterator[Flaw]:
    """A title is written in sentence case.

    Why: capitals from end to end are hard to read, above all with Vietnamese marks.

    Instead: write only the first letter and names in capitals.
    """
    letters = [letter for letter in item.title if letter.isalpha()]
    if len(letters) > 12 and sum(letter.isupper() for letter in letters) / len(letters) > 0.8:
        yield Flaw(_("The title is in capitals from end to end."), "title", item.lines.get("title"))


@rule("ART005", Severity.WARNING)
def title_ends_in_full_stop(item: Item, context: Context) -> Iterator[Flaw]:
    """A title does not end in a full stop.

    Why: it is a headline, not a sentence of the text.

    Instead: delete the full stop.
    """
    if item.title.endswith(".") and not item.title.endswith("…") and not item.title.endswith("..."):
        yield Flaw(_("The title ends in a full stop."), "title", item.lines.get("title"))


@rule("ART006", Severity.ERROR)
def no_summary(item: Item, context: Context) -> Iterator[Flaw]:
    """An item has a summary.

    Why: the lists of the portal, Zalo and Facebook show it below the title.

    Instead: write summary: "…", one or two sentences that say what is new for citizens.
    """
    if not item.summary:
        yield Flaw(_("The summary is missing."), "summary", item.lines.get("title"))


@rule("ART007", Severity.WARNING)
def summary_too_long(item: Item, context: Context) -> Iterator[Flaw]:
    """A summary has at most 500 characters.

    Why: Zalo shows 250 characters, lists even fewer; the rest is cut.

    Instead: keep what is new and move the details into the text.
    """
    if len(item.summary) > SUMMARY_AIM:
        yield Flaw(_("The summary has {count} characters; beyond {most} it is only a text.").format(
            count=len(item.summary), most=SUMMARY_AIM), "summary", item.lines.get("summary"))  # fmt: skip


@rule("ART008", Severity.WARNING)
def summary_repeats_title(item: Item, context: Context) -> Iterator[Flaw]:
    """A summary does not repeat the title.

    Why: the two stand one below the other.

    Instead: say in the summary what the title leaves open.
    """
    title, summary = (fold_tones(one_line(text)).rstrip(".…").casefold() for text in (item.title, item.summary))
    if title and summary and (_alike(title, summary) or (len(summary) < 1.3 * len(title) and title in summary)):
        yield Flaw(_("The summary repeats the title."), "summary", item.lines.get("summary"))


def _alike(one: str, other: str) -> bool:
    if 200 * min(len(one), len(other)) < _ALIKE * (len(one) + len(other)):  # as if the shorter stood in the longer
        return False
    from rapidfuzz import fuzz  # here: most summaries are much longer than their title

    return fuzz.ratio(one, other) >= _ALIKE


@rule("ART009", Severity.ERROR, Article)
def empty_body(item: Item, context: Context) -> Iterator[Flaw]:
    """An article has a text.

    Why: a page with nothing but a title helps nobody.

    Instead: write the text below the metadata.
    """
    if not item.document.text.strip():
        yield Flaw(_("There is no text below the metadata."), "", item.document.first_line)


@rule("ART010", Severity.WARNING, Article)
def no_author(item: Item, context: Context) -> Iterator[Flaw]:
    """An article names its author or pen name.

    Why: readers, and the payment of contributors, need it; Zalo takes no article without one.

    Instead: write author: …; the unit's name stands in until then.
    """
    if not item.author:
        yield Flaw(_("The author is missing; the unit's name will be shown."), "author", item.lines.get("title"))


@rule("TAG001", Severity.ERROR)
def unknown_area(item: Item, context: Context) -> Iterator[Flaw]:
    """An area is one of the plan's four.

    Why: the sections of the portal and the report to the city are made of these.

    Instead: write areas: [kstthc, mot-cua, de-an-06, chuyen-doi-so] with those that fit, or leave the key out.
    """
    yield from _unknown(item, "areas", item.areas, dict.fromkeys(AREAS, ""))


@rule("TAG002", Severity.WARNING)
def unknown_topic(item: Item, context: Context) -> Iterator[Flaw]:
    """A topic is an id of the plan's outline.

    Why: the coverage of the plan is counted by these ids.

    Instead: correct the id (N3.1.a to N3.3.b), or leave the key out.
    """
    yield from _unknown(item, "topics", item.topics, context.topics)


@rule("TAG003", Severity.WARNING)
def unknown_field_or_audience(item: Item, context: Context) -> Iterator[Flaw]:
    """A field and an audience are ids of their lists.

    Why: an unknown word is shown to nobody.

    Instead: correct the id, or leave the key out.
    """
    yield from _unknown(item, "fields", item.fields, context.fields)
    yield from _unknown(item, "audience", item.audience, context.audiences)


@rule("TAG005", Severity.REVIEW)
def area_in_doubt(item: Item, context: Context) -> Iterator[Flaw]:
    """It is plain from the text what content area it belongs to, or the areas are given.

    Why: the area decides under which column the item is shown and counts for the plan; here the program may be wrong.

    Instead: write the areas into the metadata, for example areas: [mot-cua], or accept what the program suggests.
    """
    if not item.areas:
        for name in context.doubts:
            yield Flaw(
                _('This may belong to "{area}", but the text does not say so clearly.').format(area=name), "areas"
            )


@rule("TAG004", Severity.WARNING)
def bad_hashtag(item: Item, context: Context) -> Iterator[Flaw]:
    """A hashtag is # with letters and digits.

    Why: a space or another sign ends the hashtag on Facebook.

    Instead: write for example #DeAn06; at most five of them.
    """
    for tag in item.hashtags:
        if not re.fullmatch(r"#?\w{2,50}", tag):
            yield Flaw(_('"{tag}" is no hashtag.').format(tag=tag[:60]), "hashtags", item.lines.get("hashtags"))
    if len(item.hashtags) > 5:
        yield Flaw(_("There are {count} hashtags; the first five are used.").format(count=len(item.hashtags)),
                   "hashtags", item.lines.get("hashtags"))  # fmt: skip


@rule("LINK001", Severity.REVIEW)
def dangerous_link(item: Item, context: Context) -> Iterator[Flaw]:
    """A link leads to a web address, a mail address or a phone number.

    Why: javascript: and data: links run code on the reader's machine. It is not published as a link.

    Instead: write an address that begins with https://.
    """
    places = [(link.href, link.line) for link in item.document.links]
    places += [(image.src, image.line) for image in item.document.images]
    for href, line in places:
        scheme = _scheme(href)
        if scheme and scheme not in _SCHEMES:
            message = _('A link uses "{scheme}:", which is not allowed.')
            yield Flaw(message.format(scheme=scheme[:20]), "", line)


@rule("LINK002", Severity.WARNING)
def malformed_link(item: Item, context: Context) -> Iterator[Flaw]:
    """A link is a whole address.

    Why: a link that leads nowhere costs the reader's trust.

    Instead: copy the address from the browser, https:// included.
    """
    for link in item.document.links:
        if link.href.startswith("#") or _scheme(link.href) not in ("", "http", "https"):
            continue
        try:
            host = urlsplit(link.href).hostname or ""
        except ValueError:
            host = ""
        if "." not in host or not _scheme(link.href):
            yield Flaw(_('The link "{href}" is no whole address.').format(href=link.href[:80]), "", link.line)


def _scheme(href: str) -> str:
    squeezed = re.sub(r"[\s\x00-\x1f]", "", href)
    match = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", squeezed)
    return match[1].lower() if match else ""


def _unknown(item: Item, key: str, given: tuple[str, ...], known: Mapping[str, str]) -> Iterator[Flaw]:
    if all(name in known for name in given) or not known:
        return
    import difflib

    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
            message = (
                _('"{name}" is unknown in "{key}"; did you mean "{near}"?')
                if near
                else _('"{name}" is unknown in "{key}".')
            )
            shown = message.format(name=name[:60], key=key, near=near[0] if near else "")
            yield Flaw(shown, key, item.lines.get(key))
