"""The Zalo Official Account: an article is created, then its token is verified until it has an id; never sent twice."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote

from channels.base import Health, Limits, Pending, Post, Receipt, TokenPair, TokenStore
from channels.errors import ChannelError, NotAuthorized, Refused, TryLater, Unsure
from channels.http import MINUTE, Answer, Http, HttpOptions
from channels.pause import Pause
from channels.zalo import answers, remedies
from channels.zalo.oauth import ACCESS_LIFE, Tokens
from channels.zalo.payload import LIMITS, check, holds, nfc, payload
from channels.zalo.post import ZaloPost

__all__ = ["Zalo", "payload"]

PAGE = 10  # a larger limit is refused (zalo.md §2.5, seen in production)
OVERLAP = 2  # articles read twice on purpose: one that is removed meanwhile moves the others up over the edge
SKEW = timedelta(minutes=5)
REFRESH_LIFE = timedelta(days=90) - ACCESS_LIFE  # counted from the access token's end (zalo.md §1.2, D+)


class Zalo:
    """Channel "zalo".

    Args:
        api_base, oauth_base: e.g. https://openapi.zalo.me and https://oauth.zaloapp.com; a path prefix is kept.
        clock: gives the aware time now.
        verify_after: seconds between two looks at an article that Zalo is still processing.
        looks: seconds before each look for an unsure article; processing takes minutes to hours (zalo.md §8).
        renew_early: renew the access token when less than this part of its life is left.
    """

    name: ClassVar[str] = "zalo"
    idempotent: ClassVar[bool] = False
    limits: ClassVar[Limits] = LIMITS

    def __init__(
        self,
        api_base: str,
        oauth_base: str,
        app_id: str,
        app_secret: str,
        tokens: TokenStore,
        *,
        clock: Callable[[], datetime],
        http: HttpOptions | None = None,
        verify_after: float = 3.0,
        looks: tuple[float, ...] = (300.0, 1800.0, 7200.0),
        renew_early: float = 0.5,
    ) -> None:
        self._http = Http(api_base, http)
        self._tokens = Tokens(Http(oauth_base, http), app_id, app_secret, tokens, clock, early=renew_early)
        self._pause = Pause(clock)
        self._verify_after = verify_after
        self.looks = looks

    def publish(self, post: Post) -> Pending:
        """Create the article; the answer is only ever a token."""
        article = _mine(post)
        check(article)
        return self._pending(self._call("POST", "create", writes=True, json=payload(article)))

    def confirm(self, post: Post, pending: Pending) -> Receipt:
        """Ask for the id; NotAuthorized when Zalo keeps the article hidden, for a person must show it (§2.2).

        Raises:
            Refused: Zalo could not take the pictures; there is no article.
            Unsure: Zalo does not know the token (any more; how long it lives is UNKNOWN), so read the list.
        """
        try:
            data = self._call("POST", "verify", json={"token": pending.token})
        except Refused as refused:
            if refused.code == answers.MEDIA_FAILED:
                raise
            raise Unsure(f"Zalo does not know this article's token: {refused.message}", code=refused.code) from None
        remote_id = data.get("id") if isinstance(data, dict) else None
        if not isinstance(remote_id, str) or not remote_id:
            raise TryLater("Zalo verified without an id", after=self._verify_after)
        try:
            detail = self._detail(remote_id)
        except (Refused, TryLater):
            detail = {}
        if detail.get("status") == "hide":
            raise NotAuthorized(f"Zalo keeps article {remote_id} hidden: show it in the OA manager")
        return _receipt(remote_id, detail)

    def revise(self, post: Post, remote_id: str, shown: Post | None = None) -> Pending:
        """Replace the whole article under the same id (§2.3); last write wins, so it may be repeated."""
        article = _mine(post)
        check(article)
        return self._pending(self._call("POST", "update", writes=True, json={**payload(article), "id": remote_id}))

    def withdraw(self, post: Post, remote_id: str) -> None:
        """Remove the article; it cannot be undone."""
        try:
            self._call("POST", "remove", writes=True, json={"id": remote_id})
        except Refused as refused:  # the answer for an unknown id is UNKNOWN (§9), so look whether it is there
            try:
                self._detail(remote_id)
            except Refused as unseen:
                if answers.is_unknown(unseen):
                    return
            raise refused from None

    def find(self, post: Post, since: datetime) -> Sequence[Receipt]:
        """Articles of this title, created since then, whose body holds the marker; all of them, oldest first (§8).

        Raises:
            NotAuthorized, TryLater: nothing can be concluded, so nothing may be sent again.
        """
        title, seen, found = _plain(post.title), {""}, {}
        try:
            for item in self._listed(since - SKEW):
                remote_id = str(item.get("id") or "")
                if remote_id not in seen and _plain(item.get("title")) == title:
                    seen.add(remote_id)
                    detail = self._candidate(remote_id)
                    if holds(detail.get("body"), post.marker):
                        found[remote_id] = (_millis(item) or 0, _receipt(remote_id, {**item, **detail}))
        except Refused as refused:  # of the list: not the item's fault
            raise NotAuthorized(f"Zalo's list cannot be read: {refused.message}", code=refused.code) from None
        return [receipt for _, receipt in sorted(found.values(), key=lambda pair: pair[0])]

    def flush(self) -> None:
        """Nothing to do once for a batch."""

    def rest(self) -> float:
        """Seconds after a -32, or until the minute is over when Zalo said that no call is left in it (§7)."""
        return self._pause.left()

    def health(self) -> Health:
        """Ask for the account's own page: token, verification, package; raises nothing."""
        try:
            pair = self._tokens.current()
            data = self._call("GET", "/v2.0/oa/getoa")
        except TryLater as error:
            return Health(False, str(error), remedy=remedies.by_code(error.code))
        except ChannelError as error:
            return Health(False, str(error), remedy=remedies.by_code(error.code) or remedies.RECONSENT)
        about = data if isinstance(data, dict) else {}
        parts = [str(about.get("name") or "Zalo OA"), str(about.get("package_name") or "package unknown")]
        if about.get("package_valid_through_date"):
            parts.append(f"until {about['package_valid_through_date']}")
        message, trouble = ", ".join(parts), self._tokens.trouble
        if about.get("is_verified") is False:  # -221 on every article call (§6)
            text = f"{message}: the account is not verified"
            return Health(False, text, pair.expires_at + REFRESH_LIFE, remedies.VERIFY)
        if trouble is not None:  # it works to the end of the access token and not longer
            remedy = remedies.by_code(trouble.code) or remedies.RECONSENT
            return Health(True, f"{message}: {trouble}", pair.expires_at, remedy)
        return Health(True, message, pair.expires_at + REFRESH_LIFE)

    def _call(self, method: str, path: str, *, writes: bool = False, **parts: Any) -> Any:
        where = path if path.startswith("/") else f"/v2.0/article/{path}"
        pair = self._tokens.current()
        try:
            answer = self._send(method, where, pair, writes, parts)
            if answers.is_token_fault(answer):  # a clear no: nothing was done, so one more try is safe (§1.4)
                answer = self._send(method, where, self._tokens.renew(pair), writes, parts)
            return answers.read(answer, writes=writes, poll=self._verify_after)
        except TryLater as error:
            if error.code in answers.BUSY:
                self._pause.ask(error.after)
            raise

    def _send(self, method: str, where: str, pair: TokenPair, writes: bool, parts: dict[str, Any]) -> Answer:
        answer = self._http.send(method, where, writes=writes, headers={"access_token": pair.access}, **parts)
        if answer.headers.get("X-RateLimit-Remain", "").strip() == "0":
            self._pause.ask(MINUTE)
        return answer

    def _pending(self, data: object) -> Pending:
        token = data.get("token") if isinstance(data, dict) else None
        if not isinstance(token, str) or not token:
            raise Unsure("Zalo said success but gave no token")
        return Pending(token)

    def _detail(self, remote_id: str) -> dict[str, Any]:
        data = self._call("GET", "getdetail", params={"id": remote_id})
        return data if isinstance(data, dict) else {}

    def _candidate(self, remote_id: str) -> dict[str, Any]:
        """One that has the title; whether an article in processing is listed but unreadable is UNKNOWN (§8)."""
        try:
            return self._detail(remote_id)
        except Refused as refused:
            text = f"Zalo lists article {remote_id} of this title but does not show it: {refused.message}"
            raise TryLater(text, code=refused.code) from None

    def _listed(self, oldest: datetime) -> Iterator[dict[str, Any]]:
        """List items, newest first; the order is not promised, so only a page that is old as a whole ends it."""
        offset, edge = 0, oldest.timestamp() * 1000
        while True:
            data = self._call("GET", "getslice", params={"offset": offset, "limit": PAGE, "type": "normal"})
            medias = data.get("medias") if isinstance(data, dict) else None
            if not isinstance(medias, list):  # not a no: nothing can be concluded from such an answer
                raise TryLater("Zalo's list of articles has no items field")
            recent = [item for item in medias if (_millis(item) or edge) >= edge]
            yield from recent
            if len(medias) < PAGE or not recent:
                return
            offset += PAGE - OVERLAP


def _mine(post: Post) -> ZaloPost:
    if not isinstance(post, ZaloPost):
        raise TypeError(f"Zalo sends a ZaloPost, not a {type(post).__name__}")
    return post


def _plain(title: object) -> str:
    """A title as people read it; Zalo may have changed composition, spaces or entities (UNKNOWN)."""
    return " ".join(nfc(html.unescape(str(title or ""))).split())


def _millis(item: dict[str, Any]) -> int | None:
    try:
        return int(str(item.get("create_date")))
    except ValueError:
        return None


def _receipt(remote_id: str, detail: dict[str, Any]) -> Receipt:
    link = detail.get("link_view") or f"https://post.oa.zalo.me/d?id={quote(remote_id)}"
    return Receipt(remote_id, str(link))
