"""What to read next: of the items just before one in its list, those that speak of the same things."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import Final

from channels.portal.fold import pairs
from channels.portal.post import PortalPost

WINDOW: Final = 24  # older items that are looked at; an item's change can reach this many newer pages and no more
MOST: Final = 3


def words_of(post: PortalPost) -> str:
    """What `closest` compares, as one text; from the title and the summary alone, so that a new body moves nothing."""
    return "|".join(sorted(pairs(f"{post.title} . {post.summary}")))


def pairs_in(words: str) -> frozenset[str]:
    """The pairs of a text that `words_of` made."""
    return frozenset(words.split("|")) - {""}


def closest(own: frozenset[str], others: Sequence[frozenset[str]]) -> list[int]:
    """The places of at most three of the others, best first; a pair of syllables that many share counts little.

    With nothing in common the nearer item wins, which stands first in `others`.
    """
    sets = [own & theirs for theirs in others]
    spread = Counter(chain.from_iterable(sets))
    scores = [sum(1 / spread[pair] for pair in sorted(shared)) if shared else 0.0 for shared in sets]
    return sorted(range(len(others)), key=lambda place: (-scores[place], place))[:MOST]
