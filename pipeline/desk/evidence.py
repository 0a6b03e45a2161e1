"""Why an item has its tags, made ready for the page: rows of words, and the text cut at the places that count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline import reference
from pipeline.i18n import N_
from pipeline.lexicon import load

FIELDS = {"title": N_("title"), "summary": N_("summary"), "heading": N_("heading"), "body": N_("text"),
          "hashtag": N_("hashtag")}  # fmt: skip
_PARTS = (("topic", N_("Topics")), ("field", N_("Fields")), ("audience", N_("Audiences")))


@dataclass(frozen=True)
class Words:
    """The same words in the same part of the item; `weight` is what one of them counts."""

    text: str
    field: str
    weight: float
    count: int


@dataclass(frozen=True)
class Tag:
    """A tag with what spoke for it; `score` is None where there is no scale."""

    id: str
    name: str
    given: bool
    words: tuple[Words, ...]
    score: float | None = None


@dataclass(frozen=True)
class Piece:
    """A stretch of text with the areas that it speaks for; "masked" stands for words that were left out."""

    text: str
    owners: tuple[str, ...]


def areas(tagging: Mapping[str, Any]) -> list[Tag]:
    """The four areas, those that were given first, then by score."""
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for row in tagging.get("evidence", ()):
        rows.setdefault(row["area"], []).append(row)
    scores = tagging.get("scores", {})
    given = tagging.get("areas", ())
    names = reference.area_names()
    order = sorted(names, key=lambda area: (area not in given, -scores.get(area, 0.0)))
    return [Tag(area, names[area], area in given, words(rows.get(area, ())), scores.get(area, 0.0)) for area in order]


def labels(tagging: Mapping[str, Any]) -> list[tuple[str, list[Tag]]]:
    """Topics, fields and audiences that the item got."""
    names = {"topic": reference.topics(), "field": load().field_names, "audience": reference.audiences()}
    evidence = tagging.get("labels", {})
    return [
        (heading, [Tag(one, names[part].get(one, one), True, words(evidence.get(f"{part}:{one}", ())))
                   for one in tagging.get(f"{part}s", ())])
        for part, heading in _PARTS
    ]  # fmt: skip


def differences(tagging: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Names of what the editor put in, and of what the editor left out, against the machine."""
    names = reference.area_names() | reference.topics() | load().field_names | reference.audiences()
    signed = [str(one) for one in tagging.get("disagreement", ())]
    added, dropped = ([names.get(one[1:], one[1:]) for one in signed if one[:1] == sign] for sign in "+-")
    return added, dropped


def words(rows: Iterable[Mapping[str, Any]]) -> tuple[Words, ...]:
    """Rows of evidence, those that weigh most first; the same words in the same part stand once."""
    found = Counter((str(row["text"]), str(row["field"]), float(row.get("weight", 0))) for row in rows)
    order = sorted(found.items(), key=lambda pair: (-pair[0][2], tuple(FIELDS).index(pair[0][1]), pair[0][0]))
    return tuple(Words(text, field, weight, count) for (text, field, weight), count in order)


def masked(tagging: Mapping[str, Any]) -> list[tuple[Words, tuple[str, ...]]]:
    """Words that look like a tag and were left out, with the names of the areas that they do not count for."""
    names = reference.area_names()
    found: dict[tuple[str, str, tuple[str, ...]], int] = Counter(
        (str(row["text"]), str(row["field"]), tuple(names.get(one, one) for one in row["for"]))
        for row in tagging.get("masked", ())
    )
    return [(Words(text, field, 0, count), lost) for (text, field, lost), count in found.items()]


def text(tagging: Mapping[str, Any], field: str) -> list[list[Piece]]:
    """A part of the text as paragraphs of pieces; empty when the edition was recorded without its text."""
    whole = str(tagging.get("read", {}).get(field, ""))
    spans = [(row["start"], row["end"], row["area"]) for row in tagging.get("evidence", ()) if row["field"] == field]
    spans += [(row["start"], row["end"], "masked") for row in tagging.get("masked", ()) if row["field"] == field]
    paragraphs: list[list[Piece]] = [[]]
    for piece in pieces(whole, spans):
        for number, line in enumerate(piece.text.split("\n")):
            if number:
                paragraphs.append([])
            if line:
                paragraphs[-1].append(Piece(line, piece.owners))
    return [one for one in paragraphs if one]


def pieces(whole: str, spans: Sequence[tuple[int, int, str]]) -> list[Piece]:
    """The text cut wherever a span begins or ends; the pieces together are the text again."""
    cuts = sorted(
        {0, len(whole)} | {min(max(place, 0), len(whole)) for start, end, _ in spans for place in (start, end)}
    )
    return [
        Piece(
            whole[start:end], tuple(sorted({owner for first, last, owner in spans if first <= start and end <= last}))
        )
        for start, end in zip(cuts, cuts[1:], strict=False)
    ]
