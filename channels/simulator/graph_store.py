"""The Page's posts and photos as they are kept."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from typing import Any

from channels.simulator import graph_posts, graph_read
from channels.simulator.faults import Fault
from channels.simulator.graph_errors import GraphError, gone, vanished
from channels.simulator.items import marker_of
from channels.simulator.store import Store, digits

PURGE_AFTER = 86_400
_OPEN = "SELECT * FROM post WHERE id = ? AND state = 'published'"


class Posts:
    """Keeps what was posted; every `db` is a running transaction or a reading connection of the store.

    Args:
        address: the simulator's own address, for pictures.
        page: gives the Page's id.
    """

    def __init__(
        self, store: Store, clock: Callable[[], float], address: Callable[[], str], page: Callable[[], str]
    ) -> None:
        self._store, self._clock, self._address, self._page = store, clock, address, page

    def add_photo(self, db: sqlite3.Connection, photo: graph_posts.Photo) -> str:
        """Keep a photo; the same bytes are kept once."""
        digest, photo_id = hashlib.sha256(photo.content).hexdigest(), digits(15)
        db.execute("INSERT OR IGNORE INTO blob VALUES (?, ?)", (digest, photo.content))
        db.execute(
            "INSERT INTO photo (id, content, mime, alt, created, digest) VALUES (?, x'', ?, ?, ?, ?)",
            (photo_id, photo.mime, photo.alt, self._clock(), digest),
        )
        return photo_id

    def add(
        self, db: sqlite3.Connection, draft: graph_posts.Draft, preview: dict[str, str], fault: Fault
    ) -> sqlite3.Row:
        """Keep a post; `late` and `late-lost` hide it for some seconds, `phantom` for ever, from the list and from reads."""
        now, post_id = self._clock(), f"{self._page()}_{digits(15)}"
        visible = now + (fault.value if fault.effect.startswith("late") else 0)
        state = "phantom" if fault.effect == "phantom" else "published"
        db.execute(
            "INSERT INTO post (id, message, link, preview, state, created, updated, visible, marker)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (post_id, draft.message, draft.link, json.dumps(preview), state, now, now, visible,
             marker_of(draft.link, draft.message)),
        )  # fmt: skip
        db.executemany("UPDATE photo SET post = ? WHERE id = ?", [(post_id, photo) for photo in draft.photos])
        row: sqlite3.Row = db.execute("SELECT * FROM post WHERE id = ?", (post_id,)).fetchone()
        return row

    def row(self, db: sqlite3.Connection, post: str, verb: str) -> sqlite3.Row:
        """A post that is there.

        Raises:
            GraphError: 100/33.
        """
        row: sqlite3.Row | None = db.execute(_OPEN, (post,)).fetchone()
        if row is None:
            raise gone(post, verb)
        return row

    def seen(self, db: sqlite3.Connection, post: str) -> sqlite3.Row:
        """A post that can be read: 100/33 before it is visible, 10 for a phantom (§9, S29)."""
        found: sqlite3.Row | None = db.execute("SELECT * FROM post WHERE id = ?", (post,)).fetchone()
        if found is not None and found["state"] == "phantom":
            raise vanished()
        row = self.row(db, post, "get")
        if row["visible"] > self._clock():
            raise gone(post)
        return row

    def not_again(self, db: sqlite3.Connection, draft: graph_posts.Draft) -> None:
        """506 for the same text and link twice in a row; photos are not compared, as was observed (§9, koala#699)."""
        last = db.execute("SELECT * FROM post WHERE state = 'published' ORDER BY number DESC LIMIT 1").fetchone()
        if last is None or draft.photos or self.photos(db, last["id"]):
            return
        if (graph_posts.normal(last["message"]), last["link"]) == (graph_posts.normal(draft.message), draft.link):
            raise GraphError(506, "(#506) Duplicate status message")

    def photos(self, db: sqlite3.Connection, post: str) -> list[sqlite3.Row]:
        return db.execute("SELECT id, alt FROM photo WHERE post = ? ORDER BY number", (post,)).fetchall()

    def shape(self, db: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
        return graph_read.shape(row, self.photos(db, row["id"]), self._address(), self._page())

    def purge(self, db: sqlite3.Connection) -> None:
        """Unpublished photos live about a day (§2.4)."""
        db.execute("DELETE FROM photo WHERE post IS NULL AND created < ?", (self._clock() - PURGE_AFTER,))

    def held(self) -> list[dict[str, Any]]:
        """Everything ever posted, newest first, for tests and pages."""
        with self._store.reading() as db:
            rows = db.execute("SELECT * FROM post ORDER BY number DESC").fetchall()
            return [self._kept(db, row) for row in rows]

    def picture(self, photo: str) -> tuple[bytes, str] | None:
        with self._store.reading() as db:
            row = db.execute(
                "SELECT coalesce(blob.content, photo.content) AS content, mime FROM photo"
                " LEFT JOIN blob ON blob.digest = photo.digest WHERE id = ?",
                (photo,),
            ).fetchone()
        return None if row is None else (row["content"], row["mime"])

    def _kept(self, db: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
        names = ("id", "message", "link", "created", "updated", "visible", "edits", "marker")
        photos = [
            {"id": one["id"], "alt": one["alt"], "src": graph_read.picture_address(self._address(), one["id"])}
            for one in self.photos(db, row["id"])
        ]
        kept = {name: row[name] for name in names}
        return {**kept, "status": row["state"], "preview": json.loads(row["preview"]), "photos": photos}
