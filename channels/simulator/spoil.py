"""What a fault makes of an answer: nothing was done, or it was done and the caller hears of it wrongly or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from channels.simulator.faults import Fault
from channels.simulator.wire import Reply, html

UNAVAILABLE = "<html><body><h1>Service Unavailable</h1></body></html>"
_MANNERS = {"lost": "cut", "late-lost": "cut", "hang": "silent", "reset": "reset", "drip": "drip"}


def undone(fault: Fault, hang: float) -> Reply | None:
    """The answer of a fault that comes before the call is done and is the same on both platforms; else None.

    Args:
        hang: seconds of silence when the fault has no value.
    """
    match fault.effect:
        case "timeout":
            return Reply(504, b"", manner="silent", seconds=fault.value or hang)
        case "reset-before":
            return Reply(504, b"", manner="reset")
        case "502-before":
            return html(UNAVAILABLE, 502)
        case "429":
            return replace(html("<h1>Too Many Requests</h1>", 429), headers={"Retry-After": f"{int(fault.value) or 1}"})
    return None


def done(reply: Reply, fault: Fault, hang: float, broken: tuple[Reply, Reply]) -> Reply:
    """What the caller hears of a call that was done.

    Args:
        hang: as for `undone`.
        broken: the platform's own HTTP 500, for "500" and "code1".
    """
    if fault.when != "after":
        return reply
    match fault.effect:
        case "500" | "code1":
            return broken[fault.effect == "code1"]
        case "502" | "html200":
            return html(UNAVAILABLE, 502 if fault.effect == "502" else 200)
        case "truncated":
            return replace(reply, body=reply.content[: len(reply.content) // 2])
        case "error-text":
            return replace(reply, body=_as_text(reply.body))
    return replace(reply, manner=_MANNERS[fault.effect], seconds=fault.value or hang)


def _as_text(body: dict[str, Any] | bytes) -> dict[str, Any] | bytes:
    return {**body, "error": str(body["error"])} if isinstance(body, dict) and "error" in body else body
