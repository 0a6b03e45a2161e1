"""Zalo's rotating tokens: one owner refreshes, and a new pair is durable before it is used (facts: zalo.md §1.2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from channels.base import TokenPair, TokenStore
from channels.errors import NotAuthorized, TryLater, Unsure
from channels.http import Answer, Http

RECONSENT = "an administrator of the Official Account must give consent again"
ACCESS_LIFE = timedelta(seconds=90_000)  # 25 h (zalo.md §1.2, D+)
# Our own id, secret or form is wrong, so Zalo has not looked at the refresh token (zalo.md §1.2).
_CONFIG = frozenset({"-14002", "-14004", "-14018"})
_LIMIT = "-32"
_COOL = timedelta(minutes=5)  # between two tries to renew a pair that is still good


class _Untouched(NotAuthorized):
    """Zalo refused the app, not the refresh token."""


class Tokens:
    """Gives the access token and renews it; a refresh token is single use, so none is ever sent twice.

    Args:
        early: renew when less than this part of the access token's life is left; 0.5 leaves half a day to react.
    """

    def __init__(
        self,
        http: Http,
        app_id: str,
        app_secret: str,
        store: TokenStore,
        clock: Callable[[], datetime],
        *,
        early: float = 0.5,
    ) -> None:
        self._http = http
        self._app_id = app_id
        self._secret = app_secret
        self._store = store
        self._clock = clock
        self._early = ACCESS_LIFE * early
        self._again: datetime | None = None
        self._unsaved: tuple[TokenPair, TokenPair] | None = None
        self.trouble: NotAuthorized | None = None  # why a pair that still works could not be renewed

    def current(self) -> TokenPair:
        """The stored pair, renewed when its end comes near; one that still works is used though it cannot be renewed.

        Raises:
            NotAuthorized: there is no pair, or it has ended and cannot be renewed.
            TryLater: it has ended and Zalo could not be reached; the pair is untouched.
        """
        pair, now = self._store.load(), self._clock()
        if pair is None:
            raise NotAuthorized(f"Zalo: no token yet; {RECONSENT}")
        left = pair.expires_at - now
        if left > self._early or (left > timedelta(0) and self._again is not None and now < self._again):
            return pair
        try:
            return self.renew(pair)
        except (TryLater, NotAuthorized) as error:
            if left <= timedelta(0):
                raise
            self._again = now + _COOL
            self.trouble = error if isinstance(error, NotAuthorized) else None
            return pair

    def renew(self, seen: TokenPair) -> TokenPair:
        """A pair newer than `seen`: another owner's if there is one, else ours.

        Raises:
            NotAuthorized: the refresh token is used up, or somebody used it and died before the new pair was stored.
            TryLater: the request never left, or Zalo was too busy to look at it.
        """
        with self._store.lock():
            held = self._store.load()
            if held is None:
                raise NotAuthorized(f"Zalo: no token yet; {RECONSENT}")
            if not _same(held, seen):
                return held
            fresh = self._kept(held) or self._spend(held)
            self._unsaved = (held, fresh)
            self._store.save(fresh)
            self._unsaved, self._again, self.trouble = None, None, None
            return fresh

    def _kept(self, held: TokenPair) -> TokenPair | None:
        """The new pair whose saving failed (a full disk): it is all that is left of the refresh token."""
        return self._unsaved[1] if self._unsaved is not None and _same(self._unsaved[0], held) else None

    def _spend(self, held: TokenPair) -> TokenPair:
        if not self._store.spend(held):
            raise NotAuthorized(f"Zalo: the refresh token is used up; {RECONSENT}")
        try:
            return self._exchange(held.refresh)
        except (TryLater, _Untouched):
            self._store.unspend(held)
            raise

    def _exchange(self, refresh: str) -> TokenPair:
        form = {"grant_type": "refresh_token", "refresh_token": refresh, "app_id": self._app_id}
        asked = self._clock()
        try:
            answer = exchange(self._http, self._secret, form)
        except Unsure as error:
            raise NotAuthorized(f"Zalo: the answer to a refresh was lost; {RECONSENT} ({error})") from None
        fresh = read_pair(answer, asked)
        if fresh is None:
            raise _refusal(answer)
        return fresh


def exchange(http: Http, app_secret: str, form: dict[str, str]) -> Answer:
    """Ask the token endpoint; form-encoded, the secret in a header (zalo.md §1.2).

    Raises:
        TryLater: nothing was sent, or HTTP 429 without an envelope.
        Unsure: the answer was lost.
    """
    return http.send("POST", "/v4/oa/access_token", writes=True, headers={"secret_key": app_secret}, data=form)


def read_pair(answer: Answer, asked: datetime) -> TokenPair | None:
    """Success is two non-empty tokens, whatever the HTTP status says (zalo.md §1.2); expires_in may be text."""
    access, refresh = answer.body.get("access_token"), answer.body.get("refresh_token")
    if not (isinstance(access, str) and access and isinstance(refresh, str) and refresh):
        return None
    try:
        life = timedelta(seconds=int(str(answer.body.get("expires_in"))))
    except (ValueError, OverflowError):
        life = ACCESS_LIFE  # losing a rotated pair over this number would need re-consent
    return TokenPair(access, refresh, asked + min(max(life, timedelta(0)), timedelta(days=365)))


def told(answer: Answer) -> tuple[str, str]:
    """Code and text of an OAuth refusal, which comes without an envelope (zalo.md §1.2)."""
    code = str(answer.body.get("error") or "")[:20]
    name = answer.body.get("error_name") or answer.body.get("message") or "no tokens in the answer"
    return code, str(name)[:200]


def _refusal(answer: Answer) -> NotAuthorized | TryLater:
    code, name = told(answer)
    if answer.status == 429 or code == _LIMIT:
        return TryLater(f"Zalo: {name}", after=answer.retry_after, code=code or "429", whole=True)
    if code in _CONFIG:
        return _Untouched(f"Zalo: {name}; check the app's id and secret", code=code)
    return NotAuthorized(f"Zalo: {name}; {RECONSENT}", code=code)


def _same(one: TokenPair, other: TokenPair) -> bool:
    return (one.access, one.refresh) == (other.access, other.refresh)
