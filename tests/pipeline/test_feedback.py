"""The report in the unit's own folder: state, addresses, findings with remedy; hostile names and texts stay text."""

import os
import re
import tempfile
from datetime import datetime
from pathlib import Path

import html5lib
import pytest

from pipeline.feedback import report
from pipeline.ledger.letterbox import Letter, Place
from pipeline.model import Finding, Severity
from pipeline.session import run_once
from tests.conftest import ZONE
from tests.pipeline.offices import bring, open_office

BAD = "---\nkind: article\ntitle: x\nsummary: y\ndate: hôm nào\n---\nz"
SECRET = """---
kind: article
title: Kế hoạch bí ẩn số bảy của phường
summary: Tóm tắt không được lộ ra ở bất cứ đâu trong báo cáo này.
date: 2026-11-20
author: A
source: B
---

MẬT

Nội dung tuyệt đối không lộ.
"""
WHEN = datetime(2026, 11, 24, 8, 0, tzinfo=ZONE)


@pytest.fixture
def office(tmp_path, root, pictures):
    bring(root, tmp_path, "xa-00145")
    return open_office(tmp_path, pictures=pictures)


@pytest.fixture
def folder(office):
    return office.content / "xa-00145"


def letter(name="a.md", *, outcome="publish", findings=(), places=(), title="Một tin", missing=False):
    return Letter(f"xa-00145/{name}", title, outcome, "d", missing, tuple(findings), tuple(places), WHEN)


def error(message="Sai.", hint="Sửa đi.", code="META006", line=5, severity=Severity.ERROR):
    return Finding(code, severity, message, "date", line, hint)


def place(view="published", url="https://cchc.example.vn/a.html", channel="portal"):
    return Place(channel, view, url, WHEN, "")


def page(*letters):
    return report.html("Phường Long Biên", "Văn phòng", letters, ZONE)


def test_a_run_writes_what_became_of_every_file(office, folder, now):
    """What needs mending comes first, with line and remedy; what is public with its address."""
    (folder / "hong.md").write_text(BAD, encoding="utf-8")
    run_once(office, lambda: now)
    html = (folder / report.HTML).read_text(encoding="utf-8")
    text = (folder / report.TEXT).read_bytes().decode("utf-8-sig")

    assert html.index("hong.md") < html.index("2026-11-15-nut-danh-gia-ba-mau.md")
    assert "dòng 5" in html and "META006" in html
    address = re.search(r'href="(https://cchc\.example\.vn/2026/11/[^"]+\.html)"', html)
    assert address and address.group(1) in text
    assert "\r\n" in text and "META006" in text


def test_it_is_written_again_only_when_something_changed(office, folder, now):
    """The time on the file tells the unit when there is news."""
    run_once(office, lambda: now)
    before = (folder / report.HTML).stat().st_mtime_ns
    run_once(office, lambda: now)
    assert before == (folder / report.HTML).stat().st_mtime_ns
    (folder / "hong.md").write_text(BAD, encoding="utf-8")
    run_once(office, lambda: now)

    assert before != (folder / report.HTML).stat().st_mtime_ns


def test_its_own_reports_are_not_taken_in(office, folder, now):
    """A .txt would be refused by name otherwise."""
    run_once(office, lambda: now)
    result = run_once(office, lambda: now)

    assert ([], 1) == (result.taken.prepared, result.taken.seen)


def test_a_secrecy_mark_quotes_neither_text_nor_title(office, folder, now):
    """Only the path and what to do."""
    (folder / "ke-hoach.md").write_text(SECRET, encoding="utf-8")
    run_once(office, lambda: now)

    for name in (report.HTML, report.TEXT):
        shown = (folder / name).read_text(encoding="utf-8")
        assert "ke-hoach.md" in shown and "SAFE001" in shown
        assert not re.search("bí ẩn|không lộ|không được lộ", shown)


def test_a_title_that_was_public_before_the_mark_came_is_hidden_too():
    """The ledger may still know it."""
    found = page(letter(title="Tên bí mật", outcome="reject", findings=[error("trích: XYZ", code="SAFE001")]))

    assert "Tên bí mật" not in found and "XYZ" not in found


def test_everything_from_files_is_escaped():
    """Names, titles, messages and addresses are text, never markup."""
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    found = page(
        letter(f"{evil}.md", title=evil, findings=[error(evil, evil)], places=[place(url="javascript:alert(3)")])
    )

    assert "<script" not in found and "<img" not in found and "javascript:" not in found


def test_letters_that_turn_the_reading_direction_are_taken_out():
    """A file name must not show as another one."""
    assert "\u202e" not in page(letter("bao\u202ecao.md", title="a\u202eb\u0007c"))


def test_the_page_is_valid_and_brings_everything_with_it():
    """No script, nothing from outside, readable without the program."""
    found = page(
        letter(findings=[error()], outcome="reject"), letter("b.md", places=[place()]), letter("c.md", outcome="ignore")
    )
    html5lib.HTMLParser(strict=True).parse(found)

    assert not re.search(r"<script|<link|<img|url\(|@import| src=", found)


def test_an_empty_folder_has_a_page_too():
    """And says so."""
    assert "Chưa có tệp nào" in page()


@pytest.mark.parametrize(("one", "group"), [
    (letter(outcome="reject"), "mend"), (letter(outcome="review"), "wait"), (letter(outcome="ignore"), "other"),
    (letter(places=[place()]), "public"), (letter(places=[place("planned", "")]), "wait"),
    (letter(places=[place("failed", "")]), "wait"), (letter(places=[place("withdrawn", "")]), "other"),
    (letter(missing=True, places=[place()]), "other"), (letter(outcome="reject", places=[place()]), "mend"),
])  # fmt: skip
def test_each_state_has_plain_words(one, group):
    """Of its group."""
    row = report.entries([one], ZONE)[0]

    assert (group, True) == (row.state.group, bool(row.state.words))


def test_a_refused_file_that_was_taken_away_is_settled():
    """It needs no line any more."""
    assert () == report.entries([letter(outcome="reject", missing=True)], ZONE)


def test_a_folder_that_cannot_be_written_is_a_warning(office, folder, now, monkeypatch):
    """The run goes on."""

    real = tempfile.mkstemp

    def full(*args, **options):
        if Path(options["dir"]).is_relative_to(office.content):
            raise OSError(30, os.strerror(30))
        return real(*args, **options)

    monkeypatch.setattr("tempfile.mkstemp", full)  # root may write into read-only folders, so the system call says no
    result = run_once(office, lambda: now)

    assert [("publish", "done")] == [(op, outcome) for _item, _channel, op, outcome in result.items]
    assert any("xa-00145" in warning for warning in result.warnings)


def test_a_misspelt_folder_has_a_report_too(office, now):
    """Its sender looks there, and reads what the folder should be called."""
    (office.content / "so-y-tee").mkdir()
    (office.content / "so-y-tee/a.md").write_text(BAD, encoding="utf-8")
    run_once(office, lambda: now)

    assert "so-y-te (" in (office.content / "so-y-tee" / report.HTML).read_text(encoding="utf-8")


def test_a_link_in_the_place_of_the_report_is_replaced_not_followed(office, folder, now, tmp_path):
    """Nobody makes us overwrite another file."""
    (tmp_path / "passwd").write_text("x", encoding="utf-8")
    (folder / report.HTML).symlink_to(tmp_path / "passwd")
    run_once(office, lambda: now)

    assert "x" == (tmp_path / "passwd").read_text(encoding="utf-8")
    assert not (folder / report.HTML).is_symlink()
