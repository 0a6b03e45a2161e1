"""Requests to the desk without a network: the whole of the server's work, from the scope to the last byte of the answer."""

from __future__ import annotations

import time
import tracemalloc
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What came back; milliseconds of wall and of processor time, and to the first byte of the body."""

    status: int
    size: int
    first: float
    wall: float
    cpu: float


async def ask(app: Any, target: str) -> Answer:
    """A GET whose body is counted and thrown away."""
    path, _mark, query = target.partition("?")
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http", "path": path,
             "raw_path": path.encode(), "query_string": query.encode(), "root_path": "", "headers": [(b"host", b"testserver")],
             "client": ("127.0.0.1", 1), "server": ("testserver", 80), "state": {}}  # fmt: skip
    status = size = 0
    first = 0.0
    waiting = True
    began, cpu = time.perf_counter(), time.process_time()

    async def receive() -> dict[str, Any]:
        nonlocal waiting
        if not waiting:  # nobody hangs up
            import asyncio

            await asyncio.Event().wait()
        waiting = False
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status, size, first
        if message["type"] == "http.response.start":
            status = message["status"]
        elif body := message.get("body", b""):
            first = first or (time.perf_counter() - began) * 1000
            size += len(body)

    await app(scope, receive, send)
    return Answer(status, size, first, (time.perf_counter() - began) * 1000, (time.process_time() - cpu) * 1000)


async def peak(app: Any, target: str) -> tuple[Answer, float]:
    """An answer, and the most memory in MB that Python took for it beyond what it had before."""
    await ask(app, "/healthz")
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        found = await ask(app, target)
        return found, (tracemalloc.get_traced_memory()[1] - before) / 1e6
    finally:
        tracemalloc.stop()
