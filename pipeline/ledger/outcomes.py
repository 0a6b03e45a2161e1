"""What the workers' columns of a delivery become after an attempt; pure, so that every line of the table is a test."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from pipeline.ledger import states
from pipeline.model import Attempt, Claim

_SETTLED: dict[str, Any] = {
    "state": states.IDLE, "pending": "", "error": "", "tries": 0, "next_at": None, "unsure_since": None,
    "accepted_at": None, "looked": 0, "again": 0, "person": False, "candidates": None, "op": "",
}  # fmt: skip
NEW_ATTEMPTS = 1  # after a post was looked for and is not there (facebook.md §9 step 4)
HARMLESS_ATTEMPTS = 20  # where nothing can be there twice; then a page that kills whoever makes it is the likely cause


def after(row: Row[Any], claim: Claim, result: Attempt, now: datetime) -> dict[str, Any]:
    """Columns to write (delivery.md, state machine).

    Args:
        row: the delivery as it stands, under lock.
    """
    match result.outcome:
        case "done" | "unchanged":
            there = {"remote_id": result.remote_id or row.remote_id, "url": result.url or row.url}
            return _SETTLED | {"have": row.op_edition} | (there if row.op_edition else {})
        case "accepted":
            return {"state": states.ACCEPTED, "pending": result.pending, "next_at": result.retry_at, "error": "",
                    "tries": 0, "accepted_at": now}  # fmt: skip
        case "absent" if row.want and row.again >= (HARMLESS_ATTEMPTS if result.harmless else NEW_ATTEMPTS):
            return {"state": states.IN_DOUBT, "person": True, "candidates": [], "error": result.error}
        case "absent":
            return _SETTLED | {"error": result.error, "again": row.again + 1}
        case "several":
            return {"state": states.IN_DOUBT, "person": True, "error": result.error,
                    "candidates": [list(one) for one in result.candidates]}  # fmt: skip
        case "unsure" if claim.op == "confirm" and row.have:  # a revision is simply made once more
            return {"state": states.IDLE, "pending": "", "next_at": result.retry_at, "error": result.error,
                    "accepted_at": None}  # fmt: skip
        case "unsure":
            looked = claim.looked + (claim.op == "find")
            return {"state": states.IN_DOUBT, "next_at": result.retry_at, "error": result.error, "looked": looked,
                    "pending": ""}  # fmt: skip
        case "refused":
            return {"state": states.FAILED, "pending": "", "error": result.error, "tries": claim.tries + 1, "op": ""}
        case _:  # later, held
            half = claim.op == "withdraw" and result.unclear  # it may be gone: finish it before anything else
            op = "withdraw" if half else "" if claim.op == "withdraw" else row.op
            state = {"confirm": states.ACCEPTED, "find": states.IN_DOUBT}.get(claim.op, states.IDLE)
            return {"state": state, "next_at": result.retry_at, "error": result.error, "person": result.person,
                    "op": op, "tries": claim.tries + (result.outcome == "later")}  # fmt: skip
