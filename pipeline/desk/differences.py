"""Two editions side by side, with the words that differ marked; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from pipeline.i18n import N_
from pipeline.recognise.personal import masked as masked_text

PARTS = {"title": N_("Title"), "summary": N_("Summary"), "body": N_("Text")}
_WORDS = re.compile(r"\w+|[^\w\s]|\s+")
_MOST = 6_000  # words of a paragraph or paragraphs of a text that are compared; more would take seconds


@dataclass(frozen=True)
class Run:
    """Words next to one another; `changed` when the other side has others."""

    text: str
    changed: bool = False


@dataclass(frozen=True)
class Pair:
    """A paragraph on both sides; an empty side means that the paragraph is only on the other."""

    old: tuple[Run, ...]
    new: tuple[Run, ...]

    @property
    def same(self) -> bool:
        return not any(run.changed for run in (*self.old, *self.new))


def between(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, list[Pair]]]:
    """Parts of two editions that differ, by their heading; texts as `tagging` keeps them, with personal data masked."""
    before, after = old.get("read", {}), new.get("read", {})
    found = [
        (heading, paragraphs(*(masked_text(str(side.get(part, ""))) for side in (before, after))))
        for part, heading in PARTS.items()
    ]
    return [(heading, pairs) for heading, pairs in found if any(not pair.same for pair in pairs)]


def paragraphs(old: str, new: str) -> list[Pair]:
    """Paragraphs in pairs, those that are alike beside each other."""
    before, after = old.split("\n")[:_MOST], new.split("\n")[:_MOST]
    pairs: list[Pair] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pairs += [Pair((Run(one),), (Run(one),)) for one in before[a:b] if one.strip()]
            continue
        left, right = before[a:b], after[c:d]
        for number in range(max(len(left), len(right))):
            pairs.append(words("".join(left[number : number + 1]), "".join(right[number : number + 1])))
    return pairs


def words(old: str, new: str) -> Pair:
    """One paragraph in two editions; the runs of each side together are the paragraph again."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if len(before) > _MOST or len(after) > _MOST:
        return Pair((Run(old, old != new),), (Run(new, old != new),))
    left: list[Run] = []
    right: list[Run] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        left += _run(before[a:b], tag != "equal")
        right += _run(after[c:d], tag != "equal")
    return Pair(tuple(left), tuple(right))


def _run(found: list[str], changed: bool) -> list[Run]:
    return [Run("".join(found), changed)] if found else []
