"""What reading costs the pipeline: deliveries a second with 50 people at the desk and without, in pairs.

`make bench-desk`, or `python -m bench.desk [--deliveries 2000] [--rounds 3] [--readers 50] [--think 2.0 | --flat-out]`.

The sender and the desk are two processes, as `bantin serve` runs them, over a ledger with an archive; Facebook is the
simulator on loopback, in a process of its own; the readers are one more process. Each round has one run with readers and one without, in turns, so
that whatever else the machine does meets both. A reader opens a page every `--think` seconds (half to one and a half
times as long): 40 % monitor, 30 % an item, 20 % a search, 10 % the day's log. One of them keeps the live stream open.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from bench.office import Office, await_answer, desk, outside, program
from bench.simulator import cpu_seconds

PAGES = {"monitor": "/", "item": "/tin/{item}", "search": "/?q={words}", "log": "/nhat-ky"}
_AGES = 900.0  # seconds after which a run is given up
_WARM = 5.0  # seconds of reading before the sender begins


@dataclass(frozen=True)
class Run:
    """One run: deliveries a second, seconds of processor time of the sender and of the desk, and what the readers saw."""

    rate: float
    sender: float
    desk: float
    seen: dict[str, Any] | None


def deliver(options: argparse.Namespace, *, watched: bool) -> Run:
    """One run: the desk is up, the readers read, then the sender begins; until the last delivery is out."""
    with tempfile.TemporaryDirectory() as place:
        office = Office(Path(place), options.archive, options.deliveries, options.readers)
        with outside(office), desk(office.folder) as serving:
            await_answer(f"{office.desk}/healthz")
            crowd = Crowd(office, options) if watched else None
            time.sleep(_WARM)
            with program(office.folder, "worker") as sender:
                end = time.monotonic() + _AGES
                while office.done() < office.due and time.monotonic() < end and sender.poll() is None:
                    time.sleep(0.5)
                run = Run(
                    office.rate(), cpu_seconds(sender.pid), cpu_seconds(serving.pid), crowd.stop() if crowd else None
                )
        if office.done() < office.due:
            raise SystemExit((office.folder / "worker.log").read_text()[-3000:])
        office.ledger.engine.dispose()
        return run


class Crowd:
    """The readers, as a process that is told when to stop."""

    def __init__(self, office: Office, options: argparse.Namespace) -> None:
        told = {
            "desk": office.desk,
            "cookies": office.cookies,
            "think": 0.0 if options.flat_out else options.think,
            "items": office.due,
            "archive": options.archive,
        }
        self._running = subprocess.Popen(
            [sys.executable, "-m", "bench.readers"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._running.stdin is not None
        self._running.stdin.write(json.dumps(told) + "\n")
        self._running.stdin.flush()

    def stop(self) -> dict[str, Any]:
        out, _err = self._running.communicate("stop\n", timeout=60)
        found: dict[str, Any] = json.loads(out)
        return found


def costs(options: argparse.Namespace) -> dict[str, tuple[float, float, float]]:
    """Milliseconds of each page while nothing else happens: processor time, the middle of the answers, the slowest of 20."""
    found = {}
    with tempfile.TemporaryDirectory() as place:
        office = Office(Path(place), options.archive, 0, 1)
        with outside(office), desk(office.folder) as serving, requests.Session() as web:
            await_answer(f"{office.desk}/healthz")
            time.sleep(3)
            for name, path in {**PAGES, "unchanged css": "/desk.css", "api": "/api/v1/deliveries"}.items():
                address = office.desk + path.format(item="i7", words="ho+so")
                before, spent = cpu_seconds(serving.pid), []
                for _turn in range(100):
                    began = time.perf_counter()
                    web.get(address, cookies={"bantin": office.cookies[0]}, timeout=30).raise_for_status()
                    spent.append((time.perf_counter() - began) * 1000)
                cpu = cpu_seconds(serving.pid) - before
                found[name] = (cpu * 10, statistics.median(spent), statistics.quantiles(spent, n=20)[-1])
        office.ledger.engine.dispose()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deliveries", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--archive", type=int, default=5000, help="items that went out before, three deliveries each")
    parser.add_argument("--think", type=float, default=2.0, help="seconds between two pages of a reader")
    parser.add_argument("--flat-out", action="store_true", help="no pause between two pages")
    options = parser.parse_args()
    print("page            CPU ms    median ms   95 % ms")
    for name, (cpu, middle, slow) in costs(options).items():
        print(f"{name:14} {cpu:7.1f} {middle:11.1f} {slow:9.1f}", flush=True)
    ratios = []
    for number in range(options.rounds):
        runs = {
            watched: deliver(options, watched=watched) for watched in ((False, True) if number % 2 else (True, False))
        }
        ratios.append(runs[True].rate / runs[False].rate)
        alone, busy = runs[False], runs[True]
        print(f"round {number + 1}: {alone.rate:.1f}/s alone, {busy.rate:.1f}/s with readers, ratio {ratios[-1]:.3f}; CPU ms a delivery "
              f"{1000 * alone.sender / options.deliveries:.1f} and {1000 * busy.sender / options.deliveries:.1f}; CPU s of the desk "
              f"{alone.desk:.1f} and {busy.desk:.1f}; {json.dumps(busy.seen)}", flush=True)  # fmt: skip
    think = "flat out" if options.flat_out else f"a page every {options.think} s each"
    print(f"{options.deliveries} deliveries, {options.readers} readers ({think}): median ratio {statistics.median(ratios):.3f}, "
          f"from {min(ratios):.3f} to {max(ratios):.3f}; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")  # fmt: skip


if __name__ == "__main__":
    main()
