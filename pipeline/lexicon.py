"""Words that tell what an item is about, found in one pass and with their place in the original text.

Source of terms, weights and masks: data/lexicon.yaml, which the office may edit. Promise: a hit is a whole word (`một cửa`
is never found in `một cửa hàng`), and its offsets point at the same letters in the text that was given.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from pipeline.patterns import lazy
from pipeline.squeezing import Seen, seen_as
from pipeline.text import fold_tones, without_marks

_NEW_STYLE = lazy(r"(?<!q)(?:[òóỏõọ][ae]|[ùúủũụ]y)(?!\w)")
_WORD = lazy(r"[^\W\d_]+")
_OLD_STYLE = lazy(r"(?<!q)(?:o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])(?!\w)")


@dataclass(frozen=True, slots=True)
class Term:
    """What is looked for, and what it says: owner ("kstthc", "field:thue", "topic:N3.1.a", "off") → weight."""

    text: str
    weights: tuple[tuple[str, float], ...]


class Hit(NamedTuple):
    """Where a term stands; a tuple, because a text has dozens."""

    start: int
    end: int
    term: Term
    weights: tuple[tuple[str, float], ...]  # those of the term that no mask took away


_Found: TypeAlias = tuple[int, int, Term]
_Masked: TypeAlias = tuple[tuple[int, int], frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Mask:
    pattern: re.Pattern[str]
    has: tuple[str, ...]  # one of these must be there before the costly pattern is tried
    owners: frozenset[str]
    case: bool


def _whole(text: str, start: int, end: int) -> bool:
    return not (start and text[start - 1].isalnum()) and not (end < len(text) and text[end].isalnum())


def _spellings(phrases: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Both places of the tone mark in each, so that the text need not be folded: hòa and hoà."""
    given = "\n".join(phrases)  # all at once: a thousand times is dear
    new = _OLD_STYLE.sub(lambda found: _moved(found.group(), 1), given)
    old = _NEW_STYLE.sub(lambda found: _moved(found.group(), 0), new)
    return zip(given.split("\n"), new.split("\n"), old.split("\n"), strict=True)


def _moved(pair: str, bearer: int) -> str:
    letters = unicodedata.normalize("NFD", pair[bearer])
    bare = [pair[0], pair[1]]
    bare[bearer] = letters[0]
    bare[1 - bearer] = unicodedata.normalize("NFC", bare[1 - bearer] + letters[1:])
    return "".join(bare)


class _Finder:
    """An Aho-Corasick automaton over patterns, each standing for one term."""

    def __init__(self, patterns: Mapping[str, Term]) -> None:
        import ahocorasick_rs

        self._terms = list(patterns.values())
        self._automaton = ahocorasick_rs.AhoCorasick(list(patterns) or ["\x00"])

    def __call__(self, text: str) -> Iterator[tuple[int, int, Term]]:
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if _whole(text, start, end):
                yield start, end, self._terms[index]


class Lexicon:
    """All that the YAML says, ready to search; build it with `load`."""

    def __init__(self, data: Mapping[str, Any], path: Path | None = None) -> None:
        self.path = path
        self.scoring: Mapping[str, Any] = data["scoring"]
        self.areas: dict[str, str] = {area: str(of["name"]) for area, of in data["areas"].items()}
        self.field_names: dict[str, str] = {key: str(of["name"]) for key, of in data["fields"].items()}
        tags = data["hashtags"]
        self.hashtags: dict[str, tuple[str, ...]] = {area: tuple(tags[area]) for area in self.areas}
        self.hashtag_area: dict[str, str] = dict(tags["match_no_diacritics"])
        self.topic_areas: dict[str, frozenset[str]] = {
            key: frozenset(of["areas"]) for key, of in data["topics"].items()
        }
        self._masks = tuple(_mask(entry) for entry in data["false_friends"])
        self._masked = lru_cache(maxsize=64)(_Masker(self._masks))
        self._standing = lru_cache(maxsize=64)(self._stand)  # as above: a text is asked for three times
        self._build(_entries(data))

    def __reduce__(self) -> tuple[Callable[..., Lexicon], tuple[Path, ...]]:
        return load, (self.path,) if self.path else ()  # the automata stay in their process; another one loads its own

    def _build(self, entries: Iterator[tuple[str, Mapping[str, Any]]]) -> None:
        weights: dict[tuple[str, str], dict[str, float]] = {}
        has: dict[str, str] = {}
        for owner, entry in entries:
            of = weights.setdefault((entry.get("k", "p"), entry["t"]), {})
            for name, weight in ({owner: entry["w"]} | entry.get("also", {})).items():
                of[name] = max(of.get(name, 0), float(weight))
            has[entry["t"]] = entry.get("has", "")
        terms = {key: Term(key[1], tuple(of.items())) for key, of in weights.items()}
        plain = {seen_as(text).low: term for (kind, text), term in terms.items() if kind == "p"}
        phrases = {
            spelling: term
            for spellings, term in zip(_spellings(plain), plain.values(), strict=False)  # no phrase is one empty line
            for spelling in spellings
        }
        self._phrases = _Finder(phrases)
        self._abbreviations = _Finder(
            {seen_as(text).plain: term for (kind, text), term in terms.items() if kind == "a"}
        )
        self._patterns = tuple(
            (has[text], lazy(text, re.IGNORECASE), term) for (kind, text), term in terms.items() if kind == "re"
        )
        several = [text for text in phrases if " " in text]
        bare = without_marks("\n".join(several)).split("\n")
        self._bare = _Finder({text: phrases[marked] for text, marked in zip(bare, several, strict=False)})

    def find(self, text: str, *, forgiving: bool = False, known: frozenset[str] = frozenset()) -> list[Hit]:
        """All hits in NFC text, those that overlap too. Forgiving: also long phrases with one mistyped accent.

        `known` are syllables that are words: a syllable that is none of them is read as the term has it ("chuyễn đổi số").
        """
        return [hit for hit in self._hits(text, forgiving, known) if hit.weights]

    def masked(self, text: str) -> list[Hit]:
        """Hits that lost weights to a mask, so that a person can see what was left out and why not counted."""
        seen = seen_as(text)
        masked = self._masked(seen)
        found = [one for one in self._standing(seen) if _covered(one, masked)] if masked else []
        return [hit for one in found if (hit := _hit(seen, one, masked)).weights != hit.term.weights]

    def _hits(self, text: str, forgiving: bool, known: frozenset[str]) -> list[Hit]:
        seen = seen_as(text)
        found = self._standing(seen)
        if forgiving or known:
            found = [*found, *self._mistyped(seen, {start for start, _, _ in found}, forgiving, known)]
        masked = self._masked(seen)
        if not masked:
            return [Hit(*seen.span(start, end), term, term.weights) for start, end, term in found]
        return [_hit(seen, one, masked) for one in found]

    def _stand(self, seen: Seen) -> list[_Found]:
        """Where terms stand as they are written."""
        found = [*self._phrases(seen.low), *self._abbreviations(seen.plain)]
        for has, pattern, term in self._patterns:
            if has in seen.low:
                found += [(match.start(), match.end(), term) for match in pattern.finditer(seen.low)]
        return found

    def other_senses(self, text: str) -> list[tuple[int, int]]:
        """Where words of an area stand for something else (a mask of the YAML): start and end in NFC text."""
        seen = seen_as(text)
        return [seen.span(start, end) for (start, end), _owners in self._masked(seen) if end > start]

    def _mistyped(
        self, seen: Seen, taken: set[int], forgiving: bool, known: frozenset[str]
    ) -> Iterator[tuple[int, int, Term]]:
        low = fold_tones(seen.low)
        bare = low if low.isascii() else without_marks(low)
        found = self._near(low, bare, taken, forgiving, known) if len(bare) == len(low) else []
        if found and (low.isascii() or forgiving or not known.issuperset(_WORD.findall(low))):
            yield from found

    def _near(self, low: str, bare: str, taken: set[int], forgiving: bool, known: frozenset[str]) -> list[_Found]:
        """Terms that stand in the text but for their marks, where none stands as it is written."""
        found = []
        for start, end, term in self._bare(bare):
            if start in taken:
                continue
            pairs = zip(low[start:end].split(), _meant(term.text), strict=False)
            wrong = [one for one, other in pairs if one != other]
            joins = term.text.count(" ")
            slip = forgiving and len(wrong) == 1 and joins >= 3
            bare_text = low.isascii() and joins >= 2
            if bare_text or slip or (known and wrong and known.isdisjoint(wrong)):
                found.append((start, end, term))
        return found


@lru_cache(maxsize=5_000)  # the terms
def _meant(term: str) -> list[str]:
    return fold_tones(seen_as(term).low).split()


def _covered(one: _Found, masked: Sequence[_Masked]) -> bool:
    return any(first < one[1] and one[0] < last for (first, last), _names in masked)


def _hit(seen: Seen, one: _Found, masked: Sequence[_Masked]) -> Hit:
    start, end, term = one
    gone = {name for (first, last), names in masked if first < end and start < last for name in names}
    weights = tuple(pair for pair in term.weights if pair[0] not in gone) if gone else term.weights
    return Hit(*seen.span(start, end), term, weights)


class _Masker:
    """All masks over one text; those whose words are not there are not tried."""

    def __init__(self, masks: tuple[_Mask, ...]) -> None:
        import ahocorasick_rs

        self._masks = masks
        self._owners: dict[str, set[int]] = {}
        for number, mask in enumerate(masks):
            for word in mask.has:
                self._owners.setdefault(word, set()).add(number)
        self._always = self._owners.pop("", set())
        self._words = list(self._owners)
        self._automaton = ahocorasick_rs.AhoCorasick(self._words or ["\x00"])

    def __call__(self, seen: Seen) -> tuple[_Masked, ...]:
        there = {one for one, _start, _end in self._automaton.find_matches_as_indexes(seen.low, overlapping=True)}
        tried = self._always.union(*(self._owners[self._words[one]] for one in there if self._words))
        return tuple(
            (match.span(), mask.owners)
            for mask in (self._masks[number] for number in sorted(tried))
            for match in mask.pattern.finditer(seen.plain if mask.case else seen.low)
        )


def _mask(entry: Mapping[str, Any]) -> _Mask:
    case = bool(entry.get("case"))
    pattern = lazy(entry["re"], 0 if case else re.IGNORECASE)
    return _Mask(pattern, tuple(entry.get("has", [""])), frozenset(entry["for"]), case)


def _entries(data: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for area, of in data["areas"].items():
        yield from ((area, entry) for entry in of["terms"])
        yield from ((area, {"t": number, "w": data["scoring"]["legal_reference_bonus"]}) for number in of["legal_refs"])
    for section, prefix in (("fields", "field"), ("topics", "topic"), ("audiences", "audience")):
        for key, of in data[section].items():
            yield from ((f"{prefix}:{key}", {"t": text, "w": 1.0}) for text in of["terms"])
    yield from (("context", {"t": text, "w": 1.0}) for text in data["context"]["terms"])
    yield from (("off", {"t": text, "w": of["w"]}) for of in data["off_topic"] for text in of["terms"])


@cache
def load(path: Path | None = None) -> Lexicon:
    """The lexicon of the file, else of the package; built once in a process."""
    raw = (path or files("pipeline") / "data" / "lexicon.yaml").read_bytes()
    return Lexicon((None if path else _twin(raw)) or parsed(raw), path)


def parsed(raw: bytes) -> dict[str, Any]:
    """What the YAML says."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load(raw, Loader=loader))  # noqa: S506 - both are safe loaders


def _twin(raw: bytes) -> dict[str, Any] | None:
    """The same from lexicon.json, which is read ten times as fast; None when it was made from other bytes."""
    try:
        made = json.loads((files("pipeline") / "data" / "lexicon.json").read_bytes())
        return dict(made["says"]) if made["of"] == hashlib.sha256(raw).hexdigest() else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
