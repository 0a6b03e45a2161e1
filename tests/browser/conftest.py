"""The real newsroom for a browser: `bantin serve` on free ports over a copy of content/, with a little trouble in it."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
# Without these Debian's Chromium asks Google's hosts at every start (facts: libraries.md §7).
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync"]  # fmt: skip
REFUSED = "---\nkind: article\ntitle: Tin thiếu ngày\nsummary: Tóm tắt\ndate: hôm nào\n---\nNội dung.\n"


def pytest_addoption(parser):
    parser.addoption("--pictures", default="", help="folder for a screenshot of every page")


class Room:
    """Addresses and the command of one running newsroom."""

    def __init__(self, folder):
        self.folder = folder
        with socket.socket() as one, socket.socket() as two, socket.socket() as three:
            for free in (one, two, three):
                free.bind(("127.0.0.1", 0))
            ports = [free.getsockname()[1] for free in (one, two, three)]
        self.portal, self.simulator, self.desk = (f"http://127.0.0.1:{port}" for port in ports)
        text = (ROOT / "config.toml").read_text(encoding="utf-8")
        for shipped, port in zip((8780, 8790, 8770), ports, strict=True):
            text = text.replace(str(shipped), str(port))
        (folder / "config.toml").write_text(text, encoding="utf-8")

    def bantin(self, *words, check=True):
        command = [*self.command, *words, "--config", str(self.folder / "config.toml")]
        return subprocess.run(command, check=check, capture_output=True, text=True, cwd=self.folder).stdout

    @property
    def command(self):
        return [sys.executable, "-c", "from pipeline.cli import main; main()"]

    def item(self, file):
        return json.loads(self.bantin("show", file, "--json"))

    def wait_for(self, address, process):
        end = time.monotonic() + 120
        while time.monotonic() < end:
            try:
                return requests.get(address, timeout=1)
            except requests.ConnectionError:
                assert process.poll() is None, (self.folder / "serve.log").read_text(encoding="utf-8")
                time.sleep(0.05)  # a program that starts cannot be awaited otherwise
        raise AssertionError(f"{address} did not answer within two minutes")


@pytest.fixture(scope="session")
def room(tmp_path_factory):
    """Everything published; then one file edited, one broken, and Facebook's token dead."""
    folder = tmp_path_factory.mktemp("newsroom")
    for name in ("content", "schedules"):
        shutil.copytree(ROOT / name, folder / name)
    room = Room(folder)
    with (folder / "serve.log").open("w", encoding="utf-8") as log:
        words = [*room.command, "serve", "--config", str(folder / "config.toml")]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("BANTIN_")}
        serving = subprocess.Popen(words, stdout=log, stderr=log, cwd=folder, env=clean)
        try:
            room.wait_for(f"{room.desk}/healthz", serving)
            room.bantin("run")
            _trouble(room)
            yield room
        finally:
            serving.terminate()
            serving.wait(20)


def _trouble(room):
    (room.folder / "content/so-y-te/hong.md").write_text(REFUSED, encoding="utf-8")
    edited = room.folder / "content/xa-00577/2026-11-01-ho-gom-ban-hang-so.md"
    text = re.sub(r'(?m)^(summary: .+)"$', r'\1 Bên cạnh có một cửa hàng gốm."', edited.read_text(encoding="utf-8"))
    edited.write_text(text, encoding="utf-8")
    fault = {"call": "facebook.*", "effect": "expired", "times": 5}
    requests.post(f"{room.simulator}/_sim/faults", json=fault, timeout=5).raise_for_status()
    room.bantin("run")


@pytest.fixture(scope="session")
def browser():
    if not Path(CHROMIUM).exists():
        pytest.fail(f"{CHROMIUM} is missing: apt-get install chromium", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()
