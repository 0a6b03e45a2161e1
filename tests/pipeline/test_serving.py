"""`bantin serve` and the desk beside it: two processes that start and end together."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import requests

from pipeline import beside, serving
from pipeline.errors import RunError
from tests.chaos.town import free_port

SLEEPER = (sys.executable, "-c", "import time; time.sleep(60)")


def test_a_desk_that_does_not_start_ends_the_whole_with_a_message():
    """A taken port must not go unseen."""
    with pytest.raises(RunError, match="8770"):
        serving._keep_running((sys.executable, "-c", "raise SystemExit(1)"), threading.Event(), 8770)


def test_the_desk_is_told_to_stop_with_the_rest():
    """And is gone when `serve` is."""
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    began = time.monotonic()
    serving._keep_running(SLEEPER, stop, 1)

    assert time.monotonic() - began < 30


def test_a_desk_that_ends_by_itself_is_started_again(monkeypatch, tmp_path):
    """When it had got going before."""
    monkeypatch.setattr(serving, "_START", 0.0)
    stop, told = threading.Event(), tmp_path / "told"
    program = f"open({str(told)!r}, 'a').write('x')"

    def watch():
        while not told.exists() or len(told.read_text()) < 2:
            time.sleep(0.01)  # what another process does cannot be awaited otherwise
        stop.set()

    threading.Thread(target=watch, daemon=True).start()
    serving._keep_running((sys.executable, "-c", program), stop, 1)

    assert len(told.read_text()) >= 2


@pytest.fixture
def office(tmp_path):
    """A newsroom without simulator and content on free ports."""
    port = free_port()
    (tmp_path / "content").mkdir()
    (tmp_path / "schedules").mkdir()
    (tmp_path / "config.toml").write_text(
        f'[portal]\nbase_url = "http://127.0.0.1:{free_port()}"\n[channels.zalo]\nenabled = false\n[channels.facebook]\nenabled = false\n'
        f"[simulator]\nenabled = false\n[desk]\nport = {port}\n", encoding="utf-8")  # fmt: skip
    return tmp_path, f"http://127.0.0.1:{port}/readyz"


def started(folder):
    words = (
        sys.executable,
        "-c",
        "from pipeline.cli import main; main()",
        "serve",
        "--config",
        str(folder / "config.toml"),
    )
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)


def answers(address, *, there):
    """Whether the desk comes to answer, or comes to be gone."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            if requests.get(address, timeout=20).json()["ok"] == there:
                return True
        except requests.RequestException:
            if not there:
                return True
        time.sleep(0.05)  # a program that starts or ends cannot be awaited otherwise
    return False


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL])
def test_desk_and_scheduler_end_together_however_it_ends(office, sign):
    """Told to stop or killed: no desk is left over that holds the port."""
    folder, address = office
    running = started(folder)
    try:
        assert answers(address, there=True)
        os.kill(running.pid, sign)
        running.wait(60)
        assert answers(address, there=False)
    finally:
        running.kill()
        running.wait()


def test_the_desk_gives_way_to_who_sends(office):
    """Its own niceness, and that of its session where Linux shares the processor between sessions."""
    folder, address = office
    running = beside.start(beside.desk_command(folder / "config.toml"))
    try:
        assert answers(address, there=True)
        assert 5 == os.getpriority(os.PRIO_PROCESS, running.pid) - os.getpriority(os.PRIO_PROCESS, 0)
        group = Path(f"/proc/{running.pid}/autogroup")
        try:
            told = group.read_text(encoding="ascii")
        except OSError:
            return  # a kernel without such groups
        assert told.endswith("nice 5\n")
        assert told != Path("/proc/self/autogroup").read_text(encoding="ascii")
    finally:
        beside.end(running)
    assert answers(address, there=False)
