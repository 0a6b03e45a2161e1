"""Guards before publishing: secrecy marks, drafts and internal papers. No message repeats what was found.

What a mark looks like: pipeline/recognise/secrecy.py; the law: vietnam.md §3 of the project's facts.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.i18n import _
from pipeline.model import Finding, Item, Severity
from pipeline.privacy import FILE_KEYS, Reading, read
from pipeline.recognise import filenames, internal, secrecy
from pipeline.recognise.view import letters
from pipeline.rules.registry import RULES, Context, Flaw, rule

_SAID_OF_PICTURES = ("cover_alt", "alt", "title")


def secret(line: int | None = None) -> Finding:
    """The finding for a file with a mark that is found before there is an item."""
    return RULES["SAFE001"].finding(_("The file carries a secrecy mark. It was not read further."), "", line)


@rule("SAFE001", Severity.ERROR, locked=True, notify="security_contact")
def secrecy_mark(item: Item, context: Context) -> Iterator[Flaw]:
    """A text carries no secrecy mark.

    Why: publishing a state secret is a crime. The content is neither published nor logged.

    Instead: take the file out of the folder at once and tell the person in charge of secrets.
    """
    reading = context.reading or read(item, context.captions)
    for piece in reading.pieces:
        named = FILE_KEYS.intersection(piece.key) and "text" not in piece.key and "://" not in piece.text
        if named and filenames.in_name(piece.text):
            yield Flaw(_("The name of a file says that it is a secret paper."), piece.field, piece.line)
    for page in context.pages:
        if secrecy.mark_in(page.text):
            yield Flaw(page.says(_("it carries a secrecy mark.")))
    if not any(map(secrecy.suspicious, _wholes(item, reading))):
        return
    for piece in reading.pieces:
        if piece.key[-1] in _SAID_OF_PICTURES and (piece.key[0] == "document" or piece.key[-1] != "title"):
            if secrecy.in_caption(piece.text):
                yield Flaw(_("A picture is said to show a paper with a secrecy mark."), piece.field, piece.line)
        elif piece.key[0] != "document" and secrecy.mark_in(piece.text):
            yield Flaw(_("A secrecy mark stands in this field."), piece.field, piece.line)
    line = secrecy.mark_in(item.document.source)
    if line or secrecy.mark_in(item.document.text):
        yield Flaw(_("A secrecy mark stands in the text."), "", item.document.first_line + max(line, 1) - 1)
    if secrecy.mark_in(item.document.aside):
        yield Flaw(_("A header, footer, comment, text box or hidden text carries a secrecy or draft mark."))


@rule("SAFE002", Severity.REVIEW, locked=True)
def internal_words(item: Item, context: Context) -> Iterator[Flaw]:
    """A text is not marked as a draft or for internal use.

    Why: what is not decided yet, or is for colleagues only, must not be published.

    Instead: send the final version, or delete the mark when it was left by mistake.
    """
    reading = context.reading or read(item, context.captions)
    for page in context.pages:
        if internal.mark_in(page.text):
            yield Flaw(page.says(_("it is marked as a draft or for internal use.")))
    if not any(map(internal.suspicious, _wholes(item, reading))):
        return
    for piece in reading.pieces:
        marked = internal.in_title if piece.key == ("title",) else internal.mark_in
        if piece.key[0] != "document" and marked(piece.text):
            yield Flaw(_("The text is marked as a draft or for internal use."), piece.field, piece.line)
    if line := internal.mark_in(item.document.source) or internal.mark_in(item.document.text):
        yield Flaw(_("The text is marked as a draft or for internal use."), "", item.document.first_line + line - 1)


def _wholes(item: Item, reading: Reading) -> tuple[str, str, str]:
    """The item's texts in plain letters: as readers see them, as they were written, and what lies beside them."""
    return reading.plain.text, letters(item.document.source).text, letters(item.document.aside).text
