"""Nobody works on for a master who is dead."""

import os
import signal
import subprocess
import sys
import time

import pytest

from channels import offspring

POOLS = {
    "portal": "from pathlib import Path\nfrom channels.portal.crew import Place, Site, helpers\n"
    "with helpers(2, 10_000, Place(Path(), Path(), Site('A', 'B'), 'https://cchc.example.vn', 10)) as pool:",
    "intake": "from pipeline.executors import _processes\nwith _processes(2) as pool:",
}
WORK = """
    import os, time
    print(*sorted({pool.submit(os.getpid).result() for _one in range(2)} | {*pool._processes}), flush=True)
    time.sleep(600)
"""


def gone(pid):
    """Ended, whether or not somebody has asked for its exit code."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.mark.parametrize("pool", POOLS)
def test_the_processes_of_a_pool_end_when_their_owner_is_killed(pool, root, tmp_path):
    """SIGKILL gives the owner no time to say goodbye."""
    owner = subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, "-c", POOLS[pool] + WORK], stdout=subprocess.PIPE, text=True, cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(root)},
    )  # fmt: skip
    workers = [int(pid) for pid in owner.stdout.readline().split()]
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    owner.stdout.close()
    end = time.monotonic() + 30
    while not all(map(gone, workers)) and time.monotonic() < end:
        time.sleep(0.05)

    assert workers
    assert [] == [pid for pid in workers if not gone(pid)]


def test_where_the_kernel_does_not_tell_it_looks_itself(monkeypatch):
    """Systems other than Linux."""
    ended = []
    monkeypatch.setattr(offspring, "_told_by_kernel", lambda: False)
    monkeypatch.setattr(offspring.os, "_exit", ended.append)
    monkeypatch.setattr(offspring.threading.Thread, "start", lambda thread: thread.run())
    offspring._begin(os.getppid() + 1, 0)

    assert [1, 1] == ended
