"""What a command costs: wall time, processor time and memory of the process and all that it starts (Linux)."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_EVERY = 0.25  # seconds between two looks at the memory


@dataclass(frozen=True)
class Cost:
    """Seconds of wall and of all processors, megabytes of the largest process and of the whole tree at its peak.

    `tree` counts a page that processes share once (PSS); it is 0 for what ended before the first look.
    """

    wall: float
    cpu: float
    largest: float
    tree: float


def run(command: tuple[str, ...], folder: Path) -> Cost:
    """Run the command in a folder and wait for it.

    Raises:
        RuntimeError: it failed; the end of what it said.
    """
    peak, done = [0.0], threading.Event()
    with (folder / "bench.log").open("w+b") as log:
        started = time.perf_counter()
        child = subprocess.Popen(command, cwd=folder, env=environment(), stdout=log, stderr=log)  # noqa: S603 - ours
        watcher = threading.Thread(target=_watch, args=(child.pid, peak, done), daemon=True)
        watcher.start()
        _pid, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        done.set()
        watcher.join()
        log.seek(0)
        if child.returncode:
            raise RuntimeError(f"{command}: {log.read()[-2000:].decode(errors='replace')}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, peak[0])


def environment() -> dict[str, str]:
    """As a program runs that is installed: Python keeps what it compiled. An agent's shell may forbid it, and then every start
    compiles two hundred of our modules and none of the peers', whose installer has done so."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPATH": str(Path(__file__).parents[1])}


def _watch(pid: int, peak: list[float], done: threading.Event) -> None:
    while not done.wait(_EVERY):
        peak[0] = max(peak[0], sum(map(_pss, _tree(pid))))


def _tree(pid: int) -> list[int]:
    found = [pid]
    for one in found:
        with suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


def _pss(pid: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0
