"""The table of states is what the program does, and what the documentation shows."""

import pytest

from pipeline.ledger import states


def test_every_state_can_be_reached_and_left():
    """No state is a trap without a way out."""
    starts, ends = {way.start for way in states.WAYS}, {way.end for way in states.WAYS}

    assert set(states.STATES) == starts == ends


def test_an_unknown_way_never_reaches_the_ledger():
    """For example from failed straight to sending."""
    with pytest.raises(RuntimeError):
        states.check(states.FAILED, states.SENDING)


def test_the_documentation_shows_exactly_these_ways(root):
    """docs/deliveries.md holds one row for each."""
    text = (root / "docs/deliveries.md").read_text(encoding="utf-8")
    rows = [f"| {way.start} | {way.end} | {way.who} | {way.when} |" for way in states.WAYS]

    assert rows == [
        line for line in text.splitlines() if line.startswith("| ") and line.split(" | ")[0][2:] in states.STATES
    ]


@pytest.mark.parametrize(
    ("state", "want", "have", "more", "view"),
    [
        ("idle", 1, 0, {}, "planned"), ("idle", 2, 1, {}, "planned"), ("idle", 1, 1, {}, "published"),
        ("idle", 0, 0, {}, "withdrawn"), ("idle", 1, 0, {"cancelled": True}, "withdrawn"),
        ("idle", 2, 1, {"cancelled": True}, "published"), ("sending", 1, 0, {}, "sending"),
        ("accepted", 1, 0, {"person": True}, "in_doubt"), ("checking", 1, 0, {}, "sending"),
        ("failed", 1, 0, {}, "failed"), ("in_doubt", 1, 0, {}, "in_doubt"),
    ],
)  # fmt: skip
def test_the_word_on_the_screen(state, want, have, more, view):
    """Follows from state, want and have."""
    assert view == states.view_of(state, want, have, hold=False, **more)
