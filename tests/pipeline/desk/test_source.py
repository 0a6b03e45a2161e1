"""The lines of a file about which something was said, and what is never shown of it."""

import docx
import pytest

from pipeline.desk.source import passages

TEXT = "---\ntitle: Tin\n---\nDòng một.\n\nDòng hai sai.\n\nDòng ba.\n"


@pytest.fixture
def content(tmp_path):
    (tmp_path / "so-y-te").mkdir()
    (tmp_path / "so-y-te/tin.md").write_text(TEXT, encoding="utf-8")
    made = docx.Document()
    table = made.add_table(rows=0, cols=2)
    for label, value in {"Tiêu đề": "Phường mở thêm quầy", "Ngày đăng": "hôm nào", "Tóm tắt": "Hai quầy."}.items():
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, value
    made.add_paragraph("Đoạn đầu tiên.")
    made.add_paragraph("Đoạn có lỗi.")
    made.save(tmp_path / "so-y-te/tin.docx")
    return tmp_path


def said(message="", line=None, code="TXT001"):
    return {"code": code, "severity": "error", "message": message, "line": line}


def test_a_line_of_a_text_is_shown_with_its_neighbours(content):
    """Two around it, by their numbers."""
    ((*lines,),) = passages(content, "so-y-te/tin.md", [said(line=6)])

    assert [4, 5, 6, 7, 8] == [line.number for line in lines]
    assert [("Dòng hai sai.", 1)] == [(line.text, len(line.findings)) for line in lines if line.findings]


def test_a_place_of_a_word_document_is_shown_in_words(content):
    """Both a row of the table and a paragraph; the finding says where, and the line stands beside it."""
    found = [said('Bảng thông tin, dòng 2: "Ngày đăng": "hôm nào" không phải là ngày.'), said("Đoạn 2: có lỗi.")]
    lines = [line for run in passages(content, "so-y-te/tin.docx", found) for line in run if line.findings]

    assert ["bảng thông tin, dòng 2", "đoạn 2"] == [line.place.lower() for line in lines]
    assert ["Ngày đăng: hôm nào", "Đoạn có lỗi."] == [line.text for line in lines]


@pytest.mark.parametrize("name", ["tin.md", "tin.docx"])
def test_nothing_is_shown_of_secrets_and_of_personal_data_without_a_place(content, name):
    """Nor of a file outside the folder, of one that is gone, or of one about which nobody said anything."""
    assert [] == passages(content, f"so-y-te/{name}", [said(line=4, code="SAFE001")])
    assert [] == passages(content, f"so-y-te/{name}", [said(line=4), said(code="SAFE003")])
    assert [] == passages(content, f"so-y-te/../../{name}", [said(line=4)])
    assert [] == passages(content, f"so-y-te/khong-{name}", [said(line=4)])
    assert [] == passages(content, f"so-y-te/{name}", [])


def test_personal_data_of_a_word_document_is_never_repeated(content):
    """The paragraph that was meant is not, and nothing after it."""
    lines = [
        line
        for run in passages(content, "so-y-te/tin.docx", [said("Đoạn 1: có số căn cước.", code="SAFE003")])
        for line in run
    ]

    assert [None, None] == [line.text for line in lines if line.place.lower() in ("đoạn 1", "đoạn 2")]


def test_a_damaged_document_shows_nothing(content):
    """What cannot be read is told by its finding alone."""
    (content / "so-y-te/hong.docx").write_bytes(b"PK\x03\x04 no")

    assert [] == passages(content, "so-y-te/hong.docx", [said("Đoạn 1: x")])
