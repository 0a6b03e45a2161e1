"""What an item is about: areas, topics, fields and audiences, each with the words that say so.

Pure. Terms and masks: data/lexicon.yaml, which the office may edit. How much a term of which strength and place weighs,
and the ordinary words that speak for or against an area: data/learned.json, fitted by tools/learn_words.py.
The editor's own choice always wins; what the machine thought is kept. How good it is: docs/tagging.md.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from heapq import nsmallest
from typing import Any

from pipeline import learned
from pipeline.learned import Counts, Learned, Sums, Text
from pipeline.lexicon import Hit, Lexicon
from pipeline.tagging import Chosen, Evidence, Tag, Tagging, Words, tags, to_json
from pipeline.text import nfc, without_marks

__all__ = ["Chosen", "Evidence", "Tag", "Tagging", "Words", "classify", "features", "phrases", "tags", "to_json"]

_MOST_WORDS = 6  # learned words shown for an area, the weightiest first
_WORTH_SHOWING = 0.1  # areas less certain than this show their terms only
_SPEAKS = 0.1  # the least that one of them must add
_ORDINARY_BODY = 120  # syllables; longer bodies are thinned
_ZONE = {"title": "t", "summary": "s", "heading": "s", "hashtag": "s", "body": "b"}
_STRONG = {3: 1.0, 4: 1.5, 5: 2.0}  # what a term of this strength adds to the sum of strong terms
_PLACE = {"t": 2.0, "s": 1.5, "b": 1.0}


_NO_CHOICE = Chosen()


def classify(
    words: Words, kind: str, *, unit: str = "", lexicon: Lexicon, chosen: Chosen = _NO_CHOICE, weights: Learned | None = None
) -> Tagging:  # fmt: skip
    """Areas surest first, and all that hangs on them; `weights` are the package's unless given."""
    weights = weights or learned.load()
    evidence = _evidence(words, lexicon, weights)
    titled = _titled(evidence, lexicon)
    found = phrases(words, lexicon, weights.weights.places, weights.folded)
    given = features(evidence, found, kind, words)
    sums = Sums(weights, given)
    scores = sums.certainty(lexicon.scoring["unit_prior"].get(unit, {}))
    for index, area in enumerate(weights.areas):
        terms = evidence.get(area, [])
        if scores[area] >= _WORTH_SHOWING:
            shown = _shown(found, sums.speaking(index, _SPEAKS), words)
            evidence[area] = terms + [one for one in shown if not _within(one, terms)]
        if not evidence.get(area):
            scores[area] = 0.0
    areas = _assign(scores, titled, lexicon)
    final = chosen.areas or areas
    raw = {owner: _score(one, _length(words), lexicon) for owner, one in evidence.items()}
    _expect(raw, final, kind, lexicon)
    topics = _best("topic:", {key: one for key, one in raw.items() if _fits(key, final, lexicon)}, lexicon)
    machine = Chosen(
        areas,
        topics if final else (),
        _best("field:", raw, lexicon) if final else (),
        _best("audience:", raw, lexicon) if final else (),
    )
    return Tagging(
        areas=final, scores=scores, topics=chosen.topics or machine.topics, fields=chosen.fields or machine.fields,
        audiences=chosen.audiences or machine.audiences, evidence={key: tuple(one) for key, one in evidence.items()},
        chosen_by="machine" if chosen == _NO_CHOICE else "editor", disagreement=tuple(_disagreement(machine, chosen)),
        doubt=() if chosen.areas else _doubt(scores, lexicon),
    )  # fmt: skip


def features(evidence: Mapping[str, Iterable[Evidence]], found: Counts, kind: str, words: Words) -> dict[str, float]:
    """What the weights are applied to: different terms of an area by strength and zone, words of other news, phrases.

    `area:strong` is the sum of an area's own strong terms, so that several of them in the body count together.
    """
    thin = _thin(words)
    amounts: dict[str, float] = defaultdict(float)
    for owner, group in evidence.items():
        if owner == "off":
            amounts[":off"] = sum(one.weight * (1 if one.field == "body" else 2) for one in group)
        elif ":" not in owner and owner != "context":
            _amounts(owner, group, thin, amounts)
    made = {key: math.log1p(amount) for key, amount in amounts.items()}
    made |= {":context": float("context" in evidence), ":qa": float(kind == "qa")}
    return made | found.dampened()


def _amounts(owner: str, group: Iterable[Evidence], thin: float, amounts: dict[str, float]) -> None:
    """Each term once a zone; strong ones also in one sum."""
    for zone, _, weight in dict.fromkeys((_ZONE[one.field], one.term, one.weight) for one in group):
        strength = int(min(5, max(1, weight)))
        amount = 1 / thin if zone == "b" else 1.0
        amounts[f"{owner}:{strength}{zone}"] += amount
        if strength in _STRONG:
            amounts[f"{owner}:strong"] += amount * _STRONG[strength] * _PLACE[zone]


def _thin(words: Words) -> float:
    """The length of the body in ordinary bodies, so that a long text does not collect areas."""
    return max(1.0, _length(words) / _ORDINARY_BODY)


def phrases(words: Words, lexicon: Lexicon, known: Mapping[str, Any] | None, folded: Mapping[str, str]) -> Counts:
    """The phrases of the item that are `known` (all, if None), but not where the lexicon's masks see another sense."""
    texts = (Text(where, text, tuple(lexicon.other_senses(text))) for where, text in _texts(words) if text)
    return learned.count(texts, _thin(words), known, folded)


def _shown(found: Counts, speaking: Iterable[tuple[str, float]], words: Words) -> Iterable[Evidence]:
    """The learned words that speak most for an area."""
    speaks = [(-weight, phrase) for phrase, weight in speaking if phrase in found]
    texts = dict(_texts(words))
    for less, phrase in nsmallest(_MOST_WORDS, speaks):
        one = found[phrase]
        if one.field != "heading":
            text = texts[one.field][one.start : one.end]
            yield Evidence(one.field, one.start, one.end, text, phrase, round(-less, 2))


def _within(one: Evidence, terms: Iterable[Evidence]) -> bool:
    return any(term.field == one.field and term.start < one.end and one.start < term.end for term in terms)


@lru_cache(maxsize=4)  # asked several times for one item
def _texts(words: Words) -> tuple[tuple[str, str], ...]:
    headings = (("heading", nfc(heading)) for heading in words.headings)
    return ("title", nfc(words.title)), ("summary", nfc(words.summary)), *headings, ("body", nfc(words.body))


def _evidence(words: Words, lexicon: Lexicon, weights: Learned) -> dict[str, list[Evidence]]:
    """By owner: an area, or field:, topic:, audience: and an id, or "off" for words of other news."""
    found: dict[str, list[Evidence]] = defaultdict(list)
    for where, text in _texts(words):
        if text:
            hits = lexicon.find(text, forgiving=where != "body" or text.isascii(), known=weights.syllables)
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
    """Σ weight × field × (1 + log2 n), for topics, fields and audiences; the body is thinned by its length."""
    scoring = lexicon.scoring
    total = 0.0
    for (where, _, weight), times in Counter((one.field, one.term, one.weight) for one in found).items():
        part = weight * scoring["field_multiplier"][where] * (1 + math.log2(times))
        total += part / max(1.0, length / scoring["body_words"]) if where == "body" else part
    return total


def _assign(scores: Mapping[str, float], titled: frozenset[str], lexicon: Lexicon) -> tuple[str, ...]:
    """The surest area if it is sure enough, and those that are beside it; less is asked of one that the title names."""
    rule = lexicon.scoring["assign"]
    order = sorted(scores, key=lambda area: -scores[area])
    if scores[order[0]] < rule["first"]:
        return ()
    further = {area: rule["titled"] if area in titled else rule["further"] for area in order[1:]}
    return tuple(order[:1] + [area for area, enough in further.items() if scores[area] >= enough])


def _titled(evidence: Mapping[str, Iterable[Evidence]], lexicon: Lexicon) -> frozenset[str]:
    """The areas that a term of the lexicon names in the title, not in passing."""
    strong = lexicon.scoring["assign"]["titled_strength"]
    return frozenset(
        area
        for area in lexicon.areas
        if any(one.field == "title" and one.weight >= strong for one in evidence.get(area, ()))
    )


def _doubt(scores: Mapping[str, float], lexicon: Lexicon) -> tuple[str, ...]:
    """The surest area, when it is neither sure nor out of the question."""
    low, high = lexicon.scoring["assign"]["doubt"]
    area = max(scores, key=lambda one: scores[one])
    return (area,) if low <= scores[area] < high else ()


def _expect(raw: dict[str, float], areas: tuple[str, ...], kind: str, lexicon: Lexicon) -> None:
    """What items of these areas and this kind are mostly written for, and for whom."""
    prior = lexicon.scoring["topic_prior"]
    for area in (*areas, *((kind,) if "kstthc" in areas else ())):
        for topic, more in prior.get(area, {}).items():
            raw[f"topic:{topic}"] = raw.get(f"topic:{topic}", 0.0) + more
    reader = f"audience:{lexicon.scoring['readers']}"
    raw[reader] = raw.get(reader, 0.0) + lexicon.scoring["reader_prior"]


def _fits(owner: str, areas: tuple[str, ...], lexicon: Lexicon) -> bool:
    return not owner.startswith("topic:") or bool(lexicon.topic_areas[owner.removeprefix("topic:")] & set(areas))


def _best(prefix: str, raw: Mapping[str, float], lexicon: Lexicon) -> tuple[str, ...]:
    """The owners with the prefix, strongest first: strong enough, not far behind the first, and not too many."""
    rule = lexicon.scoring["labels"][prefix.rstrip(":")]
    found = {owner.removeprefix(prefix): score for owner, score in raw.items() if owner.startswith(prefix)}
    order = sorted(found, key=lambda key: (-found[key], key))
    enough = max(rule["least"], rule["ratio"] * found[order[0]]) if order else 0.0
    return tuple(key for key in order if found[key] >= enough)[: rule["most"]]


def _disagreement(machine: Chosen, chosen: Chosen) -> Iterable[str]:
    """What the editor left out ("-") or put in ("+") against the machine."""
    for name in ("areas", "topics", "fields", "audiences"):
        ours, theirs = getattr(machine, name), getattr(chosen, name)
        if theirs:
            yield from (f"+{one}" for one in theirs if one not in ours)
            yield from (f"-{one}" for one in ours if one not in theirs)
