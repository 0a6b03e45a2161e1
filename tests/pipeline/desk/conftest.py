"""A desk on a free port over a real ledger with one article and one question, taken in but not sent."""

import asyncio
import shutil
import threading
import time
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests
import uvicorn
from pwdlib.hashers.argon2 import Argon2Hasher

from pipeline import config as settings
from pipeline import flow
from pipeline.desk.app import build
from pipeline.ledger import Ledger
from pipeline.ledger.accounts import Account, add
from pipeline.ledger.engine import open_engine
from pipeline.ledger.verbs import By
from pipeline.model import Attempt
from pipeline.prepare import Workshop

SAME = {"Sec-Fetch-Site": "same-origin"}  # what browsers say of a page's own forms


class Served(uvicorn.Server):
    """A server in a thread of the test; signals stay with pytest.

    It ends when it is told to: uvicorn looks ten times a second whether it should, and again whether all is closed.
    """

    async def main_loop(self):
        self.over, self.loop = asyncio.Event(), asyncio.get_running_loop()
        await self.on_tick(0)  # sets the headers of every answer
        await self.over.wait()

    async def shutdown(self, sockets=None):
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        end = self.loop.time() + (self.config.timeout_graceful_shutdown or 60)
        while (self.server_state.connections or self.server_state.tasks) and self.loop.time() < end:
            await asyncio.sleep(0.002)
        for task in self.server_state.tasks:
            task.cancel()
        await self.lifespan.shutdown()

    def __enter__(self):
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()
        while not self.started and self.thread.is_alive():
            time.sleep(0.005)
        return f"http://127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]}"

    def __exit__(self, *error):
        self.loop.call_soon_threadsafe(self.over.set)
        self.thread.join()


def looked(office, ledger, now):
    channels = ("portal", "zalo", "facebook")
    shop = Workshop(office.zone, office.portal.base_url, channels, office.state / "media", now)
    return flow.take_in(office.content, ledger, shop, most_missing=1.0)


@pytest.fixture(scope="session")
def taken_in(tmp_path_factory, root_of_session):
    """Settings, content, pictures and ledger of a small newsroom, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("office")
    shutil.copytree(root_of_session / "content" / "so-xay-dung", folder / "content" / "so-xay-dung")
    shutil.copytree(root_of_session / "schedules", folder / "schedules")
    (folder / "config.toml").write_text('[portal]\nbase_url = "http://127.0.0.1:9"\n', encoding="utf-8")
    office = settings.load(folder / "config.toml")
    engine = open_engine(f"sqlite:///{folder / 'ledger.sqlite'}")
    looked(office, Ledger(engine, "test"), datetime(2026, 11, 24, 8, 0, tzinfo=office.zone))
    engine.dispose()
    return folder


@pytest.fixture(scope="session")
def root_of_session():
    return Path(__file__).resolve().parents[3]


@pytest.fixture
def office(taken_in, tmp_path):
    """Settings of this test's own copy."""
    shutil.copytree(taken_in, tmp_path / "office")
    return settings.load(tmp_path / "office" / "config.toml")


@pytest.fixture
def desk(office, now):
    """get(path), look() at the folder, send(channel, result), ledger, now: what a test needs of a running desk."""
    engine = open_engine(f"sqlite:///{office.path('ledger.sqlite')}")
    ledger, hands = Ledger(engine, "test"), SimpleNamespace(now=now)
    hands.ledger = ledger

    def send(channel, result=None):
        claim = ledger.claim(channel, hands.now)
        ledger.settle(claim, result or Attempt("done", "r1", f"https://{channel}.example/1"), hands.now)
        return claim

    server = Served(
        uvicorn.Config(
            build(ledger, office, lambda: hands.now), port=0, log_level="warning", timeout_graceful_shutdown=1
        )
    )
    with server as address:
        hands.address = address
        hands.get = lambda path, **headers: requests.get(address + path, headers=headers, timeout=60)
        hands.post = lambda path, **form: requests.post(
            address + path, data=form, timeout=60, allow_redirects=False, headers=SAME
        )
        hands.look, hands.send = lambda: looked(office, ledger, hands.now), send
        yield hands
    engine.dispose()


PASSWORD = "chín con rồng bay"
CHEAP = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)  # a real hash takes half a second
ROLES = ("reader", "contributor", "editor", "approver", "operator")


class Browser(requests.Session):
    """One person's browser: keeps cookies, follows no redirect, says what browsers say of a form of the same site."""

    def __init__(self, address):
        super().__init__()
        self.trust_env, self.address = False, address
        self.headers.update(SAME | {"Sec-Fetch-Mode": "navigate"})

    def request(self, method, url, **values):
        return super().request(method, self.address + url, **{**values, "allow_redirects": False, "timeout": 60})

    def enter(self, login, password=PASSWORD, **more):
        return self.post("/dang-nhap", data={"ten": login, "mat_khau": password, **more})


@pytest.fixture
def staff(desk):
    """One account of each role, named like it; the contributor writes for another unit than the items'."""
    for role in ROLES:
        unit = "so-y-te" if role == "contributor" else ""
        account = Account(role, f"Ông {role}", role, unit, f"{role}@hanoi.gov.vn", password=CHEAP)
        add(desk.ledger, account, By("test", desk.now))
    return ROLES


@pytest.fixture
def browser(desk):
    """A new browser that nobody has used yet; call it again for another one."""
    opened = []

    def another():
        opened.append(Browser(desk.address))
        return opened[-1]

    yield another
    for one in opened:
        one.close()
