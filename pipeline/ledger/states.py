"""The states of a delivery and every way from one to another (DESIGN.md §3); docs/deliveries.md is made from this.

What to do follows from `want` and `have`, so "published", "planned" or "withdrawn" are no states; `view_of` names them
for the screen.
"""

from __future__ import annotations

from typing import NamedTuple

IDLE, SENDING, ACCEPTED, IN_DOUBT, CHECKING, FAILED = "idle", "sending", "accepted", "in_doubt", "checking", "failed"
STATES = (IDLE, SENDING, ACCEPTED, IN_DOUBT, CHECKING, FAILED)
UNDER_WAY = (SENDING, CHECKING)
READING = (ACCEPTED, IN_DOUBT)  # only ever asked about, never sent again


class Way(NamedTuple):
    """One way: who goes it and when."""

    start: str
    end: str
    who: str
    when: str


WAYS = (
    Way(IDLE, SENDING, "worker", "claim: want differs from have, due, allowed; the intent is committed first"),
    Way(SENDING, IDLE, "worker", "answer: done (have = what was sent), or a clear not now (later, channel held)"),
    Way(SENDING, ACCEPTED, "worker", "the channel gave a token instead of an id, or is still working on it"),
    Way(SENDING, FAILED, "worker", "answer: never (refused), or tried too often"),
    Way(SENDING, IN_DOUBT, "worker", "no clear answer to a publication, or its lease ran out"),
    Way(ACCEPTED, SENDING, "worker", "claim: ask what became of the token; nothing is sent again"),
    Way(IN_DOUBT, CHECKING, "worker", "claim: read the channel back after it has settled"),
    Way(
        CHECKING,
        IDLE,
        "worker",
        "found once (adopted), or not there after the last look (due again, once; our own portal 20 times)",
    ),
    Way(CHECKING, IN_DOUBT, "worker", "not found yet, could not read, several found, or the lease ran out"),
    Way(IN_DOUBT, IDLE, "person", "this is it (adopt), or it is not there (plan again)"),
    Way(IDLE, IN_DOUBT, "person", "an older ledger was restored: all that seems planned is looked for first"),
    Way(
        IDLE, IN_DOUBT, "worker", 'a later look finds a second post of ours, after an attempt that followed "not there"'
    ),
    Way(FAILED, IDLE, "person", "retry, a new edition, cancel or withdraw"),
    Way(ACCEPTED, IDLE, "person", "this is it, or it is not there, when a token stays open for a day"),
)
ALLOWED = frozenset((way.start, way.end) for way in WAYS) | {(state, state) for state in STATES}


def check(start: str, end: str) -> str:
    """The new state, when there is such a way.

    Raises:
        RuntimeError: there is none; a fault of this program, which must not reach the ledger.
    """
    if (start, end) not in ALLOWED:
        raise RuntimeError(f"no way from {start} to {end}")
    return end


def view_of(state: str, want: int, have: int, hold: bool, *, cancelled: bool = False, person: bool = False) -> str:
    """The word on the screen for a delivery."""
    if state == FAILED:
        return "failed"
    if state == IN_DOUBT or person:
        return "in_doubt"
    if hold:
        return "held"
    if state in (*UNDER_WAY, ACCEPTED):
        return "sending"
    if want == have or cancelled:
        return "published" if have else "withdrawn"
    return "planned"
