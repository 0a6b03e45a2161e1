"""From a dropped file to a server, by the commands that people use."""

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from pipeline.cli import main

ITEM = """---
kind: article
title: Một cửa số ở phường Cửa Nam rút ngắn thời gian giải quyết thủ tục hành chính
summary: Người dân nhận kết quả hồ sơ ngay tại bộ phận một cửa của phường.
date: 24/11/2026
author: Ngọc Diệp
---
Từ tháng 11, bộ phận một cửa của phường tiếp nhận hồ sơ thủ tục hành chính và trả kết quả trong ngày. Người dân nộp hồ sơ
trực tuyến qua Cổng Dịch vụ công quốc gia và được hướng dẫn tại chỗ.
"""


class Office:
    """A newsroom with nothing but a portal, which goes to a mounted folder."""

    def __init__(self, folder):
        self.folder, self.server = folder, folder / "server"
        unit = folder / "content/so-noi-vu"
        unit.mkdir(parents=True)
        (unit / "tin.md").write_text(ITEM, encoding="utf-8")
        (folder / "schedules").mkdir()
        (folder / "schedules/send.toml").write_text(
            '[[job]]\nname = "portal"\ndoes = "send"\nchannel = "portal"\nevery = 1\n'
        )
        (folder / "config.toml").write_text(
            '[portal]\nbase_url = "https://cchc.example.vn"\n[intake]\nsettle = 0.0\n[channels.zalo]\nenabled = false\n'
            f'[channels.facebook]\nenabled = false\n[portal.deploy]\nto = "file://{self.server}"\n', encoding="utf-8")  # fmt: skip

    def bantin(self, *words):
        """The command in this process."""
        return CliRunner().invoke(main, [*words, "--config", "config.toml"])

    def program(self, *words):
        """The command as a program of its own, which starts in half a second."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("BANTIN_")}
        command = [sys.executable, "-c", "from pipeline.cli import main; main()", *words, "--config", "config.toml"]
        return subprocess.run(command, capture_output=True, text=True, check=False, env=clean, timeout=120)


@pytest.fixture
def office(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Office(tmp_path)


def test_a_run_brings_the_page_to_the_server_and_a_second_brings_nothing(office):
    """Then `bantin deploy` has nothing to do either; both as programs."""
    done = office.program("run", "--at", "2026-11-24T10:00")
    assert 0 == done.returncode, done.stderr
    pages = list(office.server.glob("2026/11/*.html"))
    told = json.loads(office.program("deploy", "--json").stdout)

    assert 1 == len(pages), done.stdout
    assert ([], [], "") == (told["sent"], told["removed"], told["error"])


def test_a_server_in_trouble_fails_no_run_and_is_told_by_status(office):
    """The page is built, the portal is unwell, and once the server is well one command brings all."""
    office.server.write_text("a file where the folder should be")
    ran = office.bantin("run", "--at", "2026-11-24T10:00")
    by_hand, status = office.bantin("deploy"), office.bantin("status")
    office.server.unlink()
    mended, well = office.bantin("deploy"), office.bantin("status")

    assert (0, 1, 1) == (ran.exit_code, by_hand.exit_code, status.exit_code)
    assert (0, 0) == (mended.exit_code, well.exit_code), well.stdout
    assert str(office.server) in status.stdout
    assert "[portal.deploy] to" in by_hand.stderr
    assert 1 == len(list(office.server.glob("2026/11/*.html")))


def test_what_was_withdrawn_is_printed_for_nginx(office):
    """One line an address, and nothing else."""
    office.bantin("run", "--at", "2026-11-24T10:00")
    assert "" == office.bantin("deploy", "--gone-map").stdout
    file = office.folder / "content/so-noi-vu/tin.md"
    file.write_text(ITEM.replace("author:", "status: withdrawn\nauthor:"), encoding="utf-8")
    office.bantin("run", "--at", "2026-11-24T11:00")
    lines = office.bantin("deploy", "--gone-map").stdout.splitlines()

    assert 1 == len(lines)
    assert lines[0].startswith('"/2026/11/') and lines[0].endswith('.html" 1;')


def test_without_a_server_the_command_says_so(office):
    """As a wrong setting."""
    file = office.folder / "config.toml"
    file.write_text(file.read_text().partition("[portal.deploy]")[0])

    assert 2 == office.bantin("deploy").exit_code
