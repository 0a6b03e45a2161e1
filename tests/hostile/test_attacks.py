"""Six hundred hostile and awkward drops, each in a process of its own: no crash, bounded, harmless in every output.

`make attacks` takes every eighth of them, `make attacks ATTACKS=all` all, which takes minutes.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.attacks
ROOT = Path(__file__).resolve().parents[2]
SECONDS = 5.0  # of processor time: what a busy machine adds is not the file's doing
MEMORY = 300  # MB
EVERY = 1 if os.environ.get("ATTACKS") == "all" else 8
PARTS = ("body/", "field/", "video/", "path/", "letters/", "yaml/", "flood/", "bait/", "picture/", "link/", "name/", "captions/",
         "clip/", "pdf/", "bundle/", "type/", "word/", "feed/")  # fmt: skip


def program(name, *arguments):
    command = [sys.executable, "-m", f"tests.hostile.{name}", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr[-3000:]
    return done.stdout


@pytest.mark.parametrize("part", PARTS)
def test_hostile_drops_cost_little_and_let_nothing_through(tmp_path, part):
    """What each costs and becomes; a row that is wrong is shown whole."""
    program("write", tmp_path, EVERY, part)
    rows = [json.loads(line) for line in program("measure", tmp_path).splitlines()]
    wrong = [row for row in rows if "crash" in row or row["leaks"] or row["bare"] or not _as_expected(row)
             or row["cpu"] > SECONDS or row["memory"] > MEMORY or row["below"] > MEMORY]  # fmt: skip

    assert [] == wrong
    assert rows


def _as_expected(row):
    return not row["expect"] or {row["outcome"], *row["codes"]}.intersection(row["expect"])
