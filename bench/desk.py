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
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import func, select, update

from bench.monitor import fill
from bench.simulator import cpu_seconds
from channels.facebook.post import FacebookPost
from channels.registry import post_to_json
from pipeline import config as settings
from pipeline.ledger import Ledger, Prepared, accounts, sessions
from pipeline.ledger import schema as t
from pipeline.ledger.engine import open_engine
from pipeline.ledger.verbs import By
from pipeline.model import Identity, Outcome, Slot

CONFIG = """
[portal]
base_url = "http://127.0.0.1:{portal}"
[channels.zalo]
enabled = false
[channels.facebook]
graph_base = "http://127.0.0.1:{simulator}/graph"
[simulator]
enabled = true
port = {simulator}
[desk]
port = {desk}
[delivery]
check_page = false
"""
PAGE = """<html><head><title>Tin</title><meta property="og:title" content="Một cửa"><meta property="og:description" content="x">
<meta property="og:image" content="/anh.png"></head></html>"""
PAGES = {"monitor": "/", "item": "/tin/{item}", "search": "/?q={words}", "log": "/nhat-ky"}
_SOON = 60.0  # seconds in which programs have to start
_AGES = 900.0  # seconds after which a run is given up
_WARM = 5.0  # seconds of reading before the sender begins


@dataclass(frozen=True)
class Run:
    """One run: deliveries a second, seconds of processor time of the sender and of the desk, and what the readers saw."""

    rate: float
    sender: float
    desk: float
    seen: dict[str, Any] | None


class Office:
    """A newsroom in a folder of its own: an archive, people with sessions, and deliveries that are due."""

    def __init__(self, folder: Path, archive: int, due: int, people: int) -> None:
        self.folder, self.due = folder, due
        self.ports = {name: free_port() for name in ("portal", "simulator", "desk")}
        (folder / "schedules").mkdir()
        (folder / "content").mkdir()
        (folder / "config.toml").write_text(CONFIG.format(**self.ports), encoding="utf-8")
        (folder / "public").mkdir()
        (folder / "public" / "tin.html").write_text(PAGE, encoding="utf-8")
        (folder / "public" / "anh.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 200)
        self.config = settings.load(folder / "config.toml")
        self.config.state.mkdir(parents=True, exist_ok=True)
        self.ledger = Ledger(open_engine(self.config.ledger_url), "bench")
        fill(self.ledger, archive)
        with self.ledger.engine.begin() as connection:  # all of it went out
            done = {"want": 1, "have": 1, "state": "idle", "hold": False, "attempt": 1}
            connection.execute(update(t.delivery).values(**done))
        self._plan(due)
        self.cookies = [self._person(number) for number in range(people)]

    def _plan(self, due: int) -> None:
        now = datetime.now(UTC)
        rows = [Prepared(f"u/{n}.md", "u", f"d{n}", (), f"d{n}", Outcome.PUBLISH, identity=Identity(f"tin{n}", f"tin-{n}.html", now),
                         kind="article", title=f"Tin {n} về thủ tục hành chính", slots=(Slot("facebook", now),),
                         posts={"facebook": (post_to_json(self._post(n)), f"d{n}")}) for n in range(due)]  # fmt: skip
        for start in range(0, due, 500):
            self.ledger.record(rows[start : start + 500], now)

    def _post(self, number: int) -> FacebookPost:
        """With a link that the simulator can fetch, as Facebook does."""
        name = f"tin-{number}.html?tu=facebook"
        link = f"http://127.0.0.1:{self.ports['portal']}/tin.html?{name}"
        return FacebookPost(f"tin{number}", 1, f"Tin {number}", link, name, f"Tin {number} về thủ tục\n\n{link}")

    def _person(self, number: int) -> str:
        login, now = f"nguoi{number}", datetime.now(UTC)
        accounts.add(self.ledger, accounts.Account(login, f"Người {number}", "editor"), By("bench", now))
        return sessions.begin(self.ledger, login, "127.0.0.1", By(login, now))

    @property
    def desk(self) -> str:
        return f"http://127.0.0.1:{self.ports['desk']}"

    def done(self) -> int:
        a = t.attempt.c
        with self.ledger.reads.connect() as connection:
            return (
                connection.scalar(select(func.count()).where(a.owner != "b", a.op == "publish", a.outcome == "done"))
                or 0
            )

    def rate(self) -> float:
        """Deliveries a second between the first and the last one."""
        a = t.attempt.c
        with self.ledger.reads.connect() as connection:
            first, last, count = connection.execute(select(
                func.min(a.started, type_=t.UtcTime()), func.max(a.ended, type_=t.UtcTime()), func.count()).where(
                a.owner != "b", a.op == "publish")).one()  # fmt: skip
        return count / ((last - first) / timedelta(seconds=1))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def outside(office: Office) -> Iterator[None]:
    """What is not the newsroom: the web server of the portal and Facebook, in processes of their own."""
    web = [
        sys.executable,
        "-m",
        "http.server",
        "--bind",
        "127.0.0.1",
        "-d",
        str(office.folder / "public"),
        str(office.ports["portal"]),
    ]
    running = subprocess.Popen(web, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await_answer(f"http://127.0.0.1:{office.ports['portal']}/tin.html")
        with program(office.folder, "simulator"):
            await_answer(f"http://127.0.0.1:{office.ports['simulator']}/_sim")
            yield
    finally:
        running.terminate()
        running.wait(30)


@contextmanager
def program(folder: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """`bantin …` in a folder, told to stop at the end."""
    with (folder / f"{words[0]}.log").open("ab") as out:
        command = [str(Path(sys.executable).with_name("bantin")), *words, "--config", str(folder / "config.toml")]
        running = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=out, stderr=out, cwd=folder)
        try:
            yield running
        finally:
            running.terminate()
            running.wait(30)


def await_answer(address: str) -> None:
    end = time.monotonic() + _SOON
    while time.monotonic() < end:
        try:
            requests.get(address, timeout=2)
            return
        except requests.RequestException:
            time.sleep(0.05)
    raise SystemExit(f"{address} does not answer")


def deliver(options: argparse.Namespace, *, watched: bool) -> Run:
    """One run: the desk is up, the readers read, then the sender begins; until the last delivery is out."""
    with tempfile.TemporaryDirectory() as place:
        office = Office(Path(place), options.archive, options.deliveries, options.readers)
        with outside(office), program(office.folder, "desk", "--until-eof") as desk:
            await_answer(f"{office.desk}/healthz")
            crowd = Crowd(office, options) if watched else None
            time.sleep(_WARM)
            with program(office.folder, "worker") as sender:
                end = time.monotonic() + _AGES
                while office.done() < office.due and time.monotonic() < end and sender.poll() is None:
                    time.sleep(0.5)
                run = Run(
                    office.rate(), cpu_seconds(sender.pid), cpu_seconds(desk.pid), crowd.stop() if crowd else None
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
        with outside(office), program(office.folder, "desk", "--until-eof") as serving, requests.Session() as web:
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
