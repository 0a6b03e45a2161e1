"""Every test runs without the network, without a stray environment, and in the city's time zone."""

from __future__ import annotations

import os
import socket
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
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


@pytest.fixture
def now():
    return datetime(2026, 11, 24, 8, 0, tzinfo=ZONE)


@pytest.fixture
def root():
    return Path(__file__).resolve().parent.parent


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
