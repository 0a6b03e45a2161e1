"""Rules on citations of legal documents, of their articles, and of procedure codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from pipeline import citations, reference
from pipeline.citations import Citation
from pipeline.cues import Led
from pipeline.i18n import N_, _
from pipeline.model import Item, LegalDocument, Severity
from pipeline.patterns import lazy
from pipeline.rules.passages import LOOKED_AT, MOST, Passage, passages
from pipeline.rules.registry import Context, Flaw, rule

_FIRST_YEAR = 1945  # the Republic's first decrees
# A sentence that tells of the change itself does not rely on the old document.
_HISTORY = lazy(
    r"(?<!\w)(?:thay thế|thay cho|được thay|bãi bỏ|hết hiệu lực|không còn hiệu lực|trước đây|trước kia|đã cũ)(?!\w)",
    re.IGNORECASE,
)
_SEPARATOR = N_('"{typed}" mixes the signs of State and Party documents; written "{right}": "{sentence}"')
_WRONG = {
    "letters": N_('"{typed}" is written "{right}": "{sentence}"'),
    "separator": _SEPARATOR,
    "type": N_('"{typed}" has no known type of document: "{sentence}"'),
    "word": N_('"{typed}" is called by the name of another type of document: "{sentence}"'),
    "term": N_('"{typed}": that National Assembly did not pass laws in {year}: "{sentence}"'),
}
_NAMED = Led(r"(?<!\w)(?:Bộ luật|Luật) [^\d\n.,;]{3,60} (?:năm )?\d{4}(?!\d)", "bộ luật|luật", flags=0)
_REFERENCE = {
    "letter": N_('There is no point with this letter ("{typed}"): "{sentence}"'),
    "number": N_('Nothing is numbered 0 ("{typed}"): "{sentence}"'),
    "order": N_('"{typed}" goes from small to large: điểm, khoản, Điều: "{sentence}"'),
}


def _day(item: Item, context: Context) -> date:
    """The publication date, on which a citation has to be law."""
    return (item.published or context.now).date() if item.published else item.date or context.now.date()


def _cited(item: Item) -> Iterator[tuple[Citation, Passage]]:
    found = ((found, passage) for passage in passages(item) for found in citations.find(passage.text))
    return islice(found, LOOKED_AT)


@rule("LAW001", Severity.WARNING)
def superseded(item: Item, context: Context) -> Iterator[Flaw]:
    """A document that is cited as law is law on the day of publication.

    Why: citizens would follow a rule that is gone.

    Instead: cite the successor, or say that the old document no longer applies.
    """
    yield from islice(_superseded(item, _day(item, context)), MOST)


def _superseded(item: Item, day: date) -> Iterator[Flaw]:
    for typed, document, passage, start, end in _known(item):
        if document.ended is None or day <= document.ended:
            continue
        sentence = passage.sentence(start, end)
        successor = citations.canonical(document.successor)
        if _HISTORY.search(sentence) or (successor and successor in {one.key for one in citations.find(sentence)}):
            continue
        message = _('"{typed}" has not been law since {since}; successor: {successor}. "{sentence}"')
        shown = message.format(typed=typed, since=f"{document.ended + timedelta(days=1):%d/%m/%Y}",
                               successor=document.successor or _("not known"), sentence=passage.shown(start, end))  # fmt: skip
        yield Flaw(shown, passage.field, passage.line_at(start))


def _known(item: Item) -> Iterator[tuple[str, LegalDocument, Passage, int, int]]:
    """Citations that stand in the register, by number or by a law's name with its year."""
    register = reference.legal_register()
    for found, passage in _cited(item):
        document = register.get(found.key)
        if document and (found.year or _same_year(passage.text[found.end : found.end + 60], document)):
            yield passage.text[found.start : found.end], document, passage, found.start, found.end
    for passage in passages(item):
        for named in _NAMED.finditer(passage.text):
            document = register.get(named.group().replace(" năm ", " "))
            if document:
                yield named.group(), document, passage, named.start(), named.end()


def _same_year(after: str, document: LegalDocument) -> bool:
    """Numbers begin anew each January, so a symbol without year is known only by the date behind it (vietnam.md §4)."""
    return document.issued is not None and re.search(rf"(?<!\d){document.issued.year}(?!\d)", after) is not None


@rule("LAW002", Severity.WARNING)
def malformed_citation(item: Item, context: Context) -> Iterator[Flaw]:
    """The symbol of a document is one that can exist.

    Why: a reader who looks it up finds nothing.

    Instead: copy the symbol from the document: 61/2018/NĐ-CP, 91/2025/QH15, 84/KH-UBND, 57-NQ/TW.
    """
    yield from islice(_malformed(item, _day(item, context)), MOST)


def _malformed(item: Item, day: date) -> Iterator[Flaw]:
    for found, passage in _cited(item):
        typed = passage.text[found.start : found.end]
        sentence = passage.shown(found.start, found.end)
        if found.year and not _FIRST_YEAR <= found.year <= day.year:
            near = _near(found)
            message = _('"{typed}" is of the year {year}, which cannot be. "{sentence}"')
            if near:
                message = _('"{typed}" is of the year {year}, which cannot be; did you mean {near}? "{sentence}"')
            shown = message.format(typed=typed, year=found.year, near=near, sentence=sentence)
        elif found.flaw and found.flaw != "separator":
            shown = _(_WRONG[found.flaw]).format(typed=typed, right=found.shown, year=found.year, sentence=sentence)
        else:
            continue
        yield Flaw(shown, passage.field, passage.line_at(found.start))


def _near(found: Citation) -> str:
    """A document of the register whose year has the same digits in another order."""
    digits = sorted(str(found.year))
    head, _year, tail = found.key.partition(f"/{found.year}/")
    for key, document in reference.legal_register().items():
        number, _slash, rest = key.partition("/")
        year, _slash, symbol = rest.partition("/")
        if number == head and symbol == tail and sorted(year) == digits:
            return document.ref
    return ""


@rule("LAW003", Severity.WARNING)
def wrong_separator(item: Item, context: Context) -> Iterator[Flaw]:
    """A State document has / after its number, a document of the Party has -.

    Why: the sign tells which of the two it is; "06/QĐ-TTg" and "06-ĐA/TU" are different things.

    Instead: write State documents as 06/QĐ-TTg and documents of the Party as 57-NQ/TW.
    """
    wrong = ((found, passage) for found, passage in _cited(item) if found.flaw == "separator")
    for found, passage in islice(wrong, MOST):
        shown = _(_SEPARATOR).format(typed=passage.text[found.start : found.end], right=found.shown,
                                              sentence=passage.shown(found.start, found.end))  # fmt: skip
        yield Flaw(shown, passage.field, passage.line_at(found.start))


@rule("LAW004", Severity.WARNING)
def article_reference(item: Item, context: Context) -> Iterator[Flaw]:
    """A reference goes from small to large and names a point that can exist: điểm e khoản 1 Điều 4.

    Why: points are counted by the Vietnamese alphabet (no f, j, w, z), and a reader must find the place.

    Instead: check the letter in the document and write điểm … khoản … Điều ….
    """
    wrong = ((found, passage) for passage in passages(item) for found in citations.references(passage.text)
             if found.flaw)  # fmt: skip
    for found, passage in islice(wrong, MOST):
        shown = _(_REFERENCE[found.flaw]).format(typed=passage.text[found.start : found.end].strip(),
                                                 sentence=passage.shown(found.start, found.end))  # fmt: skip
        yield Flaw(shown, passage.field, passage.line_at(found.start))


@rule("LAW005", Severity.WARNING)
def procedure_code(item: Item, context: Context) -> Iterator[Flaw]:
    """A procedure code in the text looks like 1.001193.

    Why: citizens look the procedure up by it on the national portal.

    Instead: copy the code from the national database of procedures.
    """
    wrong = ((code, start, passage) for passage in passages(item)
             for code, start in citations.malformed_codes(passage.text))  # fmt: skip
    for code, start, passage in islice(wrong, MOST):
        message = _('"{code}" is no procedure code: "{sentence}"')
        shown = message.format(code=code[:40], sentence=passage.shown(start, start + len(code)))
        yield Flaw(shown, passage.field, passage.line_at(start))
