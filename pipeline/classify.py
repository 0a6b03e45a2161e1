"""Areas, topics, fields and audiences of an item, each with its evidence; the editor's choice always wins.

Scoring follows data/lexicon.yaml: weight × place (title 3, summary 2, heading 1.5, body 1), repeats dampened by
1 + log2(n), the body divided by its length.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from pipeline.lexicon import Lexicon
from pipeline.model import AREAS
from pipeline.text import nfc

_PLACES = {"title": 3.0, "summary": 2.0, "heading": 1.5, "hashtag": 2.0, "body": 1.0}
PRIMARY, SECONDARY, RATIO, MOST = 6.0, 5.0, 0.45, 3
_FIELD_WORDS = 2
_AUDIENCE_WORDS = {
    "doanh-nghiep": ("doanh nghiệp", "hộ kinh doanh"), "cbccvc": ("cán bộ, công chức", "công chức, viên chức"),
    "hs-sv": ("học sinh", "sinh viên"), "nguoi-dan": ("người dân", "công dân", "bà con"),
}  # fmt: skip
_TOPIC_OF_KIND = {"qa": "N3.2.g"}


@dataclass(frozen=True)
class Evidence:
    """Which words, where: code-point offsets in the field's NFC text."""

    field: str
    start: int
    end: int
    text: str
    term: str
    weight: float


@dataclass(frozen=True)
class Words:
    """The texts that tagging reads."""

    title: str
    summary: str
    headings: tuple[str, ...] = ()
    body: str = ""
    hashtags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chosen:
    """What the editor wrote; an empty tuple means nothing was chosen."""

    areas: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tagging:
    """The decision; `areas` strongest first, `disagreement` what the machine would have added or left out."""

    areas: tuple[str, ...]
    scores: Mapping[str, float]
    topics: tuple[str, ...]
    fields: tuple[str, ...]
    audiences: tuple[str, ...]
    evidence: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)
    chosen_by: str = "machine"
    disagreement: tuple[str, ...] = ()


def classify(words: Words, kind: str, *, unit: str = "", lexicon: Lexicon, chosen: Chosen = Chosen()) -> Tagging:  # noqa: B008 - frozen
    """Tag one item; pure."""
    evidence = _evidence(words, lexicon)
    scores = {area: _score(evidence[area], len(words.body.split())) for area in AREAS}
    machine = _assign(scores, evidence)
    areas = chosen.areas or machine
    whole = f"{words.title}. {words.summary}. {words.body}"
    topics = chosen.topics or ((_TOPIC_OF_KIND[kind],) if kind in _TOPIC_OF_KIND else ())
    return Tagging(
        areas=areas,
        scores={area: round(score, 2) for area, score in scores.items()},
        topics=topics,
        fields=chosen.fields or _fields(lexicon, whole),
        audiences=chosen.audiences or _audiences(whole),
        evidence={area: found for area, found in evidence.items() if found},
        chosen_by="editor" if chosen.areas else "machine",
        disagreement=tuple(sorted(set(machine) ^ set(chosen.areas))) if chosen.areas else (),
    )


def to_json(tagging: Tagging) -> dict[str, Any]:
    """The decision as plain data."""
    rows = [{"area": area} | asdict(one) for area, found in tagging.evidence.items() for one in found]
    return {"areas": list(tagging.areas), "scores": dict(tagging.scores), "topics": list(tagging.topics),
            "fields": list(tagging.fields), "audiences": list(tagging.audiences), "chosen_by": tagging.chosen_by,
            "disagreement": list(tagging.disagreement), "evidence": rows}  # fmt: skip


def _evidence(words: Words, lexicon: Lexicon) -> dict[str, tuple[Evidence, ...]]:
    found: dict[str, list[Evidence]] = {area: [] for area in AREAS}
    places = [("title", words.title), ("summary", words.summary), ("body", words.body)]
    places += [("heading", heading) for heading in words.headings]
    for place, given in places:
        text = nfc(given)
        spans: dict[str, list[tuple[int, int]]] = {}
        for hit in sorted(lexicon.hits(text), key=lambda one: one.start - one.end):
            for area, weight in hit.term.weights.items():
                taken = spans.setdefault(area, [])
                if any(hit.start < end and start < hit.end for start, end in taken):
                    continue  # a span counts once per area
                taken.append((hit.start, hit.end))
                found[area].append(
                    Evidence(place, hit.start, hit.end, text[hit.start : hit.end], hit.term.text, weight)
                )
    return {area: tuple(rows) for area, rows in found.items()}


def _score(evidence: tuple[Evidence, ...], body_words: int) -> float:
    total, body = 0.0, 0.0
    counts: dict[tuple[str, str], list[float]] = {}
    for one in evidence:
        counts.setdefault((one.field, one.term), []).append(one.weight)
    for (place, _term), weights in counts.items():
        points = weights[0] * (1 + math.log2(len(weights))) * _PLACES[place]
        if place == "body":
            body += points
        else:
            total += points
    return total + body / max(1.0, body_words / 400)


def _assign(scores: Mapping[str, float], evidence: Mapping[str, tuple[Evidence, ...]]) -> tuple[str, ...]:
    """Areas above the thresholds; terms of weight 1 alone never decide."""
    strong = {area: score for area, score in scores.items() if any(one.weight >= 3 for one in evidence[area])}
    ranked = sorted(strong, key=lambda area: -strong[area])
    if not ranked or strong[ranked[0]] < PRIMARY:
        return ()
    best = strong[ranked[0]]
    return tuple(area for area in ranked if strong[area] >= max(SECONDARY, RATIO * best))[:MOST]


def _fields(lexicon: Lexicon, whole: str) -> tuple[str, ...]:
    counts = lexicon.fields_in(whole)
    return tuple(sorted((name for name, n in counts.items() if n >= _FIELD_WORDS), key=lambda name: -counts[name]))[:3]


def _audiences(whole: str) -> tuple[str, ...]:
    lower = nfc(whole).lower()
    return tuple(name for name, words in _AUDIENCE_WORDS.items() if any(word in lower for word in words))[:3]
