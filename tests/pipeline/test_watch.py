"""A watch that is kept finds at each look what one would find that has just begun."""

import os
import random
import shutil
from datetime import datetime, timedelta

import pytest

from pipeline import intake
from pipeline.errors import RunError
from pipeline.intake import changes
from pipeline.ledger import Prepared
from pipeline.model import Identity, Outcome
from pipeline.settling import Patience
from pipeline.watch import Watch
from tests.conftest import ZONE
from tests.ledgers import opened

NAMES = ("a.md", "b.md", "c.docx", "anh.jpg", "anh2.png", "phim.mp4", "phu-luc.xlsx", "ghi-chu.txt", "index.md")
UNITS = ("so-noi-vu", "xa-00166")
FOLDERS = ("", "bai", "bai/anh", "thang-11")


@pytest.fixture
def now():
    """Files get the machine's time."""
    return datetime.now(ZONE)


@pytest.fixture
def ledger(sqlite_url):
    with opened(sqlite_url) as ledger:
        yield ledger


@pytest.fixture
def content(tmp_path):
    for unit in UNITS:
        (tmp_path / "content" / unit).mkdir(parents=True)
    return tmp_path / "content"


@pytest.fixture
def watch(content, ledger):
    return Watch(content, ledger)


def taken(drop, found, assets=()):
    """A drop as intake would record it; texts become items, what is refused does not."""
    text = intake.is_text(drop.path) and not drop.wrong
    stamp = intake.stamp_of(drop, assets, found.stamps)
    born = datetime(2026, 11, 1, tzinfo=ZONE)
    identity = Identity(drop.path, f"2026/11/{drop.path}.html", born) if text else None
    outcome = Outcome.PUBLISH if text else Outcome.REJECT
    return Prepared(drop.path, drop.unit_folder, stamp, tuple(assets), drop.stamp, outcome, identity=identity,
                    kind="article", title="Tin" if text else "")  # fmt: skip


def seen(watch, how, prepared=()):
    """All that a look tells of the folder."""
    found, due = watch.look(how)
    return [drop.path for drop in due], watch.absent(), watch.unnamed(prepared), found.drops, found.stamps


def test_an_unchanged_folder_is_compared_at_no_file(watch, content, ledger, now, monkeypatch):
    """After the first look only what changed is compared; a hundred thousand texts cost nothing."""
    for number in range(5):
        (content / UNITS[0] / f"{number}.md").write_text("x", encoding="utf-8")
    found, due = watch.look()
    ledger.record([taken(drop, found) for drop in due], now)
    watch.look()
    compared = []
    stamp_of = intake.stamp_of
    monkeypatch.setattr(changes, "stamp_of", lambda drop, *told: compared.append(drop.path) or stamp_of(drop, *told))
    (content / UNITS[0] / "3.md").write_text("xyz", encoding="utf-8")

    assert ["so-noi-vu/3.md"] == [drop.path for drop in watch.look()[1]]
    assert ["so-noi-vu/3.md"] == compared


def test_a_text_is_due_when_a_picture_that_it_names_changes(watch, content, ledger, now):
    """Its own file is as it was."""
    (content / UNITS[0] / "a.md").write_text("x", encoding="utf-8")
    found, due = watch.look()
    ledger.record([taken(due[0], found, ("so-noi-vu/anh.jpg",))], now)
    assert [] == list(watch.look()[1])
    (content / UNITS[0] / "anh.jpg").write_bytes(b"x")

    assert ["so-noi-vu/a.md"] == [drop.path for drop in watch.look()[1]]


def test_what_was_not_recorded_is_due_again(watch, content):
    """A look that ended in an error, or a file that was still being copied."""
    (content / UNITS[0] / "a.md").write_text("x", encoding="utf-8")

    assert [["so-noi-vu/a.md"]] * 3 == [[drop.path for drop in watch.look()[1]] for _time in range(3)]


def test_a_folder_that_cannot_be_read_for_a_while_costs_nothing_of_what_is_known(watch, content, ledger, now):
    """The share comes back; what others wrote meanwhile is not forgotten."""
    (content / UNITS[0] / "a.md").write_text("x", encoding="utf-8")
    found, due = watch.look()
    ledger.record([taken(drop, found) for drop in due], now)
    watch.look()
    content.rename(content.with_name("weg"))
    with ledger.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE \"drop\" SET stamp = ''")
    with pytest.raises(RunError):
        watch.look()
    content.with_name("weg").rename(content)

    assert ["so-noi-vu/a.md"] == [drop.path for drop in watch.look()[1]]


@pytest.mark.parametrize("seed", range(4))
def test_through_any_history_a_kept_watch_sees_what_a_new_one_sees(watch, content, ledger, now, seed):
    """Files of every kind come, change, go and move, some are recorded, some not, and others write into the ledger."""
    chance = random.Random(seed)
    for step in range(60):
        for _time in range(chance.randrange(3)):
            _change(content, chance, step)
        if chance.random() < 0.2 and ledger.known_drops():
            with ledger.engine.begin() as connection:
                connection.exec_driver_sql(
                    "UPDATE \"drop\" SET stamp = '' WHERE path = ?", (chance.choice(sorted(ledger.known_drops())),)
                )
        how = None if chance.random() < 0.2 else intake.Look(Patience(now + timedelta(days=step // 20), 0))
        kept, fresh = seen(watch, how), seen(Watch(content, ledger), how)
        assert (sorted(fresh[0]), *fresh[1:]) == (sorted(kept[0]), *kept[1:])
        texts = [path for path in kept[0] if path in kept[4]]
        assert texts == sorted(texts, key=intake.in_order)
        _take_in(watch, ledger, chance, how, now)


def _take_in(watch, ledger, chance, how, now):
    found, due = watch.look(how)
    companions = [path for path in found.stamps if intake.is_companion(path)]
    records = []
    for drop in due:
        beside = [path for path in companions if path.startswith(f"{drop.unit_folder}/")]
        named = intake.is_text(drop.path) and chance.random() < 0.5
        if chance.random() < 0.8:
            records.append(taken(drop, found, tuple(chance.sample(beside, min(2, len(beside)))) if named else ()))
    alone = watch.unnamed([(one.path, one.assets) for one in records])
    records += [taken(drop, found) for drop in alone.due(lambda _path: "") if chance.random() < 0.5]
    if records:
        ledger.record(records, now)
    if chance.random() < 0.7:
        ledger.mark_missing([drop.path for drop in watch.absent() if drop.path not in alone.paths], now)


def _change(content, chance, step):
    folder = content / chance.choice(UNITS) / chance.choice(FOLDERS)
    file = folder / chance.choice(NAMES)
    match chance.randrange(7):
        case 0 | 1 | 2:
            folder.mkdir(parents=True, exist_ok=True)
            file.write_bytes(b"x" * (step + 1))
        case 3:
            file.unlink(missing_ok=True)
        case 4 if file.exists():
            file.rename(file.with_name(f"{step}{file.name}"))
        case 5 if folder.name in ("bai", "thang-11") and folder.exists():
            shutil.rmtree(folder) if chance.random() < 0.5 else folder.rename(folder.with_name(f"{folder.name}{step}"))
        case 6:
            folder.mkdir(parents=True, exist_ok=True)
            link = folder / f"lien-ket{step}-{chance.randrange(10**6)}.md"
            os.symlink(file, link)
