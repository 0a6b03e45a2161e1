"""Forms for editors: what `bantin new` writes can be filled in and taken in."""

import docx
import pytest
from click.testing import CliRunner
from docx.oxml.ns import qn

from pipeline import intake, templates
from pipeline.check import Work, Workshop, check
from pipeline.cli import main
from tools import word_forms

FILLED = {
    "Tóm tắt": "Hai quầy mới từ ngày 01/12.", "Tác giả": "Minh Anh", "Trạng thái": "Sẵn sàng",
    "Video": "https://youtu.be/HN2026ABCDE", "Thời lượng": "01:20", "Lời thoại": "Xin chào.",
    "Câu hỏi": "Nộp ở đâu?", "Người hỏi": "Bạn đọc", "Mã thủ tục": "1.001193", "Căn cứ pháp lý": "Nghị định 118/2025/NĐ-CP",
    "Mảng nội dung": "Một cửa",
}  # fmt: skip


@pytest.mark.parametrize("kind", word_forms.KINDS)
def test_the_shipped_form_is_what_its_tool_makes(kind):
    """Renewed by `python -m tools.word_forms`; the same bytes each time."""
    assert word_forms.form(kind) == (word_forms.FOLDER / f"{kind}.docx").read_bytes()


def read(root, file, now):
    shop = Workshop(now.tzinfo, "https://cchc.example.vn", ("portal",), root / "media", now)
    return check(Work(root, intake.single(root, file), {}), shop)


@pytest.mark.parametrize("kind", word_forms.KINDS)
def test_a_fresh_form_is_a_draft_that_says_what_is_missing(kind, tmp_path, now):
    """Its grey words are nobody's text."""
    file = templates.write(tmp_path, kind, "so-noi-vu", 'Tin <mới> & "hay"', now.date(), word=True)
    found = read(tmp_path, file, now)

    assert ("ignore", kind, 'Tin <mới> & "hay"', "", "") == (
        found.outcome, found.item.kind, found.item.title, found.item.summary, found.item.document.source)  # fmt: skip
    assert "Bảng thông tin, dòng 3: Thiếu tóm tắt." in [one.message for one in found.findings]


@pytest.mark.parametrize("kind", word_forms.KINDS)
def test_a_form_that_was_filled_in_is_published(kind, tmp_path, now):
    """As Word does it: the words of a field are replaced and its mark goes."""
    file = templates.write(tmp_path, kind, "so-noi-vu", "Phường mở thêm quầy", now.date(), word=True)
    made = docx.Document(file)
    for row in made.tables[0].rows:
        label, field = (cell._tc for cell in row.cells)
        text = FILLED.get("".join(word.text for word in label.iter(qn("w:t"))))
        if text:
            next(field.iter(qn("w:t"))).text = text
            for mark in [*field.iter(qn("w:showingPlcHdr")), *field.iter(qn("w:rStyle"))]:
                mark.getparent().remove(mark)
    made.add_paragraph("Nội dung của tin.")
    made.save(file)
    found = read(tmp_path, file, now)

    assert ("publish", kind, ("mot-cua",)) == (found.outcome, found.item.kind, found.item.areas)
    assert [] == [one.code for one in found.findings]


def test_the_command_writes_a_form_once(tmp_path, root):
    """It never overwrites what an editor wrote."""
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    call = [
        "new",
        "qa",
        "--word",
        "--unit",
        "so-noi-vu",
        "--title",
        "Nộp ở đâu?",
        "--config",
        str(tmp_path / "config.toml"),
    ]
    first, second = (CliRunner().invoke(main, call) for _ in range(2))

    assert (0, 2) == (first.exit_code, second.exit_code)
    assert 1 == len(list((tmp_path / "content/so-noi-vu").glob("*-nop-o-dau.docx")))
