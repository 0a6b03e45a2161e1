"""Six hundred hostile and awkward drops, each in a process of its own: no crash, bounded, harmless in every output."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 5.0  # of processor time: what a busy machine adds is not the file's doing
MEMORY = 300  # MB
PARTS = ("body/", "field/", "video/", "path/", "letters/", "yaml/", "flood/", "bait/", "picture/", "link/", "name/", "captions/",
         "clip/", "pdf/", "bundle/", "type/", "word/", "feed/")  # fmt: skip


def program(name, *arguments):
    command = [sys.executable, "-m", f"tests.hostile.{name}", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("attacks")
    program("write", folder)
    return folder


@pytest.mark.parametrize("part", PARTS)
def test_hostile_drops_cost_little_and_let_nothing_through(written, part):
    """What each costs and becomes; a row that is wrong is shown whole."""
    rows = [json.loads(line) for line in program("measure", written, part).splitlines()]
    wrong = [row for row in rows if "crash" in row or row["leaks"] or row["bare"] or not _as_expected(row)
             or row["cpu"] > SECONDS or row["memory"] > MEMORY or row["below"] > MEMORY]  # fmt: skip

    assert [] == wrong
    assert 5 < len(rows)


def _as_expected(row):
    return not row["expect"] or {row["outcome"], *row["codes"]}.intersection(row["expect"])
