"""Calls to the Graph API for one Page: the token in a header, what an answer means, and how long to rest after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from channels.errors import TryLater
from channels.facebook import answers, usage
from channels.facebook.match import SKEW
from channels.http import Http, HttpOptions
from channels.pause import Pause

FIELDS = "id,message,created_time,permalink_url,attachments{type,media_type,unshimmed_url}"
LISTED = 50


class Graph:
    """One Page's way to the Graph API.

    Args:
        base: with the version, e.g. https://graph.facebook.com/v26.0.
        clock: gives the aware time now.
    """

    def __init__(
        self, base: str, page_id: str, page_token: str, clock: Callable[[], datetime], http: HttpOptions | None
    ) -> None:
        self._http = Http(base, http)
        self.page = quote(page_id, safe="")
        self._token = page_token
        self._clock = clock
        self._limit, self._usage = Pause(clock), Pause(clock)

    @property
    def rest(self) -> float:
        """Seconds by the last usage headers, limits reached and the spam guard (§8)."""
        return max(self._limit.left(), self._usage.left())

    def call(
        self, method: str, path: str, *, writes: bool = False, post: bool = False, back: bool = False, token: str = "",
        **parts: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """The body of a successful answer; `writes`, `post` and `back` as in `answers.read`, `token` instead of ours."""
        headers = {"Authorization": f"Bearer {token or self._token}"}
        try:
            answer = self._http.send(method, path, writes=writes, headers=headers, **parts)
            self._hear(usage.rest(answer.headers))
            return answers.read(answer, writes=writes, post=post, back=back)
        except TryLater as error:
            if answers.is_limit(error.code):
                self._limit.ask(error.after)
            raise

    def _hear(self, seconds: float | None) -> None:
        """The newest headers count; without any, what was heard before stays (§8)."""
        if seconds is not None:
            fresh = Pause(self._clock)
            fresh.ask(seconds)
            self._usage = fresh

    def listed(self, since: datetime) -> Iterator[dict[str, Any]]:
        """Pages until `next` is absent; its address holds the token, so we rebuild it from the cursor (§5.4)."""
        params: dict[str, str | int] = {"fields": FIELDS, "limit": LISTED}
        params["since"] = int((since - SKEW).timestamp())
        params["until"] = int((self._clock() + SKEW).timestamp())
        while True:
            body = self.call("GET", f"{self.page}/published_posts", back=True, params=params)
            if not isinstance(body.get("data"), list):  # not a no: nothing can be concluded from such an answer
                raise TryLater("Facebook's list of posts has no data field")
            yield from (one for one in body["data"] if isinstance(one, dict))
            paging = body.get("paging") or {}
            if not paging.get("next"):
                return
            query = dict(parse_qsl(urlsplit(str(paging["next"])).query))  # a page may be empty and without cursors
            after = (paging.get("cursors") or {}).get("after") or query.get("after")
            if not after or after == params.get("after"):
                raise TryLater("Facebook's list of posts goes on but gives no new cursor")
            params["after"] = str(after)
