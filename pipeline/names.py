"""Names as the office writes them: units that have ended, the plan's words misspelt, forms that are out of date.

Every finder is cautious: a name in a sentence about the past, or about another province, is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from operator import ne
from typing import TypeAlias

import ahocorasick_rs

from pipeline import reference
from pipeline.model import Unit
from pipeline.patterns import lazy
from pipeline.text import CAPITALS, fold_tones, nfc, without_marks

_KINDS = (
    "phường",
    "xã",
    "thị trấn",
    "quận",
    "huyện",
    "thị xã",
    "sở",
    "báo",
    "đài",
    "ban quản lý",
    "ban dân tộc",
    "cục",
)
_PLACES = ("phường", "xã", "thị trấn", "quận", "huyện", "thị xã")
_PAST = lazy(
    r"(?<!\w)(?:cũ|trước đây|trước kia|trước khi|nguyên là|sáp nhập|hợp nhất|giải thể|chia tách|kế thừa|được lập từ|tổ chức lại)(?!\w)",
    re.IGNORECASE,
)
_ELSEWHERE = lazy(r"(?<!\w)(?:[Tt]ỉnh\s+[A-ZĐ]|Hồ Chí Minh|TP\.?\s?HCM|Đà Nẵng|Hải Phòng|Cần Thơ|Huế(?!\w))")
_YEAR = lazy(r"(?<![\d/.-])(?:19|20)\d{2}(?![\d/.-])")


@dataclass(frozen=True)
class Named:
    """A unit named in text[start:end] that had ended."""

    unit: Unit
    start: int
    end: int


def _lower(text: str) -> str:
    """Small letters in old tone placement; the length never changes, so offsets stay true."""
    small = text.lower()
    if len(small) != len(text):
        small = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
    return fold_tones(small)


@cache
def _register() -> tuple[ahocorasick_rs.AhoCorasick, tuple[str, ...], dict[str, list[Unit]]]:
    by_name: dict[str, list[Unit]] = {}
    begins = tuple(f"{kind} " for kind in _KINDS)
    named = [(name, unit) for unit in reference.units().all() for name in (unit.name, *unit.aliases)]
    folded = _lower(nfc("\n".join(name for name, _unit in named))).split("\n")  # all at once: cheaper than one by one
    for name, (_name, unit) in zip(folded, named, strict=True):
        if name.startswith(begins):
            by_name.setdefault(name, []).append(unit)
    names = tuple(by_name)
    finder = ahocorasick_rs.AhoCorasick(names, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    return finder, names, by_name


def ended_units(text: str, day: date) -> Iterator[Named]:
    """Names of units that no longer existed on the day and have no namesake that did."""
    finder, names, by_name = _register()
    folded = _lower(text)
    for index, start, end in finder.find_matches_as_indexes(folded):
        units = by_name[names[index]]
        if any(unit.valid_on(day) for unit in units) or not _whole_name(text, start, end):
            continue
        ended = [unit for unit in units if unit.valid_to and unit.valid_to < day]
        if ended:
            yield Named(max(ended, key=lambda unit: unit.valid_to or date.min), start, end)


def _whole_name(text: str, start: int, end: int) -> bool:
    """A proper name in capitals that is not the beginning of a longer one."""
    last = text[start:end].rsplit(maxsplit=1)[-1]
    before, after = text[max(0, start - 5) : start], text[end : end + 3]
    if not last[0].isupper() or before[-1:].isalnum() or after[:1].isalnum() or after[:1] in ("&", "-"):
        return False
    return not before.lower().endswith(("thị ", "thị\n")) and not re.match(rf"\s(?:[{CAPITALS}]|– |- )", after)


def about_the_past(sentence: str, unit: Unit) -> bool:
    """Whether a sentence may name a unit that has ended: it speaks of then, of the change, or of another province."""
    ended = unit.valid_to.year if unit.valid_to else 9999
    then = any(int(year) <= ended for year in _YEAR.findall(sentence))
    place = _lower(unit.name).startswith(_PLACES) or unit.name.startswith("Sở")
    return bool(then or _PAST.search(sentence) or (place and _ELSEWHERE.search(sentence)))


# Sections and set phrases of the plan (KH 84/KH-UBND, I.5, III, V.2) and of the decrees that it rests on.
_TERMS = (
    "kiểm soát thủ tục hành chính", "cải cách thủ tục hành chính", "cải cách hành chính", "chuyển đổi số",
    "cổng thông tin điện tử", "trang thông tin điện tử", "cổng dịch vụ công quốc gia", "dịch vụ công trực tuyến",
    "trung tâm phục vụ hành chính công", "điểm phục vụ hành chính công", "một cửa liên thông", "ủy ban nhân dân",
    "cơ sở dữ liệu quốc gia", "định danh và xác thực điện tử", "giải quyết thủ tục hành chính",
)  # fmt: skip
# What looks like a slip of a term and is a word of its own: "chuyển đổi sổ đỏ".
_OWN_WORDS = {"chuyển đổi sổ", "chuyển đổi so", "chuyển đổi sở", "chuyển đổi sơ"}
_TOKEN = lazy(r"[^\W\d_]+")
_I_OR_Y = lazy(r"(?:t[ỉỷ]|k[ĩỹ]|l[íý])(?<!\w..)\s[^\W\d_]+")
_WITH_I = ("tỉ ", "kĩ ", "lí ")  # one of the two ways
_MOST_EDITS = 2  # on the form without marks (vietnam.md §1)


@dataclass(frozen=True)
class Misspelt:
    """text[start:end] is probably meant to be `term`."""

    term: str
    start: int
    end: int


def misspelt_terms(text: str) -> Iterator[Misspelt]:
    """Terms of the plan with one or two wrong letters or marks; the words stand side by side."""
    folded = fold_tones(_words(text)).split("\n")
    tokens: list[tuple[int, int]] = []  # where each stands, looked up when one is misspelt
    reached, (first, second) = 0, _spelled()
    pairs = enumerate(zip(folded, [*folded, ""][1:], strict=True))
    for place, word, after in [
        (place, word, after) for place, (word, after) in pairs if word in first or after in second
    ]:
        for term, words, plain in _near_terms(word, after) if place >= reached else ():
            last = place + len(words)
            typed = folded[place:last]
            if not _slip(typed, words, plain):
                continue
            tokens = tokens or [found.span() for found in _TOKEN.finditer(text)]
            if _adjacent(text, tokens[place:last]):
                yield Misspelt(term, tokens[place][0], tokens[last - 1][1])
                reached = last
                break


_Term: TypeAlias = tuple[str, list[str], list[str]]


@lru_cache(maxsize=20_000)  # of the pairs of words that stand in texts few are in terms
def _near_terms(word: str, after: str) -> tuple[_Term, ...]:
    """Terms that begin with one of the two words right, since only one word of a slip is wrong; the longest first."""
    first, second = _spelled()
    either = {**first.get(word, {}), **second.get(after, {})}
    return tuple(either[place] for place in sorted(either) if either[place][2][0][0] == _bare(word)[0])


@cache
def _spelled() -> tuple[dict[str, dict[int, _Term]], dict[str, dict[int, _Term]]]:
    """Terms by their first and by their second word, with their place (the longest first) and words in both forms."""
    first: dict[str, dict[int, _Term]] = {}
    second: dict[str, dict[int, _Term]] = {}
    for place, term in enumerate(sorted(_TERMS, key=len, reverse=True)):
        words = fold_tones(term).split()
        spelled = (term, words, [without_marks(word) for word in words])
        first.setdefault(words[0], {})[place] = second.setdefault(words[1], {})[place] = spelled
    return first, second


@lru_cache(maxsize=20_000)  # more than Vietnamese has syllables
def _bare(word: str) -> str:
    """The word without marks, itself when it is made of nothing else."""
    return without_marks(word) or word


def _slip(typed: list[str], words: list[str], plain: list[str]) -> bool:
    """One word is wrong, and not by much."""
    if len(typed) != len(words) or sum(map(ne, typed, words)) != 1 or " ".join(typed) in _OWN_WORDS:
        return False
    wrong = next((one, other) for one, other in zip(typed, words, strict=True) if one != other)
    bare = [_bare(one) for one in typed]
    if bare == typed and plain != words and sum(one == other for one, other in zip(bare, plain, strict=True)) > 1:
        return False  # typed without any marks: an address or a hashtag, not a slip
    letters = sum(_edits(one, other) for one, other in zip(bare, plain, strict=True))
    return letters <= _MOST_EDITS and _near(*wrong)


def _near(typed: str, meant: str) -> bool:
    """The same letters with other marks, or one letter too many, too few or wrong in a word of some length."""
    one, other = without_marks(typed), without_marks(meant)
    return one == other or (len(other) > 3 and _edits(one, other) <= 1)


def _edits(one: str, other: str) -> int:
    """Letters to put in, to leave out or to change."""
    if one == other:
        return 0
    from rapidfuzz.distance import Levenshtein  # here: few texts have a word that is nearly one of a term

    return Levenshtein.distance(one, other)


def _adjacent(text: str, places: list[tuple[int, int]]) -> bool:
    gaps = [text[end:start] for (_start, end), (start, _end) in zip(places, places[1:], strict=False)]
    return all(gap.isspace() and len(gap) <= 2 for gap in gaps)


@lru_cache(maxsize=16)  # the passages of one item
def _words(text: str) -> str:
    """Its words in small letters, one a line: folding all at once is cheaper than word by word."""
    return "\n".join(_TOKEN.findall(text)).lower()


def mixed_forms(texts: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of one word in both placements of the tone (hòa, hoà), and of i beside y in one phrase (tỉ lệ, tỷ lệ)."""
    words = "\n".join(map(_words, texts))
    forms: dict[str, set[str]] = {}
    if (new := fold_tones(words)) != words:
        either = dict(zip(words.split("\n"), new.split("\n"), strict=True))
        for word, folded in either.items():
            if folded != word:
                forms.setdefault(folded, {folded} & either.keys()).add(word)
    pairs = sorted(tuple(sorted(found)) for found in forms.values() if len(found) == 2)
    low = "\n".join(texts).lower()
    phrases = set(_I_OR_Y.findall(low)) if any(syllable in low for syllable in _WITH_I) else set()
    pairs += [(phrase, other) for phrase in sorted(phrases)
              if (other := phrase.replace("ỉ ", "ỷ ", 1).replace("ĩ ", "ỹ ", 1).replace("í ", "ý ", 1)) != phrase
              and other in phrases]  # fmt: skip
    return [(one, other) for one, other in pairs]
