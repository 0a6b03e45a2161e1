"""Who may call the Graph API: version, token and its kind, permission, usage headers (facebook.md §12, checks 1-5, 8)."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable
from typing import Any

from channels.simulator.graph_errors import GraphError, blocked, dead_token, invalid, throttled
from channels.simulator.store import Store, digits
from channels.simulator.wire import Request

OLDEST, NEWEST = 21, 26
_VERSIONED = re.compile(r"/v(\d{1,3})\.(\d)(/.*)")
SCOPES = ["pages_manage_posts", "pages_read_engagement", "pages_show_list"]


class Access:
    """The simulated app, its Page and their tokens."""

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self._calls = 0

    def credentials(self) -> dict[str, str]:
        return {
            "facebook_app_id": self._store.secret("facebook_app_id", lambda: digits(16)),
            "facebook_page_id": self.page,
            "facebook_page_token": self._store.secret("facebook_page_token"),
            "facebook_app_secret": self._store.secret("facebook_app_secret"),
        }

    @property
    def page(self) -> str:
        return self._store.secret("facebook_page_id", lambda: digits(15))

    def version(self, path: str) -> tuple[str, str]:
        """The version that answers, and the path below it; an ended version is served by the oldest alive (§1.1)."""
        found = _VERSIONED.fullmatch(path)
        if found is None:
            invalid("An API version is required in the path (simulator: strict)")
        number = int(found[1])
        if number > NEWEST or found[2] != "0":
            raise GraphError(2500, f"Unknown path components: /v{found[1]}.{found[2]}")
        return f"v{max(number, OLDEST)}.0", found[3]

    def token(self, request: Request) -> str:
        """The token of the header or the body; in an address it would be logged, so it is refused here.

        Raises:
            GraphError: 190, or 100 for a token in the address or a wrong proof.
        """
        if "access_token" in request.query:
            invalid("access_token in the address (simulator: strict)")
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme not in ("Bearer", "OAuth"):
            token = str(request.form.get("access_token", "")) if request.method != "GET" else ""
        if not token:
            raise GraphError(190, "An access token is required to request this resource.")
        self._prove(token, {**request.query, **request.form})
        return token

    def kind(self, token: str) -> str:
        """page, user, other-page or app."""
        mine = self.credentials()
        known = {
            mine["facebook_page_token"]: "page",
            f"{mine['facebook_app_id']}|{mine['facebook_app_secret']}": "app",
            self._store.secret("facebook_user_token"): "user",
            self._store.secret("facebook_other_page_token"): "other-page",
        }
        if token not in known:
            raise dead_token(0)
        sub = self._store.switch("facebook_token_subcode")
        if sub and known[token] == "page":
            raise dead_token(sub)
        return known[token]

    def may(self, token: str, right: str) -> None:
        """Let a Page token with this right pass; `right` is post, read or delete.

        Raises:
            GraphError: 190/2069032, 200 or 283.
        """
        kind = self.kind(token)
        if kind == "other-page":
            raise GraphError(200, "(#200) The token belongs to another Page")
        if kind != "page":
            raise GraphError(190, "A Page access token is required for this request", sub=2069032)
        if not self._store.switch("facebook_may_read"):
            text = "(#283) Requires pages_read_engagement permission to manage the object"
            raise GraphError(283, text)
        if right != "read" and not self._store.switch(f"facebook_may_{right}"):
            text = (
                "(#200) If posting to a page, requires both pages_read_engagement and pages_manage_posts as an admin "
                "with sufficient administrative permission"
            )
            raise GraphError(200, text)

    def usage(self, minutes: float = 0, full: bool = False) -> dict[str, str]:
        """The usage headers; absent during the first calls (§8)."""
        self._calls += 1
        if not full and self._calls <= self._store.switch("facebook_usage_after"):
            return {}
        told = self._store.switch("facebook_usage_share")
        share = 100 if full else min(99, self._calls // 5000) if told < 0 else told
        counts = {"call_count": share, "total_time": share // 2, "total_cputime": share // 2}
        regain = {"estimated_time_to_regain_access": int(minutes or self._store.switch("facebook_usage_minutes"))}
        headers = {
            "x-app-usage": json.dumps(counts),
            "x-business-use-case-usage": json.dumps({self.page: [{"type": "pages", **counts, **regain}]}),
        }
        return {**headers, "x-page-usage": json.dumps(counts)} if self._store.switch("facebook_page_usage") else headers

    def bar(self, what: str, seconds: float, sub: int = 0) -> None:
        """Begin a block of writes ("blocked", 368) or of all calls ("limit", 80001)."""
        self._store.set_tally(f"facebook_{what}_until", self._clock() + seconds)
        self._store.set_tally(f"facebook_{what}_sub", sub)

    def barred(self, writes: bool) -> None:
        """Refuse a call during a block and count it; a call extends the limit by a second (§12, checks 35, 36).

        Raises:
            GraphError: 80001 or 368.
        """
        now, end = self._clock(), self._store.tally("facebook_limit_until")
        if now < end:
            self._store.set_tally("facebook_limit_until", 1, add=True)
            self._store.set_tally("facebook_calls_while_limited", 1, add=True)
            raise self.throttled(80001, (end + 1 - now) / 60)
        if writes and now < self._store.tally("facebook_blocked_until"):
            self._store.set_tally("facebook_writes_while_blocked", 1, add=True)
            raise blocked(int(self._store.tally("facebook_blocked_sub")))

    def throttled(self, code: int, minutes: float) -> GraphError:
        return throttled(code, self.usage(minutes, full=True), 400 if self._calls % 2 else 403)

    def describe(self, token: str) -> dict[str, Any]:
        """`data` of debug_token (§1.5)."""
        try:
            kind = self.kind(token)
        except GraphError as error:
            about = {"code": error.code, "message": error.message, "subcode": error.sub}
            return {"is_valid": False, "error": about, "scopes": []}
        granular = [{"scope": scope, "target_ids": [self.page]} for scope in SCOPES]
        data = {
            "app_id": self.credentials()["facebook_app_id"], "application": "bantin-simulator", "is_valid": True,
            "type": kind.upper(), "issued_at": int(self._clock()), "expires_at": 0, "data_access_expires_at": 0,
            "scopes": SCOPES, "granular_scopes": granular,
        }  # fmt: skip
        return {**data, "profile_id": self.page} if kind == "page" else data

    def _prove(self, token: str, values: dict[str, Any]) -> None:
        proof = values.get("appsecret_proof")
        if proof is None:
            return
        moment = values.get("appsecret_time")
        text = token if moment is None else f"{token}|{moment}"
        key = self.credentials()["facebook_app_secret"].encode()
        right = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        stale = moment is not None and not (str(moment).isdecimal() and abs(self._clock() - int(moment)) <= 300)
        if stale or not hmac.compare_digest(str(proof).encode(), right.encode()):
            text = "Invalid appsecret_proof provided in the API argument"
            raise GraphError(100, text, kind="GraphMethodException")
