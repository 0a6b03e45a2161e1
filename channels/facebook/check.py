"""What debug_token says of the Page token: whether it is this Page's, may post, and until when (facebook.md §1.5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from channels.base import Health
from channels.facebook import remedies

NEEDED = ("pages_manage_posts", "pages_read_engagement", "pages_show_list")  # §1.6
TASKS = frozenset({"CREATE_CONTENT", "PROFILE_PLUS_CREATE_CONTENT"})  # the second on New Pages Experience (§1.4)


def judge(data: Mapping[str, Any], page_id: str) -> Health:
    """Health of a Page token by the `data` of debug_token; never raises, whatever is in there."""
    expires_at = moment(data.get("expires_at"))
    problem, remedy = _problem(data, page_id)
    if problem:
        return Health(False, problem, expires_at, remedy)
    until = "does not expire" if expires_at is None else f"until {expires_at:%Y-%m-%d}"
    access = moment(data.get("data_access_expires_at"))  # whether its end stops publishing is UNKNOWN (§1.4)
    more = "" if access is None else f", data access until {access:%Y-%m-%d}"
    return Health(True, f"token {until}{more}", expires_at)


def moment(value: object) -> datetime | None:
    """Unix seconds as an aware time; 0, which means never, and nonsense give None."""
    try:
        seconds = float(str(value))
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (ValueError, OverflowError, OSError):
        return None


def _problem(data: Mapping[str, Any], page_id: str) -> tuple[str, str]:
    if data.get("is_valid") is not True:
        error = data.get("error")
        said: Mapping[str, Any] = error if isinstance(error, dict) else {}
        code = f"{said.get('code') or 190}/{said.get('subcode') or 0}"
        text = str(said.get("message") or "no reason given")[:300]
        return f"the token is not valid: {text}", remedies.by_code(code) or remedies.RENEW
    if str(data.get("profile_id", page_id)) != page_id or str(data.get("type", "PAGE")).upper() != "PAGE":
        return f"the token is not of Page {page_id}", remedies.WRONG_PAGE
    missing = [scope for scope in NEEDED if not _granted(data, scope, page_id)]
    if missing:
        return f"the token lacks {', '.join(missing)}", remedies.RIGHTS
    tasks = data.get("tasks")
    if isinstance(tasks, list) and not TASKS & {str(task) for task in tasks}:
        return "the token's owner may not create content on the Page", remedies.ROLE
    return "", ""


def _granted(data: Mapping[str, Any], scope: str, page_id: str) -> bool:
    """A scope without `target_ids` applies to all Pages (§1.5)."""
    scopes = data.get("scopes")
    if not isinstance(scopes, list) or scope not in scopes:
        return False
    granular = data.get("granular_scopes")
    for one in granular if isinstance(granular, list) else []:
        if isinstance(one, dict) and one.get("scope") == scope and isinstance(one.get("target_ids"), list):
            return page_id in {str(target) for target in one["target_ids"]}
    return True
