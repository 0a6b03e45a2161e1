"""The publish log: a day to print and sign, and what a filter finds as CSV or JSON lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta, tzinfo
from itertools import islice
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from pipeline import labels
from pipeline.desk import wishes
from pipeline.desk.pages import Desk
from pipeline.desk.people import need
from pipeline.i18n import N_, _
from pipeline.ledger import listing

COLUMNS = {
    "started": N_("Begun"), "ended": N_("Ended"), "channel": N_("Channel"), "op": N_("Work"), "outcome": N_("Result"),
    "title": N_("Title"), "unit": N_("Unit"), "item": N_("Item"), "edition": N_("Edition"), "number": N_("Attempt"),
    "url": N_("Address"), "remote_id": N_("Id on the channel"), "code": N_("Code"), "error": N_("Error"),
    "request": N_("Digest of the request"), "trace": N_("Trace of the channel"), "owner": N_("Worker"),
}  # fmt: skip
_MOST_ON_PAPER = 2_000


def routes(desk: Desk) -> APIRouter:
    """Addresses of the log."""
    router = APIRouter()
    zone = desk.config.zone

    @router.get("/nhat-ky")
    def day(request: Request, ngay: str = "") -> Response:
        person = need(request, "read")
        chosen = wishes.day(ngay) or desk.clock().astimezone(zone).date()
        wish = wishes.of_day(wishes.wish(request, person, zone), chosen, zone)
        rows = list(islice(listing.log(desk.ledger, wish), _MOST_ON_PAPER + 1))
        near = [
            wishes.address(wish, zone, tu="", den="", ngay=(chosen + timedelta(days=step)).isoformat())
            for step in (-1, 1)
        ]
        return desk.page(request, "log.html", rows=rows[_MOST_ON_PAPER - 1 :: -1] if len(rows) > _MOST_ON_PAPER else rows[::-1],
                         cut=len(rows) > _MOST_ON_PAPER, chosen=chosen, near=near, wish=wish)  # fmt: skip

    @router.get("/nhat-ky.csv")
    def as_csv(request: Request) -> Response:
        return as_file(listing.log(desk.ledger, wishes.wish(request, need(request, "read"), zone)), "csv", zone)

    @router.get("/nhat-ky.jsonl")
    def as_json(request: Request) -> Response:
        return as_file(listing.log(desk.ledger, wishes.wish(request, need(request, "read"), zone)), "jsonl", zone)

    return router


def as_file(rows: Iterable[Mapping[str, Any]], form: Literal["csv", "jsonl"], zone: tzinfo) -> Response:
    """A download that begins with the first rows, however many there are."""
    lines, kind = (csv_lines, "text/csv") if form == "csv" else (json_lines, "application/jsonl")
    headers = {"Content-Disposition": f'attachment; filename="nhat-ky.{form}"', "Cache-Control": "no-store"}
    return StreamingResponse(_chunks(lines(rows, zone)), media_type=f"{kind}; charset=utf-8", headers=headers)


def _chunks(lines: Iterator[str], size: int = 200) -> Iterator[bytes]:
    """Many lines at once: a chunk costs more than a line."""
    while chunk := "".join(islice(lines, size)):
        yield chunk.encode("utf-8", "replace")


def csv_lines(rows: Iterable[Mapping[str, Any]], zone: tzinfo) -> Iterator[str]:
    """For Excel: with a byte order mark, headings in words, and nothing that it would take for a formula."""
    yield "\ufeff" + _line(_(heading) for heading in COLUMNS.values())
    for row in rows:
        shown = dict(row) | {"op": _(labels.OPS.get(row["op"], row["op"])), "channel": labels.channel_name(row["channel"]),
                       "outcome": _(labels.ATTEMPT_OUTCOMES.get(row["outcome"], row["outcome"]))}  # fmt: skip
        yield _line(harmless(_text(shown[column], zone, "%d/%m/%Y %H:%M:%S")) for column in COLUMNS)


def json_lines(rows: Iterable[Mapping[str, Any]], zone: tzinfo) -> Iterator[str]:
    """One object a line, times in ISO 8601 with their offset."""
    for row in rows:
        shown = {column: row[column].astimezone(zone).isoformat() if isinstance(row[column], datetime) else row[column]
                 for column in COLUMNS}  # fmt: skip
        yield json.dumps(shown, ensure_ascii=False) + "\n"


def harmless(text: str) -> str:
    """A cell that no spreadsheet runs: an apostrophe stands before what would begin a formula."""
    return f"'{text}" if text.lstrip()[:1] in ("=", "+", "-", "@") or text[:1] in ("\t", "\r", "\n") else text


def _text(value: Any, zone: tzinfo, form: str) -> str:
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime(form)
    return "" if value is None else str(value)


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow(list(cells))
    return out.getvalue()
