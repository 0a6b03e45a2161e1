"""The Graph API as far as a Page's posts go: photos, feed, reading back, update, delete (facebook.md §2, §3, §5)."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from typing import Any

from channels.simulator import graph_posts, graph_read
from channels.simulator.faults import NONE, Fault
from channels.simulator.graph_access import OLDEST, Access
from channels.simulator.graph_errors import GraphError, broken, dead_token, gone, invalid, throttled
from channels.simulator.store import Store, digits
from channels.simulator.wire import Reply, Request
from channels.simulator.world import World

Caller = Callable[[], str]
_COMMON = {"access_token", "appsecret_proof", "appsecret_time", "fields"}
_POST_ID = re.compile(r"\d+_\d+")
PURGE_AFTER = 86_400


class Facebook:
    """Answers calls below the Graph base.

    Args:
        address: the simulator's own address, for pictures and links that people open.
    """

    def __init__(self, store: Store, world: World, access: Access, clock: Callable[[], float], address: Caller) -> None:
        self._store, self._world, self.access = store, world, access
        self._clock, self._address = clock, address

    def call(self, request: Request) -> str:
        """The name by which faults know this call."""
        parts = request.path.strip("/").split("/")[1:]
        last = parts[-1] if parts else ""
        if last in ("photos", "feed", "published_posts", "debug_token"):
            is_list = last == "feed" and request.method == "GET"
            return "facebook.published_posts" if is_list else f"facebook.{last}"
        if last == self.access.page:
            return "facebook.page"
        return "facebook." + {"POST": "update", "DELETE": "delete"}.get(request.method, "read")

    def handle(self, request: Request, fault: Fault = NONE) -> Reply:
        headers = {"facebook-api-version": f"v{OLDEST}.0"}
        try:
            headers["facebook-api-version"], path = self.access.version(request.path)
            headers.update(self.access.usage())
            token = self.access.token(request)
            body = self._route(request, path.strip("/").split("/"), token, fault)
        except GraphError as error:
            reply = error.reply()
            return Reply(reply.status, reply.body, {**headers, **reply.headers})
        return Reply(200, body, headers)

    def refuse(self, fault: Fault) -> Reply:
        """The answer of a fault that keeps the call from being done."""
        if fault.effect == "throttle":
            return throttled(self.access.usage(fault.value, full=True)).reply()
        return (dead_token(463) if fault.effect == "expired" else broken()).reply()

    def held(self) -> list[dict[str, Any]]:
        """Everything ever posted, newest first, for tests and pages."""
        with self._store.transaction() as db:
            rows = db.execute("SELECT * FROM post ORDER BY number DESC").fetchall()
            return [self._seen(db, row) for row in rows]

    def picture(self, photo: str) -> tuple[bytes, str] | None:
        with self._store.transaction() as db:
            row = db.execute("SELECT content, mime FROM photo WHERE id = ?", (photo,)).fetchone()
        return None if row is None else (row["content"], row["mime"])

    def _seen(self, db: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
        names = ("id", "message", "link", "created", "updated", "visible", "edits")
        photos = [
            {"id": one["id"], "alt": one["alt"], "src": graph_read.picture_address(self._address(), one["id"])}
            for one in _photos(db, row["id"])
        ]
        kept = {name: row[name] for name in names}
        return {**kept, "status": row["state"], "preview": json.loads(row["preview"]), "photos": photos}

    def _route(self, request: Request, parts: list[str], token: str, fault: Fault) -> dict[str, Any]:
        page, method = self.access.page, request.method
        if parts == ["debug_token"] and method == "GET":
            return self._debug(request, token)
        if parts[0] == page and len(parts) == 2:
            edges = {("POST", "photos"): self._add_photo, ("POST", "feed"): self._post}
            lists = {("GET", "published_posts"), ("GET", "feed"), ("GET", "posts")}
            if (method, parts[1]) in edges:
                self.access.may(token, "post")
                return edges[method, parts[1]](request, fault)
            if (method, parts[1]) in lists:
                self.access.may(token, "read")
                return self._list(request)
        if len(parts) == 1 and parts[0]:
            return self._node(request, parts[0], token)
        raise GraphError(2500, f"Unknown path components: /{'/'.join(parts)}")

    def _node(self, request: Request, node: str, token: str) -> dict[str, Any]:
        method = request.method
        self.access.may(token, {"GET": "read", "DELETE": "delete"}.get(method, "post"))
        if method == "GET" and node == self.access.page:
            return self._about(request)
        if method == "GET" and not _POST_ID.fullmatch(node):
            return self._photo_node(request, node)
        actions = {"GET": self._read, "POST": self._update, "DELETE": self._delete}
        if method not in actions or not _POST_ID.fullmatch(node):
            raise gone(node, method.lower())
        return actions[method](request, node)

    def _debug(self, request: Request, token: str) -> dict[str, Any]:
        if self.access.kind(token) != "app":
            text = "(#100) You must provide an app access token, or a user access token that is an owner or developer"
            raise GraphError(100, text)
        return {"data": self.access.describe(request.query.get("input_token", ""))}

    def _about(self, request: Request) -> dict[str, Any]:
        known = frozenset({"id", "name", "link", "is_published"})
        wanted = graph_read.check_fields(request.query.get("fields", ""), known, "id,name")
        link = f"{self._address()}/facebook"
        about = {"id": self.access.page, "name": graph_read.PAGE_NAME, "link": link, "is_published": True}
        return dict(graph_read.project(about, wanted))

    def _photo_node(self, request: Request, node: str) -> dict[str, Any]:
        known = frozenset({"id", "alt_text", "alt_text_custom", "created_time"})
        wanted = graph_read.check_fields(request.query.get("fields", ""), known, "id,created_time")
        with self._store.transaction() as db:
            self._purge(db)
            row = db.execute("SELECT * FROM photo WHERE id = ?", (node,)).fetchone()
        if row is None:
            raise gone(node)
        texts = {"alt_text": row["alt"], "alt_text_custom": row["alt"]}
        about = {"id": node, "created_time": graph_read.timestamp(row["created"]), **texts}
        return dict(graph_read.project(about, wanted))

    def _add_photo(self, request: Request, fault: Fault) -> dict[str, Any]:
        values = _values(request, graph_posts.PHOTO_PARAMETERS | _COMMON)
        photo = graph_posts.photo(request, values, self._world, self._store.switch("facebook_photo_bytes"))
        now, photo_id = self._clock(), digits(15)
        with self._store.transaction() as db:
            self._purge(db)
            row = (photo_id, photo.content, photo.mime, photo.alt, now)
            db.execute("INSERT INTO photo (id, content, mime, alt, created) VALUES (?, ?, ?, ?, ?)", row)
            if not photo.published:
                return {"id": photo_id}
            draft = graph_posts.Draft(photo.caption, "", (photo_id,))
            return {"id": photo_id, "post_id": self._insert(db, draft, {}, fault)["id"]}

    def _post(self, request: Request, fault: Fault) -> dict[str, Any]:
        values = _values(request, graph_posts.FEED_PARAMETERS | _COMMON)
        wanted = graph_read.check_fields(str(values.get("fields") or ""), graph_read.POST_FIELDS, "id")
        draft = graph_posts.draft(values)
        preview = graph_posts.scrape(draft.link, self._world)
        with self._store.transaction() as db:
            self._purge(db)
            for photo in draft.photos:
                row = db.execute("SELECT post FROM photo WHERE id = ?", (photo,)).fetchone()
                if row is None or row["post"] is not None:
                    invalid(f"attached_media: {photo} is not an unpublished photo of this Page")
            self._not_again(db, draft)
            row = self._insert(db, draft, preview, fault)
            return dict(graph_read.project(self._shape(db, row), wanted))

    def _insert(
        self, db: sqlite3.Connection, draft: graph_posts.Draft, preview: dict[str, str], fault: Fault
    ) -> sqlite3.Row:
        now, post_id = self._clock(), f"{self.access.page}_{digits(15)}"
        late = fault.value if fault.effect == "late" else 0
        db.execute(
            "INSERT INTO post (id, message, link, preview, state, created, updated, visible)"
            " VALUES (?, ?, ?, ?, 'published', ?, ?, ?)",
            (post_id, draft.message, draft.link, json.dumps(preview), now, now, now + late),
        )
        db.executemany("UPDATE photo SET post = ? WHERE id = ?", [(post_id, photo) for photo in draft.photos])
        return self._row(db, post_id, "post")

    def _not_again(self, db: sqlite3.Connection, draft: graph_posts.Draft) -> None:
        """506 for the same text and link twice in a row; photos are not compared, as was observed (§9, koala#699)."""
        last = db.execute("SELECT * FROM post WHERE state = 'published' ORDER BY number DESC LIMIT 1").fetchone()
        if last is None or draft.photos or _photos(db, last["id"]):
            return
        if (graph_posts.normal(last["message"]), last["link"]) == (graph_posts.normal(draft.message), draft.link):
            raise GraphError(506, "(#506) Duplicate status message")

    def _list(self, request: Request) -> dict[str, Any]:
        known = {*_COMMON, "since", "until", "limit", "after", "before", "include_hidden", "show_expired"}
        _values(request, known)
        asked, default = graph_read.window(request), "id,message,created_time"
        wanted = graph_read.check_fields(request.query.get("fields", ""), graph_read.POST_FIELDS, default)
        with self._store.transaction() as db:
            rows = db.execute(
                "SELECT * FROM post WHERE state = 'published' AND visible <= ? AND created >= ? AND created <= ?"
                " AND number < ? ORDER BY number DESC LIMIT ?",
                (self._clock(), asked.since, asked.until, asked.below, asked.limit + 1),
            ).fetchall()
            shown = rows[: asked.limit]
            posts = [graph_read.project(self._shape(db, row), wanted) for row in shown]
        numbers = [row["number"] for row in shown]
        return graph_read.listing(posts, numbers, len(rows) > len(shown), request, f"{self._address()}/graph")

    def _read(self, request: Request, node: str) -> dict[str, Any]:
        default = "id,message,created_time"
        wanted = graph_read.check_fields(request.query.get("fields", ""), graph_read.POST_FIELDS, default)
        with self._store.transaction() as db:
            return dict(graph_read.project(self._shape(db, self._row(db, node, "get")), wanted))

    def _update(self, request: Request, node: str) -> dict[str, Any]:
        values = _values(request, {"message", *_COMMON} - {"fields"})
        with self._store.transaction() as db:
            row = self._row(db, node, "post")
            message = graph_posts.message(values)
            if not message:
                invalid("message must not be empty")
            edit = (message, self._clock(), row["id"])
            db.execute("UPDATE post SET message = ?, updated = ?, edits = edits + 1 WHERE id = ?", edit)
        return {"success": True}

    def _delete(self, request: Request, node: str) -> dict[str, Any]:
        with self._store.transaction() as db:
            row = self._row(db, node, "delete")
            gone_at = (self._clock(), row["id"])
            db.execute("UPDATE post SET state = 'deleted', updated = ? WHERE id = ?", gone_at)
        return {"success": True}

    def _shape(self, db: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
        return graph_read.shape(row, _photos(db, row["id"]), self._address(), self.access.page)

    def _row(self, db: sqlite3.Connection, post: str, verb: str) -> sqlite3.Row:
        row: sqlite3.Row | None = db.execute(
            "SELECT * FROM post WHERE id = ? AND state = 'published'", (post,)
        ).fetchone()
        if row is None:
            raise gone(post, verb)
        return row

    def _purge(self, db: sqlite3.Connection) -> None:
        """Unpublished photos live about a day (§2.4)."""
        db.execute("DELETE FROM photo WHERE post IS NULL AND created < ?", (self._clock() - PURGE_AFTER,))


def _photos(db: sqlite3.Connection, post: str) -> list[sqlite3.Row]:
    return db.execute("SELECT id, alt FROM photo WHERE post = ? ORDER BY number", (post,)).fetchall()


def _values(request: Request, known: set[str] | frozenset[str]) -> dict[str, Any]:
    """Parameters of address and body; one that we do not know is an error, so that a slip is seen."""
    values = {**request.query, **request.form}
    for name in values:
        if name.partition("[")[0] not in known:
            invalid(f"Invalid parameter: {name} (simulator: not accepted here)")
    return values
