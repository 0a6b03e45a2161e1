"""A Facebook Page: the feed call is the one publish point, everything before it may be repeated."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote

from channels.base import Health, Limit, Limits, Pending, Picture, Post, Receipt
from channels.errors import ChannelError, Refused, TryLater, Unsure
from channels.facebook import answers
from channels.facebook.post import FacebookPost
from channels.http import Http, HttpOptions

SKEW = timedelta(seconds=120)  # between our clock and Facebook's (facebook.md §9)
FIELDS = "id,message,created_time,permalink_url,attachments{unshimmed_url}"
LISTED = 50
PHOTO_BYTES = 4_000_000  # docs say 10 MB, the runtime's own error text says 4 (facebook.md §3, M)

LIMITS = Limits(
    text=Limit(63_206, 60_000, "code points", "postiz facebook.provider.ts maxLength, 2026-08-21: facebook.md §2.4, M"),
    picture_bytes=PHOTO_BYTES,
    picture_types=("image/jpeg", "image/png"),
)


def payload(post: FacebookPost, photo_id: str | None = None) -> dict[str, str]:
    """The form of POST /{page}/feed; `link` and `attached_media` are never combined (effect UNKNOWN, §3)."""
    if photo_id is None:
        return {"message": post.message, "link": post.link}
    return {"message": post.message, "attached_media": json.dumps([{"media_fbid": photo_id}])}


class Facebook:
    """Channel "facebook".

    Args:
        graph_base: e.g. https://graph.facebook.com; a path prefix is kept.
        version: e.g. "v26.0"; an unversioned call would follow the app's dashboard (§1.1).
        clock: gives the aware time now.
        looks: seconds before each look for an unsure post (§9 steps 2 and 4).
    """

    name: ClassVar[str] = "facebook"
    idempotent: ClassVar[bool] = False
    limits: ClassVar[Limits] = LIMITS

    def __init__(
        self,
        graph_base: str,
        version: str,
        page_id: str,
        page_token: str,
        *,
        clock: Callable[[], datetime],
        http: HttpOptions | None = None,
        looks: tuple[float, ...] = (30.0, 120.0, 300.0),
    ) -> None:
        self._http = Http(f"{graph_base.rstrip('/')}/{version}", http)
        self._page = quote(page_id, safe="")
        self._headers = {"Authorization": f"Bearer {page_token}"}
        self._clock = clock
        self.looks = looks

    def publish(self, post: Post) -> Receipt:
        """Upload the photo, if any, and publish."""
        mine = _checked(post)
        photo_id = None if mine.photo is None else self._upload(mine.photo)
        body = self._call("POST", f"{self._page}/feed", writes=True, data=payload(mine, photo_id))
        remote_id = body.get("id")
        if not isinstance(remote_id, str) or not remote_id:
            raise Unsure("Facebook took the post but gave no id")
        return _receipt(remote_id)

    def confirm(self, post: Post, pending: Pending) -> Receipt:
        """Facebook answers with an id at once, so a token cannot be ours."""
        raise Refused("Facebook has no pending posts")

    def revise(self, post: Post, remote_id: str, shown: Post | None = None) -> Receipt:
        """Replace the message; link and picture of a post cannot be edited (§5.1). May be repeated."""
        data = {"message": _checked(post).message}
        self._call("POST", quote(remote_id, safe=""), writes=True, post=True, data=data)
        return _receipt(remote_id)

    def withdraw(self, post: Post, remote_id: str) -> None:
        """Delete the post; 100/33 says that it is already gone (§5.2, L-M)."""
        try:
            self._call("DELETE", quote(remote_id, safe=""), writes=True, post=True)
        except Refused as refused:
            if refused.code not in answers.GONE:
                raise

    def find(self, post: Post, since: datetime) -> Sequence[Receipt]:
        """Published posts whose link or message holds the marker, oldest first."""
        found = {
            str(one["id"]): str(one.get("created_time")) for one in self._listed(since) if _holds(one, post.marker)
        }
        return [_receipt(remote_id) for remote_id in sorted(found, key=lambda one: (found[one], one))]

    def flush(self) -> None:
        """Nothing to do once for a batch."""

    def rest(self) -> float:
        """Nothing yet."""
        return 0.0

    def health(self) -> Health:
        """Ask for the Page's name; raises nothing. The token's end is unknown without an app token (§1.5)."""
        try:
            body = self._call("GET", self._page, params={"fields": "id,name"})
        except ChannelError as error:
            return Health(False, str(error))
        return Health(True, str(body.get("name") or body.get("id") or ""))

    def _upload(self, photo: Picture) -> str:
        """Not public and gone in a day (§3), so a lost answer here is TryLater, never Unsure."""
        try:
            content = photo.file.read_bytes()
        except OSError as error:
            raise TryLater(f"photo: cannot be read ({type(error).__name__})") from None
        if len(content) >= PHOTO_BYTES:
            raise Refused(f"photo: {len(content)} bytes, Facebook takes less than {PHOTO_BYTES}")
        body = self._call(
            "POST",
            f"{self._page}/photos",
            data={"published": "false", "alt_text_custom": photo.alt},
            files={"source": (f"photo.{photo.mime.rpartition('/')[2]}", content, photo.mime)},
        )
        if not isinstance(body.get("id"), str):
            raise TryLater("Facebook took the photo but gave no id")
        return str(body["id"])

    def _call(
        self, method: str, path: str, *, writes: bool = False, post: bool = False, **parts: Any
    ) -> dict[str, Any]:
        answer = self._http.send(method, path, writes=writes, headers=self._headers, **parts)
        return answers.read(answer, writes=writes, post=post)

    def _listed(self, since: datetime) -> Iterator[dict[str, Any]]:
        """Pages until `next` is absent; its address holds the token, so we rebuild it from the cursor (§5.4)."""
        params: dict[str, str | int] = {"fields": FIELDS, "limit": LISTED}
        params["since"] = int((since - SKEW).timestamp())
        params["until"] = int((self._clock() + SKEW).timestamp())
        while True:
            body = self._call("GET", f"{self._page}/published_posts", params=params)
            if not isinstance(body.get("data"), list):  # not a no: nothing can be concluded from such an answer
                raise TryLater("Facebook's list of posts has no data field")
            yield from body["data"]
            paging = body.get("paging") or {}
            if not paging.get("next"):
                return
            after = (paging.get("cursors") or {}).get("after")
            if not after or after == params.get("after"):
                raise TryLater("Facebook's list of posts goes on but gives no new cursor")
            params["after"] = str(after)


def _checked(post: Post) -> FacebookPost:
    if not isinstance(post, FacebookPost):
        raise TypeError(f"Facebook sends a FacebookPost, not a {type(post).__name__}")
    if not 1 <= len(post.message) <= 63_206:
        raise Refused(f"message: {len(post.message)} code points, Facebook takes 1 to 63206")
    if post.photo is not None:
        if post.photo.mime not in LIMITS.picture_types:
            raise Refused(f"photo: {post.photo.mime} is not one of {', '.join(LIMITS.picture_types)}")
        if post.marker not in post.message:
            raise Refused("message: the portal address is missing, so a post with a photo could not be found again")
    return post


def _holds(item: dict[str, Any], marker: str) -> bool:
    attachments = (item.get("attachments") or {}).get("data") or []
    texts = [item.get("message"), *(one.get("unshimmed_url") for one in attachments)]
    return bool(marker) and any(marker in str(text) for text in texts if text)


def _receipt(remote_id: str) -> Receipt:
    return Receipt(remote_id, f"https://www.facebook.com/{remote_id}")
