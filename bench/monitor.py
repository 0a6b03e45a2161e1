"""The desk's lists over 100,000 deliveries: server time of the first and the last page, for every way to narrow them.

`make bench-desk`, or `python -m bench.monitor [ITEMS]`; three deliveries an item. First whole requests, from the scope to
the last byte (median of eleven, each with figures made anew, as the first reader of a second finds them, and with figures
that another reader has just asked for); then the export of the whole log with the memory that it takes; then the
ledger's own question alone, with how SQLite goes about it.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

from bench.requests import ask, peak
from pipeline import config as settings
from pipeline.desk.app import build
from pipeline.ledger import Ledger, listing, searching, views
from pipeline.ledger import schema as t
from pipeline.ledger.engine import open_engine
from pipeline.ledger.listing import Cursor, Wish, page
from pipeline.reference import units
from pipeline.syllables import syllables
from pipeline.text import folded, slug
from pipeline.wiring import clock_in

START = datetime(2024, 1, 1, tzinfo=UTC)
AREAS = ("kstthc", "mot-cua", "de-an-06", "chuyen-doi-so")
WORDS = "thủ tục hồ sơ trực tuyến phường một cửa số hóa căn cước định danh công dân cấp giấy nộp phí ngày hội".split()
ROWS = 40


def fill(ledger: Ledger, items: int) -> None:
    """A newsroom's years, with few things that are not simply public; the same at every call."""
    chance, names, text_of = random.Random(7), [unit.id for unit in units().all()], _texts()
    rows, words, sent, tried = [], [], [], []
    for number in range(items):
        title = " ".join(chance.choices(WORDS, k=12)) + (" hiếm hoi" if number % 5000 == 0 else "")
        row = {"id": f"i{number}", "unit": chance.choice(names), "kind": "article", "title": title, "edition": 1,
               "address": f"2024/01/{slug(title)}-i{number}.html", "first_published": START, "areas": [chance.choice(AREAS)]}  # fmt: skip
        rows.append(row)
        path = f"{row['unit']}/{number}-{slug(title)}.md"
        words.append({"item": row["id"], "body": next(text_of),
                      "facts": searching.facts(row["id"], title, row["unit"], [path], row["address"])})  # fmt: skip
        for at, channel in enumerate(("portal", "zalo", "facebook")):
            key, when = number * 3 + at + 1, START + timedelta(minutes=number * 10 + at)
            odd = chance.random()
            state = "failed" if odd < 0.001 else "in_doubt" if odd < 0.0015 else "idle"
            have = 0 if state != "idle" or odd < 0.02 else 1
            sent.append({"id": key, "item": f"i{number}", "channel": channel, "want": 1, "have": have, "state": state,
                         "not_before": when, "changed": when, "hold": odd > 0.9995})  # fmt: skip
            tried.append({"delivery": key, "number": 1, "op": "publish", "edition": 1, "owner": "b", "started": when,
                          "ended": when, "outcome": "done"})  # fmt: skip
    with ledger.engine.begin() as connection:
        for table, found in ((t.item, rows), (t.search, words), (t.delivery, sent), (t.attempt, tried)):
            connection.execute(insert(table), found)
        connection.execute(text("ANALYZE"))


def _texts() -> Iterator[str]:
    """The words of articles: some 200 different ones each, the commonest in nearly all, as in a language."""
    chance, known = random.Random(8), sorted({folded(one) for one in syllables()})
    chance.shuffle(known)
    weights = list(itertools.accumulate(1 / (rank + 20) for rank in range(len(known))))
    while True:
        yield " ".join(dict.fromkeys(chance.choices(known, cum_weights=weights, k=400)))


def timed(what) -> float:
    """Milliseconds, the median of five."""
    spent = []
    for _round in range(5):
        start = time.perf_counter()
        what()
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent)


def wishes() -> dict[str, Wish]:
    some = next(iter(units().all())).id
    return {
        "all": Wish(), "channel": Wish(channel="zalo"), "area": Wish(area="mot-cua"), "unit": Wish(unit=some),
        "failed": Wish(view="failed"), "held": Wish(view="held"), "planned": Wish(view="planned"),
        "public": Wish(view="published"), "many words": Wish(words="ho so"), "rare words": Wish(words="hiem hoi"),
        "no such words": Wish(words="khongaiviet"), "a month": Wish(since=START, until=START + timedelta(days=30)),
        "all at once": Wish(unit=some, area="mot-cua", channel="zalo", view="published", words="ho so"),
    }  # fmt: skip


def plan(ledger: Ledger, wish: Wish, cursor: Cursor | None = None) -> list[str]:
    """How SQLite answers the question of a page."""
    query = listing.statement(listing.conditions(ledger, wish), cursor, upwards=False).limit(ROWS)
    with ledger.engine.connect() as connection:
        shown = query.compile(connection, compile_kwargs={"render_postcompile": True})
        values = tuple(shown.construct_params()[name] for name in shown.positiontup or ())
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {shown}", tuple(
            value.isoformat(" ") if isinstance(value, datetime) else value for value in values))  # fmt: skip
        return [row[3] for row in rows]


REQUESTS = {
    "first page": "/", "last page": "/?cuoi=1", "many words": "/?q=ho+so", "many, last": "/?q=ho+so&cuoi=1",
    "all words": "/?q=thu", "all, last": "/?q=thu&cuoi=1", "one letter": "/?q=t", "in a text": "/?q=phuong+xa+12",
    "rare words": "/?q=hiem+hoi", "rare, last": "/?q=hiem+hoi&cuoi=1", "words, unit": "/?q=ho+so&don_vi=so-noi-vu",
    "no such words": "/?q=khongaiviet", "area": "/?mang=mot-cua", "failed": "/?view=failed", "public": "/?view=published",
    "public, last": "/?view=published&cuoi=1", "item": "/tin/i7", "api, first": "/api/v1/deliveries", "api, log": "/api/v1/attempts",
    "api, items": "/api/v1/items?q=ho+so",
}  # fmt: skip


async def whole(apps: dict[str, Any]) -> None:
    """Every request over each of the desks."""
    print(
        f"{'':14} "
        + "   ".join(f"{name:>24}" for name in apps)
        + "\n"
        + " " * 15
        + "   ".join(["    wall  95 %   CPU    kB"] * len(apps))
    )
    for name, target in REQUESTS.items():
        cells = []
        for app in apps.values():
            await ask(app, target)
            found = [await ask(app, target) for _turn in range(11)]
            assert {200} == {one.status for one in found}, target
            wall, cpu = (sorted(getattr(one, key) for one in found) for key in ("wall", "cpu"))
            cells.append(
                f"{statistics.median(wall):8.1f} {wall[-1]:5.0f} {statistics.median(cpu):5.1f} {found[0].size / 1000:5.0f}"
            )
        print(f"{name:14} " + "   ".join(cells), flush=True)


async def export(app: Any) -> None:
    for target in ("/nhat-ky.jsonl", "/nhat-ky.csv"):
        answer = await ask(app, target)
        _same, most = await peak(app, target)
        print(f"{target}: {answer.size / 1e6:.1f} MB in {answer.wall / 1000:.1f} s, first byte after {answer.first:.0f} ms, "
              f"most memory {most:.1f} MB")  # fmt: skip


def desks(folder: Path, ledger: Ledger) -> dict[str, Any]:
    shutil.copytree(Path(__file__).parent.parent / "schedules", folder / "schedules")
    (folder / "content").mkdir()
    (folder / "config.toml").write_text("", encoding="utf-8")
    office = settings.load(folder / "config.toml")
    return {
        name: build(ledger, office, clock_in(office), stale)
        for name, stale in (("figures made anew", 0.0), ("figures at hand", 60.0))
    }


def main() -> None:
    items = int(sys.argv[1]) if len(sys.argv) > 1 else 33_334
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/ledger.sqlite")
        ledger = Ledger(engine)
        fill(ledger, items)
        apps = desks(Path(folder), ledger)
        print(f"{items * 3} deliveries; milliseconds of whole requests")
        asyncio.run(whole(apps))
        asyncio.run(export(apps["figures at hand"]))
        print("milliseconds of the question alone: first page, last page")
        for name, wish in wishes().items():
            first = timed(lambda wish=wish: page(ledger, wish, ROWS))
            last = timed(lambda wish=wish: page(ledger, wish, ROWS, upwards=True))
            print(f"{name:14} {first:7.1f} {last:7.1f}   {'; '.join(plan(ledger, wish))[:110]}")
        print(f"{'counts':14} {timed(lambda: views.counts(ledger)):7.1f}")
        print(f"{'stuck':14} {timed(lambda: views.stuck(ledger, START)):7.1f}")
        engine.dispose()


if __name__ == "__main__":
    main()
