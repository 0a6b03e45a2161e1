"""The Graph API as far as a Page's posts go: photos, feed, reading back, update, delete (facebook.md §2, §3, §5)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from channels.simulator import graph_posts, graph_read
from channels.simulator.faults import NONE, Fault
from channels.simulator.graph_access import OLDEST, Access
from channels.simulator.graph_errors import GraphError, blocked, broken, dead_token, gone, invalid
from channels.simulator.graph_store import Posts
from channels.simulator.store import Store
from channels.simulator.wire import Reply, Request
from channels.simulator.world import World

Caller = Callable[[], str]
_COMMON = {"access_token", "appsecret_proof", "appsecret_time", "fields"}
_POST_ID = re.compile(r"\d+_\d+")
_THROTTLES = {"throttle": 80001, "throttle-4": 4, "throttle-32": 32, "throttle-613": 613}
_BLOCKS = {"blocked": 0, "blocked-fast": 1390008}


class Facebook:
    """Answers calls below the Graph base.

    Args:
        address: the simulator's own address, for pictures and links that people open.
    """

    def __init__(self, store: Store, world: World, access: Access, clock: Callable[[], float], address: Caller) -> None:
        self._store, self._world, self.access = store, world, access
        self._clock, self._address = clock, address
        self.posts = Posts(store, clock, address, lambda: access.page)

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
            self.access.barred(writes=request.method != "GET")
            body = self._route(request, path.strip("/").split("/"), token, fault)
        except GraphError as error:
            reply = error.reply()
            return Reply(reply.status, reply.body, {**headers, **reply.headers})
        return Reply(200, body, headers)

    def refuse(self, fault: Fault) -> Reply:
        """The answer of a fault that keeps the call from being done."""
        return self._refusal(fault).reply()

    def broken(self) -> tuple[Reply, Reply]:
        """HTTP 500 with code 2, and with 1/99."""
        return broken().reply(), broken(1).reply()

    def _refusal(self, fault: Fault) -> GraphError:
        effect = fault.effect
        if effect in _THROTTLES:
            return self.access.throttled(_THROTTLES[effect], fault.value)
        if effect in _BLOCKS:
            self.access.bar("blocked", fault.value, _BLOCKS[effect])
            return blocked(_BLOCKS[effect])
        if effect == "limit":
            self.access.bar("limit", fault.value)
            return self.access.throttled(80001, fault.value / 60)
        return dead_token({"expired": 463, "revoked": 460}[effect]) if effect in ("expired", "revoked") else broken()

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
            self.posts.purge(db)
            row = db.execute("SELECT * FROM photo WHERE id = ?", (node,)).fetchone()
        if row is None:
            raise gone(node)
        texts = {"alt_text": row["alt"], "alt_text_custom": row["alt"]}
        about = {"id": node, "created_time": graph_read.timestamp(row["created"]), **texts}
        return dict(graph_read.project(about, wanted))

    def _add_photo(self, request: Request, fault: Fault) -> dict[str, Any]:
        values = _values(request, graph_posts.PHOTO_PARAMETERS | _COMMON)
        photo = graph_posts.photo(request, values, self._world, self._store.switch("facebook_photo_bytes"))
        with self._store.transaction() as db:
            self.posts.purge(db)
            photo_id = self.posts.add_photo(db, photo)
            if not photo.published:
                return {"id": photo_id}
            draft = graph_posts.Draft(photo.caption, "", (photo_id,))
            return {"id": photo_id, "post_id": self.posts.add(db, draft, {}, fault)["id"]}

    def _post(self, request: Request, fault: Fault) -> dict[str, Any]:
        values = _values(request, graph_posts.FEED_PARAMETERS | _COMMON)
        wanted = graph_read.check_fields(str(values.get("fields") or ""), graph_read.POST_FIELDS, "id")
        draft = graph_posts.draft(values)
        preview = graph_posts.scrape(draft.link, self._world)
        with self._store.transaction() as db:
            self.posts.purge(db)
            for photo in draft.photos:
                row = db.execute("SELECT post FROM photo WHERE id = ?", (photo,)).fetchone()
                if row is None or row["post"] is not None:
                    invalid(f"attached_media: {photo} is not an unpublished photo of this Page")
            self.posts.not_again(db, draft)
            row = self.posts.add(db, draft, preview, fault)
            return dict(graph_read.project(self.posts.shape(db, row), wanted))

    def _list(self, request: Request) -> dict[str, Any]:
        known = {*_COMMON, "since", "until", "limit", "after", "before", "include_hidden", "show_expired"}
        _values(request, known)
        asked, default = graph_read.window(request), "id,message,created_time"
        wanted = graph_read.check_fields(request.query.get("fields", ""), graph_read.POST_FIELDS, default)
        with self._store.reading() as db:
            rows = db.execute(
                "SELECT * FROM post WHERE state = 'published' AND visible <= ? AND created >= ? AND created <= ?"
                " AND number < ? ORDER BY number DESC LIMIT ?",
                (self._clock(), asked.since, asked.until, asked.below, asked.limit + 1),
            ).fetchall()
            shown = rows[: asked.limit]
            posts = [graph_read.project(self.posts.shape(db, row), wanted) for row in shown]
        numbers = [row["number"] for row in shown]
        return graph_read.listing(posts, numbers, len(rows) > len(shown), request, f"{self._address()}/graph")

    def _read(self, request: Request, node: str) -> dict[str, Any]:
        default = "id,message,created_time"
        wanted = graph_read.check_fields(request.query.get("fields", ""), graph_read.POST_FIELDS, default)
        with self._store.reading() as db:
            return dict(graph_read.project(self.posts.shape(db, self.posts.seen(db, node)), wanted))

    def _update(self, request: Request, node: str) -> dict[str, Any]:
        values = _values(request, {"message", *_COMMON} - {"fields"})
        with self._store.transaction() as db:
            row = self.posts.row(db, node, "post")
            message = graph_posts.message(values)
            if not message:
                invalid("message must not be empty")
            edit = (message, self._clock(), row["id"])
            db.execute("UPDATE post SET message = ?, updated = ?, edits = edits + 1 WHERE id = ?", edit)
        return {"success": True}

    def _delete(self, request: Request, node: str) -> dict[str, Any]:
        with self._store.transaction() as db:
            row = self.posts.row(db, node, "delete")
            gone_at = (self._clock(), row["id"])
            db.execute("UPDATE post SET state = 'deleted', updated = ? WHERE id = ?", gone_at)
        return {"success": True}


def _values(request: Request, known: set[str] | frozenset[str]) -> dict[str, Any]:
    """Parameters of address and body; one that we do not know is an error, so that a slip is seen."""
    values = {**request.query, **request.form}
    for name in values:
        if name.partition("[")[0] not in known:
            invalid(f"Invalid parameter: {name} (simulator: not accepted here)")
    return values
