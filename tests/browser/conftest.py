"""What the browser's tests share: Chromium, and a newsroom with a little trouble in it that anybody may open."""

from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.newsroom import real_newsroom
from tests.browser.rooms import LONG

CHROMIUM = "/usr/bin/chromium"
# Without these Debian's Chromium asks Google's hosts at every start (facts: libraries.md §7).
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync"]  # fmt: skip


def pytest_addoption(parser):
    parser.addoption("--pictures", default="", help="folder for a screenshot of every page")


@pytest.fixture(scope="session")
def pictures(request):
    return request.config.getoption("--pictures")


@pytest.fixture(scope="session")
def room(tmp_path_factory):
    """Everything published; then one file edited, one broken, and Facebook's token dead."""
    with real_newsroom(tmp_path_factory.mktemp("newsroom")) as room:
        yield room


@pytest.fixture(scope="session")
def address(room):
    """The address of a page, by its site and path or file."""
    return room.address


@pytest.fixture(scope="session")
def browser():
    if not Path(CHROMIUM).exists():
        pytest.fail(f"{CHROMIUM} is missing: apt-get install chromium", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        expect.set_options(timeout=LONG * 1000)
        yield browser
        browser.close()
