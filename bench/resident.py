"""One changed body while the program stays resident, beside Hugo's server: from the changed file to the page on the disk.

`python -m bench.resident CONFIG` is the child: it keeps ledger and channels open as `bantin serve` does and makes one
tick for each line that it is sent. The walks over the folder are timed apart, because they grow with the archive.
"""

from __future__ import annotations

import importlib
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from bench import corpus, newsroom, peers, same
from bench.measure import environment, run

_MOST = 60.0  # seconds in which a page must appear


def measured(folder: Path, hugo: Path | None, count: int, turns: int) -> dict[str, Any]:
    """Seconds of each change: ours with processor and walk, and Hugo's wall."""
    with _service(folder / "config.toml") as tick:
        ours = [_change(folder, count, turn, tick) for turn in range(turns + 2)][2:]
    found: dict[str, Any] = {"bantin": ours}
    if hugo:
        found["hugo"] = _hugo(hugo, count, turns)
    return found


def shown(found: dict[str, Any]) -> str:
    rows = [f"{'resident':8} {'wall s':>10} {'CPU s':>8} {'of it walk':>10}"]
    ours = found["bantin"]
    middle = {name: statistics.median(one[name] for one in ours) for name in ("wall", "cpu", "walk")}
    rows.append(f"{'bantin':8} {middle['wall']:10.3f} {middle['cpu']:8.3f} {middle['walk']:10.3f}")
    if "hugo" in found:
        rows.append(f"{'hugo':8} {statistics.median(found['hugo']):10.3f}")
    return "\n".join(rows)


def _change(folder: Path, count: int, turn: int, tick: Any) -> dict[str, float]:
    before = corpus.entry(count // 2)
    page = same.pages(folder / "public")[before.name]
    old = page.read_bytes()
    started = time.perf_counter()
    newsroom.write(folder, replace(before, body=f"{before.body}\nSửa lần {turn} trong lúc dịch vụ chạy.\n"))
    told: dict[str, float] = tick()
    told["wall"] = time.perf_counter() - started
    if page.read_bytes() == old:
        raise RuntimeError("the tick did not write the page")
    return told


@contextmanager
def _service(config: Path) -> Iterator[Any]:
    command = (sys.executable, "-m", "bench.resident", str(config))
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(), cwd=config.parent
    )
    assert child.stdin and child.stdout
    child.stdout.readline()

    def tick() -> Any:
        print("tick", file=child.stdin, flush=True)
        return json.loads(child.stdout.readline())

    try:
        yield tick
    finally:
        child.stdin.close()
        child.wait(30)


def _hugo(folder: Path, count: int, turns: int) -> list[float]:
    """Seconds until the page of `hugo server`, written to disk as ours, is another one."""
    peer = next(one for one in peers.installed()[0] if one.name == "hugo")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = (peer.command[0], "server", "--quiet", "--disableLiveReload", "--port", str(port),
               "--destination", "public")  # fmt: skip
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        try:
            _until(lambda: _answers(port))
            time.sleep(2)  # it goes on writing for a moment
            return [_watched(peer, folder, count, turn) for turn in range(turns + 1)][1:]
        finally:
            child.terminate()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _watched(peer: peers.Peer, folder: Path, count: int, turn: int) -> float:
    before = corpus.entry(count // 2)
    page = same.pages(folder / "public")[before.name]
    sentence = f"Sửa lần {turn} trong lúc máy chủ chạy {time.time_ns()}."
    started = time.perf_counter()
    peer.write(folder, replace(before, body=f"{before.body}\n{sentence}\n"))
    _until(lambda: sentence in page.read_text(encoding="utf-8", errors="replace"))
    return time.perf_counter() - started


def _until(there: Any) -> None:
    end = time.monotonic() + _MOST
    while not there():
        if time.monotonic() > end:
            raise RuntimeError("nothing happened in time")
        time.sleep(0.005)


def large(sizes: tuple[int, ...] = (1_000, 100_000)) -> dict[str, Any]:
    """Cold build and one change at 1,000 and at 100,000 items: memory, and growth without the walk."""
    found: dict[str, Any] = {}
    for count in sizes:
        with tempfile.TemporaryDirectory(prefix="bantin-large-") as name:
            config = newsroom.make(Path(name), corpus.corpus(count))
            cold = run((sys.executable, "-m", "bench.newsroom", str(config)), config.parent)
            again = run((sys.executable, "-m", "bench.newsroom", str(config)), config.parent)
            found[str(count)] = {"cold": asdict(cold), "same": asdict(again), **measured(config.parent, None, count, 5)}
    return found


def told(found: dict[str, Any]) -> str:
    rows = [
        f"{'large':>8} {'cold s':>8} {'CPU s':>8} {'largest MB':>10} {'same s':>7} {'one CPU s':>9} {'without walk':>12}"
    ]
    for count, one in found.items():
        cpu = statistics.median(turn["cpu"] for turn in one["bantin"])
        bare = statistics.median(turn["cpu"] - turn["walk"] for turn in one["bantin"])
        rows.append(f"{count:>8} {one['cold']['wall']:8.1f} {one['cold']['cpu']:8.1f} {one['cold']['largest']:10.0f} "
                    f"{one['same']['wall']:7.2f} {cpu:9.3f} {bare:12.3f}")  # fmt: skip
    return "\n".join(rows)


def _child(config_file: Path) -> None:
    from pipeline.garbage import collect_rarely

    collect_rarely()
    from pipeline import config as settings
    from pipeline import openers, wiring

    config = settings.load(config_file)
    clock = wiring.clock_in(config)
    with wiring.newsroom(config, clock, channels=False) as room:
        portal = {"portal": openers.open_portal(config)}
        walks = _timed_walks()
        print("ready", flush=True)
        for _line in sys.stdin:
            walks.clear()
            begun = time.process_time()
            newsroom.work(room, portal, clock)
            print(json.dumps({"cpu": time.process_time() - begun, "walk": sum(walks)}), flush=True)


def _timed_walks() -> list[float]:
    """Processor seconds of every walk from now on."""
    changes: Any = importlib.import_module("pipeline.intake.changes")
    walk, spent = changes.walk, []

    def timed(*place: Any, **how: Any) -> Any:
        begun = time.process_time()
        found = walk(*place, **how)
        spent.append(time.process_time() - begun)
        return found

    changes.walk = timed
    return spent


if __name__ == "__main__":
    _child(Path(sys.argv[1]))
