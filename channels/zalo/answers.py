"""What an answer of Zalo means: its data, or one of our four errors (facts: zalo.md §6)."""

from __future__ import annotations

from typing import Any

from channels.errors import ChannelError, NotAuthorized, Refused, TryLater, Unsure
from channels.http import Answer

TOKEN = frozenset({-124, -216, -220})
CONTENT = frozenset({-100, -200, -201, -210, -233, -249})
BUSY = frozenset({"-32", "429"})  # codes of TryLater that mean the whole account, not this article
MINUTE = 60.0
HOUR = 3600.0
MEDIA_FAILED = "-200"
_NO_FIELD = "(no field named: the account may lack a right)"
QUOTA = "/quota"  # the end of a code that means a monthly quota, as in "-223/quota"
QUOTA_WAIT = 6 * HOUR


def code_of(answer: Answer) -> int | None:
    """The envelope's code; Zalo has been seen to send it as text (zalo.md, list of simulator faults)."""
    try:
        return int(str(answer.body.get("error")))
    except ValueError:
        return None


def is_token_fault(answer: Answer) -> bool:
    """One refresh may cure it: -216, -220, -124, or HTTP 401 (zalo.md §1.4)."""
    return answer.status == 401 or code_of(answer) in TOKEN


def read(answer: Answer, *, writes: bool, poll: float = 3.0) -> Any:
    """The `data` of a successful answer.

    Args:
        poll: seconds to wait when Zalo is still processing.

    Raises:
        Refused, NotAuthorized, TryLater, Unsure: by code and message; a used up monthly quota has a code ending in
            `QUOTA`.
    """
    code = code_of(answer)
    if is_token_fault(answer):
        raise NotAuthorized(_text(answer), code=str(code or answer.status))
    if answer.status == 429 and code in (None, 0):  # a gateway turned it away
        raise TryLater(_text(answer), after=answer.retry_after, code="429", whole=True)
    if code is None or answer.status >= 500:  # 5xx is undocumented: ambiguous for create and update (zalo.md §2)
        problem = f"HTTP {answer.status}: {_text(answer)}"
        raise Unsure(problem) if writes else TryLater(problem)
    if code == 0:
        return answer.body.get("data")
    raise _named(code, _text(answer), poll)


def is_unknown(refused: Refused) -> bool:
    """Whether a read was refused for its id, and not because the account lacks a right (§4.1, P-TL)."""
    return refused.code == "-201" and not refused.message.endswith(_NO_FIELD)


def _named(code: int, message: str, poll: float) -> ChannelError:
    """An error code is a clear no: with error != 0 nothing was created (zalo.md §2.1, no counter-example found)."""
    lower, text = message.lower(), str(code)
    if code == -214:
        return TryLater(message, after=poll, code=text)
    if code == -32:  # the window is a minute for an app; an OA's own limit is UNKNOWN, so wait longer (zalo.md §7)
        return TryLater(message, after=5 * MINUTE if "your oa" in lower else MINUTE, code=text, whole=True)
    if code == -211 or (code == -223 and "quota" in lower):  # reset day and hour depend on the package (§7)
        return TryLater(f"the month's quota is used up: {message}", after=QUOTA_WAIT, code=f"{text}{QUOTA}", whole=True)
    if code == -234:  # night, 22:00-06:00
        return TryLater(message, after=HOUR, code=text, whole=True)
    if code == -201 and lower.startswith("params is invalid"):  # also seen for a missing right (§4.1, P-TL)
        return Refused(f"{message} {_NO_FIELD}", code=text)
    if code in CONTENT:
        return Refused(message, code=text)
    return NotAuthorized(message, code=text)


def _text(answer: Answer) -> str:
    return str(answer.body.get("message") or answer.body.get("error_name") or "no message")[:500]
