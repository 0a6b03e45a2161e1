"""Codes for what an item has in common with others; the ledger finds it, because it knows the others."""

from __future__ import annotations

from pipeline.model import Severity
from pipeline.rules.registry import reading

SAME_STORY = reading(
    "SAME001",
    Severity.REVIEW,
    """A story is sent once.

    Why: followers who get the same text twice, from two units or under two titles, leave.

    Instead: keep one of the two; when this one is newer, edit the file of the first instead of sending another.
    """,
)
SIMILAR_STORY = reading(
    "SAME002",
    Severity.WARNING,
    """A story differs in its words from the stories before it.

    Why: large parts of the text have been public already.

    Instead: say what is new, and link to the first story for the rest.
    """,
)
SAME_PICTURE = reading(
    "SAME003",
    Severity.WARNING,
    """A picture belongs to one story.

    Why: readers take a picture for what it shows, and one that they have seen before for an old story.

    Instead: use a picture of this event, or leave the cover out; a card is drawn then.
    """,
)
