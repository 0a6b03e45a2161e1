"""How long to leave a Page alone, by what Facebook's headers say of the calls used (facts: facebook.md §8)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

APP, PAGE, BUSINESS = "x-app-usage", "x-page-usage", "x-business-use-case-usage"
SHARES = ("call_count", "total_time", "total_cputime")
SOFT, HARD = 80.0, 95.0  # percent of a limit (design, §8)
SOFT_REST = 3 * 60.0
LEAST_WAIT = 5 * 60.0
UNTOLD_WAIT = 60 * 60.0  # no estimate of the time to regain access (S24 does the same)


def rest(headers: Mapping[str, str]) -> float | None:
    """Seconds to rest after an answer with these headers; None when they say nothing, which is not zero use."""
    seen = list(_counts(headers))
    if not seen:
        return None
    used = max(_number(one.get(name)) for one in seen for name in SHARES)
    if used < SOFT:
        return 0.0
    return wait(headers) if used >= HARD else SOFT_REST


def wait(headers: Mapping[str, str]) -> float:
    """Seconds until a limit that was reached clears; the header counts minutes and may be absent."""
    minutes = max((_number(one.get("estimated_time_to_regain_access")) for one in _counts(headers)), default=0.0)
    return max(LEAST_WAIT, 60 * minutes) if minutes > 0 else UNTOLD_WAIT


def _counts(headers: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    lower = {name.lower(): value for name, value in headers.items()}
    for name in (APP, PAGE):
        yield from _objects([_read(lower.get(name))])
    business = _read(lower.get(BUSINESS))
    for many in business.values() if isinstance(business, dict) else ():
        yield from _objects(many if isinstance(many, list) else [])


def _objects(found: list[Any]) -> Iterator[dict[str, Any]]:
    yield from (one for one in found if isinstance(one, dict))


def _read(text: str | None) -> Any:
    try:
        return json.loads(text or "null")
    except (ValueError, RecursionError):
        return None


def _number(value: object) -> float:
    try:
        number = float(str(value))
    except ValueError:
        return 0.0
    return min(number, 1e6) if number > 0 else 0.0
