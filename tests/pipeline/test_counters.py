"""What a look costs, counted in files: work grows with what changed, not with what exists."""

import os
import sys
from dataclasses import replace

import pytest

from bench import corpus
from bench.office import write
from pipeline import config as settings
from pipeline import flow
from pipeline.wiring import newsroom, open_portal

CONFIG = """
[portal]
base_url = "https://cchc.example.vn"
[channels.zalo]
enabled = false
[channels.facebook]
enabled = false
[simulator]
enabled = false
[intake]
settle = 0
"""
_OPENED = []
_COUNTING = []


def _hook(event, details):
    if _COUNTING and event == "open":
        _OPENED.append(str(details[0]))


sys.addaudithook(_hook)  # cannot be taken away again: it only counts between the two marks


@pytest.fixture
def office(tmp_path, now):
    """Twelve published items of the bench's corpus, no two of which are alike."""
    for one in corpus.corpus(12):
        write(tmp_path, one)
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    config = settings.load(tmp_path / "config.toml")
    _read, written = tick(config, now)
    assert 12 == len(items(written))
    return config


def items(written):
    """Those of the addresses that are pages of items."""
    return [name for name in written if name[:4].isdigit() and name.endswith(".html")]


def tick(config, now):
    """A look and what follows; content files that were opened, and addresses whose file is another one than before."""
    public = config.path("public")
    before = {file: os.stat(file).st_ino for file in public.rglob("*") if file.is_file()}
    _OPENED.clear()
    _COUNTING.append(True)
    try:
        with newsroom(config, lambda: now, channels=False) as room:
            taken = flow.take_in(config.content, room.ledger, room.workshop(now), most_missing=1.0)
            if taken.prepared:
                flow.deliver_due(room.ledger, {"portal": open_portal(config)}, lambda: now)
    finally:
        _COUNTING.clear()
    read = [path for path in _OPENED if path.startswith(str(config.content))]
    after = {file: os.stat(file).st_ino for file in public.rglob("*") if file.is_file()}
    written = [file.relative_to(public).as_posix() for file, number in after.items() if before.get(file) != number]
    return [os.path.basename(path) for path in read], sorted(written)


def test_an_unchanged_folder_is_neither_read_nor_written(office, now):
    """A walk and a look into the ledger are all."""
    assert ([], []) == tick(office, now)


def test_a_changed_body_reads_one_file_and_writes_one_page(office, now, tmp_path):
    """No list, overview or neighbour tells the body, so none is written."""
    one = corpus.entry(5)
    write(tmp_path, replace(one, body=f"{one.body}\nThêm một câu.\n"))
    read, written = tick(office, now)

    assert [f"{one.name}.md"] == read
    assert 1 == len(items(written))
    assert items(written) == [name for name in written if name.endswith(".html")]


def test_a_new_item_reads_one_file(office, now, tmp_path):
    """And writes its page and those of the items beside it, not every page."""
    one = replace(corpus.entry(12), day=corpus.NEWEST)
    write(tmp_path, one)
    read, written = tick(office, now)

    assert [f"{one.name}.md"] == read
    assert 1 <= len(items(written)) < 12
