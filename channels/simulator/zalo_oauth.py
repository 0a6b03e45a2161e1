"""Zalo's OAuth v4 for an Official Account: one living pair, and a refresh kills the old one at once (zalo.md §1)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
from collections.abc import Callable
from typing import Any

from channels.simulator.store import Store, digits
from channels.simulator.wire import Reply, Request
from channels.simulator.zalo_rules import Refusal

ACCESS_LIFE = 90_000
REFRESH_LIFE = 90 * 86_400


class ZaloTokens:
    """Mints and checks tokens."""

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock

    def credentials(self) -> dict[str, str]:
        """What an operator is given once; the refresh token is the first one, used or not."""
        with self._store.transaction() as db:
            first = self._store.secret("zalo_refresh_token")
            expires = self._clock() + REFRESH_LIFE
            db.execute("INSERT OR IGNORE INTO zalo_token VALUES (?, 'refresh', ?, 0)", (first, expires))
            return {
                "zalo_app_id": self._store.secret("zalo_app_id", digits(19)),
                "zalo_app_secret": self._store.secret("zalo_app_secret"),
                "zalo_refresh_token": first,
            }

    def handle(self, request: Request) -> Reply:
        """POST /v4/oa/access_token; errors come with HTTP 200 and no envelope (§1.2)."""
        try:
            if (request.method, request.path) != ("POST", "/v4/oa/access_token"):
                raise Refusal(-209, "API is not support", 404)
            return Reply(200, self._exchange(request))
        except Refusal as no:
            return self.refuse(no.code, no.message, no.status)

    def refuse(self, code: int, message: str, status: int = 200) -> Reply:
        body = {"error": code, "error_name": message, "error_description": message, "error_reason": message}
        return Reply(status, {**body, "ref_doc": "https://developers.zalo.me/docs"})

    def check(self, request: Request) -> None:
        """Let a call with a living access token pass.

        Raises:
            Refusal: -216, -220 or -242.
        """
        token = request.headers.get("access_token", "")
        if not token or "authorization" in request.headers or "access_token" in request.query:
            raise Refusal(-216, "Access token is invalid")
        with self._store.transaction() as db:
            row = _token(db, token, "access")
        if row is None:
            raise Refusal(-216, "Access token is invalid")
        if row["dead"] or row["expires"] <= self._clock():
            raise Refusal(-220, "access_token is expired or removed")
        proof = request.headers.get("appsecret_proof")
        key = self.credentials()["zalo_app_secret"].encode()
        right = hmac.new(key, token.encode(), hashlib.sha256).hexdigest()
        if proof is not None and not hmac.compare_digest(proof.encode(), right.encode()):
            raise Refusal(-242, "Invalid appsecret_proof provided in the API argument")

    def _exchange(self, request: Request) -> dict[str, Any]:
        mine = self.credentials()
        form = request.form if request.media_type == "application/x-www-form-urlencoded" else {}
        if form.get("grant_type") != "refresh_token":
            raise Refusal(-14018, "Invalid grant type")
        if form.get("app_id") != mine["zalo_app_id"]:
            raise Refusal(-14002, "Invalid appId")
        given = request.headers.get("secret_key", "")
        if not hmac.compare_digest(given.encode(), mine["zalo_app_secret"].encode()):
            raise Refusal(-14004, "Invalid secret key")
        return self._rotate(str(form.get("refresh_token", "")))

    def _rotate(self, refresh: str) -> dict[str, Any]:
        now, access, new = self._clock(), secrets.token_urlsafe(60), secrets.token_urlsafe(60)
        with self._store.transaction() as db:
            row = _token(db, refresh, "refresh")
            if row is None or row["dead"] or row["expires"] <= now:
                raise Refusal(self._store.switch("zalo_refresh_code"), "Invalid refresh token.")
            db.execute("UPDATE zalo_token SET dead = 1")
            pair = ((access, "access", now + ACCESS_LIFE), (new, "refresh", now + REFRESH_LIFE))
            db.executemany("INSERT INTO zalo_token VALUES (?, ?, ?, 0)", pair)
            numeric = self._store.switch("zalo_numeric_expiry")
        expires: int | str = ACCESS_LIFE if numeric else str(ACCESS_LIFE)  # a string in the docs' table (§1.2, D)
        return {"access_token": access, "refresh_token": new, "expires_in": expires}


def _token(db: sqlite3.Connection, token: str, kind: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM zalo_token WHERE token = ? AND kind = ?", (token, kind)
    ).fetchone()
    return row
