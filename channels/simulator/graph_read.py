"""Reading posts as the Graph API gives them: fields, attachments with the link shim, cursors (facebook.md §5.3, §5.4)."""

from __future__ import annotations

import base64
import json
import re
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from channels.simulator.graph_errors import invalid
from channels.simulator.wire import Request

PAGE_NAME = "Thủ đô Hà Nội - Việt Nam (mô phỏng)"
POST_FIELDS = frozenset({
    "id", "message", "created_time", "updated_time", "permalink_url", "is_published", "is_hidden", "is_expired",
    "status_type", "full_picture", "from", "attachments",
})  # fmt: skip
_TOKEN = re.compile(r"([A-Za-z_]+)|([{},])")

Fields = dict[str, "Fields"]


@dataclass(frozen=True)
class Window:
    """Which posts of the list are asked for."""

    since: float
    until: float
    below: int
    limit: int


def fields_of(text: str) -> Fields:
    """Parse `id,attachments{type,target{id}}`."""
    root: Fields = {}
    stack, last, position = [root], "", 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            invalid(f"Syntax error in fields at position {position}")
        position = found.end()
        if found[1]:
            last = found[1]
            stack[-1][last] = {}
        elif found[2] == "{" and last:
            stack.append(stack[-1][last])
        elif found[2] == "}" and len(stack) > 1:
            stack.pop()
        elif found[2] != ",":
            invalid("Syntax error in fields")
    if len(stack) != 1:
        invalid("Syntax error in fields: unbalanced braces")
    return root


def check_fields(text: str, known: frozenset[str], default: str) -> Fields:
    wanted = fields_of(text or default)
    for name in wanted:
        if name not in known:
            invalid(f"Tried accessing nonexisting field ({name})")
    return {"id": {}, **wanted}


def project(value: Any, wanted: Fields) -> Any:
    """Keep what was asked for; an edge is reached through its `data`."""
    if isinstance(value, list):
        return [project(one, wanted) for one in value]
    if not isinstance(value, dict) or not wanted:
        return value
    if "data" in value:
        return {**value, "data": project(value["data"], wanted)}
    return {name: project(value[name], inner) for name, inner in wanted.items() if name in value}


def timestamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def window(request: Request) -> Window:
    """since, until (Unix seconds), after, limit; a limit over 100 is an error (§5.3)."""
    query = request.query
    limit = query.get("limit", "25")
    if not limit.isdecimal() or not 1 <= int(limit) <= 100:
        invalid("Please reduce the amount of data you're asking for: limit must be 1 to 100")
    times = []
    for name, default in (("since", "0"), ("until", "99999999999")):
        text = query.get(name, default)
        if not text.isdecimal() or len(text) > 12:
            invalid(f"{name} must be a Unix timestamp (simulator: strtotime texts are refused)")
        times.append(float(text))
    return Window(times[0], times[1], _cursor_of(query.get("after", "")), int(limit))


def listing(rows: list[dict[str, Any]], numbers: list[int], more: bool, request: Request, base: str) -> dict[str, Any]:
    """A page of a list; `next` holds the token, as the real one does (§5.4), so clients must not log it."""
    if not rows:
        return {"data": []}
    cursors = {"before": _cursor(numbers[0]), "after": _cursor(numbers[-1])}
    paging: dict[str, Any] = {"cursors": cursors}
    if more:
        token = request.headers.get("authorization", "").partition(" ")[2]
        query = {**request.query, "access_token": token, "after": cursors["after"]}
        paging["next"] = f"{base}{request.path}?{urlencode(query)}"
    return {"data": rows, "paging": paging}


def shape(row: sqlite3.Row, photos: list[sqlite3.Row], base: str, page: str) -> dict[str, Any]:
    """A post with every field that can be asked for."""
    preview = json.loads(row["preview"])
    picture = picture_address(base, photos[0]["id"]) if photos else preview.get("image", "")
    post = {
        "id": row["id"], "message": row["message"], "created_time": timestamp(row["created"]),
        "updated_time": timestamp(row["updated"]), "permalink_url": f"{base}/facebook#{row['id']}",
        "is_published": True, "is_hidden": False, "is_expired": False, "from": {"name": PAGE_NAME, "id": page},
        "status_type": "added_photos" if photos else ("shared_story" if row["link"] else "mobile_status_update"),
    }  # fmt: skip
    if picture:
        post["full_picture"] = picture
    attachments = _attachments(row, photos, base, preview)
    if attachments:
        post["attachments"] = {"data": attachments}
    if not row["message"]:
        del post["message"]
    return post


def picture_address(base: str, photo: str) -> str:
    return f"{base}/_sim/photo/{photo}"


def _attachments(
    row: sqlite3.Row, photos: list[sqlite3.Row], base: str, preview: dict[str, Any]
) -> list[dict[str, Any]]:
    if photos:
        singles = [_photo(photo, base) for photo in photos]
        if len(singles) == 1:
            return singles
        album = {"type": "album", "media_type": "album", "url": f"{base}/facebook#{row['id']}"}
        return [{**album, "target": {"id": row["id"]}, "subattachments": {"data": singles}}]
    if not row["link"]:
        return []
    shim = f"https://l.facebook.com/l.php?u={quote(row['link'], safe='')}&h=SIM"
    share = {"type": "share", "media_type": "link", "title": preview["title"], "description": preview["description"]}
    if preview["image"]:
        share["media"] = {"image": {"src": preview["image"], "width": 720, "height": 378}}
    return [{**share, "url": shim, "target": {"url": shim}, "unshimmed_url": row["link"]}]


def _photo(photo: sqlite3.Row, base: str) -> dict[str, Any]:
    address = picture_address(base, photo["id"])
    return {
        "type": "photo", "media_type": "photo", "description": photo["alt"], "url": address, "unshimmed_url": address,
        "target": {"id": photo["id"], "url": address}, "media": {"image": {"src": address}},
    }  # fmt: skip


def _cursor(number: int) -> str:
    return base64.urlsafe_b64encode(f"post:{number}".encode()).decode()


def _cursor_of(text: str) -> int:
    if not text:
        return 2**62
    try:
        kind, _, number = base64.urlsafe_b64decode(text.encode()).decode().partition(":")
        valid = kind == "post" and number.isdecimal() and len(number) < 18
    except ValueError:
        valid = False
    if not valid:
        invalid("The After Cursor specified exceeds the max limit supported by this endpoint")
    return int(number)
