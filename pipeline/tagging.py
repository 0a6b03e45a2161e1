"""What a tagging is: areas with certainty and evidence, and what the editor chose; plain values that travel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Evidence(NamedTuple):
    """Where the words stand: code-point offsets in the NFC text of the field (of one heading or hashtag, if those)."""

    field: str
    start: int
    end: int
    text: str
    term: str
    weight: float


@dataclass(frozen=True)
class Tag:
    id: str
    score: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Words:
    title: str
    summary: str
    headings: tuple[str, ...] = ()
    body: str = ""
    hashtags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chosen:
    """What the editor wrote in the front matter; empty means not given."""

    areas: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tagging:
    areas: tuple[str, ...]
    scores: Mapping[str, float]
    topics: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    evidence: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)
    chosen_by: str = "machine"
    disagreement: tuple[str, ...] = ()
    doubt: tuple[str, ...] = ()  # areas that may or may not be right: an editor confirms


def tags(tagging: Tagging) -> tuple[Tag, ...]:
    """The areas with score and evidence, strongest first."""
    return tuple(Tag(area, tagging.scores.get(area, 0.0), tagging.evidence.get(area, ())) for area in tagging.areas)


def to_json(tagging: Tagging) -> dict[str, Any]:
    """For the command line and the ledger: plain lists and numbers; evidence of the four areas only."""
    return {
        "areas": list(tagging.areas),
        "scores": dict(tagging.scores),
        "topics": list(tagging.topics),
        "fields": list(tagging.fields),
        "audiences": list(tagging.audiences),
        "evidence": [
            {"area": area, "field": one.field, "start": one.start, "end": one.end, "text": one.text, "term": one.term,
             "weight": one.weight}
            for area in tagging.scores
            for one in tagging.evidence.get(area, ())
        ],
        "chosen_by": tagging.chosen_by,
        "disagreement": list(tagging.disagreement),
        "doubt": list(tagging.doubt),
    }  # fmt: skip
