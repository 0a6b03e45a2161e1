"""The Zalo Official Account: an article is created, then its token is verified until it has an id; never sent twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote

from channels.base import Health, Limits, Pending, Post, Receipt, TokenStore
from channels.errors import ChannelError, NotAuthorized, Refused, TryLater, Unsure
from channels.http import Http, HttpOptions
from channels.zalo import answers
from channels.zalo.oauth import Tokens
from channels.zalo.payload import LIMITS, check, holds, nfc, payload
from channels.zalo.post import ZaloPost

__all__ = ["Zalo", "payload"]

PAGE = 10  # a larger limit is refused (zalo.md §2.5, seen in production)
SKEW = timedelta(minutes=5)
REFRESH_LIFE = timedelta(days=90) - timedelta(hours=25)  # counted from the access token's end (zalo.md §1.2, D+)


class Zalo:
    """Channel "zalo".

    Args:
        api_base, oauth_base: e.g. https://openapi.zalo.me and https://oauth.zaloapp.com; a path prefix is kept.
        clock: gives the aware time now.
        verify_after: seconds between two looks at an article that Zalo is still processing.
        looks: seconds before each look for an unsure article; processing takes minutes to hours (zalo.md §8).
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
    ) -> None:
        self._http = Http(api_base, http)
        self._tokens = Tokens(Http(oauth_base, http), app_id, app_secret, tokens, clock)
        self._verify_after = verify_after
        self.looks = looks

    def publish(self, post: Post) -> Pending:
        """Create the article; the answer is only ever a token."""
        article = _mine(post)
        check(article)
        return self._pending(self._call("POST", "create", writes=True, json=payload(article)))

    def confirm(self, post: Post, pending: Pending) -> Receipt:
        """Ask for the id; NotAuthorized when Zalo keeps the article hidden, for a person must show it (§2.2)."""
        data = self._call("POST", "verify", json={"token": pending.token})
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
            except Refused:
                return
            raise refused from None

    def find(self, post: Post, since: datetime) -> Sequence[Receipt]:
        """Articles with this title whose body holds the marker, oldest first."""
        title, found = nfc(post.title), {}
        for item in self._listed(since - SKEW):
            remote_id = str(item.get("id") or "")
            if remote_id and nfc(str(item.get("title") or "")) == title:
                detail = self._detail(remote_id)
                if holds(detail.get("body"), post.marker):
                    found[remote_id] = (_millis(item) or 0, _receipt(remote_id, {**item, **detail}))
        return [receipt for _, receipt in sorted(found.values(), key=lambda pair: pair[0])]

    def flush(self) -> None:
        """Nothing to do once for a batch."""

    def rest(self) -> float:
        """Zalo tells of its limits only when they are reached (-32)."""
        return 0.0

    def health(self) -> Health:
        """Ask for the account's own page; raises nothing."""
        try:
            pair = self._tokens.current()
            data = self._call("GET", "/v2.0/oa/getoa")
        except ChannelError as error:
            return Health(False, str(error))
        about = data if isinstance(data, dict) else {}
        message = f"{about.get('name') or 'Zalo OA'}, {about.get('package_name') or 'package unknown'}"
        if about.get("is_verified") is False:  # -221 on every article call (§6)
            return Health(False, f"{message}: the account is not verified", pair.expires_at + REFRESH_LIFE)
        return Health(True, message, pair.expires_at + REFRESH_LIFE)

    def _call(self, method: str, path: str, *, writes: bool = False, **parts: Any) -> Any:
        where = path if path.startswith("/") else f"/v2.0/article/{path}"
        pair = self._tokens.current()
        answer = self._http.send(method, where, writes=writes, headers={"access_token": pair.access}, **parts)
        if answers.is_token_fault(answer):  # a clear no: nothing was done, so one more try is safe (§1.4)
            pair = self._tokens.renew(pair)
            answer = self._http.send(method, where, writes=writes, headers={"access_token": pair.access}, **parts)
        return answers.read(answer, writes=writes, poll=self._verify_after)

    def _pending(self, data: object) -> Pending:
        token = data.get("token") if isinstance(data, dict) else None
        if not isinstance(token, str) or not token:
            raise Unsure("Zalo said success but gave no token")
        return Pending(token)

    def _detail(self, remote_id: str) -> dict[str, Any]:
        data = self._call("GET", "getdetail", params={"id": remote_id})
        return data if isinstance(data, dict) else {}

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
            offset += PAGE


def _mine(post: Post) -> ZaloPost:
    if not isinstance(post, ZaloPost):
        raise TypeError(f"Zalo sends a ZaloPost, not a {type(post).__name__}")
    return post


def _millis(item: dict[str, Any]) -> int | None:
    try:
        return int(str(item.get("create_date")))
    except ValueError:
        return None


def _receipt(remote_id: str, detail: dict[str, Any]) -> Receipt:
    link = detail.get("link_view") or f"https://post.oa.zalo.me/d?id={quote(remote_id)}"
    return Receipt(remote_id, str(link))
