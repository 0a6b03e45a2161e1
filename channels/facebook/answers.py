"""What an answer of the Graph API means, by code, subcode and is_transient, never by HTTP status (facebook.md §7)."""

from __future__ import annotations

from typing import Any

from channels.errors import ChannelError, NotAuthorized, Refused, TryLater, Unsure
from channels.facebook import usage
from channels.http import Answer

RETRY = frozenset({1, 2, 1609005, 6000, 6001})
BACKOFF = frozenset({4, 17, 32, 341, 613, *range(80000, 80015)})
FIX = frozenset({100, 324, 382, 389, 803, 1500, 2500, 3001})
# Subcodes that speak louder than their code (facebook.md §7.3, second table: confidence L to M).
RECONCILE_SUB = frozenset({1366051, 1363047, 1609010})
FIX_SUB = frozenset({1366046, 1609008, 2061006, 2069019, 2069030, 2069031, 2069033})
HUMAN_SUB = frozenset(
    {1346003, 1404102, 1404006, 1404112, 4854002, 1404078, 1349125, 1363042, 1363005, 2853006, 2069032}
)
GONE = frozenset({"100/33", "803"})
RIGHTS = frozenset({"3", "10", "200", "210", "283"})
SPAM = "368/1390008"
SPAM_WAIT = 24 * 3600.0
RETRY_WAIT = 60.0


def read(answer: Answer, *, writes: bool, post: bool = False, back: bool = False) -> dict[str, Any]:
    """The body of a successful answer.

    Args:
        writes: a transient failure may hide a published post (seen: koala#699), so it is Unsure.
        post: the call was about one post, so an unknown id means that the post is gone, not the Page.
        back: the call reads back what was posted, where code 10 was seen for a post that had disappeared (S29): no
            answer to the question, so TryLater.

    Raises:
        Refused, NotAuthorized, TryLater, Unsure: see facebook.md §7.2.
    """
    error = answer.body.get("error")
    if isinstance(error, dict):
        named = _named(error, answer, writes, post)
        if back and isinstance(named, NotAuthorized) and is_missing(named.code):
            raise TryLater(named.message, after=RETRY_WAIT, code=named.code, trace=named.trace)
        raise named
    if answer.status == 429:  # a gateway turned it away before Facebook looked at it
        raise TryLater("HTTP 429", after=answer.retry_after, code="429", whole=True)
    if error is not None or answer.status >= 300:
        raise _again(f"HTTP {answer.status} without an error envelope", writes, "", "")
    return answer.body


def _named(error: dict[str, Any], answer: Answer, writes: bool, post: bool) -> ChannelError:
    code, sub = _number(error.get("code")), _number(error.get("error_subcode"))
    said = [str(error.get(key) or "").strip() for key in ("message", "error_user_msg")]
    message = " — ".join(dict.fromkeys(text for text in said if text))[:500] or "no message"
    name = f"{code}/{sub}" if sub else str(code)
    trace = str(error.get("fbtrace_id") or "")
    lower = message.lower().replace("’", "'")

    if name == SPAM:  # posting too fast; implementers wait a day (§7.3, S23)
        return TryLater(message, after=SPAM_WAIT, code=name, trace=trace, whole=True)
    if code in BACKOFF:
        return TryLater(message, after=usage.wait(answer.headers), code=name, trace=trace, whole=True)
    if code == 506 or sub in RECONCILE_SUB or (code == 368 and "already posted" in lower):
        return _again(message, writes, name, trace)  # the first attempt probably landed (§7.3, H/M)
    if sub in HUMAN_SUB:
        return NotAuthorized(message, code=name, trace=trace)
    if sub in FIX_SUB:
        return Refused(message, code=name, trace=trace)
    if code in RETRY or (error.get("is_transient") is True and code not in FIX):
        return _again(message, writes, name, trace)
    if code in FIX and ((post and name in GONE) or not _about_us(name, lower)):
        return Refused(message, code=name, trace=trace)
    return NotAuthorized(message, code=name, trace=trace)


def is_missing(code: str) -> bool:
    """Whether reading a post ended in what was seen for a post that is not there (§7.3, S29)."""
    return code in GONE or code.partition("/")[0] == "10"


def is_limit(code: str) -> bool:
    """Whether a TryLater means the whole Page: a call limit or the spam guard."""
    number = code.partition("/")[0]
    return code in (SPAM, "429") or (number.isdecimal() and int(number) in BACKOFF)


def _about_us(name: str, lower: str) -> bool:
    """A 100 that no editor can mend: a lost Page, a missing right, a wrong proof (§7.3, confidence M)."""
    return name in GONE or "appsecret_proof" in lower or "missing permission" in lower


def _again(message: str, writes: bool, code: str, trace: str) -> ChannelError:
    if writes:
        return Unsure(message, code=code, trace=trace)
    return TryLater(message, after=RETRY_WAIT, code=code, trace=trace)


def _number(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return 0
