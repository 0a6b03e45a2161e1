"""A look after success: when a publication was made anew because the first was not there, the first may show late.

A platform that stores a post only after the last look leaves two of them, and nothing that was sent can prevent that
(docs/decisions/041). It is found here and put before a person.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from channels.base import Channel
from channels.errors import ChannelError
from channels.registry import post_from_json
from pipeline.ledger import Ledger
from pipeline.ledger.seconds import doubled, seconds

log = logging.getLogger(__name__)
DAYS = timedelta(days=2)  # longer than any delay that was ever told of (facebook.md §9, zalo.md §8)


def look_for_seconds(ledger: Ledger, channel: Channel, now: datetime) -> int:
    """Ask a channel whether any of the few posts that were sent anew is there twice; how many are.

    A channel that cannot be asked now is asked at the next check.
    """
    found = 0
    for one in seconds(ledger, channel.name, now - DAYS):
        try:
            matches = channel.find(post_from_json(one.channel, one.post), one.since)
        except ChannelError as error:
            log.warning(
                "a later look was not possible", extra={"channel": channel.name, "item": one.item, "reason": str(error)}
            )
            return found
        if len(matches) > 1:
            found += doubled(ledger, one, [(match.remote_id, match.url) for match in matches], now)
    return found
