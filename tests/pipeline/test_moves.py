"""A renamed or moved file is the same item: same id, same address, nothing goes out again."""

import shutil

import pytest

from pipeline.ledger import Ledger, views
from pipeline.ledger.engine import open_engine
from pipeline.planning import plan_once
from pipeline.session import run_once
from tests.pipeline.offices import bring, open_office
from tests.pipeline.test_settling import TEXT


@pytest.fixture
def office(tmp_path, root, pictures):
    bring(root, tmp_path, "xa-00145")
    return open_office(tmp_path, pictures=pictures)


@pytest.fixture
def folder(office):
    return office.content / "xa-00145"


@pytest.fixture
def run(office, now):
    return lambda: run_once(office, lambda: now)


def items(office):
    engine = open_engine(office.ledger_url)
    found = {row["path"]: row["item"] for row in views.drops(Ledger(engine)) if row["missing_since"] is None}
    engine.dispose()
    return found


def text_of(folder):
    return next(folder.glob("*.md"))


def test_a_renamed_file_is_the_same_item(office, folder, run):
    """Same id, nothing sent, nothing missing."""
    run()
    before = items(office)
    text_of(folder).rename(folder / "ten-moi.md")
    result = run()

    assert list(before.values()) == list(items(office).values())
    assert ([], (), ["xa-00145/ten-moi.md"]) == (
        result.items, result.taken.missing, [new for _old, new in result.taken.moved])  # fmt: skip
    assert ([], []) == ((again := run()).items, again.taken.prepared)


def test_a_file_moved_to_another_unit_with_its_pictures_stays_the_item(office, folder, run):
    """Its public address stays; the page may change, for it names the unit."""
    run()
    before = items(office)
    folder.rename(office.content / "xa-00166")
    result = run()

    assert list(before.values()) == list(items(office).values())
    assert {"revise"} >= {op for _item, _channel, op, _outcome in result.items}
    assert 1 == len(list(office.path("public").glob("2026/*/*.html")))


def test_a_renamed_and_edited_file_is_known_by_its_id(office, folder, run):
    """The front matter's id is what lasts."""
    file = text_of(folder)
    file.write_text(file.read_text(encoding="utf-8").replace("kind:", "id: nut-ba-mau\nkind:", 1), encoding="utf-8")
    run()
    file.write_text(file.read_text(encoding="utf-8") + "\nThêm một câu.\n", encoding="utf-8")
    file.rename(folder / "ten-moi.md")
    result = run()

    assert {"xa-00145/ten-moi.md": "nut-ba-mau"} == items(office)
    assert [("revise", "done")] == [(op, outcome) for _item, _channel, op, outcome in result.items]


def test_a_renamed_and_edited_file_without_an_id_is_new_and_the_old_one_missing(office, folder, run):
    """An inode alone is no proof: file systems use numbers again."""
    run()
    file = text_of(folder)
    file.write_text(file.read_text(encoding="utf-8") + "\nThêm một câu.\n", encoding="utf-8")
    old = f"xa-00145/{file.name}"
    file.rename(folder / "ten-moi.md")
    result = run()

    assert ((old,), {"xa-00145/ten-moi.md": "new"}) == (result.taken.missing, result.taken.meanings)


def test_a_file_that_comes_back_elsewhere_days_later_is_the_same_item(office, folder, run, tmp_path):
    """Cut on Monday, pasted on Tuesday."""
    run()
    before = items(office)
    file = text_of(folder)
    file.rename(tmp_path / "cat.md")
    assert 1 == len(run().taken.missing)
    (tmp_path / "cat.md").rename(folder / "dan.md")
    result = run()

    assert (list(before.values()), []) == (list(items(office).values()), result.items)


def test_a_plan_shows_the_move(office, folder, run, now):
    """And neither a new item nor a missing one."""
    run()
    old = text_of(folder)
    old.rename(folder / "ten-moi.md")

    assert [("xa-00145/ten-moi.md", "move", f"xa-00145/{old.name}")] == [
        (step["file"], step["step"], step["why"]) for step in plan_once(office, now)]  # fmt: skip


def test_a_copy_beside_its_original_is_a_new_item(office, folder, run):
    """Nothing vanished, so nothing moved."""
    run()
    shutil.copy(text_of(folder), folder / "ban-sao.md")

    assert ([], {"xa-00145/ban-sao.md": "new"}) == (lambda t: (t.moved, t.meanings))(run().taken)


def test_a_new_text_at_the_first_path_of_a_moved_item_is_its_own_item(office, folder, run):
    """Ids are derived from the first path, and that one is taken."""
    run()
    file = text_of(folder)
    first = file.name
    file.rename(folder / "ten-moi.md")
    run()
    (folder / first).write_text(TEXT.format(cover=""), encoding="utf-8")
    result = run()

    assert {f"xa-00145/{first}": "new"} == result.taken.meanings
    assert 2 == len(set(items(office).values()))


def test_a_renamed_folder_of_many_files_raises_no_alarm(office, run, folder):
    """What vanished and what is new are counted against each other."""
    for number in range(6):
        text = TEXT.format(cover="").replace("mở thêm", f"mở thêm {number}")
        (folder / f"tin-{number}.md").write_text(text, encoding="utf-8")
    run()
    before = items(office)
    folder.rename(office.content / "xa-00166")
    result = run()

    assert (7, ()) == (len(result.taken.moved), result.taken.missing)
    assert sorted(before.values()) == sorted(items(office).values())
