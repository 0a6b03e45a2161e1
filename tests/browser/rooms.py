"""The real newsroom for a browser: `bantin serve` on free ports, with people who log in or without."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import requests

LONG = 120  # seconds; no answer is awaited for less, however busy the machine is
ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "chín con rồng bay lên"
DRAWN = """scheme => new Promise(there => { const look = () => requestAnimationFrame(() => requestAnimationFrame(
    matchMedia(`(prefers-color-scheme: ${scheme})`).matches ? there : look)); look(); })"""
# Login: (name, role, unit of a contributor).
STAFF = {
    "bich": ("Nguyễn Thị Bích", "contributor", "so-y-te"), "dung": ("Trần Văn Dũng", "editor", ""),
    "lan": ("Phạm Thị Lan", "approver", ""), "minh": ("Lê Quang Minh", "operator", ""),
}  # fmt: skip


class Room:
    """Addresses and the command of one running newsroom."""

    def __init__(self, folder, **changes):
        self.folder = folder
        with socket.socket() as one, socket.socket() as two, socket.socket() as three:
            for free in (one, two, three):
                free.bind(("127.0.0.1", 0))
            ports = [free.getsockname()[1] for free in (one, two, three)]
        self.portal, self.simulator, self.desk = (f"http://127.0.0.1:{port}" for port in ports)
        text = (ROOT / "config.toml").read_text(encoding="utf-8")
        for shipped, port in zip((8780, 8790, 8770), ports, strict=True):
            text = text.replace(str(shipped), str(port))
        for old, new in changes.items():
            assert f"\n{old} = " in text
            text = "\n".join(f"{old} = {new}" if line.startswith(f"{old} = ") else line for line in text.split("\n"))
        (folder / "config.toml").write_text(text, encoding="utf-8")

    def bantin(self, *words, check=True, given=None):
        command = [*self.command, *words, "--config", str(self.folder / "config.toml")]
        return subprocess.run(command, check=check, capture_output=True, text=True, cwd=self.folder, input=given).stdout

    @property
    def command(self):
        return [sys.executable, "-c", "from pipeline.cli import main; main()"]

    def item(self, file):
        return json.loads(self.bantin("show", file, "--json"))

    def of(self, file, channel):
        return next(row for row in self.item(file)["deliveries"] if row["channel"] == channel)

    def fault(self, call, effect, **more):
        """The simulator does this to the next call of the kind."""
        fault = {"call": call, "effect": effect} | more
        requests.post(f"{self.simulator}/_sim/faults", json=fault, timeout=LONG).raise_for_status()

    def wait_for(self, address, process):
        end = time.monotonic() + LONG
        while time.monotonic() < end:
            try:
                return requests.get(address, timeout=LONG)
            except requests.ConnectionError:
                assert process.poll() is None, (self.folder / "serve.log").read_text(encoding="utf-8")
                time.sleep(0.05)  # a program that starts cannot be awaited otherwise
        raise AssertionError(f"{address} did not answer within two minutes")

    @cache  # noqa: B019 - lives as long as the suite
    def address(self, site, place):
        """A path of a site, or the page of the item that a file holds."""
        if place.startswith("/"):
            return getattr(self, site) + place
        item = self.item(place)
        zalo = next((one["url"] for one in item["deliveries"] if one["channel"] == "zalo"), "")
        return {
            "portal": f"{self.portal}/{item['address']}",
            "desk": f"{self.desk}/tin/{item['id']}",
            "simulator": zalo,
        }[site]


@contextmanager
def serving(room):
    """`bantin serve` until the end of the block."""
    with (room.folder / "serve.log").open("w", encoding="utf-8") as log:
        words = [*room.command, "serve", "--config", str(room.folder / "config.toml")]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("BANTIN_")}
        process = subprocess.Popen(words, stdout=log, stderr=log, cwd=room.folder, env=clean)
        try:
            room.wait_for(f"{room.desk}/healthz", process)
            yield room
        finally:
            process.terminate()
            process.wait(LONG)


def staffed(folder, *units, **changes):
    """A newsroom with an account for each role, an editor's approval for everything, and the files of some units."""
    shutil.copytree(ROOT / "schedules", folder / "schedules")
    for unit in units:
        shutil.copytree(ROOT / "content" / unit, folder / "content" / unit)
    looks = {"looks": "[3600, 7200]"}  # nobody but a person decides about the unsure while a test runs
    room = Room(folder, default='"editor"', settle="0.2", **looks, **changes)
    for login, (name, role, unit) in STAFF.items():
        more = ("--unit", unit) if unit else ()
        words = ("account", "add", login, "--name", name, "--role", role, *more, "--password-stdin", "--by", "thử")
        room.bantin(*words, given=PASSWORD + "\n")
    return room


def follow(way):
    """Click what leads to another page, and be there: what is read next is never still on the old one."""
    with way.page.expect_navigation():
        way.click()


def in_colours(page, scheme):
    """Light or dark, once the page has been drawn so."""
    page.emulate_media(color_scheme=scheme)
    page.evaluate(DRAWN, scheme)


class Desk:
    """One person at the desk in a window of their own; a picture of every step when a folder was given."""

    def __init__(self, browser, room, login, pictures="", **window):
        self.room, self.login, self._pictures = room, login, pictures
        self.context = browser.new_context(locale="vi-VN", viewport={"width": 1280, "height": 900}, **window)
        self.page = self.context.new_page()
        self.page.set_default_timeout(LONG * 1000)
        self.page.goto(room.desk)
        self.page.get_by_label("Tên đăng nhập").fill(login)
        self.page.get_by_label("Mật khẩu").fill(PASSWORD)
        self.page.get_by_role("button", name="Đăng nhập").click()
        self.page.wait_for_url(f"{room.desk}/")

    def go(self, place):
        self.page.goto(self.room.desk + place)
        return self.page

    def press(self, name, within="main"):
        """A button by its words, which may end in an ellipsis."""
        self.page.locator(within).get_by_role("button", name=name, exact=True).first.click()

    def follow(self, name):
        """A button that leads to another page, until that is there."""
        follow(self.page.locator("main").get_by_role("button", name=name, exact=True).first)

    def text(self):
        return self.page.inner_text("main")

    def picture_of_now(self, name):
        """What stands on the screen at this moment, such as something that is being dragged."""
        if self._pictures:
            Path(self._pictures).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{self._pictures}/now-{name}.png")

    def picture(self, name):
        """As it is seen on a phone and on a desk, light and dark."""
        if not self._pictures:
            return
        Path(self._pictures).mkdir(parents=True, exist_ok=True)
        for width in (390, 1280):
            self.page.set_viewport_size({"width": width, "height": 844})
            for scheme in ("light", "dark"):
                in_colours(self.page, scheme)
                self.page.screenshot(path=f"{self._pictures}/day-{name}-{width}-{scheme}.png", full_page=True)
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size({"width": 1280, "height": 900})
