"""A WordPress by its own REST API and an application password: no plugin, nothing installed there.

The create call is the one publish point; terms and media before it are looked up first and may be repeated. WordPress
lets nobody query a post's own fields without a plugin, so the marker is the slug, which carries the item's id.
"""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

from channels.base import Health, Limits, Pending, Post, Receipt
from channels.errors import ChannelError, NotAuthorized, Refused, TryLater, Unsure
from channels.http import Http, HttpOptions
from channels.pause import Pause
from channels.wordpress import answers, remedies
from channels.wordpress.library import Library, listed
from channels.wordpress.payload import LIMITS, check, mark, mine, payload

__all__ = ["WordPress", "payload"]
_log = logging.getLogger(__name__)
_ALIVE = "publish,future,draft,pending,private"
_NEEDS = ("publish_posts", "edit_published_posts", "delete_published_posts", "upload_files", "manage_categories")
_STRUCTURE = re.compile(r"/\d{4}/\d{2}/%(?:postname|pagename)%\.html")
_ZONE = 7  # hours of Hanoi before UTC: the address names the month of Hanoi


class WordPress:
    """Channel "wordpress".

    Args:
        base_url: address of the WordPress, without "wp-json".
        user, password: whose application password; https only, but for loopback.
        clock: gives the aware time now.
        canonical: readers are sent here, so its permalinks must be the section's addresses.
        looks: seconds before each look for an unsure post; a request that we gave up may still run for PHP's
            max_execution_time, 30 s as it comes (php.ini).
    """

    name: ClassVar[str] = "wordpress"
    idempotent: ClassVar[bool] = False
    limits: ClassVar[Limits] = LIMITS

    def __init__(
        self,
        base_url: str,
        user: str,
        password: str,
        *,
        clock: Callable[[], datetime],
        canonical: bool = False,
        http: HttpOptions | None = None,
        looks: tuple[float, ...] = (60.0, 300.0),
    ) -> None:
        self._http = Http(f"{base_url.rstrip('/')}/wp-json", http)
        self._headers = {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}
        self._clock, self._canonical = clock, canonical
        self._pause = Pause(clock)
        self._library = Library(self._call)
        self.looks = looks

    def publish(self, post: Post) -> Receipt:
        """Terms and media, then the post; scheduled by WordPress when its time is still to come."""
        body = self._call("POST", "posts", writes=True, params={"_fields": "id,link"}, json=self._whole(post))
        remote_id = body.get("id") if isinstance(body, dict) else None
        if not isinstance(remote_id, int):
            raise Unsure("WordPress took the post but gave no id")
        receipt = _receipt(body)
        if self._canonical and receipt.url != post.link:
            _log.warning("WordPress shows %s at %s, expected %s: see its permalinks", post.item, receipt.url, post.link)
        return receipt

    def confirm(self, post: Post, pending: Pending) -> Receipt:
        """Never needed, since publishing answers with an id; says what stands there."""
        found = self.find(post, self._clock())
        if not found:
            raise Unsure("WordPress shows no such post")
        return found[0]

    def revise(self, post: Post, remote_id: str, shown: Post | None = None) -> Receipt:
        """Replace the whole post in place; last write wins, so it may be repeated."""
        whole, params = self._whole(post), {"_fields": "id,link"}
        try:
            body = self._call("POST", f"posts/{quote(remote_id, safe='')}", writes=True, params=params, json=whole)
        except Refused as refused:
            if refused.code not in answers.GONE:
                raise
            text = (
                f"post {remote_id} is not in WordPress any more, so it cannot be revised; a person may have deleted it"
            )
            raise Refused(text, code=refused.code) from None
        return _receipt(body if isinstance(body, dict) and body.get("id") else {"id": remote_id})

    def withdraw(self, post: Post, remote_id: str) -> None:
        """Into the trash, where a person can still find it; for ever where WordPress keeps no trash."""
        path, params = f"posts/{quote(remote_id, safe='')}", {"_fields": "id,status"}
        try:
            try:
                self._call("DELETE", path, writes=True, params=params)
            except (Refused, Unsure) as error:
                if error.code != answers.NO_TRASH:
                    raise
                self._call("DELETE", path, writes=True, params={"force": "true", **params})
        except Refused as refused:
            if refused.code not in answers.GONE:
                raise

    def find(self, post: Post, since: datetime) -> Sequence[Receipt]:
        """Posts under our slug, whenever they were made, and under the slugs that WordPress gives to a second one.

        Raises:
            NotAuthorized, TryLater: nothing can be concluded, so nothing may be sent again.
        """
        own = mine(post)
        slugs = ",".join((own.slug, f"{own.slug}-2", f"{own.slug}-3"))
        params = {"slug": slugs, "status": _ALIVE, "context": "edit", "orderby": "id", "order": "asc",
                  "_fields": "id,link,slug,content.raw"}  # fmt: skip
        try:
            rows = listed(self._call("GET", "posts", params=params), "posts")
        except Refused as refused:  # of the list: not the item's fault
            raise NotAuthorized(f"WordPress's posts cannot be read: {refused.message}", code=refused.code) from None
        return [_receipt(row) for row in rows if row.get("slug") == own.slug or mark(own.item) in _raw(row)]

    def flush(self) -> None:
        """WordPress makes its lists and feeds itself; terms are looked up anew, for somebody may remove one there.

        An id that is not there any more would be left out of a post without a word (wp_set_object_terms, 6.1.9).
        """
        self._library.forget()

    def rest(self) -> float:
        """Seconds that a gateway before WordPress asked for with 429; WordPress itself has no limit."""
        return self._pause.left()

    def health(self) -> Health:
        """Whether the user may do all that is needed, and whether addresses are as expected; raises nothing."""
        try:
            me = self._call("GET", "users/me", params={"context": "edit", "_fields": "name,capabilities"})
            me = me if isinstance(me, dict) else {}
            able = me.get("capabilities")
            lacking = [right for right in _NEEDS if not (isinstance(able, dict) and able.get(right) is True)]
            if lacking:
                text = f"the user {me.get('name', '')} lacks {', '.join(lacking)}"
                return Health(False, text, remedy=remedies.RIGHTS)
            trouble = self._misplaced() if self._canonical else ""
        except ChannelError as error:
            remedy = "" if isinstance(error, TryLater) else remedies.by_code(error.code)
            return Health(False, str(error), remedy=remedy)
        return (
            Health(False, trouble, remedy=remedies.PERMALINKS) if trouble else Health(True, str(me.get("name") or ""))
        )

    def _misplaced(self) -> str:
        """Why posts will not stand at the section's addresses; "" when they will, or there is no post to tell by."""
        site = self._call("GET", "", root=True, params={"_fields": "gmt_offset"})
        offset = str(site.get("gmt_offset", "")) if isinstance(site, dict) else ""
        if offset and float(offset) != _ZONE:
            return f"WordPress's time zone is {offset} hours from UTC, expected {_ZONE}"
        params = {"context": "edit", "per_page": 1, "_fields": "permalink_template"}
        for row in listed(self._call("GET", "posts", params=params), "posts"):
            template = urlsplit(str(row.get("permalink_template") or "")).path
            if not _STRUCTURE.search(template):
                return f"WordPress's permalinks are like {template or 'none'}"
        return ""

    def _whole(self, post: Post) -> dict[str, Any]:
        own = mine(post)
        check(own)
        places = {medium.key: self._library.medium(medium) for medium in own.media}
        categories = [self._library.term("categories", term) for term in own.categories]
        tags = [self._library.term("tags", term) for term in own.tags]
        return payload(own, self._clock(), places, categories, tags)

    def _call(self, method: str, path: str, *, writes: bool = False, root: bool = False, **parts: Any) -> Any:
        if method == "GET":  # lists are arrays, and a clear form for both is WordPress's own envelope
            parts["params"] = {**parts.get("params", {}), "_envelope": "1"}
        where = path if root else f"wp/v2/{path}"
        try:
            return answers.read(
                self._http.send(method, where, writes=writes, headers=self._headers, **parts), writes=writes
            )
        except TryLater as error:
            if error.code == "429":
                self._pause.ask(error.after)
            raise


def _raw(row: dict[str, Any]) -> str:
    content = row.get("content")
    return str(content.get("raw") or "") if isinstance(content, dict) else ""


def _receipt(row: dict[str, Any]) -> Receipt:
    link = str(row.get("link") or "")
    return Receipt(str(row.get("id") or ""), link if urlsplit(link).scheme in ("http", "https") else "")
