"""The state of a file in words that its sender understands."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.i18n import _
from pipeline.ledger.letterbox import Letter

UNNAMED = "FILE016"


@dataclass(frozen=True)
class State:
    """Words for a state.

    Args:
        rank: 0 comes first in the report.
        group: mend (the sender must act), wait, public or other; decides colour and count.
    """

    rank: int
    group: str
    words: str


def state_of(letter: Letter, *, secret: bool) -> State:
    """What became of a file, its deliveries included."""
    public = any(place.url and place.view != "withdrawn" for place in letter.places)
    if secret:
        return State(0, "mend", _("Stopped: secrecy mark"))
    if letter.missing:
        return State(5, "other", _("No longer in the folder; what is public stays"))
    if letter.outcome == "reject":
        words = (
            _("This version was not taken; the earlier one stays public") if public else _("Not taken: to be mended")
        )
        return State(1, "mend", words)
    if letter.outcome == "review":
        return State(3, "wait", _("Waits for an editor"))
    if letter.outcome == "ignore" and any(finding.code == UNNAMED for finding in letter.findings):
        return State(6, "other", _("Not used: no text names it"))
    if letter.outcome == "ignore":
        return State(6, "other", _("Draft: not sent yet"))
    return _delivered(letter)


def _delivered(letter: Letter) -> State:
    views = {place.view for place in letter.places}
    if views & {"failed", "in_doubt"}:
        return State(2, "wait", _("A channel did not take it; the newsroom looks after it"))
    if views and views <= {"withdrawn"}:
        return State(9, "other", _("Withdrawn"))
    if views <= {"published", "withdrawn"} and views:
        return State(7 if letter.findings else 8, "public", _("Public"))
    return State(4, "wait", _("Taken; not yet public everywhere"))
