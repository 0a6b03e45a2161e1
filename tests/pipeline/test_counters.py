"""What a look costs, counted exactly (facts: performance.md §7c): work grows with what changed, not with what exists."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import event

from bench import corpus
from bench import newsroom as office
from channels.portal import index as portal_index
from pipeline import config as settings
from pipeline import flow
from pipeline.executors import Bulk, mapper
from pipeline.openers import open_portal
from pipeline.parse import markdown
from pipeline.wiring import newsroom

COUNT = 200
_OPENED, _COUNTING = [], []


def _hook(name, details):
    if _COUNTING and name == "open":
        _OPENED.append(str(details[0]))


sys.addaudithook(_hook)  # cannot be taken away again: it only counts between the two marks


@pytest.fixture(scope="module")
def office_of_200(tmp_path_factory):
    """200 published items of the bench's corpus, no two of which are alike; each test changes something else."""
    folder = tmp_path_factory.mktemp("office")
    config = settings.load(office.make(folder, corpus.corpus(COUNT), workers=1))
    return config, tick(config)


class Tick:
    """What one look and what follows did: files read, addresses written, transactions, parsed texts."""

    def __init__(self, read, written, commits, parsed, sent):
        self.read, self.written, self.commits, self.parsed, self.sent = read, written, commits, parsed, sent

    def of(self, pattern):
        return sorted(name for name in self.written if re.fullmatch(pattern, name))


def tick(config, now=None):
    """As bench.newsroom does it, counted."""
    import datetime

    now = now or datetime.datetime.now(config.zone)
    public = config.path("public")
    before = {file: os.stat(file).st_ino for file in public.rglob("*") if file.is_file()}
    commits, parsed, parse = Counter(), [], markdown.document
    begin = portal_index.Index.open

    def counted(self):
        commits["portal"] += 1
        return begin(self)

    def noted(source, first_line, **more):
        parsed.append(source)
        return parse(source, first_line, **more)

    _OPENED.clear()
    with pytest.MonkeyPatch.context() as patch, newsroom(config, lambda: now, channels=False) as room:
        patch.setattr(markdown, "document", noted)
        patch.setattr(portal_index.Index, "open", counted)
        event.listen(room.ledger.engine, "commit", lambda _connection: commits.update(["ledger"]))
        _COUNTING.append(True)
        try:
            with mapper(room.workshop(now), Bulk(workers=1)) as spread:
                taken = flow.take_in(config.content, room.ledger, room.workshop(now), most_missing=1.0, mapper=spread)
            sent = (
                flow.deliver_due(room.ledger, {"portal": open_portal(config)}, lambda: now) if taken.prepared else None
            )
        finally:
            _COUNTING.clear()
    read = Counter(os.path.basename(path) for path in _OPENED if path.startswith(str(config.content)))
    after = {file: os.stat(file).st_ino for file in public.rglob("*") if file.is_file()}
    written = {file.relative_to(public).as_posix() for file, number in after.items() if before.get(file) != number}
    return Tick(read, written, commits, parsed, sum(sent.counts.values()) if sent else 0)


ITEM, LIST = r"\d{4}/\d{2}/.*\.html", r".*/(?:index|trang-\d+)\.html"


def test_a_first_build_reads_and_parses_every_file_once_in_few_transactions(office_of_200):
    """And commits by the batch: two batches are compared and recorded, two claimed and settled."""
    _config, cold = office_of_200

    assert {f"{one.name}.md": 1 for one in corpus.corpus(COUNT)} == cold.read
    assert COUNT == len(cold.parsed) == cold.sent == len(cold.of(ITEM))
    batches = -(-COUNT // flow.BATCH)
    assert cold.commits["ledger"] <= 4 * batches + 6
    assert cold.commits["portal"] <= batches + 3


def test_an_unchanged_folder_is_neither_read_nor_written(office_of_200):
    """A walk and a look into the ledger are all."""
    config, _cold = office_of_200
    idle = tick(config)

    assert (Counter(), set(), 0, []) == (idle.read, idle.written, idle.commits["ledger"], idle.parsed)


def test_a_changed_body_reads_one_file_and_writes_one_page(office_of_200):
    """No list, overview or neighbour tells the body; what tells that it changed, and the search, do."""
    config, _cold = office_of_200
    one = corpus.entry(5)
    office.write(config.content.parent, replace(one, body=f"{one.body}\nThêm một câu.\n"))
    done = tick(config)

    assert {f"{one.name}.md": 1} == done.read
    assert 1 == len(done.parsed) == len(done.of(ITEM))
    assert [] == done.of(LIST)
    others = done.written - set(done.of(ITEM))
    assert all(re.fullmatch(r"(?:.*/)?(?:rss|atom)\.xml|(?:.*/)?feed\.json|sitemap.*\.xml|tim-kiem/[\w-]+\.json", name)
               for name in others), others  # fmt: skip
    assert 2 >= len(done.of(r"tim-kiem/.*")) and 2 >= len(done.of(r"sitemap.*"))


def test_a_new_item_writes_the_newest_page_of_its_lists_and_no_old_one(office_of_200):
    """Its page, what links to it, the first page of each list that it stands in, feeds and sitemap."""
    config, _cold = office_of_200
    office.write(config.content.parent, replace(corpus.entry(COUNT), day=corpus.NEWEST))
    done = tick(config)

    assert {f"{corpus.entry(COUNT).name}.md": 1} == done.read
    numbered = Counter(name.rpartition("/")[0] for name in done.of(r".*/trang-\d+\.html"))
    assert all(count <= 2 for count in numbered.values())  # a page that filled up, and the one before it
    lists = {"tin", "tin-bai", "kstthc"}
    shown = {name.rpartition("/")[0] for name in done.of(LIST)} & lists
    assert shown <= lists and 5 >= len([name for name in done.of(LIST) if name.rpartition("/")[0] in lists])
    assert len(done.of(ITEM)) <= 1 + 2 + 24  # itself, and in whose "read next" it may stand
    assert 4 >= len(done.of(r"sitemap.*"))


def told_by_a_tick(config):
    """The output of one tick in a process of its own, and the modules that it loaded."""
    program = (
        "import sys, json\nfrom bench.newsroom import tick\nfrom pathlib import Path\ntick(Path(sys.argv[1]))\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules} | "
        "{name for name in sys.modules if name.startswith('pipeline.')})))"
    )
    told = subprocess.run([sys.executable, "-c", program, str(config.content.parent / "config.toml")],
                          capture_output=True, text=True, check=True).stdout.splitlines()  # fmt: skip
    return told[0], set(json.loads(told[-1]))


def test_a_run_without_changes_loads_nothing_heavy(office_of_200):
    """No database layer, no HTTP, no pictures, no web server, no Word, no rules."""
    config, _cold = office_of_200
    tick(config)
    told, loaded = told_by_a_tick(config)

    assert "nothing to do" in told
    assert set() == loaded & {"requests", "PIL", "fastapi", "mammoth", "sqlalchemy", "markdown_it", "jinja2", "yaml",
                              "alembic", "pipeline.rules", "pipeline.check"}  # fmt: skip


def test_a_changed_body_loads_nothing_that_only_others_need(office_of_200):
    """No processes, no mail, no web server, no Word, no comparing of misspelt words."""
    config, _cold = office_of_200
    one = corpus.entry(7)
    office.write(config.content.parent, replace(one, body=f"{one.body}\nThêm một câu.\n"))
    told, loaded = told_by_a_tick(config)

    assert "1 taken in, 1 sent" in told
    assert set() == loaded & {"requests", "fastapi", "mammoth", "alembic", "structlog", "multiprocessing", "smtplib", "rapidfuzz",
                              "difflib", "pipeline.loopback", "pipeline.feedback.mail", "pipeline.ledger.health"}  # fmt: skip


def test_pictures_are_decoded_once_and_kept(tmp_path):
    """A second edition of the text decodes and encodes nothing; nor does a portal folder that was deleted."""
    from pipeline.media import MediaStore
    from pipeline.media import store as kept

    config = settings.load(office.make(tmp_path, (corpus.entry(number, covers=True) for number in (0, 1)), workers=1))
    counts = Counter()
    with pytest.MonkeyPatch.context() as patch:
        decode, encode = MediaStore._decode, kept.encode
        patch.setattr(MediaStore, "_decode", lambda *given: counts.update(["decoded"]) or decode(*given))
        patch.setattr(kept, "encode", lambda *given, **more: counts.update(["encoded"]) or encode(*given, **more))
        tick(config)
        first = dict(counts)
        one = corpus.entry(0, covers=True)
        office.write(tmp_path, replace(one, body=f"{one.body}\nThêm một câu.\n"))
        tick(config)

    assert 1 == first["decoded"]
    assert first == dict(counts)
