"""All posts ever made, by the item that they show, so that what was posted twice is counted and not searched for."""

from __future__ import annotations

import html
import re
from typing import Any

from channels.simulator.store import Store

# An item's id ends the name of its portal page, and our own posts say in the query where the reader came from.
_SURE = re.compile(r"([0-9A-Za-z]+)\.html\?tu=")
_LIKELY = re.compile(r"-([0-9A-Za-z]{4,})\.html")
NEVER_SHOWN = ("failed", "phantom")  # such a post was made and no citizen could ever see it
_POSTS = "SELECT marker, id, created AS at, state, edits FROM post ORDER BY number"
_ARTICLES = "SELECT marker, id, created AS at, state, edits FROM article ORDER BY number"


def marker_of(*texts: str) -> str:
    """The item's id in the first portal address with our mark, else in any page's name, else the text's beginning."""
    whole = html.unescape("\n".join(texts))
    found = _SURE.search(whole) or _LIKELY.search(whole)
    return found[1] if found else " ".join(whole.split())[:80]


def items(store: Store) -> dict[str, Any]:
    """`items`: by marker and platform each post with id, time (seconds), state and edits, oldest first, also what was
    deleted since; `twice`: the markers that more than one post of a platform was ever shown for."""
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    with store.reading() as db:
        for platform, question in (("facebook", _POSTS), ("zalo", _ARTICLES)):
            for row in db.execute(question):
                post = {"id": row["id"], "at": row["at"], "state": row["state"], "edits": row["edits"]}
                found.setdefault(row["marker"], {}).setdefault(platform, []).append(post)
    twice = {
        marker: platforms
        for marker, platforms in found.items()
        if any(sum(post["state"] not in NEVER_SHOWN for post in posts) > 1 for posts in platforms.values())
    }
    return {"items": found, "twice": twice}


def refreshes(store: Store) -> dict[str, Any]:
    """`used`: how many refresh tokens were sent; `pairs`: how many pairs came of it; `twice`: those sent more than once,
    with times and outcomes. A request that was turned away unread (429, -32, wrong app) is no use."""
    with store.reading() as db:
        rows = db.execute("SELECT digest, at, outcome FROM zalo_refresh ORDER BY number").fetchall()
    uses: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        uses.setdefault(row["digest"], []).append({"at": row["at"], "outcome": row["outcome"]})
    twice = {digest: times for digest, times in uses.items() if len(times) > 1}
    return {"used": len(uses), "pairs": sum(row["outcome"] == "pair" for row in rows), "twice": twice}
