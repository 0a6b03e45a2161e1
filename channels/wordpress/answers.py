"""What an answer of WordPress's REST API means: its data, or one of our four errors.

Codes and statuses were seen from WordPress 6.1.9 on 2026-11-26 (tests/wordpress asks a real one); the form of an error
is {"code": …, "message": …, "data": {"status": …}} (developer.wordpress.org/rest-api, "Error Handling").
"""

from __future__ import annotations

import html
from typing import Any

from channels.errors import ChannelError, NotAuthorized, Refused, TryLater, Unsure
from channels.http import Answer

GONE = frozenset({"rest_post_invalid_id", "rest_already_trashed"})
NO_TRASH = "rest_trash_not_supported"  # EMPTY_TRASH_DAYS is 0 there
TERM_EXISTS = "term_exists"
# PHP drops a body over post_max_size, so WordPress sees an upload without a file.
TOO_LARGE = "rest_upload_no_content_disposition"
_BUSY_WAIT = 60.0


def read(answer: Answer, *, writes: bool) -> Any:
    """What a successful answer holds; a list comes in WordPress's own envelope (?_envelope=1).

    Raises:
        Refused, NotAuthorized, TryLater, Unsure: by status and code.
    """
    status, body = answer.status, answer.body
    if status == 200 and "status" in body and "body" in body:
        status, body = _number(body["status"]), body["body"]
    if 200 <= status < 300:
        return body
    said = body if isinstance(body, dict) else {}
    code = str(said.get("code") or "")[:100]
    text = html.unescape(str(said.get("message") or f"HTTP {status}"))[:500]
    raise _named(status, code, text, answer, writes)


def _named(status: int, code: str, text: str, answer: Answer, writes: bool) -> ChannelError:
    if status == 429:
        return TryLater(text, after=answer.retry_after, code="429", whole=True)
    if code.startswith("rest_upload_"):  # also under 500, for a type or a size that the server does not take
        hint = " (larger than the server's post_max_size?)" if code == TOO_LARGE else ""
        return Refused(f"media: {text}{hint}", code=code)
    if status >= 500 or status < 400:  # a plugin or the database broke somewhere on the way: anything may have happened
        problem = f"HTTP {status}: {text}"
        return Unsure(problem, code=code) if writes else TryLater(problem, after=_BUSY_WAIT, code=code, whole=True)
    if status in (401, 403):  # the same code says that nobody is logged in (401) or that this user may not (403)
        return NotAuthorized(text, code=f"{status}/{code}" if code else str(status))
    if code in ("", "rest_no_route") or (status in (404, 405) and code not in GONE):
        return NotAuthorized(text, code=code or str(status))
    return Refused(text, code=code)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
