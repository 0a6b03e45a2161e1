"""A newsroom over the corpus in a folder of its own, and the one-shot command that works on it.

`python -m bench.newsroom CONFIG` is one tick as the scheduler fires it: take in what changed (rules, tags, ledger, three
channels planned), then send what the portal has due and build it. Zalo and Facebook are planned and stay planned.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.corpus import Entry

CONFIG = """\
[portal]
base_url = "https://cchc.example.vn"
page_size = 10
[simulator]
enabled = false
[delivery]
check_page = false
[intake]
settle = 0
workers = {workers}
executor = "{executor}"
markdown = "{markdown}"
[media]
card = "{card}"
"""
LEAN = """\
widths = [1200, 480]
[channels.zalo]
enabled = false
[channels.facebook]
enabled = false
"""  # the pictures that Hugo's site has: two widths in two formats, and what is shown of a shared link


def make(
    folder: Path,
    items: Iterable[Entry],
    *,
    workers: int = 2,
    executor: str = "process",
    card: str = "area",
    markdown: str = "markdown-it-py",
    more: str = "",
) -> Path:
    """Write content and settings; the settings file."""
    for one in items:
        write(folder, one)
    config = folder / "config.toml"
    said = CONFIG.format(workers=workers, executor=executor, card=card, markdown=markdown) + more
    config.write_text(said, encoding="utf-8")
    (folder / "schedules").mkdir(exist_ok=True)
    return config


def write(folder: Path, one: Entry) -> Path:
    """One item as a unit would drop it; the file."""
    file = folder / "content" / one.unit / f"{one.name}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    cover = ""
    if one.cover:
        file.with_suffix(".jpg").write_bytes(one.cover)
        cover = f'cover: {one.name}.jpg\ncover_alt: "Hình minh họa: {one.title}"\n'
    file.write_text(
        f'---\nid: {one.name}\nkind: article\nauthor: "Ngọc An"\ntitle: "{one.title}"\nsummary: "{one.summary}"\ndate: {one.day}\n{cover}'
        f"areas: [kstthc]\n---\n{one.body}", encoding="utf-8")  # fmt: skip
    return file


def tick(config_file: Path) -> None:
    """What `bantin serve` does at a tick, in a process of its own."""
    from pipeline.garbage import collect_rarely

    collect_rarely()  # first, as the command does
    from pipeline import config as settings
    from pipeline.hosting import portal_owes
    from pipeline.quiet import glance

    config = settings.load(config_file)
    now = datetime.now(config.zone)
    seen = glance(config, now, ("portal",), reports=False)
    if seen.unchanged is not None:
        print(f"{seen.unchanged} seen, nothing to do")
        return
    from pipeline.openers import open_portal
    from pipeline.wiring import clock_in, newsroom

    clock = clock_in(config)
    with newsroom(config, clock, channels=False) as room:
        with closing(open_portal(config)) as portal:
            done = work(room, {"portal": portal}, clock, owed=portal_owes(config), seen=seen)
        print("{} seen, {} taken in, {} sent".format(*done))


def work(room: Any, portal: Any, clock: Any, *, owed: bool = False, seen: Any = None) -> tuple[int, int, int]:
    """One tick of an open newsroom: how many files were seen, taken in and sent."""
    from pipeline import flow
    from pipeline.quiet import NOTHING
    from pipeline.session import look

    taken = look(room, clock(), seen=seen or NOTHING)
    sent = 0
    if taken.prepared or room.ledger.claimable() or owed:
        sent = sum(flow.deliver_due(room.ledger, portal, clock).counts.values())
    return taken.seen, len(taken.prepared), sent


if __name__ == "__main__":
    tick(Path(sys.argv[1]))
