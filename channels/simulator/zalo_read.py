"""Reading the Official Account: the list, one article, the account itself (zalo.md §2.5, §5)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from channels.simulator.zalo_rules import Refusal

OA_NAME = "Bản tin Thủ đô (mô phỏng)"
Link = Callable[[str], str]


def listing(db: sqlite3.Connection, query: Mapping[str, str], now: float, link: Link) -> dict[str, Any]:
    """A page of the list, newest first.

    Raises:
        Refusal: -201 for parameters that are missing, wrapped or too large.
    """
    offset, limit = _slice(query)
    where, about = "type = ? AND state = 'held' AND visible <= ?", (query["type"], now)
    total = db.execute(f"SELECT count(*) FROM article WHERE {where}", about).fetchone()[0]  # noqa: S608 - our own text
    rows = db.execute(
        f"SELECT * FROM article WHERE {where} ORDER BY number DESC LIMIT ? OFFSET ?",  # noqa: S608 - our own text
        (*about, limit, offset),
    ).fetchall()
    return {"medias": [_listed(row, link) for row in rows], "total": total}


def detail(row: sqlite3.Row, link: Link) -> dict[str, Any]:
    return {**json.loads(row["payload"]), "id": row["id"], **_counters(), "link_view": link(row["id"])}


def account(oa_id: str, verified: bool) -> dict[str, Any]:
    return {
        "oa_id": oa_id, "oaid": oa_id, "name": OA_NAME, "description": "", "oa_alias": "", "oa_type": 4,
        "is_verified": verified, "cate_name": "Cơ quan nhà nước", "num_follower": 0, "avatar": "", "cover": "",
        "package_name": "Nâng cao (mô phỏng)", "package_valid_through_date": "", "package_auto_renew_date": "",
        "linked_ZCA": "",
    }  # fmt: skip


def kept(row: sqlite3.Row, link: Link) -> dict[str, Any]:
    """An article with all that the simulator knows of it, for tests and pages."""
    payload = json.loads(row["payload"])
    names = ("id", "created", "updated", "visible", "edits", "marker")
    status = payload["status"] if row["state"] == "held" else row["state"]
    return {**payload, **{name: row[name] for name in names}, "status": status, "link_view": link(row["id"])}


def _listed(row: sqlite3.Row, link: Link) -> dict[str, Any]:
    payload = json.loads(row["payload"])
    return {
        "id": row["id"], "type": payload["type"], "title": payload["title"], "status": payload["status"],
        **_counters(), "create_date": int(row["created"] * 1000), "update_date": int(row["updated"] * 1000),
        "thumb": payload["cover"].get("photo_url", ""), "link_view": link(row["id"]),
    }  # fmt: skip


def _counters() -> dict[str, int]:
    return {"total_view": 0, "total_share": 0, "total_like": 0, "total_comment": 0}


def _slice(query: Mapping[str, str]) -> tuple[int, int]:
    if query.get("type") not in ("normal", "video"):
        raise Refusal(-201, "type accept only 2 value normal and video.")
    if set(query) - {"offset", "limit", "type"}:
        raise Refusal(-201, "Params is invalid")
    offset, limit = query.get("offset", ""), query.get("limit", "10")
    if not offset.isdecimal() or len(offset) > 9:
        raise Refusal(-201, "offset is invalid!")
    if not limit.isdecimal() or not 1 <= int(limit) <= 10:
        raise Refusal(-201, "limit is invalid, maximum limit is 10")
    return int(offset), int(limit)
