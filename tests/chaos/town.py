"""A whole newsroom on loopback for the chaos tests: content, simulator, portal server, and workers that can be killed."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import socket
import time
from collections import Counter
from pathlib import Path

import requests
from sqlalchemy import func, select

from pipeline import config as settings
from pipeline.ledger import Ledger, schema, states
from pipeline.ledger.engine import open_engine
from pipeline.loopback import PortalServer

ROOT = Path(__file__).resolve().parent.parent.parent
_SPAWN = multiprocessing.get_context("forkserver")
_SPAWN.set_forkserver_preload(["pipeline.serving", "pipeline.ledger.ledger", "channels.zalo.adapter",
                               "channels.facebook.adapter", "channels.portal.adapter", "channels.simulator.server",
                               "alembic.command", "uvicorn"])  # fmt: skip

CONFIG = """
[ledger]
url = "{url}"
[portal]
base_url = "http://127.0.0.1:{portal}"
[channels.zalo]
api_base = "http://127.0.0.1:{simulator}/zalo-api"
oauth_base = "http://127.0.0.1:{simulator}/zalo-oauth"
verify_after = 0.2
looks = {looks}
[channels.facebook]
graph_base = "http://127.0.0.1:{simulator}/graph"
looks = {looks}
[simulator]
enabled = true
port = {simulator}
[intake]
settle = 0
[delivery]
lease = {lease}
time_out = 2
first_wait = 1
longest_wait = 5
tries = 100
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


_WORDS = ("người dân phường quầy ghế nước cây xanh mưa nắng sớm chiều bàn giấy bút đèn cửa sổ bậc thềm hành lang thang máy "
          "xe đạp chợ trường hoa sách báo loa ảnh tường mái ngói sân gạch hồ cầu đường phố ngõ").split()  # fmt: skip


def simulate(file: Path) -> None:
    from pipeline.serving import simulate_forever

    os.setpgrp()
    simulate_forever(settings.load(file))


def work(file: Path) -> None:
    from pipeline.serving import work_forever
    from pipeline.wiring import clock_in

    with open(os.devnull, "w") as quiet:
        os.dup2(quiet.fileno(), 1)
    config = settings.load(file)
    work_forever(config, clock_in(config), ())


class Town:
    """Everything that the workers need, and what is counted at the end.

    Args:
        items: number of articles, each for three channels.
        looks: seconds before each look for an unsure post.
    """

    def __init__(self, folder: Path, items: int, *, url: str = "", seed: int = 1, lease: int = 8,
                 looks: tuple[float, ...] = (4.0, 2.0)) -> None:  # fmt: skip
        self.folder, self.items, self.chance, self.lease = folder, items, random.Random(seed), lease
        self.portal_port, self.simulator_port = free_port(), free_port()
        self.file = folder / "config.toml"
        text = CONFIG.format(
            url=url, portal=self.portal_port, simulator=self.simulator_port, looks=list(looks), lease=lease
        )
        self.file.write_text(text, encoding="utf-8")
        (folder / "schedules").mkdir()
        self.config = settings.load(self.file)
        self._write_content()
        self.processes: list[multiprocessing.process.BaseProcess] = []
        self.kills = 0
        (folder / "public").mkdir()
        self._portal = PortalServer(folder / "public", "127.0.0.1", self.portal_port)
        self._portal.start()
        self._simulator = _SPAWN.Process(target=simulate, args=(self.file,), daemon=True)
        self._simulator.start()
        self._await_simulator()
        self._take_in()
        self.ledger = Ledger(open_engine(self.config.ledger_url), "harness")

    def _write_content(self) -> None:
        unit = self.folder / "content/ttpvhcc"
        (unit / "anh").mkdir(parents=True)
        shutil.copy(ROOT / "content/ttpvhcc/anh/lich-hen.jpg", unit / "anh/bia.jpg")
        for number in range(self.items):
            (unit / f"tin-{number}.md").write_text(self.article(number), encoding="utf-8")

    def article(self, number: int, more: str = "") -> str:
        """A text of its own words, because a story that is there already waits for an editor (SAME001)."""
        story = " ".join(random.Random(number).choices(_WORDS, k=60))
        return (f'---\nkind: article\nid: tin{number}\ntitle: "Bản tin số {number} về bộ phận một cửa"\n'
                f'summary: "Tóm tắt của bản tin số {number} về thủ tục hành chính tại bộ phận một cửa."\n'
                "date: 2026-11-16\nauthor: Quỳnh Chi\ncover: anh/bia.jpg\ncover_alt: Lịch hẹn trên bàn làm việc\n---\n"
                f"Người dân nộp hồ sơ số {number} tại bộ phận một cửa của phường và nhận kết quả đúng hẹn: {story}. {more}\n")  # fmt: skip

    def _await_simulator(self) -> None:
        for _try in range(200):
            try:
                requests.get(f"{self.simulator}/_sim", timeout=1)
                return
            except requests.RequestException:
                time.sleep(0.1)
        raise RuntimeError("the simulator did not start")

    def _take_in(self) -> None:
        from pipeline.session import look
        from pipeline.wiring import clock_in, newsroom

        clock = clock_in(self.config)
        with newsroom(self.config, clock, channels=False) as room:
            taken = look(room, clock())
            assert self.items == sum(meaning == "new" for meaning in taken.meanings.values()), Counter(
                taken.meanings.values()
            )

    @property
    def simulator(self) -> str:
        return f"http://127.0.0.1:{self.simulator_port}"

    def fault(self, call: str, effect: str, value: int = 0, times: int = 1) -> None:
        answer = requests.post(f"{self.simulator}/_sim/faults", timeout=10,
                               json={"call": call, "effect": effect, "value": value, "times": times})  # fmt: skip
        answer.raise_for_status()

    def switch(self, **values: int) -> None:
        requests.post(f"{self.simulator}/_sim/switches", timeout=10, json=values).raise_for_status()

    def start(self, count: int) -> None:
        for _one in range(count):
            # Not a daemon, because a worker may have helpers of its own.
            process = _SPAWN.Process(target=work, args=(self.file,))
            process.start()
            self.processes.append(process)

    def trade_token(self) -> None:
        """Zalo's first token, before anybody is killed: one whose worker dies while it is traded is a person's to renew,
        which test_tokens shows, and no delivery would go out meanwhile."""
        from pipeline.wiring import clock_in, newsroom

        with newsroom(self.config, clock_in(self.config)) as room:
            found = room.channels["zalo"].health()
        assert found.ok, found.message

    def channels(self) -> list[dict[str, object]]:
        """What the ledger says of the channels, for a message."""
        with self.ledger.reads.connect() as connection:
            return [dict(row) for row in connection.execute(select(schema.channel)).mappings()]

    def kill_one(self) -> None:
        """SIGKILL a worker chosen at random, and start another in its place."""
        victim = self.chance.choice(self.processes)
        assert victim.is_alive(), f"a worker ended by itself, with {victim.exitcode}"
        os.kill(victim.pid, signal.SIGKILL)
        victim.join()
        self.processes.remove(victim)
        self.kills += 1
        self.start(1)

    def open_deliveries(self) -> int:
        """Deliveries that are neither as wanted nor for a person."""
        d = schema.delivery.c
        query = select(func.count()).where(
            d.state.not_in([states.FAILED]), ~d.person, (d.state != states.IDLE) | (d.want != d.have)
        )
        with self.ledger.reads.connect() as connection:
            return connection.execute(query).scalar_one()

    def finish(self, seconds: float) -> bool:
        """Let the workers go on undisturbed until all is settled."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not self.open_deliveries():
                return True
            time.sleep(0.5)
        return False

    def count(self) -> dict[str, Counter[str]]:
        """How many live posts each item has on each platform; an item by its id in the link."""
        held = requests.get(f"{self.simulator}/_sim/held", timeout=120).json()
        found: dict[str, Counter[str]] = {"zalo": Counter(), "facebook": Counter()}
        for post in held["zalo"]:
            if post["status"] in ("show", "hide", "processing"):
                found["zalo"][_item(str(post["body"]))] += 1
        for post in held["facebook"]:
            if post["status"] not in ("deleted", "removed"):
                found["facebook"][_item(post["message"] + post["link"])] += 1
        return found

    def outcome(self) -> Counter[tuple[str, str]]:
        """(channel, what became of it) with its number."""
        from pipeline.ledger import views

        return Counter(
            {(channel, view): n for channel, of in views.counts(self.ledger).items() for view, n in of.items()}
        )

    def stop(self) -> None:
        for process in [*self.processes, self._simulator]:
            if process.is_alive():
                os.kill(process.pid, signal.SIGKILL)
            process.join()
        self._portal.stop()
        self.ledger.engine.dispose()


def _item(text: str) -> str:
    import re

    found = re.search(r"-(tin\d+)\.html\?tu=", text)
    return found.group(1) if found else "?"
