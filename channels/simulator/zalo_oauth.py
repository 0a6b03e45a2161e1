"""Zalo's OAuth v4 for an Official Account: one living pair, and a new one kills the old at once (zalo.md §1)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from channels.simulator.faults import Fault
from channels.simulator.store import Store, digits
from channels.simulator.wire import Reply, Request
from channels.simulator.zalo_rules import Refusal

ACCESS_LIFE = 90_000
REFRESH_LIFE = 90 * 86_400
CODE_LIFE = 600
PERMISSION = "/v4/oa/permission"
_ENDED, _REVOKED = 1, 2
_UNREAD = ("throttle", "throttle-oa", "429")  # a clear "not now": such a request did not use the refresh token


class ZaloTokens:
    """Mints and checks tokens."""

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self._first = False

    def credentials(self) -> dict[str, str]:
        """What an operator is given once; the refresh token is the first one, used or not."""
        first = self._store.secret("zalo_refresh_token")
        if not self._first:
            with self._store.transaction() as db:
                about = (first, self._clock() + REFRESH_LIFE)
                db.execute("INSERT OR IGNORE INTO zalo_token VALUES (?, 'refresh', ?, 0)", about)
            self._first = True
        return {
            "zalo_app_id": self._store.secret("zalo_app_id", lambda: digits(19)),
            "zalo_app_secret": self._store.secret("zalo_app_secret"),
            "zalo_refresh_token": first,
        }

    @property
    def oa(self) -> str:
        return self._store.secret("zalo_oa_id", lambda: digits(19))

    def permit(self, query: Mapping[str, str]) -> str:
        """The address to which "agree" leads, with a code that is good once and for ten minutes (§1.1).

        Raises:
            Refusal: -14002 or -14003.
        """
        if query.get("app_id") != self.credentials()["zalo_app_id"]:
            raise Refusal(-14002, "Invalid appId")
        back, code = query.get("redirect_uri", ""), secrets.token_urlsafe(48)
        if not _is_web(back):
            raise Refusal(-14003, "Invalid redirect uri")
        with self._store.transaction() as db:
            row = (code, query.get("code_challenge", ""), self._clock() + CODE_LIFE)
            db.execute("INSERT INTO zalo_code (code, challenge, expires) VALUES (?, ?, ?)", row)
        told = {"code": code, "oa_id": self.oa, **({"state": query["state"]} if "state" in query else {})}
        return f"{back}{'&' if '?' in back else '?'}{urlencode(told)}"

    def revoke(self) -> None:
        """The consent is withdrawn: every token is dead until an administrator agrees again."""
        with self._store.transaction() as db:
            db.execute("UPDATE zalo_token SET dead = ?", (_REVOKED,))

    def handle(self, request: Request) -> Reply:
        """POST /v4/oa/access_token; errors come with HTTP 200 and no envelope (§1.2)."""
        try:
            if (request.method, request.path) != ("POST", "/v4/oa/access_token"):
                raise Refusal(-209, "API is not support", 404)
            return Reply(200, self._exchange(request))
        except Refusal as no:
            return self.refuse(no.code, no.message, no.status)

    def undone(self, request: Request, fault: Fault) -> Reply | None:
        """The answer of a fault before the exchange, None when it is the same as everywhere; notes the token's use."""
        if fault.effect not in _UNREAD and request.form.get("grant_type") == "refresh_token":
            self._note(str(request.form.get("refresh_token", "")), fault.effect)
        if fault.effect in ("expired", "revoked"):
            return self.refuse(-14014, "Invalid refresh token.")
        return self.refuse(-32, "Your application reached limit call api") if fault.effect in _UNREAD[:2] else None

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
        with self._store.reading() as db:
            row = _token(db, token, "access")
        if row is None or row["dead"] == _REVOKED:
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
        grants = {"refresh_token": self._rotate, "authorization_code": self._redeem}
        if form.get("grant_type") not in grants:
            raise Refusal(-14018, "Invalid grant type")
        if form.get("app_id") != mine["zalo_app_id"]:
            raise Refusal(-14002, "Invalid appId")
        given = request.headers.get("secret_key", "")
        if not hmac.compare_digest(given.encode(), mine["zalo_app_secret"].encode()):
            raise Refusal(-14004, "Invalid secret key")
        return grants[form["grant_type"]](form)

    def _rotate(self, form: dict[str, Any]) -> dict[str, Any]:
        refresh = str(form.get("refresh_token", ""))
        with self._store.transaction() as db:
            row = _token(db, refresh, "refresh")
            good = row is not None and not row["dead"] and row["expires"] > self._clock()
            self._note(refresh, "pair" if good else "refused")
            if good:
                return self._pair(db)
        raise Refusal(self._store.switch("zalo_refresh_code"), "Invalid refresh token.")

    def _redeem(self, form: dict[str, Any]) -> dict[str, Any]:
        """A code is used up by its first use, also by one with a wrong verifier."""
        code, verifier = str(form.get("code", "")), str(form.get("code_verifier", ""))
        with self._store.transaction() as db:
            row = db.execute("SELECT * FROM zalo_code WHERE code = ?", (code,)).fetchone()
            good = row is not None and not row["used"] and row["expires"] > self._clock()
            db.execute("UPDATE zalo_code SET used = 1 WHERE code = ?", (code,))
            if good and row["challenge"] in ("", _challenge(verifier)):  # PKCE may be optional (§1.1, P)
                return self._pair(db)
        raise Refusal(-14005, "Authorization code is invalid or expired")

    def _pair(self, db: sqlite3.Connection) -> dict[str, Any]:
        now, access, new = self._clock(), secrets.token_urlsafe(60), secrets.token_urlsafe(60)
        db.execute("UPDATE zalo_token SET dead = ? WHERE dead = 0", (_ENDED,))
        pair = ((access, "access", now + ACCESS_LIFE), (new, "refresh", now + REFRESH_LIFE))
        db.executemany("INSERT INTO zalo_token VALUES (?, ?, ?, 0)", pair)
        numeric = self._store.switch("zalo_numeric_expiry")
        expires: int | str = ACCESS_LIFE if numeric else str(ACCESS_LIFE)  # a string in the docs' table (§1.2, D)
        return {"access_token": access, "refresh_token": new, "expires_in": expires}

    def _note(self, refresh: str, outcome: str) -> None:
        digest = hashlib.sha256(refresh.encode()).hexdigest()[:16]
        with self._store.transaction() as db:
            row = (digest, self._clock(), outcome)
            db.execute("INSERT INTO zalo_refresh (digest, at, outcome) VALUES (?, ?, ?)", row)


def _challenge(verifier: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not parts.fragment


def _token(db: sqlite3.Connection, token: str, kind: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM zalo_token WHERE token = ? AND kind = ?", (token, kind)
    ).fetchone()
    return row
