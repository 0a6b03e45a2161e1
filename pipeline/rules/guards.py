"""Guards before publishing: secrecy marks, drafts and internal papers, legacy fonts. No message repeats what was found.

What a mark looks like: pipeline/recognise/secrecy.py; the law: vietnam.md §3 of the project's facts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields

from pipeline.i18n import _
from pipeline.model import Finding, Item, Severity
from pipeline.privacy import read
from pipeline.recognise import internal, secrecy
from pipeline.recognise.view import letters
from pipeline.rules.registry import RULES, Context, Flaw, rule

_TCVN3 = re.compile(r"(?<=[A-Za-zÀ-ÿ])[®µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË\u00ad«¬ÖÝ]|[®µ¸¶·¹¨»¾¼½©\u00ad](?=[a-z])")
_VNI = re.compile(r"[aeouyAEOUYöô][ùøûõïâêáàåãäéèúüë]")
_VIETNAMESE = re.compile(r"[\u1ea0-\u1ef9ăđơưĂĐƠƯ]")
_CAPTIONS = ("cover_alt",)
_FILES = ("cover", "video", "captions")
_NO_TEXT = {"kind", "status", "id", *_FILES}


def secret(line: int | None = None) -> Finding:
    """The finding for a file with a mark that is found before there is an item."""
    return RULES["SAFE001"].finding(_("The file carries a secrecy mark. It was not read further."), "", line)


@rule("SAFE001", Severity.ERROR, locked=True, notify="security_contact")
def secrecy_mark(item: Item, context: Context) -> Iterator[Flaw]:
    """A text carries no secrecy mark.

    Why: publishing a state secret is a crime. The content is neither published nor logged.

    Instead: take the file out of the folder at once and tell the person in charge of secrets.
    """
    if any(secrecy.in_name(str(getattr(item, key, ""))) for key in _FILES if "://" not in str(getattr(item, key, ""))):
        yield Flaw(_("The name of a file says that it is a secret paper."), "cover", item.lines.get("cover"))
    if any(secrecy.in_name(image.src) for image in item.document.images):
        yield Flaw(_("The name of a file says that it is a secret paper."), "", item.document.first_line)
    if not secrecy.suspicious(_whole(item, context)):
        return
    for key, text in _texts(item):
        marked = secrecy.in_caption if key in _CAPTIONS else secrecy.mark_in
        if marked(text):
            yield Flaw(_("A secrecy mark stands in this field."), key, item.lines.get(key))
    line = secrecy.mark_in(item.document.source)
    if line or secrecy.mark_in(item.document.text):
        yield Flaw(_("A secrecy mark stands in the text."), "", item.document.first_line + max(line, 1) - 1)
    for image in item.document.images:
        if secrecy.in_caption(image.alt) or secrecy.in_caption(image.title):
            yield Flaw(_("A picture is said to show a paper with a secrecy mark."), "", image.line)
    if secrecy.mark_in(context.captions):
        yield Flaw(_("A secrecy mark stands in the captions."), "captions", item.lines.get("captions"))


@rule("SAFE002", Severity.REVIEW, locked=True)
def internal_words(item: Item, context: Context) -> Iterator[Flaw]:
    """A text is not marked as a draft or for internal use.

    Why: what is not decided yet, or is for colleagues only, must not be published.

    Instead: send the final version, or delete the mark when it was left by mistake.
    """
    if not internal.suspicious(_whole(item, context)):
        return
    for key, text in _texts(item):
        if internal.in_title(text) if key == "title" else internal.mark_in(text):
            yield Flaw(_("The text is marked as a draft or for internal use."), key, item.lines.get(key))
    if line := internal.mark_in(item.document.source) or internal.mark_in(item.document.text):
        yield Flaw(_("The text is marked as a draft or for internal use."), "", item.document.first_line + line - 1)


def _whole(item: Item, context: Context) -> str:
    """The item's texts in plain letters, as readers see them and as they were written, with the captions."""
    reading = context.reading or read(item, context.captions)
    return f"{reading.plain.text}\n{letters(item.document.source).text}"


def _texts(item: Item) -> Iterator[tuple[str, str]]:
    """Every text field of the item, also one that is added later."""
    for one in fields(item):
        value = getattr(item, one.name)
        if one.name not in _NO_TEXT and isinstance(value, str) and value:
            yield one.name, value
        elif one.name == "hashtags":
            yield from ((one.name, tag) for tag in value)


@rule("TXT001", Severity.REVIEW)
def legacy_font(item: Item, context: Context) -> Iterator[Flaw]:
    """A text is written with a Unicode keyboard, not with an old .VnTime or VNI font.

    Why: citizens would see "thñ tôc hµnh chÝnh".

    Instead: open the file in Word, convert it to Unicode with your keyboard program, and send it again.
    """
    text = f"{item.title}\n{item.summary}\n{item.document.text}"
    modern = len(_VIETNAMESE.findall(text))
    legacy = max(len(_TCVN3.findall(text)), len(_VNI.findall(text)))
    if legacy >= 6 and legacy > modern:
        yield Flaw(_("The letters look like an old font (TCVN3 or VNI)."), "title", item.lines.get("title"))
