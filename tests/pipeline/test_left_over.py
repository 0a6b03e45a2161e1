"""Whatever a unit drops is taken in, goes along with a text, or is told to its sender; only a machine's own files are not."""

import os
import time
from datetime import datetime, timedelta

import pytest

from pipeline import config as settings
from pipeline import contents, endings, intake
from pipeline.inspection import check_paths
from pipeline.ledger import views
from pipeline.quiet import glance
from pipeline.session import look, run_once
from pipeline.settling import IGNORED, Patience
from pipeline.wiring import newsroom, open_ledger
from tests.conftest import ZONE
from tests.pipeline.offices import open_office
from tests.pipeline.test_settling import COVER, TEXT

UNIT = "xa-00166"


@pytest.fixture
def real_now():
    """Files get the machine's time."""
    return datetime.now(ZONE)


@pytest.fixture
def office(tmp_path):
    (tmp_path / "content" / UNIT).mkdir(parents=True)
    return open_office(tmp_path)


def drop(office, name, data=b"x"):
    file = office.content / UNIT / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    return file


def told(office, now):
    """What the sender reads after a run: name of the file → codes."""
    run_once(office, lambda: now)
    page = office.content / UNIT / "KET-QUA.txt"
    lines = page.read_text(encoding="utf-8-sig").splitlines() if page.exists() else []
    found, name = {}, ""
    for line in lines:
        if line.startswith("["):
            name = line.partition("] ")[2]
            found[name] = []
        elif line.startswith("    - "):
            found[name].append(line[6:].partition(":")[0])
    return found


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("tin.zip", "FILE008"), ("TIN.RAR", "FILE008"), ("tin.7z", "FILE008"), ("tin.tar.gz", "FILE008"),
        ("Fwd bài viết.eml", "FILE009"), ("thu.msg", "FILE009"),
        ("hoa-don.exe", "FILE010"), ("Tin bài.lnk", "FILE010"), ("web.url", "FILE010"),
        ("logo.svg", "FILE011"), ("IMG_0001.HEIC", "FILE011"), ("anh.tif", "FILE011"),
        ("IMG_0002.MOV", "FILE012"), ("ghi-am.mp3", "FILE012"),
        ("bai.pages", "WORD001"), ("trinh-chieu.pptx", "WORD013"), ("so-lieu.csv", "WORD013"), ("bai.txt", "WORD014"),
        ("cong-van.pdf", "ATT001"), ("bai", "FILE005"), ("bai.docx.xyz", "FILE005"), ("sao-luu.sql", "FILE005"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_in_is_refused_with_a_remedy(office, real_now, name, code):
    """In the sender's report and in the desk's list, each with what to do instead."""
    drop(office, name)
    report = told(office, real_now)
    (row,) = views.drops(open_ledger(office), "reject")

    assert {name: [code]} == report
    assert ([code], f"{UNIT}/{name}") == ([one["code"] for one in row["findings"]], row["path"])
    assert row["findings"][0]["hint"]


def test_a_folder_that_is_too_deep_is_refused_with_a_remedy(office, real_now):
    """The folder is named, not each of its files; an empty one is nothing that anybody sent."""
    drop(office, "1/2/3/4/5/tin.md", TEXT.format(cover=""))
    drop(office, "1/2/3/4/5/6/7/8/tin.md", TEXT.format(cover=""))
    (office.content / UNIT / "1/2/3/4/5/trong").mkdir()

    assert {"1/2/3/4/5/6": ["FILE013"], "1/2/3/4/5/tin.md": []} == told(office, real_now)


def test_a_link_is_refused_and_not_followed(office, real_now, tmp_path):
    """It may lead to what nobody meant to publish."""
    (tmp_path / "ngoai.md").write_text(TEXT.format(cover=""), encoding="utf-8")
    (office.content / UNIT / "tin.md").symlink_to(tmp_path / "ngoai.md")

    assert {"tin.md": ["FILE015"]} == told(office, real_now)


@pytest.mark.parametrize(
    "name", [".DS_Store", "Thumbs.db", "~$bao-cao.docx", "tin.docx.tmp", "anh.jpg.crdownload", "README.md", "@eaDir/x.jpg",
             "__MACOSX/._tin.md", "Icon\r", "Sao lưu của tin.wbk", "$RECYCLE.BIN/$R1.docx"],
)  # fmt: skip
def test_what_a_machine_leaves_behind_is_left_alone(office, real_now, name):
    """Also what an office program writes for itself."""
    drop(office, name)

    assert {} == told(office, real_now + timedelta(days=3))


def test_the_shipped_settings_leave_the_same_names_alone(root):
    """The list in config.toml and the one in the code are one."""
    assert {one.lower() for one in IGNORED} == {
        one.lower() for one in settings.load(root / "config.toml").intake.ignore}  # fmt: skip


def test_companions_of_a_text_are_not_reported(office, real_now, root):
    """Cover, pictures in the text, attachments, a drawing that the text names wrongly: the text says what is wrong."""
    picture = next((root / "content").rglob("*.jpg")).read_bytes()
    drop(office, "bai/index.md", TEXT.format(cover=COVER) + "\n![Sơ đồ](anh/so-do.svg)\n")
    drop(office, "bai/anh/quay.jpg", picture)
    drop(office, "bai/anh/so-do.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    drop(office, "bai/kem.pdf", b"%PDF-1.4\n")
    report = told(office, real_now + timedelta(days=3))

    assert ["bai/index.md"] == list(report)
    assert "IMG009" in report["bai/index.md"]


def test_a_file_of_another_type_beside_a_text_is_told_by_itself(office, real_now):
    """The text is published; the packed file is not."""
    drop(office, "bai/index.md", TEXT.format(cover=""))
    drop(office, "bai/anh.zip")

    assert {"bai/anh.zip": ["FILE008"], "bai/index.md": []} == told(office, real_now)


def test_a_picture_that_no_text_names_is_remarked_after_a_day(office, real_now):
    """Gently, since its text often comes later; in the report it is no file to be mended."""
    drop(office, "anh/quay.jpg")
    first, later = told(office, real_now), told(office, real_now + timedelta(days=2))
    page = (office.content / UNIT / "KET-QUA.txt").read_text(encoding="utf-8-sig")

    assert ({}, {"anh/quay.jpg": ["FILE016"]}) == (first, later)
    assert "[Chưa dùng: chưa có bài viết nào nêu tên] anh/quay.jpg" in page
    assert [] == views.drops(open_ledger(office), "reject", "review")


def test_a_remark_goes_away_when_a_text_names_the_picture(office, real_now, root):
    """And nobody is told that a file is missing."""
    drop(office, "anh/quay.jpg", next((root / "content").rglob("*.jpg")).read_bytes())
    told(office, real_now + timedelta(days=2))
    drop(office, "a.md", TEXT.format(cover=COVER))
    result = run_once(office, lambda: real_now + timedelta(days=3))

    assert () == result.taken.missing
    assert [f"{UNIT}/a.md"] == [row["path"] for row in views.drops(open_ledger(office))]


def test_a_text_that_was_broken_later_still_names_its_pictures(office, real_now, root):
    """One slip in the metadata does not bring remarks on every picture that it had."""
    drop(office, "anh/quay.jpg", next((root / "content").rglob("*.jpg")).read_bytes())
    text = drop(office, "a.md", TEXT.format(cover=COVER))
    told(office, real_now + timedelta(days=2))
    text.write_text("---\nkind: [\n---\nx", encoding="utf-8")

    assert ["a.md"] == list(told(office, real_now + timedelta(days=3)))
    assert ["a.md"] == list(told(office, real_now + timedelta(days=4)))


@pytest.mark.parametrize(("wanted", "outcomes"), [("off", []), ("warning", ["ignore"]), ("error", ["reject"])])
def test_the_remark_is_a_setting(tmp_path, real_now, wanted, outcomes):
    """A unit that keeps a store of pictures on purpose, and a newsroom that wants none."""
    (tmp_path / "content" / UNIT).mkdir(parents=True)
    office = open_office(tmp_path, more=f'[rules]\nFILE016 = "{wanted}"')
    drop(office, "anh/quay.jpg")
    run_once(office, lambda: real_now + timedelta(days=2))

    assert outcomes == [row["outcome"] for row in views.drops(open_ledger(office))]


def test_nothing_is_said_of_companions_while_files_arrive(tmp_path, real_now):
    """A drawing may be named by the text that is being copied right now."""
    (tmp_path / "content" / UNIT).mkdir(parents=True)
    office = open_office(tmp_path, settle=60)
    for name, data in (("logo.svg", b"x"), ("a.md", TEXT.format(cover=""))):
        os.utime(drop(office, name, data), (real_now.timestamp(),) * 2)

    def looked(seconds):
        with newsroom(office, lambda: real_now, channels=False) as room:
            return [one.path for one in look(room, real_now + timedelta(seconds=seconds)).prepared]

    assert [] == looked(5)
    assert [f"{UNIT}/a.md", f"{UNIT}/logo.svg"] == looked(90)


def test_what_was_told_costs_no_second_look(office, real_now):
    """A tick over refused files and unnamed pictures is quiet, and finds out when they are gone."""
    drop(office, "tin.md", TEXT.format(cover=""))
    files = [drop(office, name) for name in ("a.zip", "anh/quay.jpg", "logo.svg")]
    now = real_now + timedelta(days=2)
    first = run_once(office, lambda: now)
    second = run_once(office, lambda: now)

    assert (4, []) == (len(first.taken.prepared), second.taken.prepared)
    assert 2 == glance(office, now, ("portal",)).unchanged
    for file in files:
        file.unlink()
    assert glance(office, now, ("portal",)).unchanged is None
    run_once(office, lambda: now)
    assert [f"{UNIT}/tin.md"] == [row["path"] for row in views.drops(open_ledger(office))]
    assert 1 == glance(office, now, ("portal",)).unchanged


def test_taking_refused_files_away_is_no_alarm(office, real_now):
    """That is what the report asks for; only texts that vanish at once stop the intake."""
    files = [drop(office, f"{number}.{ending}") for number in range(20) for ending in ("zip", "rar")]
    drop(office, "tin.md", TEXT.format(cover=""))
    run_once(office, lambda: real_now)
    for file in files:
        file.unlink()

    assert 40 == len(run_once(office, lambda: real_now).taken.missing)
    assert {"tin.md": []} == told(office, real_now)


@pytest.mark.parametrize(
    ("ending", "code", "lines"),
    [("dat", "FILE014", 22), ("pdf", "FILE014", 22), ("jpg", "FILE016", 102), ("svg", "FILE016", 102)],
)
def test_a_hundred_thousand_odd_files_cost_a_hundred_lines(office, real_now, ending, code, lines):
    """A copied disk: the first are told by name and one line stands for the rest, in seconds and a small ledger; the only
    mail among them is still told."""
    folder = office.content / UNIT / "o-dia"
    folder.mkdir()
    drop(office, "thu.eml")
    for number in range(100_000 if ending == "dat" else 3_000):
        os.close(os.open(folder / f"{number:06}.{ending}", os.O_CREAT | os.O_WRONLY))
    start = time.process_time()
    report = told(office, real_now + timedelta(days=2))
    taken = time.process_time() - start

    assert (lines, [code]) == (len(report), next(codes for name, codes in report.items() if name.startswith("các ")))
    assert ["FILE009"] == report["thu.eml"]
    assert lines == len(views.drops(open_ledger(office)))
    assert taken < 20


def test_never_more_than_a_hundred_refused_files_are_listed(office, real_now):
    """However many endings they have."""
    for number in range(300):
        drop(office, f"tep.x{number}")

    assert 101 == len(told(office, real_now))


def test_a_check_of_a_folder_says_the_same(office, real_now):
    """`bantin check` needs no ledger."""
    drop(office, "tin.md", TEXT.format(cover=""))
    drop(office, "a.zip")
    drop(office, "logo.svg")
    drop(office, "anh/quay.jpg")
    found = check_paths(office, [office.content / UNIT], real_now + timedelta(days=2))
    codes = {row["file"].rpartition("/")[2]: [one["code"] for one in row["findings"]] for row in found}

    assert {"tin.md": [], "a.zip": ["FILE008"], "logo.svg": ["FILE011"], "quay.jpg": ["FILE016"]} == codes


def test_a_picture_checked_by_itself_is_no_error(office, real_now):
    """Nobody knows which text will name it."""
    (row,) = check_paths(office, [drop(office, "anh/quay.jpg")], real_now)

    assert ("ignore", ["FILE016"]) == (row["outcome"], [one["code"] for one in row["findings"]])


def test_what_the_drop_box_takes_is_never_refused_by_name():
    """Endings that go with a text, by the reader of uploads and by the walk."""
    assert set(contents.TYPES) == {*endings.TAKEN, ".md", ".markdown", ".docx", ".pdf"}


def test_a_walk_without_times_says_nothing_of_pictures(office):
    """Who did not ask for times cannot know how long a picture has waited."""
    drop(office, "anh/quay.jpg")

    found = intake.walk(office.content)
    assert {} == intake.unnamed(office.content, found, intake.alone(found, ())).told


@pytest.mark.parametrize("name", ["content", "shared"])
def test_good_folders_hold_nothing_that_is_left_over(root, shared, name, real_now):
    """The shipped content and the newsroom's samples: every picture and clip is named by a text."""
    folder = root / "content" if name == "content" else shared("samples")
    found = intake.walk(folder, Patience(real_now + timedelta(days=365), 0))
    office = settings.load(root / "config.toml")
    checked = check_paths(office, [folder], real_now + timedelta(days=365))

    assert [] == [row["file"] for row in checked if {one["code"] for one in row["findings"]} & {
        "FILE005", "FILE008", "FILE009", "FILE010", "FILE011", "FILE012", "FILE013", "FILE014", "FILE015", "FILE016"}]  # fmt: skip
    assert 20 < len(found.drops)
