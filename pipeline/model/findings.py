"""What the rules say of a drop, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a finding does: an error rejects, a review holds for an editor, a warning only tells."""

    ERROR = "error"
    REVIEW = "review"
    WARNING = "warning"


class Outcome(StrEnum):
    """What becomes of a drop."""

    PUBLISH = "publish"
    REVIEW = "review"
    REJECT = "reject"
    IGNORE = "ignore"


@dataclass(frozen=True)
class Finding:
    """What a rule says of a drop, in the language of its editor.

    Args:
        code: the rule's code, never reused.
        field: front matter key as the model names it, empty when it concerns the text or the file.
        line: 1-based line of the file, None when no line fits.
        hint: how to mend it.
        proposal: what the place would look like mended; empty when only a person can tell.
    """

    code: str
    severity: Severity
    message: str
    field: str = ""
    line: int | None = None
    hint: str = ""
    proposal: str = ""
