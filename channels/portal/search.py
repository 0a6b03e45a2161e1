"""The search index: one JSON file a month, so that a change rewrites one, and a table of contents.

An entry has what the list of hits shows and the body's words, folded and each once: 1 to 2 KB an item.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Final

from channels.portal.fold import distinct
from channels.portal.post import PortalPost
from channels.portal.site import AREAS
from channels.portal.words import compact, iso, loose, printable

CONTENTS: Final = "tim-kiem/muc-luc.json"


def entry_of(post: PortalPost) -> str:
    """An item as a line of its month's file.

    Keys: p address, t title, s summary, u unit, k kind, a areas, d date, b other words (folded, sorted, each once).
    """
    shown = {
        "p": post.address, "t": post.title, "s": post.summary, "u": post.unit.name, "k": post.kind,
        "a": [area.id for area in post.areas if area.id in AREAS], "d": iso(post.published)[:10],
    }  # fmt: skip
    words = sorted(distinct(" ".join(_texts(post))) - distinct(" ".join((post.title, post.summary, post.unit.name))))
    return printable(compact({**shown, "b": " ".join(words)}))


def shard_address(month: str) -> str:
    """Where a month's file lies."""
    return f"tim-kiem/{month}.json"


def shard(entries: Sequence[str]) -> bytes:
    """A month's file, newest item first."""
    return ("[" + ",\n".join(reversed(entries)) + "]\n").encode()


def version_of(content: bytes) -> str:
    """Part of the file's address, so that a browser may keep it as long as it does not change."""
    return hashlib.sha256(content).hexdigest()[:8]


def contents(months: Iterable[tuple[str, int, str]]) -> bytes:
    """The table of contents: (month, items, version), newest month first."""
    rows = [list(row) for row in months]
    return (json.dumps(rows, separators=(",", ":")) + "\n").encode()


def _texts(post: PortalPost) -> Iterable[str]:
    yield loose(post.body_html)
    yield post.author
    yield from (label.name for label in (*post.areas, *post.fields, *post.topics))
    yield from post.hashtags
    if post.question:
        yield from (post.question.text, post.question.answered_by, post.question.procedure, *post.question.legal_basis)
    if post.video:
        yield from (post.video.program, post.video.transcript)
