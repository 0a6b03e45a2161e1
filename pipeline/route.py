"""Which channels, when, after what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pipeline.model import PORTALS, Item, Slot


def route(item: Item, enabled: Sequence[str], now: datetime) -> tuple[Slot, ...]:
    """A slot for each channel that the item asks for and the newsroom has; the portal comes first.

    The social channels link to the portal's page, and Zalo fetches its pictures there (DESIGN.md §2), so an item that
    goes anywhere goes to the portal too. Where both the static portal and WordPress are one, neither waits for the other
    and the links lead to the static one.
    """
    wanted = set(item.channels) or set(enabled)
    start = item.published or now
    slots = [Slot(name, start) for name in PORTALS if name in enabled]
    first = slots[0].channel if slots else ""
    return (*slots, *(Slot(name, start, first) for name in enabled if name in wanted and name not in PORTALS))
