"""Rules on HTML in a text: what could run is held, what is only left out is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from pipeline.i18n import _
from pipeline.model import Item, Severity
from pipeline.patterns import lazy
from pipeline.privacy import Piece, read
from pipeline.rules.passages import MOST
from pipeline.rules.registry import Context, Flaw, rule

_SAFE_HTML = lazy(r"</?(?:br|sub|sup|u)\s*/?>", re.IGNORECASE)
_ACTIVE_HTML = lazy(
    r"<\s*/?\s*(?:script|style|iframe|object|embed|form|input|link|meta|base|svg|math|video|audio|template)\b"
    r"|\bon[a-z]+\s*=|javascript:|data:text",
    re.IGNORECASE,
)
_CODE = lazy(
    r"<\s?/?(?:script|style|iframe|object|embed|svg|math|meta|base|form)\b|<[a-z][a-z0-9]{0,10}[\s/][^<>]{0,200}\bon[a-z]{3,20}\s?=|<\?php",
    re.IGNORECASE,
)


@rule("HTML001", Severity.REVIEW)
def active_html(item: Item, context: Context) -> Iterator[Flaw]:
    """A text holds no scripts, frames or event handlers.

    Why: they would run on the reader's machine. They are never published; where they stand as words, readers see code.

    Instead: delete the HTML; Markdown has signs for bold, lists, links and pictures.
    """
    for raw in item.document.html:
        if _ACTIVE_HTML.search(raw.code):
            yield Flaw(_("HTML that could run code."), "", raw.line)
    reading = context.reading or read(item, context.captions)
    shown = (piece for piece in reading.pieces
             if "<" in piece.text and _CODE.search(piece.text) and not _is_sample(item, piece))  # fmt: skip
    yield from (Flaw(_("HTML that could run code."), piece.field, piece.line) for piece in islice(shown, MOST))


def _is_sample(item: Item, piece: Piece) -> bool:
    """Whether a piece stands between back ticks, as the sample that it is."""
    if piece.key[0] != "document":
        return False
    _document, number, child = piece.key[:3]
    children = item.document.tokens[int(number)].children or ()
    return child == -1 or children[int(child)].type == "code_inline"


@rule("HTML002", Severity.WARNING)
def other_html(item: Item, context: Context) -> Iterator[Flaw]:
    """A text is written in Markdown, without HTML.

    Why: Zalo and Facebook cannot show HTML, and the portal leaves it out.

    Instead: write it in Markdown.
    """
    for raw in item.document.html:
        if not _ACTIVE_HTML.search(raw.code) and _SAFE_HTML.sub("", _without_comments(raw.code)).strip():
            yield Flaw(_("This HTML will not be shown."), "", raw.line)


def _without_comments(code: str) -> str:
    """A regular expression would look for the end anew at each of a thousand beginnings."""
    kept, place = [], 0
    while (begin := code.find("<!--", place)) >= 0 and (end := code.find("-->", begin + 4)) >= 0:
        kept.append(code[place:begin])
        place = end + 3
    return "".join(kept) + code[place:]
