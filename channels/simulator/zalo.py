"""The Zalo Official Account API as far as articles go: create, verify, update, remove, read (zalo.md §2)."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from channels.simulator import zalo_rules
from channels.simulator.faults import NONE, Fault
from channels.simulator.store import Store, digits
from channels.simulator.wire import Reply, Request, html
from channels.simulator.world import Unreachable, World
from channels.simulator.zalo_oauth import ZaloTokens
from channels.simulator.zalo_rules import Refusal

PICTURE_BYTES = 1_000_000
PICTURE_TYPES = ("image/jpeg", "image/png")
OA_NAME = "Bản tin Thủ đô (mô phỏng)"
_ROUTES = {
    ("POST", "/v2.0/article/create"): "create",
    ("POST", "/v2.0/article/verify"): "verify",
    ("POST", "/v2.0/article/update"): "update",
    ("POST", "/v2.0/article/remove"): "remove",
    ("GET", "/v2.0/article/getslice"): "getslice",
    ("GET", "/v2.0/article/getdetail"): "getdetail",
    ("GET", "/v2.0/oa/getoa"): "getoa",
}


class Zalo:
    """Answers calls below the API base.

    Args:
        address: the simulator's own address, for the links that people open.
    """

    def __init__(
        self, store: Store, world: World, tokens: ZaloTokens, clock: Callable[[], float], address: Callable[[], str]
    ) -> None:
        self._store, self._world, self._tokens = store, world, tokens
        self._clock, self._address = clock, address
        self._minute, self._calls = 0, 0

    def call(self, request: Request) -> str:
        """The name by which faults know this call."""
        return "zalo." + _ROUTES.get((request.method, request.path), "unknown")

    def handle(self, request: Request, fault: Fault = NONE) -> Reply:
        headers: dict[str, str] = {}
        try:
            name = _ROUTES.get((request.method, request.path))
            if name is None:
                raise Refusal(-209, "API is not support", 404)
            self._tokens.check(request)
            self._count(headers)
            if name != "getoa":
                self._entitled()
            data = getattr(self, f"_{name}")(request, fault)
        except Refusal as no:
            return Reply(no.status, {"error": no.code, "message": no.message}, headers)
        body = {"error": 0, "message": "Success"}
        return Reply(200, body if data is None else {**body, "data": data}, headers)

    def refuse(self, fault: Fault) -> Reply:
        """The answer of a fault that keeps the call from being done."""
        if fault.effect == "throttle":
            return Reply(200, {"error": -32, "message": "Your application reached limit call api"})
        if fault.effect == "expired":
            return Reply(200, {"error": -220, "message": "access_token is expired or removed"})
        return html("<h1>500 Internal Server Error</h1>", 500)

    def held(self) -> list[dict[str, Any]]:
        """Everything ever taken, newest first, for tests and pages."""
        with self._store.transaction() as db:
            rows = db.execute("SELECT * FROM article ORDER BY number DESC").fetchall()
        return [self._seen(row) for row in rows]

    def _seen(self, row: sqlite3.Row) -> dict[str, Any]:
        payload = json.loads(row["payload"])
        times = {"created": row["created"], "updated": row["updated"], "visible": row["visible"]}
        status = payload["status"] if row["state"] == "held" else row["state"]
        link = self._link(row["id"])
        return {**payload, **times, "id": row["id"], "edits": row["edits"], "status": status, "link_view": link}

    def _count(self, headers: dict[str, str]) -> None:
        with self._store.transaction():
            minute, limit = int(self._clock() // 60), self._store.switch("zalo_rate")
            self._calls = self._calls + 1 if minute == self._minute else 1
            self._minute = minute
            headers.update({"X-RateLimit-Limit": str(limit), "X-RateLimit-Remain": str(max(0, limit - self._calls))})
            if self._calls > limit:
                raise Refusal(-32, "Your application reached limit call api")

    def _entitled(self) -> None:
        if not self._store.switch("zalo_verified"):
            raise Refusal(-221, "The OA needs to be verified to use this feature")
        if self._store.switch("zalo_basic_tier"):
            raise Refusal(-224, "The OA needs to upgrade OA Tier Package to use this feature")
        if not self._store.switch("zalo_authorized"):
            raise Refusal(-223, "Official Account has not authorized this API")

    def _create(self, request: Request, fault: Fault) -> dict[str, Any]:
        payload = self._checked(request, updating=False)
        failed = self._media_fails(payload, fault)
        now, article = self._clock(), secrets.token_hex(10)
        late = fault.value if fault.effect == "late" else 0
        with self._store.transaction() as db:
            self._within_quota(db, now)
            db.execute(
                "INSERT INTO article (id, payload, state, created, updated, visible) VALUES (?, ?, ?, ?, ?, ?)",
                (article, json.dumps(payload), "failed" if failed else "held", now, now, now + late),
            )
            return self._job(db, article, failed, fault)

    def _update(self, request: Request, fault: Fault) -> dict[str, Any]:
        payload = self._checked(request, updating=True)
        article = payload.pop("id", None)
        failed = self._media_fails(payload, fault)
        with self._store.transaction() as db:
            row = self._row(db, article)
            if not failed:
                db.execute(
                    "UPDATE article SET payload = ?, updated = ?, edits = edits + 1 WHERE id = ?",
                    (json.dumps(payload), self._clock(), row["id"]),
                )
            return self._job(db, row["id"], failed, fault)

    def _verify(self, request: Request, fault: Fault) -> dict[str, Any]:
        token = _only(self._json(request), "token")
        with self._store.transaction() as db:
            job = db.execute("SELECT * FROM job WHERE token = ?", (token,)).fetchone()
            if job is not None and job["polls"] > 0:
                db.execute("UPDATE job SET polls = polls - 1 WHERE token = ?", (token,))
        if job is None:
            raise Refusal(-201, "token is invalid!")
        if job["polls"] > 0:
            raise Refusal(-214, "Media is being processed")
        if job["failed"]:
            raise Refusal(-200, "Upload media failed")
        return {"id": job["article"]}

    def _remove(self, request: Request, fault: Fault) -> None:
        article = _only(self._json(request), "id")
        with self._store.transaction() as db:
            row = self._row(db, article)
            db.execute("UPDATE article SET state = 'removed', updated = ? WHERE id = ?", (self._clock(), row["id"]))

    def _getslice(self, request: Request, fault: Fault) -> dict[str, Any]:
        offset, limit = _slice(request.query)
        where = "state = 'held' AND visible <= ? AND json_extract(payload, '$.type') = ?"
        about = (self._clock(), request.query["type"])
        with self._store.transaction() as db:
            total = db.execute(f"SELECT count(*) FROM article WHERE {where}", about).fetchone()[0]  # noqa: S608
            rows = db.execute(
                f"SELECT * FROM article WHERE {where} ORDER BY number DESC LIMIT ? OFFSET ?",  # noqa: S608
                (*about, limit, offset),
            ).fetchall()
        return {"medias": [self._listed(row) for row in rows], "total": total}

    def _getdetail(self, request: Request, fault: Fault) -> dict[str, Any]:
        article = _only(dict(request.query), "id")
        with self._store.transaction() as db:
            row = self._row(db, article)
        payload = json.loads(row["payload"])
        return {**payload, "id": row["id"], **_counters(), "link_view": self._link(row["id"])}

    def _getoa(self, request: Request, fault: Fault) -> dict[str, Any]:
        oa_id = self._store.secret("zalo_oa_id", digits(19))
        return {
            "oa_id": oa_id, "oaid": oa_id, "name": OA_NAME, "description": "", "oa_alias": "", "oa_type": 4,
            "is_verified": bool(self._store.switch("zalo_verified")), "cate_name": "Cơ quan nhà nước",
            "num_follower": 0, "avatar": "", "cover": "", "package_name": "Nâng cao (mô phỏng)",
            "package_valid_through_date": "", "package_auto_renew_date": "", "linked_ZCA": "",
        }  # fmt: skip

    def _json(self, request: Request) -> dict[str, Any]:
        if request.media_type != "application/json" or request.json is None:
            raise Refusal(-201, "Params is invalid")
        return request.json

    def _checked(self, request: Request, *, updating: bool) -> dict[str, Any]:
        payload = dict(self._json(request))
        edge = bool(self._store.switch("zalo_edge"))
        if updating:
            with self._store.transaction() as db:
                self._row(db, payload.get("id"))
        zalo_rules.check(payload, updating=updating, edge=edge, public=self._world.allowed)
        status = payload.get("status", "hide")  # the documented default (zalo.md §2.1, D)
        if self._store.switch("zalo_show_as_hide"):
            status = "hide"
        return {**payload, "status": status, "comment": payload.get("comment", "show")}

    def _media_fails(self, payload: dict[str, Any], fault: Fault) -> bool:
        """Only verify tells; what is wrong with a picture is not said at create (zalo.md §2.1)."""
        if fault.effect == "bad-media":
            return True
        try:
            return any(
                self._world.picture(url, PICTURE_BYTES) not in PICTURE_TYPES for url in zalo_rules.pictures(payload)
            )
        except Unreachable:
            return True

    def _within_quota(self, db: sqlite3.Connection, now: float) -> None:
        quota = self._store.switch("zalo_quota")
        first = datetime.fromtimestamp(now, UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        month = "SELECT count(*) FROM article WHERE created >= ? AND state != 'failed'"
        if 0 <= quota <= db.execute(month, (first.timestamp(),)).fetchone()[0]:
            raise Refusal(-223, "Your OA has reach the limit quota create article")

    def _job(self, db: sqlite3.Connection, article: str, failed: bool, fault: Fault) -> dict[str, Any]:
        token = secrets.token_urlsafe(32)
        polls = fault.value if fault.effect == "slow" else self._store.switch("zalo_polls")
        db.execute("INSERT INTO job VALUES (?, ?, ?, ?)", (token, article, polls, int(failed)))
        return {"token": token}

    def _row(self, db: sqlite3.Connection, article: object) -> sqlite3.Row:
        row: sqlite3.Row | None = db.execute(
            "SELECT * FROM article WHERE id = ? AND state = 'held'", (str(article),)
        ).fetchone()
        if row is None:
            raise Refusal(-201, "id is invalid!")  # the real answer for an unknown id is UNKNOWN (zalo.md §9)
        return row

    def _listed(self, row: sqlite3.Row) -> dict[str, Any]:
        payload = json.loads(row["payload"])
        return {
            "id": row["id"], "type": payload["type"], "title": payload["title"], "status": payload["status"],
            **_counters(), "create_date": int(row["created"] * 1000), "update_date": int(row["updated"] * 1000),
            "thumb": payload["cover"].get("photo_url", ""), "link_view": self._link(row["id"]),
        }  # fmt: skip

    def _link(self, article: str) -> str:
        return f"{self._address()}/zalo/bai/{article}"


def _counters() -> dict[str, int]:
    return {"total_view": 0, "total_share": 0, "total_like": 0, "total_comment": 0}


def _only(values: dict[str, Any], name: str) -> str:
    value = values.get(name)
    if set(values) != {name} or not isinstance(value, str) or not value:
        raise Refusal(-201, f"{name} is invalid!")
    return value


def _slice(query: Any) -> tuple[int, int]:
    if query.get("type") not in ("normal", "video"):
        raise Refusal(-201, "type accept only 2 value normal and video.")
    if set(query) - {"offset", "limit", "type"}:
        raise Refusal(-201, "Params is invalid")
    offset, limit = query.get("offset", ""), query.get("limit", "10")
    if not offset.isdecimal() or len(offset) > 9:
        raise Refusal(-201, "offset is invalid!")
    if not limit.isdecimal() or not 1 <= int(limit) <= 10:
        raise Refusal(-201, "limit is invalid, maximum limit is 10")
    return int(offset), int(limit)
