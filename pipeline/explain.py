"""Why an item has its tags, kept with the edition: the words that were read, what spoke for each tag, what was masked.

Promise: a person can follow every tag years later, when the lexicon and the file have long changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipeline import classify
from pipeline.lexicon import Lexicon
from pipeline.text import nfc

MOST_BODY = 40_000  # code points of the body that are kept; longer texts are explained by their beginning
_PARTS = (("topic", "topics"), ("field", "fields"), ("audience", "audiences"))


def to_json(words: classify.Words, tagging: classify.Tagging, lexicon: Lexicon) -> dict[str, Any]:
    """What `classify.to_json` tells, with the text itself, the evidence of all other tags, and what was masked."""
    read = {"title": nfc(words.title), "summary": nfc(words.summary),
            "headings": [nfc(one) for one in words.headings], "body": nfc(words.body)[:MOST_BODY]}  # fmt: skip
    labels = {
        f"{prefix}:{one}": [_row(evidence) for evidence in tagging.evidence.get(f"{prefix}:{one}", ())]
        for prefix, name in _PARTS
        for one in getattr(tagging, name)
    }
    against = [_row(one) for one in tagging.evidence.get("off", ())]
    return classify.to_json(tagging) | {
        "read": read, "labels": labels, "against": against, "masked": list(_masked(read, lexicon)),
    }  # fmt: skip


def _row(one: classify.Evidence) -> dict[str, Any]:
    return {"field": one.field, "start": one.start, "end": one.end, "text": one.text, "term": one.term,
            "weight": one.weight}  # fmt: skip


def _masked(read: dict[str, Any], lexicon: Lexicon) -> Iterable[dict[str, Any]]:
    for where, text in (("title", read["title"]), ("summary", read["summary"]), ("body", read["body"])):
        for hit in lexicon.masked(text):
            lost = sorted({name for name, _weight in hit.term.weights} - {name for name, _weight in hit.weights})
            yield {"field": where, "start": hit.start, "end": hit.end, "text": text[hit.start : hit.end],
                   "term": hit.term.text, "for": lost}  # fmt: skip
