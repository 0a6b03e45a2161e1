"""A rule on words in a code made for machines."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from pipeline.coded import find
from pipeline.i18n import _
from pipeline.model import Item, Severity
from pipeline.privacy import FILE_KEYS, Reading, read
from pipeline.rules.passages import MOST
from pipeline.rules.registry import Context, Flaw, rule
from pipeline.text import quote


@rule("TXT005", Severity.REVIEW)
def coded_words(item: Item, context: Context) -> Iterator[Flaw]:
    """Words are written in letters, not in a code made for machines.

    Why: readers would see "Th=E1=BB=A7 t=E1=BB=A5c" or "+AGE-"; it comes from the source of a mail, an address or an
    export, and such a code can hide what no check would let pass.

    Instead: open the mail or page itself, copy the words from there, and paste them as plain text (Ctrl+Shift+V).
    """
    yield from islice(_coded(context.reading or read(item, context.captions)), MOST)


def _coded(reading: Reading) -> Iterator[Flaw]:
    for piece in reading.pieces:
        if (FILE_KEYS | {"href"}).intersection(piece.key):
            continue
        if found := find(piece.text):
            start = max(0, found.start)
            message = _('The text stands in a code ({code}): "{before}" → "{after}".').format(
                code=found.code, before=quote(piece.text[start : found.end], 60), after=quote(found.plain, 60))  # fmt: skip
            yield Flaw(message, piece.field, piece.line)
