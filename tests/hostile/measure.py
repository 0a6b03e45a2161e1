"""Each case in a process of its own: seconds, memory, outcome, and what its posts and pages let through.

python -m tests.hostile.measure FOLDER: reads cases.json of tests.hostile.write, prints one JSON line a case. The program
loads everything once and forks, so that a case is charged for itself only.
"""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import sys
import time
import traceback
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from channels.portal.adapter import Portal, Site
from channels.registry import post_from_json
from pipeline import intake, lexicon, reference
from pipeline.check import Work, Workshop
from pipeline.classify import Words, classify
from pipeline.prepare import prepare
from tests.hostile import looking

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 24, 8, tzinfo=ZONE)
BASE = "https://cchc.example.vn"
SECONDS = 60  # of processor time, then the kernel ends it


def peak() -> int:
    return int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))[1]) // 1024


def one(row: dict, folder: Path) -> dict:
    """What became of a case."""
    root, text = Path(row["root"]), Path(os.fsdecode(bytes.fromhex(row["text"])))
    shop = Workshop(ZONE, BASE, ("portal", "zalo", "facebook"), folder / "media", NOW)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # proc(5): resets VmHWM
    wall, began = time.monotonic(), time.process_time()
    found = intake.walk(root)
    shown = os.fsencode(text).decode(errors="replace")
    drops = [drop for drop in found.drops.values() if str(drop.file) == shown]
    done = [prepare(Work(root, drop, found.stamps), shop) for drop in drops]
    spent, wall, memory = time.process_time() - began, time.monotonic() - wall, peak()
    below = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = {"name": row["name"], "cpu": spent + below.ru_utime + below.ru_stime, "wall": wall, "memory": memory,
           "below": below.ru_maxrss // 1024 if below.ru_utime else 0, "outcome": str(done[0].outcome) if done else "unseen",
           "codes": sorted({one.code for it in done for one in it.findings}), "expect": row["expect"]}  # fmt: skip
    return out | {
        "leaks": list(leaks(done, folder)),
        "bare": sorted({one.code for it in done for one in it.findings if not one.hint}),
    }


def leaks(done: list, folder: Path):
    site = folder / "site"
    for it in done:
        for name, (body, _digest) in it.posts.items():
            for found in looking.in_json(json.loads(body)):
                yield f"{name}: {found}"
        for finding in it.findings:
            if (
                looking.OUTSIDE in finding.message
                or "root:x:0" in finding.message
                or re.search(r"[\x00-\x1f\u202a-\u202e]", finding.message)
            ):
                yield f"{finding.code}: {finding.message[:80]!r}"
        if "portal" in it.posts:
            portal = Portal(site, folder / "state", BASE, Site("A", "B"), durable=False)
            portal.publish(post_from_json("portal", it.posts["portal"][0]))
            portal.flush()
            yield from (f"site/{found}" for found in looking.in_site(site))


def forked(row: dict, folder: Path) -> dict:
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reading)
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
        try:
            answer = one(row, folder)
        except BaseException:
            answer = {"name": row["name"], "crash": traceback.format_exc()[-1500:]}
        with os.fdopen(writing, "w", encoding="utf-8") as pipe:
            pipe.write(json.dumps(answer))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        answer = pipe.read()
    _pid, status, _usage = os.wait4(pid, 0)
    return json.loads(answer) if answer else {"name": row["name"], "crash": f"ended with {status}"}


def main() -> None:
    folder = Path(sys.argv[1])
    rows = json.loads((folder / "cases.json").read_text(encoding="utf-8"))
    reference.units(), reference.topics(), reference.audiences(), reference.area_names()
    classify(Words("Thủ tục", "", (), ""), "article", lexicon=lexicon.load())
    for number, row in enumerate(rows):
        own = folder / f"out-{number}"
        shutil.rmtree(own, ignore_errors=True)
        (own / "state").mkdir(parents=True)
        print(json.dumps(forked(row, own)), flush=True)
        shutil.rmtree(own, ignore_errors=True)


if __name__ == "__main__":
    main()
