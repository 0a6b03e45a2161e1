"""Which channels, when, after what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pipeline.model import Item, Slot


def route(item: Item, enabled: Sequence[str], now: datetime) -> tuple[Slot, ...]:
    """A slot for each channel that the item asks for and the newsroom has; the portal comes first.

    The social channels link to the portal's page, and Zalo fetches its pictures there (DESIGN.md §2), so an item that
    goes anywhere goes to the portal too.
    """
    wanted = set(item.channels) or set(enabled)
    start = item.published or now
    slots = [Slot("portal", start)] if "portal" in enabled else []
    first = "portal" if slots else ""
    return (*slots, *(Slot(name, start, first) for name in enabled if name in wanted and name != "portal"))
