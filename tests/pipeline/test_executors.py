"""Whoever does the work, the same is recorded and the same site is built."""

import hashlib
import subprocess
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from pipeline import config as settings
from pipeline import flow
from pipeline.errors import ConfigError
from pipeline.executors import Bulk, mapper
from pipeline.openers import open_portal
from pipeline.wiring import newsroom
from tests.conftest import ZONE
from tests.pipeline.offices import bring

CONFIG = """
[portal]
base_url = "https://cchc.example.vn"
[channels.zalo]
enabled = true
[simulator]
enabled = false
[intake]
settle = 0
[media]
webp_method = 0
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Makes a newsroom of its own over the same content, takes in, publishes; tells what came of it."""
    tmp_path, root = tmp_path_factory.mktemp("offices"), Path(__file__).parents[2]
    bring(root, tmp_path, "bhxh-tp", "xa-00145", "xa-09556", "thue-tp")  # questions and a picture among it
    content, now = tmp_path / "content", datetime(2026, 11, 24, 8, tzinfo=ZONE)

    def make(name, bulk, steps=1):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "config.toml").write_text(CONFIG + f'[paths]\ncontent = "{content}"\n', encoding="utf-8")
        config = settings.load(folder / "config.toml")
        hidden = sorted(content.glob("*"))[1::2] if steps > 1 else []
        for unit in hidden:
            unit.rename(tmp_path / f"hidden-{unit.name}")
        for step in range(steps):
            if step:
                for unit in hidden:
                    (tmp_path / f"hidden-{unit.name}").rename(unit)
            with newsroom(config, lambda: now, channels=False) as room, mapper(room.workshop(now), bulk) as spread:
                flow.take_in(config.content, room.ledger, room.workshop(now), most_missing=1.0, mapper=spread)
                flow.deliver_due(room.ledger, {"portal": open_portal(config)}, lambda: now)
                with room.ledger.reads.connect() as connection:
                    rows = [
                        [str(tuple(row)).replace(str(folder), "") for row in connection.execute(text(f"SELECT {what} ORDER BY 1, 2"))]  # noqa: S608 - ours
                        for what in ("path, stamp, digest, item, outcome FROM \"drop\"", "item, channel, body FROM post",
                                     "path, code, message FROM finding")
                    ]  # fmt: skip
        return tree(folder / "public"), rows

    return make


@pytest.fixture(scope="module")
def alone(office):
    """What comes of it without any helper."""
    return office("alone", Bulk(workers=1))


def tree(folder):
    """Address and sha256 of every file."""
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_one_worker_and_two_give_the_same_bytes(office, alone):
    """The order of the batch is kept, so that even what is compared with earlier items is the same."""
    assert alone == office("pool", Bulk(workers=2, many=2))
    assert alone[0]
    assert all(alone[1][:2])


def test_a_dask_cluster_gives_the_same_bytes(office, alone):
    """Two worker processes that the executor starts itself when no scheduler is named."""
    pytest.importorskip("distributed")
    assert alone == office("dask", Bulk("dask", workers=2, many=2))


def test_half_today_and_half_tomorrow_is_the_same_site(office, alone):
    """Cold and incremental builds give the same files."""
    assert alone[0] == office("steps", Bulk(workers=1), steps=2)[0]


def test_a_cluster_that_does_not_answer_is_one_clear_message(office):
    """Before anything is taken in."""
    pytest.importorskip("distributed")
    with pytest.raises(ConfigError, match=r"tcp://127\.0\.0\.1:1\b"):
        office("none", Bulk("dask", address="tcp://127.0.0.1:1", many=2, wait=1.0))


def test_a_bulk_is_described_by_the_settings():
    """Process pool of two unless told otherwise."""
    assert {"kind": "process", "workers": 2, "address": "", "many": 40, "wait": 10.0} == asdict(Bulk())


def test_a_worker_keeps_the_memory_of_one_picture_for_the_next():
    """The second time nothing is asked of the system: no page is touched for the first time (glibc, which Debian has)."""
    program = (
        "import resource; from PIL import Image; from pipeline.executors import _keep_memory; _keep_memory()\n"
        "def faults():\n"
        "    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt\n"
        "    Image.new('RGB', (1600, 1000), 'red').copy()\n"
        "    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before\n"
        "first, second = faults(), faults(); print(second < first / 10, first > 1000)"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)

    assert "True True" == told.stdout.strip()
