"""What to read next: of the items just before one in its list, those that speak of the same things."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from channels.portal.fold import pairs
from channels.portal.post import PortalPost

WINDOW: Final = 24  # older items that are looked at; an item's change can reach this many newer pages and no more
MOST: Final = 3


def words_of(post: PortalPost) -> str:
    """What `closest` compares, as one text; from the title and the summary alone, so that a new body moves nothing."""
    return "|".join(sorted(pairs(f"{post.title} . {post.summary}")))


def closest(words: str, others: Sequence[tuple[str, str]]) -> list[str]:
    """The ids of at most three of (id, words), best first; a pair of syllables that many share counts little.

    With nothing in common the nearer item wins, which stands first in `others`.
    """
    own = set(words.split("|")) - {""}
    sets = [own.intersection(theirs.split("|")) for _, theirs in others]
    spread = Counter(pair for shared in sets for pair in shared)
    scores = [sum(1 / spread[pair] for pair in sorted(shared)) for shared in sets]
    order = sorted(range(len(others)), key=lambda place: (-scores[place], place))
    return [others[place][0] for place in order[:MOST]]
