"""A Facebook Page: the feed call is the one publish point, everything before it may be repeated.

What Facebook gave an id is never sent again by itself. Facebook was seen to give an id for a post that it then did not
show (facebook.md §9), so each post is read once after it was made. Not there: the answer is Pending, and `confirm` only
ever reads that id until it is there, or until so long has passed that a person has to look at the Page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

from channels.base import Health, Limits, Pending, Picture, Post, Receipt
from channels.errors import ChannelError, NotAuthorized, Refused, TryLater, Unsure
from channels.facebook import answers, check, match, remedies
from channels.facebook.graph import Graph
from channels.facebook.payload import LIMITS, PHOTO_BYTES, check_editable, checked, mine, payload
from channels.facebook.post import FacebookPost
from channels.http import HttpOptions

__all__ = ["Facebook", "payload"]


class Facebook:
    """Channel "facebook".

    Args:
        graph_base: e.g. https://graph.facebook.com; a path prefix is kept.
        version: e.g. "v26.0"; an unversioned call would follow the app's dashboard (§1.1).
        clock: gives the aware time now.
        looks: seconds before each look for an unsure post (§9 steps 2 and 4).
        app_token: "<app id>|<app secret>", for a health check that sees the token's end and rights; may be empty.
        shown_within: seconds after which a post with an id that cannot be read is for a person (the delay is UNKNOWN).
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
        app_token: str = "",
        shown_within: float = 3600.0,
    ) -> None:
        self._graph = Graph(f"{graph_base.rstrip('/')}/{version}", page_id, page_token, clock, http)
        self._page_id, self._token, self._app_token = page_id, page_token, app_token
        self._clock, self._shown_within = clock, shown_within
        self.looks = looks

    def publish(self, post: Post) -> Receipt | Pending:
        """Upload the photo, if any, publish, and read the post once; Pending while it has an id and is not there."""
        own = checked(post)
        photo_id = None if own.photo is None else self._upload(own.photo)
        body = self._graph.call("POST", f"{self._graph.page}/feed", writes=True, data=payload(own, photo_id))
        remote_id = body.get("id")
        if not isinstance(remote_id, str) or not remote_id:
            raise Unsure("Facebook took the post but gave no id")
        try:
            shown = self._shown(remote_id)
        except ChannelError:
            return _receipt({"id": remote_id})  # the id is Facebook's word; only a clear "not there" speaks against it
        return shown or Pending(f"{remote_id}@{int(self._clock().timestamp())}")

    def confirm(self, post: Post, pending: Pending) -> Receipt:
        """Read the post that has an id but was not there.

        Raises:
            TryLater: still not there; late is seen, and a second post must not come of it.
            Refused: not there for `shown_within`; a person looks at the Page, then publishes again or not.
        """
        remote_id, _, made = pending.token.rpartition("@")
        made_at = datetime.fromtimestamp(int(made), UTC)
        shown = self._shown(remote_id)
        if shown is not None:
            return shown
        age = (self._clock() - made_at).total_seconds()
        if age < self._shown_within:
            raise TryLater(
                f"Facebook gave the id {remote_id} but does not show it yet", after=min(300.0, max(5.0, age))
            )
        listed = self.find(post, made_at)
        if len(listed) == 1:
            return listed[0]
        raise Refused(
            f"Facebook gave the id {remote_id} but shows no such post: look at the Page before publishing again"
        )

    def revise(self, post: Post, remote_id: str, shown: Post | None = None) -> Receipt:
        """Replace the message; may be repeated. Link and picture of a post cannot be edited (§5.1)."""
        own = checked(post)
        if isinstance(shown, FacebookPost):
            check_editable(own, shown)
        try:
            self._graph.call("POST", quote(remote_id, safe=""), writes=True, post=True, data={"message": own.message})
        except Refused as refused:
            if refused.code not in answers.GONE:
                raise
            text = f"post {remote_id} is not on the Page any more, so it cannot be edited; a person may have deleted it"
            raise Refused(text, code=refused.code, trace=refused.trace) from None
        except NotAuthorized as error:
            raise _by_hand(error, "edit", remote_id) from None
        return _receipt({"id": remote_id})

    def withdraw(self, post: Post, remote_id: str) -> None:
        """Delete the post; 100/33 says that it is already gone (§5.2, L-M)."""
        try:
            self._graph.call("DELETE", quote(remote_id, safe=""), writes=True, post=True)
        except Refused as refused:
            if refused.code not in answers.GONE:
                raise
        except NotAuthorized as error:
            raise _by_hand(error, "delete", remote_id) from None

    def find(self, post: Post, since: datetime) -> Sequence[Receipt]:
        """Published posts that show this one, by the rules of `match`, oldest first.

        Raises:
            NotAuthorized, TryLater: nothing can be concluded, so nothing may be sent again.
        """
        try:
            return [_receipt(one) for one in match.ours(mine(post), self._graph.listed(since), since)]
        except Refused as refused:  # of the list: not the item's fault
            raise _unreadable("the list of posts", refused) from None

    def flush(self) -> None:
        """Nothing to do once for a batch."""

    def rest(self) -> float:
        """Seconds by the last usage headers (soft stop at 80 %, hard at 95 %), limits reached and the spam guard (§8)."""
        return self._graph.rest

    def health(self) -> Health:
        """Whether token and Page would let us post; raises nothing. The token's end needs the app token (§1.5)."""
        try:
            token = self._judged() if self._app_token else Health(True)
            if not token.ok:
                return token
            body = self._graph.call("GET", self._graph.page, params={"fields": "id,name,is_published"})
        except ChannelError as error:
            return Health(False, str(error), remedy=remedies.by_code(error.code))
        message = ", ".join(part for part in (str(body.get("name") or body.get("id") or ""), token.message) if part)
        if body.get("is_published") is False:
            return Health(False, f"{message}: the Page is not published", token.expires_at, remedies.PUBLISH_PAGE)
        return Health(True, message, token.expires_at)

    def _judged(self) -> Health:
        """debug_token takes the token in the address and has no other way; our errors never show an address."""
        try:
            body = self._graph.call("GET", "debug_token", token=self._app_token, params={"input_token": self._token})
        except (NotAuthorized, Refused) as error:
            return Health(False, f"the app token was refused: {error}", remedy=remedies.APP)
        data = body.get("data")
        return check.judge(data if isinstance(data, dict) else {}, self._page_id)

    def _shown(self, remote_id: str) -> Receipt | None:
        """The post's receipt; None when Facebook clearly says that there is no such post."""
        try:
            params = {"fields": "id,permalink_url"}
            return _receipt(self._graph.call("GET", quote(remote_id, safe=""), post=True, back=True, params=params))
        except (Refused, TryLater) as error:
            if answers.is_missing(error.code):
                return None
            if isinstance(error, Refused):  # of a read: not the item's fault
                raise _unreadable(f"post {remote_id}", error) from None
            raise

    def _upload(self, photo: Picture) -> str:
        """Not public and gone in a day (§3), so a lost answer here is TryLater, never Unsure."""
        try:
            content = photo.file.read_bytes()
        except OSError as error:
            raise TryLater(f"photo: cannot be read ({type(error).__name__})") from None
        if len(content) >= PHOTO_BYTES:
            raise Refused(f"photo: {len(content)} bytes, Facebook takes less than {PHOTO_BYTES}")
        body = self._graph.call(
            "POST",
            f"{self._graph.page}/photos",
            data={"published": "false", "alt_text_custom": photo.alt},
            files={"source": (f"photo.{photo.mime.rpartition('/')[2]}", content, photo.mime)},
        )
        if not isinstance(body.get("id"), str):
            raise TryLater("Facebook took the photo but gave no id")
        return str(body["id"])


def _unreadable(what: str, refused: Refused) -> NotAuthorized:
    text = f"Facebook: {what} cannot be read: {refused.message}"
    return NotAuthorized(text, code=refused.code, trace=refused.trace)


def _by_hand(error: NotAuthorized, what: str, remote_id: str) -> ChannelError:
    """A right that is missing for one post (§5.1: another app made it; §5.2: no right to delete) stops no channel."""
    if error.code.partition("/")[0] not in answers.RIGHTS:
        return error
    text = f"Facebook does not let this app {what} post {remote_id}: {what} it by hand on the Page. {error.message}"
    return Refused(text, code=error.code, trace=error.trace)


def _receipt(one: dict[str, Any]) -> Receipt:
    remote_id, link = str(one.get("id") or ""), str(one.get("permalink_url") or "")
    public = urlsplit(link).scheme in ("http", "https")
    return Receipt(remote_id, link if public else f"https://www.facebook.com/{remote_id}")
