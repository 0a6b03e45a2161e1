"""What an item is about: areas, topics, fields and audiences, each with the words that say so.

Pure. Source of the scoring: `scoring:` in data/lexicon.yaml. Weights are editorial proposals; terms and thresholds were
tuned with the whole labelled set in view, so bench/tagging.py on that set shows regressions, not how well new text is read.
The editor's own choice always wins; what the machine thought is kept.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.lexicon import Hit, Lexicon
from pipeline.text import nfc, without_marks


@dataclass(frozen=True)
class Evidence:
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


_NO_CHOICE = Chosen()


def classify(words: Words, kind: str, *, unit: str = "", lexicon: Lexicon, chosen: Chosen = _NO_CHOICE) -> Tagging:
    """Areas strongest first, and all that hangs on them."""
    evidence = _evidence(words, lexicon)
    length = _length(words)
    raw = {owner: _score(found, length, lexicon) for owner, found in evidence.items()}
    scores = {area: _area_score(area, evidence, raw, (kind, unit), lexicon) for area in lexicon.areas}
    on_top = any(one.field != "body" for area in scores for one in evidence.get(area, ()))
    areas = _assign(scores, lexicon, on_top)
    final = chosen.areas or areas
    topics = _best("topic:", raw, lexicon)
    machine = Chosen(
        areas,
        tuple(topic for topic in topics if lexicon.topic_areas[topic] & set(final)),
        _best("field:", raw, lexicon) if final else (),
        _best("audience:", raw, lexicon) if final else (),
    )
    return Tagging(
        areas=final, scores=scores, topics=chosen.topics or machine.topics, fields=chosen.fields or machine.fields,
        audiences=chosen.audiences or machine.audiences, evidence={key: tuple(one) for key, one in evidence.items()},
        chosen_by="machine" if chosen == _NO_CHOICE else "editor", disagreement=tuple(_disagreement(machine, chosen)),
    )  # fmt: skip


def _texts(words: Words) -> Iterable[tuple[str, str]]:
    yield "title", nfc(words.title)
    yield "summary", nfc(words.summary)
    yield from (("heading", nfc(heading)) for heading in words.headings)
    yield "body", nfc(words.body)


def _evidence(words: Words, lexicon: Lexicon) -> dict[str, list[Evidence]]:
    """By owner: an area, or field:, topic:, audience: and an id, or "off" for words of other news."""
    found: dict[str, list[Evidence]] = defaultdict(list)
    for where, text in _texts(words):
        if text:
            hits = lexicon.find(text, forgiving=where != "body" or text.isascii())
            _add(found, where, text, hits)
    for tag in words.hashtags:
        area = lexicon.hashtag_area.get(without_marks(tag).lstrip("#").lower())
        if area:
            text = nfc(tag)
            found[area].append(Evidence("hashtag", 0, len(text), text, text, 3.0))
    return found


def _add(found: dict[str, list[Evidence]], where: str, text: str, hits: list[Hit]) -> None:
    """A place in the text counts once for an owner: leftmost first, then longest."""
    reached: dict[str, int] = {}
    for hit in sorted(hits, key=lambda one: (one.start, -one.end)):
        for owner, weight in hit.weights:
            if hit.start >= reached.get(owner, 0):
                reached[owner] = hit.end
                words = text[hit.start : hit.end]
                found[owner].append(Evidence(where, hit.start, hit.end, words, hit.term.text, weight))


def _length(words: Words) -> float:
    return float(words.body.count(" ") + 1)


def _score(found: list[Evidence], length: float, lexicon: Lexicon) -> float:
    """Σ weight × field × (1 + log2 n); the body is thinned by its length, so that long texts do not collect areas."""
    scoring = lexicon.scoring
    anchored = any(one.weight >= scoring["anchor_weight"] for one in found)
    total = 0.0
    for (where, _, weight), count in Counter((one.field, one.term, one.weight) for one in found).items():
        if weight <= 1 and not anchored and not _is_plain(found):
            continue
        part = weight * scoring["field_multiplier"][where] * (1 + math.log2(count))
        total += part / max(1.0, length / scoring["body_words"]) if where == "body" else part
    return total


def _is_plain(found: list[Evidence]) -> bool:
    """Fields, topics and audiences have no weights: every word of theirs counts one."""
    return all(one.weight == 1 for one in found)


def _area_score(
    area: str, evidence: Mapping[str, list[Evidence]], raw: Mapping[str, float], of: tuple[str, str], lexicon: Lexicon
) -> float:
    """The words' score, the priors of kind and unit, less what words of other news take away."""
    scoring = lexicon.scoring
    score = raw.get(area, 0.0)
    if not score:
        return 0.0
    kind, unit = of
    score += scoring["unit_prior"].get(unit, {}).get(area, 0.0) + scoring["kind_prior"].get(kind, {}).get(area, 0.0)
    decisive = any(one.weight >= scoring["decisive_weight"] for one in evidence[area])
    if area in lexicon.context_areas and not decisive and "context" not in raw:
        score *= scoring["without_context"]
    return float(round(max(0.0, score - float(scoring["off_topic"]) * raw.get("off", 0.0)), 3))


def _assign(scores: Mapping[str, float], lexicon: Lexicon, on_top: bool = True) -> tuple[str, ...]:
    """The strongest area if it is strong enough (more so if only the body speaks of it), and those that come near it."""
    rule = lexicon.scoring["assign"]
    order = sorted(scores, key=lambda area: -scores[area])
    top = scores[order[0]]
    if top < rule["primary_min" if on_top else "body_only_min"]:
        return ()
    enough = max(rule["secondary_min"], min(rule["secondary_ratio"] * top, rule["always"]))
    return tuple(order[:1] + [area for area in order[1:] if scores[area] >= enough])


def _best(prefix: str, raw: Mapping[str, float], lexicon: Lexicon) -> tuple[str, ...]:
    """At most three owners with the prefix, strongest first, each at least as strong as one word in the title or two in the body."""
    rule = lexicon.scoring["assign"]
    found = {owner.removeprefix(prefix): score for owner, score in raw.items() if owner.startswith(prefix)}
    order = sorted(found, key=lambda key: (-found[key], key))
    return tuple(key for key in order if found[key] >= rule["label_min"])[:3]


def _disagreement(machine: Chosen, chosen: Chosen) -> Iterable[str]:
    """What the editor left out ("-") or put in ("+") against the machine."""
    for name in ("areas", "topics", "fields", "audiences"):
        ours, theirs = getattr(machine, name), getattr(chosen, name)
        if theirs:
            yield from (f"+{one}" for one in theirs if one not in ours)
            yield from (f"-{one}" for one in ours if one not in theirs)


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
    }  # fmt: skip
