"""What changes, told to every open monitor: one look at the ledger a second feeds all streams of this process."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter, deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from pipeline.desk.guard import standing
from pipeline.desk.pages import Desk
from pipeline.desk.people import need
from pipeline.errors import BantinError
from pipeline.ledger import listing, views
from pipeline.ledger.listing import Wish

log = logging.getLogger(__name__)
EVERY = 1.0  # seconds between two looks; none while nobody watches
_ROWS = 40  # as many as the monitor shows
_QUIET = 15.0  # seconds after which a stream says that it still lives
_LONGEST = 600.0  # seconds of a stream; the browser comes back by itself and is asked again who it is
_KEPT = 30  # messages for browsers that come back
MOST = 200  # streams of one process


@dataclass(frozen=True)
class Message:
    """What changed at one look: rows as (unit, what the page needs), and the numbers of every state."""

    number: int
    rows: tuple[tuple[str, dict[str, Any]], ...]
    counts: dict[str, dict[str, int]]
    stamp: str

    def event(self, unit: str = "") -> str:
        """As it goes over the wire, of one unit or of all."""
        rows = [row for owner, row in self.rows if unit in ("", owner)]
        data = json.dumps({"rows": rows, "counts": self.counts, "stamp": self.stamp}, ensure_ascii=False)
        return f"id: {self.number}\nevent: thay-doi\ndata: {data}\n\n"


class Live:
    """The poller and its streams; all but `_look` belongs to the server's event loop."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._row = desk.pages.get_template("parts.html").make_module({"person": None}).delivery  # type: ignore[attr-defined]
        self._known: dict[int, tuple[Any, ...]] | None = None
        self._messages: deque[Message] = deque(maxlen=_KEPT)
        self._news: asyncio.Event | None = None
        self._task: asyncio.Task[None] | None = None
        self._proofs: Counter[str] = Counter()
        self._standing: set[str] = set()
        self.looks = self._number = 0

    @property
    def streams(self) -> int:
        return self._proofs.total()

    async def events(self, unit: str, last: str, proof: str) -> AsyncIterator[str]:
        """One browser's stream, until its login ends; `last` is the number of the message that it heard last."""
        self._proofs[proof] += 1
        self._standing.add(proof)
        try:
            self._wake()
            seen = int(last) if last.isdecimal() and last.isascii() and len(last) < 15 else self._number
            if seen > self._number:  # of a process that is no more
                yield "event: tai-lai\ndata: \n\n"
                seen = self._number
            stamp = await asyncio.to_thread(newest, self._desk)
            yield f"retry: 3000\nevent: xin-chao\ndata: {stamp}\n\n"
            end = asyncio.get_running_loop().time() + _LONGEST
            while asyncio.get_running_loop().time() < end:
                news = self._news or asyncio.Event()
                if self._messages and self._messages[0].number > seen + 1:
                    yield "event: tai-lai\ndata: \n\n"
                if proof not in self._standing:
                    return  # whoever it was is nobody any more; the browser comes back and is led to the login
                for message in [one for one in self._messages if one.number > seen]:
                    yield message.event(unit)
                seen = self._number
                try:
                    await asyncio.wait_for(news.wait(), _QUIET)
                except TimeoutError:
                    yield ": \n\n"
        finally:
            self._proofs[proof] -= 1
            self._proofs += Counter()  # forgets those without a stream

    def _wake(self) -> None:
        if self._task is None or self._task.done():
            self._news = asyncio.Event()
            self._task = asyncio.create_task(self._poll())

    async def _poll(self) -> None:
        while self.streams:
            message, gone = None, set[str]()
            try:
                proofs = set(self._proofs)
                gone = proofs - await asyncio.to_thread(standing, self._desk, proofs)
                self._standing = (self._standing & set(self._proofs)) - gone
                message = await asyncio.to_thread(self._look)
            except (BantinError, OSError) as error:
                log.warning("the monitor's live list could not look", extra={"reason": str(error)})
            if message:
                self._number = message.number
                self._messages.append(message)
            if (message or gone) and self._news:
                news, self._news = self._news, asyncio.Event()
                news.set()
            await asyncio.sleep(EVERY)
        self._known = None

    def _look(self) -> Message | None:
        """What is not as it was at the last look; None when nothing is, and at the first."""
        self.looks += 1
        ledger = self._desk.ledger
        rows = listing.page(ledger, Wish(), _ROWS).rows
        marks = {row["id"]: (row["changed"], row["attempt"], row["view"], row["error"]) for row in rows}
        known, self._known = self._known, marks
        fresh = [row for row in rows if known is not None and known.get(row["id"]) != marks[row["id"]]]
        if not fresh:
            return None
        shown = tuple((row["unit"], self._facts(row)) for row in reversed(fresh))
        stamp = str(listing.Cursor(rows[0]["changed"], rows[0]["id"]))
        return Message(self._number + 1, shown, views.counts(ledger), stamp)

    def _facts(self, row: dict[str, Any]) -> dict[str, Any]:
        return {"id": row["id"], "unit": row["unit"], "areas": row["areas"], "channel": row["channel"],
                "view": row["view"], "html": str(self._row(row))}  # fmt: skip


def newest(desk: Desk) -> str:
    """The newest change of all, by which a page knows whether it is still the newest."""
    found = listing.page(desk.ledger, Wish(), 1)
    return str(found.cursor(0)) if found.rows else ""


def routes(desk: Desk) -> APIRouter:
    """The address of the stream."""
    router, live = APIRouter(), Live(desk)

    @router.get("/dong-su-kien")
    async def stream(request: Request) -> Response:
        person = need(request, "read")
        if live.streams >= MOST:
            return Response("", 503, headers={"Retry-After": "30"})
        events = live.events(person.unit, request.headers.get("last-event-id", ""), request.state.proof)
        return StreamingResponse(events, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})

    return router
