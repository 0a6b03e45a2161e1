"""The real newsroom for a browser and for the HTML checker: `bantin serve` on free ports over a copy of content/."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[2]
REFUSED = "---\nkind: article\ntitle: Tin thiếu ngày\nsummary: Tóm tắt\ndate: hôm nào\n---\nNội dung.\n"
ARTICLE = "so-y-te/2026-11-05-so-suc-khoe-dien-tu/index.md"
CLIP = "cong-an-tp/2026-11-21-clip-mat-dien-thoai-khoa-vneid.md"
QUESTION = "so-xay-dung/2026-11-10-hoi-dap-ban-ve-giay.md"
EDITED = "xa-00577/2026-11-01-ho-gom-ban-hang-so.md"
# Name, site, and either a path or the file of the item whose page it is.
ROOM_PAGES = [
    ("portal-home", "portal", "/"), ("portal-area", "portal", "/mot-cua/"), ("portal-questions", "portal", "/hoi-dap/"),
    ("portal-article", "portal", ARTICLE), ("portal-clip", "portal", CLIP), ("portal-question", "portal", QUESTION),
    ("portal-clips", "portal", "/clip/"), ("portal-units", "portal", "/don-vi/"), ("portal-fields", "portal", "/linh-vuc/"),
    ("portal-topics", "portal", "/chu-de/"), ("portal-months", "portal", "/luu-tru/"),
    ("portal-search", "portal", "/tim-kiem/?q=de+an+06"), ("portal-contact", "portal", "/lien-he/"),
    ("portal-access", "portal", "/tiep-can/"), ("portal-feeds", "portal", "/kenh-tin/"), ("portal-numbers", "portal", "/con-so/"), ("portal-map", "portal", "/so-do/"),
    ("portal-missing", "portal", "/khong-co.html"), ("simulator", "simulator", "/"),
    ("simulator-facebook", "simulator", "/facebook"), ("simulator-zalo", "simulator", "/zalo"),
    ("simulator-article", "simulator", EDITED), ("desk-monitor", "desk", "/"),
    ("desk-planned", "desk", "/?channel=facebook&view=planned"), ("desk-item", "desk", EDITED),
    ("desk-clip", "desk", CLIP), ("desk-login", "desk", "/dang-nhap"), ("desk-missing", "desk", "/tin/khong-co"),
    ("desk-calendar", "desk", "/lich"), ("desk-blackout", "desk", "/im-lang"), ("desk-log", "desk", "/nhat-ky"), ("desk-api", "desk", "/api"),
    ("desk-search", "desk", "/?q=lang+gom&channel=zalo"),
    ("desk-send-unit", "desk", "/gui-tin"), ("desk-send", "desk", "/gui-tin/so-y-te"),
    ("desk-sent", "desk", "/gui-tin/so-y-te/ket-qua?tep=so-y-te/hong.md"), ("desk-drafts", "desk", "/soan?unit=so-y-te"),
    ("desk-write-article", "desk", f"/soan/article?unit=so-y-te&tep={ARTICLE}"), ("desk-write-clip", "desk", "/soan/clip?unit=so-y-te"),
    ("desk-write-question", "desk", f"/soan/qa?unit=so-xay-dung&tep={QUESTION}"),
]  # fmt: skip


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
def real_newsroom(folder):
    """Everything published; then one file edited, one broken, and Facebook's token dead."""
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
