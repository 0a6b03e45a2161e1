"""A newsroom in a folder of its own for bench.desk, and the programs around it, each a process of its own."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests
from sqlalchemy import func, select, update

from bench.monitor import fill
from channels.facebook.post import FacebookPost
from channels.registry import post_to_json
from pipeline import beside
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
_SOON = 120.0  # seconds in which programs have to start


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
    """`bantin …` in a folder, with a session of its own as a service has, told to stop at the end."""
    with (folder / f"{words[0]}.log").open("ab") as out:
        command = [str(Path(sys.executable).with_name("bantin")), *words, "--config", str(folder / "config.toml")]
        running = subprocess.Popen(command, stdout=out, stderr=out, cwd=folder, start_new_session=True)
        try:
            yield running
        finally:
            running.terminate()
            running.wait(30)


@contextmanager
def desk(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The desk of a folder, as `bantin serve` starts it: it gives way to whoever sends."""
    with (folder / "desk.log").open("ab") as out:
        running = beside.start(beside.desk_command(folder / "config.toml"), out)
        try:
            yield running
        finally:
            beside.end(running)


def await_answer(address: str) -> None:
    end = time.monotonic() + _SOON
    while time.monotonic() < end:
        try:
            requests.get(address, timeout=2)
            return
        except requests.RequestException:
            time.sleep(0.05)
    raise SystemExit(f"{address} does not answer")
