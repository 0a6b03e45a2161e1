"""Every test runs without the network, without a stray environment, and in the city's time zone."""

from __future__ import annotations

import gc
import os
import re
import shutil
import socket
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_ROOM = 4 << 30  # bytes; the whole suite leaves 0.7 GB
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch):
    real = socket.socket.connect

    def connect(self, address):
        if isinstance(address, tuple) and address[0] not in _LOOPBACK:
            raise AssertionError(f"a test tried to reach {address}")
        return real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    for name in [name for name in os.environ if name.startswith("BANTIN_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session", autouse=True)
def no_power_cut():
    """What was written need not reach a disk; `os.sync` would wait for all that the machine writes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "sync", lambda: None)
        patch.setattr(os, "fsync", lambda _number: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def shared_statements():
    from tests.ledgers import statements_compiled_once

    with statements_compiled_once():
        yield


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes():
    """A password's hash takes half a second, which is its purpose; a test that is about this asks for `real_hashes`."""
    from pipeline import passwords

    cheap = partial(passwords.Argon2Hasher, time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "Argon2Hasher", cheap)
        yield
    _forget_hashes()


@pytest.fixture
def real_hashes(monkeypatch):
    """Passwords cost what they cost in the field."""
    from pwdlib.hashers.argon2 import Argon2Hasher

    from pipeline import passwords

    monkeypatch.setattr(passwords, "Argon2Hasher", Argon2Hasher)
    _forget_hashes()
    yield
    _forget_hashes()


def _forget_hashes():
    from pipeline import passwords

    passwords._hasher.cache_clear()
    passwords._nobodys.cache_clear()


@pytest.fixture
def now():
    return datetime(2026, 11, 24, 8, 0, tzinfo=ZONE)


@pytest.fixture
def root():
    return Path(__file__).resolve().parent.parent


@pytest.fixture
def shared(root):
    """shared(name): a folder of the newsroom's reference data; the project runs without it, so a test may have to go without."""

    def find(name):
        folder = next((one / "shared" / name for one in root.parents if (one / "shared" / name).is_dir()), None)
        if folder is None:
            pytest.skip(f"no shared/{name} beside the project")
        return folder

    return find


@pytest.fixture
def sqlite_url(tmp_path):
    """The address of this test's own empty ledger on SQLite, with its tables."""
    from tests.ledgers import empty_ledger

    return f"sqlite:///{empty_ledger(tmp_path / 'ledger.sqlite')}"


@pytest.fixture
def labelled(root):
    """Rows of a labelled file of the guards (tests/rules/data); \\uXXXX and \\n in it are escapes."""

    def rows(name):
        text = (root / "tests/rules/data" / f"{name}.tsv").read_text(encoding="utf-8")
        cells = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
        return [tuple(re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), cell).replace("\\n", "\n")
                      for cell in row) for row in cells]  # fmt: skip

    return rows


def pytest_configure(config):
    """What a test writes stays in memory where there is room: to wait for a disk proves nothing, since no test cuts the power."""
    memory = Path("/dev/shm")  # Linux; small in a container that was not given more
    if (
        memory.is_dir()
        and os.access(memory, os.W_OK)
        and shutil.disk_usage(memory).free > _ROOM
        and not os.statvfs(memory).f_flag & os.ST_NOEXEC  # a test writes a program and starts it
    ):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


def pytest_collection_finish():
    """As the program does at its start; what was loaded until now stays, so that nobody looks for garbage in it."""
    from pipeline.garbage import collect_rarely

    collect_rarely()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers():
    """One more than there are processors: some tests wait for a platform that does not answer."""
    return len(os.sched_getaffinity(0)) + 1


def pytest_addoption(parser):
    parser.addoption("--postgres", action="store_true", help="run the ledger's tests on a PostgreSQL of their own")


@pytest.fixture(scope="session")
def postgres_server(request):
    """A server of our own, or None: then the ledger is SQLite."""
    if not request.config.getoption("--postgres"):
        yield None
        return
    from tests.postgres import Server

    server = Server()
    yield server
    server.stop()
