"""The Zalo Official Account API as far as articles go: create, verify, update, remove, read (zalo.md §2)."""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from channels.simulator import zalo_read, zalo_rules
from channels.simulator.faults import NONE, Fault
from channels.simulator.items import marker_of
from channels.simulator.store import Store
from channels.simulator.wire import Reply, Request, html
from channels.simulator.world import Unreachable, World
from channels.simulator.zalo_oauth import ZaloTokens
from channels.simulator.zalo_rules import Refusal

PICTURE_BYTES = 1_000_000
PICTURE_TYPES = ("image/jpeg", "image/png")
_ROUTES = {
    ("POST", "/v2.0/article/create"): "create",
    ("POST", "/v2.0/article/verify"): "verify",
    ("POST", "/v2.0/article/update"): "update",
    ("POST", "/v2.0/article/remove"): "remove",
    ("GET", "/v2.0/article/getslice"): "getslice",
    ("GET", "/v2.0/article/getdetail"): "getdetail",
    ("GET", "/v2.0/oa/getoa"): "getoa",
}
_REFUSALS = {
    "throttle": (-32, "Your application reached limit call api"),
    "throttle-oa": (-32, "Your OA reached limit call api"),
    "quota": (-223, "Your OA has reach the limit quota create article"),
    "expired": (-220, "access_token is expired or removed"),
    "revoked": (-216, "Access token is invalid"),
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
        self._counting = threading.Lock()
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
        if fault.effect not in _REFUSALS:
            return self.broken()
        code, message = _REFUSALS[fault.effect]
        return Reply(200, {"error": code, "message": message})

    def broken(self) -> Reply:
        """HTTP 5xx is undocumented (§2), so it is no envelope."""
        return html("<h1>500 Internal Server Error</h1>", 500)

    def held(self) -> list[dict[str, Any]]:
        """Everything ever taken, newest first, for tests and pages."""
        with self._store.reading() as db:
            rows = db.execute("SELECT * FROM article ORDER BY number DESC").fetchall()
        return [zalo_read.kept(row, self._link) for row in rows]

    def _count(self, headers: dict[str, str]) -> None:
        minute, limit = int(self._clock() // 60), self._store.switch("zalo_rate")
        with self._counting:
            self._calls = self._calls + 1 if minute == self._minute else 1
            self._minute, calls = minute, self._calls
        headers.update({"X-RateLimit-Limit": str(limit), "X-RateLimit-Remain": str(max(0, limit - calls))})
        if calls > limit:
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
        ready = now + self._takes(fault)
        late = fault.value if fault.effect.startswith("late") else 0
        visible = max(now + late, ready if self._store.switch("zalo_listed_late") else 0)
        texts = [str(block.get("content") or "") for block in payload["body"]]
        with self._store.transaction() as db:
            self._within_quota(db, now)
            db.execute(
                "INSERT INTO article (id, payload, state, created, updated, visible, marker, type)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (article, json.dumps(payload), "failed" if failed else "held", now, now, visible, marker_of(*texts),
                 payload["type"]),
            )  # fmt: skip
            return self._job(db, article, failed, fault, ready)

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
            return self._job(db, row["id"], failed, fault, self._clock() + self._takes(fault))

    def _verify(self, request: Request, fault: Fault) -> dict[str, Any]:
        token = _only(self._json(request), "token")
        with self._store.reading() as db:
            job = db.execute("SELECT * FROM job WHERE token = ?", (token,)).fetchone()
        if job is None:
            raise Refusal(-201, "token is invalid!")
        if job["polls"] > 0:
            with self._store.transaction() as db:
                db.execute("UPDATE job SET polls = polls - 1 WHERE token = ? AND polls > 0", (token,))
        if job["polls"] > 0 or self._clock() < job["ready"]:
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
        with self._store.reading() as db:
            return zalo_read.listing(db, request.query, self._clock(), self._link)

    def _getdetail(self, request: Request, fault: Fault) -> dict[str, Any]:
        article = _only(dict(request.query), "id")
        with self._store.reading() as db:
            return zalo_read.detail(self._row(db, article), self._link)

    def _getoa(self, request: Request, fault: Fault) -> dict[str, Any]:
        return zalo_read.account(self._tokens.oa, bool(self._store.switch("zalo_verified")))

    def _json(self, request: Request) -> dict[str, Any]:
        if request.media_type != "application/json" or request.json is None:
            raise Refusal(-201, "Params is invalid")
        return request.json

    def _checked(self, request: Request, *, updating: bool) -> dict[str, Any]:
        payload = dict(self._json(request))
        edge = bool(self._store.switch("zalo_edge"))
        if updating:
            with self._store.reading() as db:
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

    def _takes(self, fault: Fault) -> float:
        """Seconds until the pictures are in."""
        return fault.value if fault.effect == "processing" else self._store.switch("zalo_seconds")

    def _job(self, db: sqlite3.Connection, article: str, failed: bool, fault: Fault, ready: float) -> dict[str, Any]:
        token = secrets.token_urlsafe(32)
        polls = int(fault.value) if fault.effect == "slow" else self._store.switch("zalo_polls")
        db.execute(
            "INSERT INTO job (token, article, polls, failed, ready) VALUES (?, ?, ?, ?, ?)",
            (token, article, polls, int(failed), ready),
        )
        return {"token": token}

    def _row(self, db: sqlite3.Connection, article: object) -> sqlite3.Row:
        row: sqlite3.Row | None = db.execute(
            "SELECT * FROM article WHERE id = ? AND state = 'held'", (str(article),)
        ).fetchone()
        if row is None:
            raise Refusal(-201, "id is invalid!")  # the real answer for an unknown id is UNKNOWN (zalo.md §9)
        return row

    def _link(self, article: str) -> str:
        return f"{self._address()}/zalo/bai/{article}"


def _only(values: dict[str, Any], name: str) -> str:
    value = values.get(name)
    if set(values) != {name} or not isinstance(value, str) or not value:
        raise Refusal(-201, f"{name} is invalid!")
    return value
