"""What the browser's tests share: Chromium, and a newsroom with a little trouble in it that anybody may open."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.rooms import ROOT, Room, serving

CHROMIUM = "/usr/bin/chromium"
# Without these Debian's Chromium asks Google's hosts at every start (facts: libraries.md §7).
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync"]  # fmt: skip
REFUSED = "---\nkind: article\ntitle: Tin thiếu ngày\nsummary: Tóm tắt\ndate: hôm nào\n---\nNội dung.\n"


def pytest_addoption(parser):
    parser.addoption("--pictures", default="", help="folder for a screenshot of every page")


@pytest.fixture(scope="session")
def pictures(request):
    return request.config.getoption("--pictures")


@pytest.fixture(scope="session")
def room(tmp_path_factory):
    """Everything published; then one file edited, one broken, and Facebook's token dead."""
    folder = tmp_path_factory.mktemp("newsroom")
    for name in ("content", "schedules"):
        shutil.copytree(ROOT / name, folder / name)
    with serving(Room(folder)) as room:
        room.bantin("run")
        _trouble(room)
        yield room


def _trouble(room):
    (room.folder / "content/so-y-te/hong.md").write_text(REFUSED, encoding="utf-8")
    edited = room.folder / "content/xa-00577/2026-11-01-ho-gom-ban-hang-so.md"
    text = re.sub(r'(?m)^(summary: .+)"$', r'\1 Bên cạnh có một cửa hàng gốm."', edited.read_text(encoding="utf-8"))
    edited.write_text(text, encoding="utf-8")
    room.fault("facebook.*", "expired", times=5)
    room.bantin("run")


@pytest.fixture(scope="session")
def browser():
    if not Path(CHROMIUM).exists():
        pytest.fail(f"{CHROMIUM} is missing: apt-get install chromium", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()
