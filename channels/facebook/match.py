"""Which of a Page's posts are the one that we look for (facts: facebook.md §9, steps 3 to 5)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from channels.facebook.post import FacebookPost

SKEW = timedelta(seconds=120)  # between our clock and Facebook's
Seen = dict[str, Any]


def ours(post: FacebookPost, listed: Iterable[Seen], since: datetime) -> list[Seen]:
    """All that show this post, oldest first: by the link's original address, by the same message, by the marker in it.

    The last is only asked when the first two find nothing, and never takes a post that links elsewhere: such a post
    may be about another item and mention this one.
    """
    seen = {str(one["id"]): one for one in listed if one.get("id")}.values()
    wanted = normal(post.message)
    found = [
        one
        for one in seen
        if any(post.marker in link for link in links(one))
        or (normal(str(one.get("message") or "")) == wanted and _after(one, since - SKEW))
    ]
    if not found:
        found = [one for one in seen if post.marker in str(one.get("message") or "") and not _elsewhere(one)]
    return sorted(found, key=lambda one: (str(one.get("created_time")), str(one["id"])))


def links(one: Seen) -> list[str]:
    """The original addresses of a post's attachments, without Facebook's shim."""
    return [str(part["unshimmed_url"]) for part in _attachments(one) if part.get("unshimmed_url")]


def normal(text: str) -> str:
    """What Facebook changes in a stored text is UNKNOWN; composition, line ends and spaces do not count (step 5)."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def _elsewhere(one: Seen) -> bool:
    return any(part.get("media_type") == "link" or part.get("type") == "share" for part in _attachments(one))


def _attachments(one: Seen) -> list[Seen]:
    attachments = one.get("attachments")
    data = attachments.get("data") if isinstance(attachments, dict) else None
    return [part for part in data if isinstance(part, dict)] if isinstance(data, list) else []


def _after(one: Seen, moment: datetime) -> bool:
    try:
        return datetime.strptime(str(one.get("created_time")), "%Y-%m-%dT%H:%M:%S%z") >= moment
    except ValueError:
        return True  # the list itself was asked for this window
