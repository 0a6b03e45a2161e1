"""A full or read-only disk, a locked ledger, a clock that jumps: a clear stop or a clean continuation, nothing lost."""

import os
import shutil
import sqlite3
import subprocess
import sys
from datetime import timedelta

import pytest

from pipeline import config as settings
from pipeline.ledger import Ledger, views
from pipeline.ledger.engine import open_engine
from pipeline.session import run_once
from tests.chaos.town import free_port

pytestmark = pytest.mark.chaos
CONFIG = """
[paths]
state = "{state}"
[portal]
base_url = "http://127.0.0.1:{port}"
output = "{state}/public"
[channels.zalo]
enabled = false
[channels.facebook]
enabled = false
[intake]
settle = 0
workers = 1
"""
NEW = """---
kind: article
title: Phường mở thêm bàn hướng dẫn ghi tờ khai
summary: Từ tuần này, ai đến bộ phận một cửa lần đầu cũng có người ngồi cùng để ghi tờ khai.
date: 2026-11-16
author: Quỳnh Chi
---
Bàn hướng dẫn đặt cạnh cửa ra vào, mở suốt giờ làm việc. Hai bạn đoàn viên thay nhau trực và không thu tiền của ai.
"""


@pytest.fixture
def office(tmp_path, root):
    shutil.copytree(root / "content/so-xay-dung", tmp_path / "content/so-xay-dung")
    (tmp_path / "state").mkdir()
    (tmp_path / "config.toml").write_text(CONFIG.format(state=tmp_path / "state", port=free_port()), encoding="utf-8")
    return tmp_path


def bantin(office, *words):
    command = [
        sys.executable,
        "-c",
        "from pipeline.cli import main; main()",
        *words,
        "--config",
        str(office / "config.toml"),
    ]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=120, cwd=os.getcwd())


def published(office):
    config = settings.load(office / "config.toml")
    engine = open_engine(config.ledger_url)
    found = views.counts(Ledger(engine)).get("portal", {}).get("published", 0)
    engine.dispose()
    return found


@pytest.fixture
def disk(office):
    """A small file system of its own for the state folder; needs the right to mount."""

    def mount(size, *options):
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", ",".join([f"size={size}", *options]), "none", str(office / "state")],
                              check=False, capture_output=True)  # fmt: skip
        if done.returncode:
            pytest.skip("no right to mount a file system here")

    yield mount
    subprocess.run(["umount", "-l", str(office / "state")], check=False, capture_output=True)


def remount(office, option):
    subprocess.run(["mount", "-o", f"remount,{option}", str(office / "state")], check=True, capture_output=True)


def test_a_full_disk_stops_the_run_with_one_message_and_the_next_goes_on(office, disk):
    """Nothing is lost and nothing is there twice."""
    disk("600k")
    first = bantin(office, "run")
    assert 1 == first.returncode, first.stdout
    assert "Traceback" not in first.stderr
    assert "đầy" in first.stderr or "No space left" in first.stderr, first.stderr
    remount(office, "size=64m")
    assert 0 == bantin(office, "run").returncode

    assert 2 == published(office)


def test_a_read_only_disk_is_said(office, disk):
    """And after it is mended the run goes on."""
    disk("64m")
    assert 0 == bantin(office, "run").returncode
    file = next((office / "content/so-xay-dung").glob("*.md"))
    file.write_text(file.read_text(encoding="utf-8") + "\nThêm một câu.\n", encoding="utf-8")
    remount(office, "ro")
    stopped = bantin(office, "run")
    assert (1, "") == (stopped.returncode, stopped.stdout), stopped.stderr
    assert "Traceback" not in stopped.stderr
    remount(office, "rw")
    again = bantin(office, "run")

    assert 0 == again.returncode, again.stderr
    assert "1 sửa" in again.stdout or "1 " in again.stdout


def test_a_locked_ledger_is_said_and_nothing_is_lost(office):
    """Another program keeps it for longer than we wait."""
    assert 0 == bantin(office, "run").returncode
    (office / "content/so-xay-dung/moi.md").write_text(NEW, encoding="utf-8")
    with (office / "config.toml").open("a", encoding="utf-8") as settings_file:
        settings_file.write("[ledger]\nwait = 1\n")
    other = sqlite3.connect(office / "state/ledger.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    stopped = bantin(office, "run")
    other.execute("ROLLBACK")
    other.close()

    assert 1 == stopped.returncode
    assert "khóa" in stopped.stderr
    assert 0 == bantin(office, "run").returncode
    assert 3 == published(office)


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=400)])
def test_a_clock_that_jumps_sends_nothing_twice(office, now, jump):
    """Forwards: leases end early, and what they left is looked for. Backwards: things wait, nothing is sent again."""
    config = settings.load(office / "config.toml")
    run_once(config, lambda: now)
    engine = open_engine(config.ledger_url)
    ledger = Ledger(engine)
    before = len(views.attempts(ledger))
    run_once(config, lambda: now + jump)
    run_once(config, lambda: now)

    assert before == len(views.attempts(ledger))
    assert 2 == published(office)
    engine.dispose()
