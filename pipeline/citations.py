"""Citations of legal documents: found as people type them, brought to one canonical key.

The grammar is that of Nghị định 30/2020/NĐ-CP and of practice (vietnam.md §4): the sign after the number tells a State
document ("61/2018/NĐ-CP") from one of the Party ("57-NQ/TW").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from pipeline.cues import Led
from pipeline.patterns import lazy
from pipeline.text import without_marks

Flaw = Literal["", "letters", "separator", "type", "word", "term"]

_TYPES = (
    "NĐ NQ QĐ CT TT TTLT NQLT VBHN KH TB HD CTr TTr CĐ BC BB PA ĐA DA QC QyĐ KL GM TC HĐ BGN BTT GUQ GGT GNP PG PC PB "
    "PL L CV".split()
)
_STATE = "CP TTg CTN UBND HĐND VPCP VPQH BTTTT BKHCN BNV BCA BTP BXD BYT BGDĐT BVHTTDL BNNMT BTNMT".split()
_PARTY = "TW TU BCT BBT VPTW BTGTW BTCTW BDVTW BNCTW UBKTTW BTVTU BTGTU BTCTU ĐU QU HU".split()
_ORGANS = {organ.upper(): organ for organ in (*_STATE, *_PARTY, "UBTVQH", "BTC", "VP", "BCĐ", "SNV", "STP")}
_BY_LETTERS = {name.upper(): name for name in _TYPES}
_WORDS = {
    "nghị định": "NĐ", "quyết định": "QĐ", "nghị quyết": "NQ", "thông tư": "TT", "chỉ thị": "CT", "kế hoạch": "KH",
    "thông báo": "TB", "tờ trình": "TTr", "công điện": "CĐ", "kết luận": "KL",
}  # fmt: skip
# First year in which each National Assembly passed laws; the next one's first year still belongs to both.
_TERMS = {11: 2002, 12: 2007, 13: 2011, 14: 2016, 15: 2021, 16: 2026, 17: 2031}
_LOOK_ALIKE = str.maketrans("\u00d0\u0189\u00f0\u0256", "ĐĐđđ")
_DASHES = str.maketrans("‐‑‒–—−", "------")
_PART = r"[A-Za-zĐđÐƉðƯư&]{1,12}\d{0,2}"
_CITATION = lazy(
    rf"(?P<word>(?:{'|'.join(_WORDS)}|luật|pháp lệnh|công văn|NĐ|NQ|QĐ|TT|CT|KH)\s{{1,3}})?(?:\(?(?:luật )?số\s?:?\s{{0,3}})?"
    rf"(?<![\w/.,‐-—−-])(?P<number>\d{{1,5}})[a-c]?(?:\s?/\s?(?P<year>\d{{4}}))?\s?(?P<first>[/‐-—−-])\s?"
    rf"(?P<symbol>{_PART}(?:\s?[/‐-—−-]\s?{_PART}(?:[/‐-—−-]{_PART}){{0,3}})?)(?!\w)",
    re.IGNORECASE,
)
_SHORT = lazy(
    r"(?P<word>nghị định|NĐ)\s{1,3}(?:số\s?:?\s{0,3})?(?P<number>\d{1,4})/(?P<year>(?:19|20)\d{2})(?!\s?[/\d-])",
    re.IGNORECASE,
)
_ANCHOR = lazy(r"\d[a-cA-C]?(?:\s?/\s?\d{4})?\s?[/‐-—−-]")  # in every citation; most texts have none
_LAW = lazy(r"(UBTVQH|QH)(\d{1,2})", re.IGNORECASE)


@dataclass(frozen=True)
class Citation:
    """A document as it is cited; `key` is the same for every way of writing it.

    Args:
        shown: the right way of writing it; what was typed is text[start:end].
        year: 0 when the symbol has none.
        flaw: what is wrong with how it is written; empty when nothing is.
    """

    key: str
    shown: str
    start: int
    end: int
    year: int
    flaw: Flaw = ""


def find(text: str) -> Iterator[Citation]:
    """Citations in the order of the text; what only looks like one ("24/7", "29A-123") is passed over."""
    yield from _found(text)


@lru_cache(maxsize=8)  # the passages of one item, which every rule about documents asks for
def _found(text: str) -> tuple[Citation, ...]:
    if not _ANCHOR.search(text):
        return ()
    whole = (citation for found in _CITATION.finditer(text) if (citation := _read(found)))
    return tuple(sorted((*whole, *_shortened(text)), key=lambda citation: citation.start))


def canonical(cited: str) -> str:
    """The key of the first citation in a text, "" when there is none."""
    return next((citation.key for citation in find(cited)), "")


def _shortened(text: str) -> Iterator[Citation]:
    """ "Nghị định 61/2018": only the Government issues decrees."""
    for found in _SHORT.finditer(text):
        key = f"{int(found['number'])}/{found['year']}/NĐ-CP"
        shown = f"{found['number']}/{found['year']}/NĐ-CP"
        yield Citation(key, shown, found.start("number"), found.end(), int(found["year"]))


def _read(found: re.Match[str]) -> Citation | None:
    symbol = found["symbol"].translate(_LOOK_ALIKE).translate(_DASHES)
    parts = [part.strip() for part in re.split(r"[/-]", symbol)]
    signs = re.findall(r"[/-]", symbol)
    law = _LAW.fullmatch(parts[0])
    if law and found["year"]:
        return _law(found, law)
    end = found.end()
    kind = _type(parts[0])
    plain = found["symbol"].islower() and not found["year"] and not found["word"]
    if kind and len(parts) > 1 and not (plain and parts[1].upper() not in _ORGANS):
        return _document(found, kind, parts, signs, end)
    joined = _split(parts[0]) if len(parts) == 1 else None
    if joined:
        return replace(_document(found, *joined, end), flaw="letters")
    return _unknown(found, "-".join(parts), len(parts), end)


def _split(part: str) -> tuple[str, list[str], list[str]] | None:
    """ "QĐTTg" for "QĐ-TTg"."""
    for kind in _TYPES:
        organ = _ORGANS.get(part[len(kind) :].upper())
        if part.upper().startswith(kind.upper()) and organ:
            return kind, [kind, organ], ["-"]
    return None


def _unknown(found: re.Match[str], symbol: str, parts: int, end: int) -> Citation | None:
    """A symbol of no known type: an official letter has none, a decree must have one."""
    word = " ".join((found["word"] or "").lower().split())
    number, start = found["number"], found.start("number")
    if word == "công văn" and parts > 1:
        return Citation(f"{int(number)}/{symbol}", f"{number}/{symbol}", start, end, 0)
    if word in _WORDS and found["year"] and parts > 1:
        cited = f"{number}/{found['year']}/{symbol}"
        return Citation(cited, cited, start, end, int(found["year"]), "type")
    return None


def _law(found: re.Match[str], law: re.Match[str]) -> Citation:
    year, term = int(found["year"]), int(law[2])
    until = _TERMS.get(term + 1, 9999)
    flaw: Flaw = "" if term not in _TERMS or _TERMS[term] <= year <= until else "term"
    tail = f"/{year}/{law[1].upper()}{term}"
    return Citation(f"{int(found['number'])}{tail}", found["number"] + tail, found.start("number"),
                    found.start("symbol") + law.end(), year, flaw)  # fmt: skip


def _type(part: str) -> str:
    """The type as it is written rightly; a missing Đ is forgiven when only one type can be meant."""
    exact = _BY_LETTERS.get(part.upper())
    if exact:
        return exact
    bare = without_marks(part).upper()
    near = [name for name in _TYPES if without_marks(name).upper() == bare]
    return near[0] if len(near) == 1 else ""


def _document(found: re.Match[str], kind: str, parts: list[str], signs: list[str], end: int) -> Citation:
    organs, misspelt = [], parts[0].upper() != kind.upper()
    for part in parts[1:]:
        organ, wrong = _organ(part)
        organs.append(organ)
        misspelt = misspelt or wrong
    party = organs[0] in _PARTY or organs[0].startswith(("ĐU", "ĐBU"))
    year = int(found["year"] or 0)
    if party and not year:
        tail, right = f"-{kind}/{'-'.join(organs)}", ("-", "/")
    else:
        tail, right = f"{f'/{year}' if year else ''}/{kind}-{'-'.join(organs)}", ("/", "-")
    first = found["first"].translate(_DASHES)
    state = organs[0] in _STATE
    flaw: Flaw = "letters" if misspelt else _named_wrong(found["word"] or "", kind)
    if (party or state) and (first, signs[0]) != right:
        flaw = "separator"
    elif not party and not state and first == "-":
        tail = f"-{kind}/{'-'.join(organs)}"  # an organ of the Party that the list does not hold
    number = found["number"]
    return Citation(f"{int(number)}{tail}", number + tail, found.start("number"), end, year, flaw)


def _organ(part: str) -> tuple[str, bool]:
    """The organ's sign, and whether a Đ was left out; "TƯ" is an old way of writing TW."""
    upper = part.upper()
    if upper == "TƯ":
        return "TW", False
    if upper in _ORGANS:
        return _ORGANS[upper], False
    near = [organ for organ in _ORGANS.values() if "Đ" in organ and without_marks(organ) == upper]
    return (near[0], True) if near else (part if not part.islower() else upper, False)


def _named_wrong(word: str, kind: str) -> Flaw:
    meant = _WORDS.get(" ".join(word.lower().split()))
    return "word" if meant and meant != kind and kind not in ("TTLT", "NQLT", "VBHN") else ""


# Points in the order of the Vietnamese alphabet; there is no f, j, w or z (vietnam.md §1).
_POINTS = "abcdđeghiklmnopqrstuưvxy"
_ARTICLE = Led(
    r"(?<!\w)(?:điểm\s+(?P<point>[a-zđ])\s*,?\s+)?(?:khoản\s+(?P<clause>\d{1,3})\s*,?\s+)?"
    r"điều\s+(?P<article>\d{1,3})[a-zđ]?(?!\w)(?P<after>\s*,?\s+khoản\s+\d{1,3}(?:\s*,?\s+điểm\s+[a-zđ](?!\w))?)?",
    "điểm|khoản|điều",
)


@dataclass(frozen=True)
class Reference:
    """A reference such as "điểm a khoản 2 Điều 5"; `flaw` is empty, "letter", "number" or "order"."""

    point: str
    clause: int
    article: int
    start: int
    end: int
    flaw: str = ""


def references(text: str) -> Iterator[Reference]:
    """References to articles, clauses and points."""
    for found in _ARTICLE.finditer(text):
        point, clause, article = (found["point"] or "").lower(), found["clause"], int(found["article"])
        flaw = ""
        if point and point not in _POINTS:
            flaw = "letter"
        elif article == 0 or (clause and int(clause) == 0):
            flaw = "number"
        elif found["after"]:
            flaw = "order"
        yield Reference(point, int(clause or 0), article, found.start(), found.end(), flaw)


# Three levels of the national procedure code (vietnam.md §4): 1.001193, with the organ, with the online service.
PROCEDURE = lazy(r"[123]\.\d{6}(?:\.\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}(?:\.\d{1,3})?)?(?:\.\d{2})?")
_CODE = Led(
    r"(?<!\w)mã(?: số)?(?: của)? (?:TTHC|thủ tục(?: hành chính)?)(?: là| số)?\s{0,2}:?\s{0,2}[(\"“*`]{0,3}(?P<code>\d[\d.,-]{4,40}(?:H\d{2}[\d.]{0,8})?)",
    "mã",
)


def malformed_codes(text: str) -> Iterator[tuple[str, int]]:
    """Procedure codes that are none, with their offsets; only numbers that are called a procedure code."""
    for found in _CODE.finditer(text):
        code = found["code"].rstrip(".,-")
        if not PROCEDURE.fullmatch(code):
            yield code, found.start("code")
