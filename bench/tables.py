"""Tables of costs as text: medians with their spread, ratios by round, and the machine that they were measured on."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench import corpus
from bench.measure import Cost

NOISY = 1.3  # slowest round over quickest, from which a row is not to be trusted


CALM = 0.5  # load, beyond which others use the machine
_FADES = 180.0  # seconds in which the load forgets what was run before, four processors' worth of it too


def load() -> float:
    return os.getloadavg()[0]


def load_of_others() -> float:
    """The load before a measurement, once what we ran ourselves has faded from it."""
    end = time.monotonic() + _FADES
    while load() > CALM and time.monotonic() < end:
        time.sleep(5)
    return load()


def ratio(theirs: Sequence[Cost], ours: Sequence[Cost], what: str = "wall") -> float:
    """Median of the ratios of each round, above 1 where ours is the better."""
    return statistics.median(getattr(one, what) / getattr(own, what) for one, own in zip(theirs, ours, strict=True))


def noisy(costs: Sequence[Cost]) -> bool:
    return max(one.wall for one in costs) / min(one.wall for one in costs) > NOISY


def table(mode: str, of_mode: dict[str, list[Cost]]) -> str:
    """Medians of a mode, each builder beside bantin."""
    rows = [f"{mode:8} {'wall s':>20} {'CPU s':>8} {'largest MB':>10} {'tree MB':>8} {'x bantin wall':>13} {'CPU':>6}"]
    for name, theirs in of_mode.items():
        walls = sorted(cost.wall for cost in theirs)
        spread = f"{statistics.median(walls):.2f} ({walls[0]:.2f}..{walls[-1]:.2f})"
        rows.append(
            f"{name:8} {spread:>20} {statistics.median(c.cpu for c in theirs):8.2f} {max(c.largest for c in theirs):10.0f} "
            f"{max(c.tree for c in theirs):8.0f} {ratio(theirs, of_mode['bantin']):13.2f} "
            f"{ratio(theirs, of_mode['bantin'], 'cpu'):6.2f}{' noisy' if noisy(theirs) else ''}"
        )
    return "\n".join(rows)


def header(said: list[str], count: int, before: float) -> str:
    """Who measured what where; NOISY when others used the machine."""
    model = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.processor())  # fmt: skip
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
    ).stdout.strip()  # noqa: S607 - a tool of ours
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {commit}, {os.cpu_count()} x {model}, Python "
        f"{platform.python_version()}, load {before:.1f} before, {load():.1f} after{' - NOISY' if before > CALM else ''}\n"
        f"{count} items, sha256 {corpus.digest(min(count, 2000))[:16]} (of the first {min(count, 2000)})\n"
        + "\n".join(said)
    )
