"""The way back from what was just done, offered beside the notice as long as the state allows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from pipeline.desk.actions import DELIVERY, ITEM, offers
from pipeline.desk.people import Person


@dataclass(frozen=True)
class Undo:
    """The form that takes a verb back; `when` is the time before it was moved, as a form's field has it."""

    verb: str
    channel: str
    when: str = ""


def notice_of(verb: str, channel: str) -> str:
    """What is told after a verb, "" when an address names none."""
    done = (DELIVERY if channel else ITEM).get(verb)
    return done.done if done else ""


def undo_of(verb: str, channel: str, before: str, found: dict[str, Any], person: Person,
            now: datetime, zone: tzinfo) -> Undo | None:  # fmt: skip
    """How this person takes back a verb over an item as `items.facts` gives it; None when it cannot be taken back."""
    table = DELIVERY if channel else ITEM
    done = table.get(verb)
    rows = [row for row in found["deliveries"] if row["channel"] == channel] if channel else [found]
    if done is None or not done.undo or not rows:
        return None
    if done.undo not in offers(table, rows[0], person, found["unit"]):
        return None
    if done.undo != "move":
        return Undo(done.undo, channel)
    return Undo("move", channel, before) if _to_come(before, now, zone) else None


def _to_come(field: str, now: datetime, zone: tzinfo) -> bool:
    try:
        return datetime.fromisoformat(field).replace(tzinfo=zone) > now
    except ValueError:
        return False
