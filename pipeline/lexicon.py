"""The tagging lexicon: weighted terms per area, masks of false friends, fields and hashtags (data/lexicon.yaml)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pipeline.text import fold_tones, nfc

_SAME = str.maketrans("“”„«»‘’‐‑‒–—―−\u00a0\u202f\t\n", '"""""' + "''" + "-------" + "    ")


@dataclass(frozen=True)
class Term:
    """One term with its weight in each area."""

    text: str
    weights: Mapping[str, float]


@dataclass(frozen=True)
class Hit:
    """A term found at code points start to end of a text."""

    start: int
    end: int
    term: Term


@dataclass(frozen=True)
class Lexicon:
    """Everything that tagging looks for."""

    names: Mapping[str, str]
    hashtags: Mapping[str, tuple[str, ...]]
    field_names: Mapping[str, str]
    tests: tuple[tuple[str, str | None], ...]
    folded: Any
    phrases: Mapping[str, Term]
    cased: Any
    abbreviations: Mapping[str, Term]
    patterns: tuple[tuple[Any, Term], ...]
    masks: tuple[tuple[Any, tuple[str, ...]], ...]
    fields: Any
    field_of: Mapping[str, str]

    def hits(self, text: str) -> Iterator[Hit]:
        """Terms in a text, longest first where they overlap, false friends masked for their areas."""
        even = fold_tones(nfc(text)).translate(_SAME)
        masked = [(found.span(), areas) for mask, areas in self.masks for found in mask.finditer(even)]
        for start, end, term in self._raw(even):
            blocked = {area for (a, b), areas in masked if start < b and a < end for area in areas}
            weights = {area: weight for area, weight in term.weights.items() if area not in blocked}
            if weights:
                yield Hit(start, end, Term(term.text, weights))

    def _raw(self, even: str) -> Iterator[tuple[int, int, Term]]:
        for found in self.folded.finditer(even):
            yield found.start(), found.end(), self.phrases[_key(found.group())]
        for found in self.cased.finditer(even):
            yield found.start(), found.end(), self.abbreviations[found.group()]
        for pattern, term in self.patterns:
            for found in pattern.finditer(even):
                yield found.start(), found.end(), term

    def fields_in(self, text: str) -> dict[str, int]:
        """Fields (lĩnh vực) with the number of their terms in a text."""
        counts: dict[str, int] = {}
        for found in self.fields.finditer(fold_tones(nfc(text)).translate(_SAME)):
            name = self.field_of[_key(found.group())]
            counts[name] = counts.get(name, 0) + 1
        return counts


def _key(text: str) -> str:
    return re.sub(r"[\s-]+", " ", text).lower()


def _any(words: list[str], flags: int) -> Any:
    """One pattern of whole syllables, longest word first."""
    bodies = [re.sub(r"(?:\\ |\\-)+", r"[\\s-]+", re.escape(word)) for word in sorted(words, key=len, reverse=True)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(bodies)})(?!\w)", flags)


@cache
def load(path: Path | None = None) -> Lexicon:
    """Read the lexicon once."""
    import yaml  # a run without changes needs no YAML

    source = path.read_text("utf-8") if path else (files("pipeline") / "data/lexicon.yaml").read_text("utf-8")
    raw = yaml.load(source, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe loaders
    phrases: dict[str, Term] = {}
    abbreviations: dict[str, Term] = {}
    patterns: list[tuple[Any, Term]] = []
    for area, entry in raw["areas"].items():
        for one in entry["terms"]:
            text = fold_tones(nfc(one["t"]))
            term = Term(text, {area: float(one["w"])} | {key: float(w) for key, w in one.get("also", {}).items()})
            if one.get("k") == "re":
                patterns.append((re.compile(text, re.IGNORECASE), term))
                continue
            table, key = (abbreviations, text) if one.get("k") == "a" else (phrases, _key(text))
            table[key] = Term(text, _stronger(table.get(key), term))
    fields = {_key(fold_tones(nfc(term))): name for name, one in raw["fields"].items() for term in one["terms"]}
    return Lexicon(
        names={area: entry["name"] for area, entry in raw["areas"].items()},
        hashtags={area: tuple(raw["hashtags"].get(area, ())) for area in raw["areas"]},
        field_names={name: one["name"] for name, one in raw["fields"].items()},
        tests=tuple((title, area) for title, area in raw["tests"]),
        folded=_any(list(phrases), re.IGNORECASE),
        phrases=phrases,
        cased=_any(list(abbreviations), 0),
        abbreviations=abbreviations,
        patterns=tuple(patterns),
        masks=tuple((_mask(one), tuple(one["for"])) for one in raw["false_friends"]),
        fields=_any(list(fields), re.IGNORECASE),
        field_of=fields,
    )


def _mask(one: dict[str, Any]) -> Any:
    return re.compile(fold_tones(nfc(one["re"])), 0 if one.get("case") else re.IGNORECASE)


def _stronger(known: Term | None, term: Term) -> dict[str, float]:
    weights = dict(known.weights) if known else {}
    for area, weight in term.weights.items():
        weights[area] = max(weight, weights.get(area, 0.0))
    return weights
