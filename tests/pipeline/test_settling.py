"""A file that is still being copied is not read; by age, by its pictures, by Office's lock files."""

import os
from datetime import datetime

import pytest

from pipeline import config as settings
from pipeline import intake
from pipeline.session import look
from pipeline.settling import IGNORED, Patience, is_noise
from pipeline.wiring import newsroom
from tests.conftest import ZONE
from tests.pipeline.offices import open_office

TEXT = """---
kind: article
title: Phường mở thêm quầy trả kết quả buổi tối
summary: Từ tuần này người dân nhận kết quả đến 20 giờ ở bộ phận một cửa.
date: 2026-11-20
author: Lan Anh
source: UBND phường
{cover}---

Từ tuần này, bộ phận một cửa của phường trả kết quả đến 20 giờ các ngày thứ ba và thứ năm.
"""
COVER = "cover: anh/quay.jpg\ncover_alt: Quầy trả kết quả của phường lúc 19 giờ\n"


@pytest.fixture
def real_now():
    """Files get the machine's time, so these tests look at it once."""
    return datetime.now(ZONE)


@pytest.fixture
def office(tmp_path):
    (tmp_path / "content/xa-00166/anh").mkdir(parents=True)
    return open_office(tmp_path, settle=60)


def write(office, name, text, age, now):
    file = office.content / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    os.utime(file, (now.timestamp() - age,) * 2)
    return file


def looked(office, now, wait=None):
    with newsroom(office, lambda: now, channels=False) as room:
        return look(room, now, wait=wait)


def later(now, seconds):
    return datetime.fromtimestamp(now.timestamp() + seconds, ZONE)


def test_a_fresh_file_is_left_for_the_next_look(office, real_now):
    """And the report says so."""
    write(office, "xa-00166/a.md", TEXT.format(cover=""), 0, real_now)

    assert ([], ["xa-00166/a.md"]) == (lambda t: (t.prepared, t.settling))(looked(office, later(real_now, 5)))
    assert ({"xa-00166/a.md": "new"}, []) == (lambda t: (t.meanings, t.settling))(looked(office, later(real_now, 90)))


def test_a_run_by_hand_waits_once_and_takes_what_has_settled(office, real_now):
    """For the seconds of the setting, not more."""
    waited = []
    write(office, "xa-00166/a.md", TEXT.format(cover=""), 0, real_now)
    taken = looked(office, later(real_now, 5), waited.append)

    assert ([60.0], {"xa-00166/a.md": "new"}) == (waited, taken.meanings)


def test_a_file_that_grows_while_we_wait_is_not_read(office, real_now):
    """The second look finds another time on it."""
    start = later(real_now, 5)
    file = write(office, "xa-00166/a.md", TEXT.format(cover="")[:60], 0, real_now)
    taken = looked(office, start, lambda seconds: os.utime(file, (start.timestamp() + seconds - 1,) * 2))

    assert ([], ["xa-00166/a.md"]) == (taken.prepared, taken.settling)


def test_nothing_is_waited_for_when_nothing_is_new(office, real_now):
    """A tick over an unchanged folder costs one walk."""
    write(office, "xa-00166/a.md", TEXT.format(cover=""), 0, real_now)
    looked(office, later(real_now, 90))
    waited = []
    looked(office, later(real_now, 5), waited.append)

    assert [] == waited


def test_a_time_far_ahead_was_set_on_purpose(office, real_now):
    """A camera with a wrong calendar must not block an item for ever; ctime, which nobody can set, decides."""
    write(office, "xa-00166/a.md", TEXT.format(cover=""), -90_000_000, real_now)

    assert ["xa-00166/a.md"] == looked(office, later(real_now, 5)).settling
    assert [] == looked(office, later(real_now, 90)).settling


def test_a_server_clock_that_is_a_little_fast_only_delays(office, real_now):
    """All times of the file lie ahead of us, but by less than a day."""
    write(office, "xa-00166/a.md", TEXT.format(cover=""), 0, real_now)

    assert ["xa-00166/a.md"] == looked(office, later(real_now, -3600)).settling
    assert [] == looked(office, later(real_now, -200_000)).settling


def test_two_equal_looks_need_no_clock_that_is_right(office, real_now):
    """A rehearsal an hour back, or a server an hour ahead: what did not change while we waited is complete."""
    waited = []
    write(office, "xa-00166/a.md", TEXT.format(cover=""), 0, real_now)
    taken = looked(office, later(real_now, -3600), waited.append)

    assert ([60.0], {"xa-00166/a.md": "new"}, []) == (waited, taken.meanings, taken.settling)


def test_a_text_waits_for_its_picture_while_files_are_arriving(office, real_now, root):
    """The text is old enough, the picture it names is absent, and another file has just been written."""
    picture = next((root / "content/xa-00145/anh").glob("*.jpg")).read_bytes()
    write(office, "xa-00166/a.md", TEXT.format(cover=COVER), 0, real_now)
    write(office, "xa-00166/anh/quay.jpg.part", picture, 0, real_now)
    young = intake.walk(office.content, Patience(later(real_now, 5), 60)).young
    assert {"xa-00166/a.md", "xa-00166/anh/quay.jpg.part"} == young
    found = intake.walk(office.content, Patience(later(real_now, 5), 60))
    old_text = intake.Walk(found.drops, found.stamps, found.ignored, found.young - {"xa-00166/a.md"})

    drop = found.drops["xa-00166/a.md"]
    assert intake.unsettled(drop, ("xa-00166/anh/quay.jpg",), old_text)
    assert not intake.unsettled(drop, ("xa-00166/a.md",), old_text)
    (office.content / "xa-00166/anh/quay.jpg.part").rename(office.content / "xa-00166/anh/quay.jpg")
    assert {"xa-00166/a.md": "new"} == looked(office, later(real_now, 90)).meanings


def test_a_picture_that_is_being_copied_holds_its_text(office, real_now, root):
    """A half picture would be refused as broken."""
    picture = next((root / "content/xa-00145/anh").glob("*.jpg")).read_bytes()
    write(office, "xa-00166/a.md", TEXT.format(cover=COVER), 0, real_now)
    write(office, "xa-00166/anh/quay.jpg", picture[:2000], 0, real_now)
    found = intake.walk(office.content, Patience(later(real_now, 5), 60))
    old_text = intake.Walk(found.drops, found.stamps, found.ignored, frozenset({"xa-00166/anh/quay.jpg"}))

    assert intake.unsettled(found.drops["xa-00166/a.md"], ("xa-00166/anh/quay.jpg",), old_text)


@pytest.mark.parametrize(("lock", "document"), [
    ("~$o-cao.docx", "bao-cao.docx"), ("~$a.docx", "a.docx"), ("~$aocao1.docx", "xbaocao1.docx"[1:]),
    (".~lock.bao-cao.docx#", "bao-cao.docx"),
])  # fmt: skip
def test_a_document_that_is_open_in_an_office_program_waits(office, real_now, lock, document):
    """Word writes over the start of a long name, LibreOffice names it whole."""
    write(office, f"xa-00166/{document}", b"PK", 0, real_now)
    write(office, f"xa-00166/{lock}", b"x", 0, real_now)
    settled = intake.walk(office.content, Patience(later(real_now, 3600), 60))
    forgotten = intake.walk(office.content, Patience(later(real_now, 50_000), 60))

    assert frozenset({f"xa-00166/{document}"}) == settled.young
    assert frozenset() == forgotten.young


@pytest.mark.parametrize("name", [".DS_Store", "Thumbs.db", "~$a.docx", "a.docx.tmp", "KET-QUA.html", "KET-QUA.txt",
                                  "anh.JPG.PART", "desktop.ini", "README.md", ".~lock.a.docx#", "a.md~"])  # fmt: skip
def test_noise_is_silently_ignored(name):
    """In any letter case."""
    assert is_noise(name)


def test_the_list_of_ignored_names_is_a_setting(office, tmp_path, root):
    """As shipped it is the built-in one; our own reports are always ignored."""
    shipped = settings.load(root / "config.toml").intake.ignore
    (tmp_path / "config.toml").write_text('[intake]\nignore = ["*.nhap.md"]', encoding="utf-8")
    own = settings.load(tmp_path / "config.toml").intake.ignore

    assert {name.lower() for name in IGNORED} == {name.lower() for name in shipped}
    assert (True, False, True) == tuple(is_noise(name, own) for name in ("a.nhap.md", "~$a.docx", "ket-qua.html"))


@pytest.mark.parametrize(("name", "expected"), [
    ("a.tmp", True), ("tmp", False), ("x-1-nhap.md", True), ("xnhap.md", False), ("b?.md", True), ("bc.md", True), ("bcd.md", False),
    ("~$x", True), ("x~", False), ("Y", True), ("yy", False), ("a[1].md", False), ("a1.md", True),
])  # fmt: skip
def test_patterns_are_those_of_a_shell(name, expected):
    """Star, question mark and brackets, whatever way they are sorted for speed."""
    assert expected == is_noise(name, ("*.tmp", "~*", "*-*-nhap.md", "b?.md", "y", "a[1].md"))


def test_settle_zero_takes_everything_at_once(tmp_path, office, real_now):
    """For a folder that is filled by git."""
    office = open_office(tmp_path)
    write(office, "xa-00166/a.md", TEXT.format(cover=""), 0, real_now)

    assert 1 == len(looked(office, real_now).prepared)
