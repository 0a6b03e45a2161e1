"""Zalo's rotating tokens: one owner refreshes, and a new pair is durable before it is used (facts: zalo.md §1.2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from channels.base import TokenPair, TokenStore
from channels.errors import NotAuthorized, Unsure
from channels.http import Answer, Http

RECONSENT = "an administrator of the Official Account must give consent again"


class Tokens:
    """Gives the access token and renews it; a refresh token is single use, so none is ever sent twice."""

    def __init__(
        self, http: Http, app_id: str, app_secret: str, store: TokenStore, clock: Callable[[], datetime]
    ) -> None:
        self._http = http
        self._app_id = app_id
        self._secret = app_secret
        self._store = store
        self._clock = clock
        self._spent: str | None = None

    def current(self) -> TokenPair:
        """The stored pair, renewed when its end has come.

        Raises:
            NotAuthorized: there is no pair, or it cannot be renewed.
            TryLater: Zalo could not be reached; the pair is untouched.
        """
        pair = self._store.load()
        if pair is None:
            raise NotAuthorized(f"Zalo: no token yet; {RECONSENT}")
        return self.renew(pair) if pair.expires_at <= self._clock() else pair

    def renew(self, seen: TokenPair) -> TokenPair:
        """A pair newer than `seen`: another owner's if there is one, else ours.

        Raises:
            NotAuthorized: the refresh token is used up, or the answer was lost and it probably is (zalo.md §8).
            TryLater: nothing was sent.
        """
        with self._store.lock():
            held = self._store.load()
            if held is not None and (held.access, held.refresh) != (seen.access, seen.refresh):
                return held
            if held is None or held.refresh == self._spent:
                raise NotAuthorized(f"Zalo: the refresh token is used up; {RECONSENT}")
            fresh = self._exchange(held.refresh)
            self._store.save(fresh)
            return fresh

    def _exchange(self, refresh: str) -> TokenPair:
        form = {"grant_type": "refresh_token", "refresh_token": refresh, "app_id": self._app_id}
        asked = self._clock()
        try:
            answer = self._http.send(
                "POST", "/v4/oa/access_token", writes=True, headers={"secret_key": self._secret}, data=form
            )
        except Unsure as error:
            self._spent = refresh
            raise NotAuthorized(f"Zalo: the answer to a refresh was lost; {RECONSENT} ({error})") from None
        fresh = _pair(answer, asked)
        if fresh is None:
            self._spent = refresh
            code = str(answer.body.get("error", ""))
            name = str(answer.body.get("error_name") or answer.body.get("message") or "no tokens in the answer")[:200]
            raise NotAuthorized(f"Zalo: {name}; {RECONSENT}", code=code)
        return fresh


def _pair(answer: Answer, asked: datetime) -> TokenPair | None:
    """Success is two non-empty tokens, whatever the HTTP status says (zalo.md §1.2); expires_in may be text."""
    access, refresh = answer.body.get("access_token"), answer.body.get("refresh_token")
    if not (isinstance(access, str) and access and isinstance(refresh, str) and refresh):
        return None
    try:
        seconds = int(str(answer.body.get("expires_in")))
    except ValueError:
        seconds = 90_000  # 25 h (zalo.md §1.2, D+); losing a rotated pair over this number would need re-consent
    return TokenPair(access, refresh, asked + timedelta(seconds=seconds))
