"""The readers of bench.desk, in a process of their own: what to do comes as one line of JSON, "stop" ends it, the figures go out."""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import sys
import time
from collections import Counter
from typing import Any

import httpx

WEIGHTS = {"monitor": 40, "item": 30, "search": 20, "log": 10}
SEARCHES = ("ho so", "một cửa", "thủ tục", "hiem hoi", "căn cước", "phường")


class Seen:
    """What the readers saw."""

    def __init__(self) -> None:
        self.spent: dict[str, list[float]] = {name: [] for name in WEIGHTS}
        self.errors: Counter[str] = Counter()
        self.events = 0

    def figures(self) -> dict[str, Any]:
        times = {name: {"pages": len(found), "median": round(statistics.median(found)), "p95": round(statistics.quantiles(found, n=20)[-1])}
                 for name, found in self.spent.items() if len(found) > 1}  # fmt: skip
        return {"errors": dict(self.errors), "events": self.events, "milliseconds": times}


def address(kind: str, chance: random.Random, items: int) -> str:
    if kind == "item":
        return f"/tin/tin{chance.randrange(items)}" if chance.random() < 0.7 else f"/tin/i{chance.randrange(1000)}"
    if kind == "search":
        return str(httpx.URL("/", params={"q": chance.choice(SEARCHES)}))
    return "/" if kind == "monitor" else "/nhat-ky"


async def read(told: dict[str, Any], number: int, seen: Seen) -> None:
    """One person, for ever."""
    chance = random.Random(number)
    async with httpx.AsyncClient(base_url=told["desk"], cookies={"bantin": told["cookies"][number]}, timeout=60) as web:
        await asyncio.sleep(chance.random() * min(told["think"], 1.0))
        while True:
            kind = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
            began = time.perf_counter()
            try:
                answer = await web.get(address(kind, chance, told["items"]))
                if answer.status_code != 200:
                    seen.errors[f"{kind} {answer.status_code}"] += 1
            except httpx.HTTPError as error:
                seen.errors[f"{kind} {type(error).__name__}"] += 1
            seen.spent[kind].append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(told["think"] * chance.uniform(0.5, 1.5))


async def listen(told: dict[str, Any], seen: Seen) -> None:
    """The live stream of an open monitor."""
    async with httpx.AsyncClient(base_url=told["desk"], cookies={"bantin": told["cookies"][0]}, timeout=60) as web:
        async with web.stream("GET", "/dong-su-kien") as answer:
            if answer.status_code != 200:
                seen.errors[f"stream {answer.status_code}"] += 1
            async for line in answer.aiter_lines():
                seen.events += line.startswith("event: thay-doi")
        seen.errors["stream ended"] += 1


async def main() -> None:
    told, seen = json.loads(sys.stdin.readline()), Seen()
    tasks = [asyncio.create_task(read(told, number, seen)) for number in range(len(told["cookies"]))]
    tasks.append(asyncio.create_task(listen(told, seen)))
    await asyncio.to_thread(sys.stdin.readline)
    for task in tasks:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    for broken in (
        one for one in results if isinstance(one, Exception) and not isinstance(one, asyncio.CancelledError)
    ):
        seen.errors[repr(broken)] += 1
    print(json.dumps(seen.figures()))


if __name__ == "__main__":
    asyncio.run(main())
