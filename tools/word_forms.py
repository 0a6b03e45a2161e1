"""Make the Word forms that `bantin new --word` fills in: pipeline/data/word/*.docx, the same bytes each time.

`python -m tools.word_forms` writes them, `--check` only compares. Grey words are placeholders of content controls or
stand in the style "Hướng dẫn"; neither is ever published.
"""

from __future__ import annotations

import io
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

FOLDER = Path(__file__).resolve().parent.parent / "pipeline/data/word"
KINDS = {"article": "Tin bài", "clip": "Clip", "qa": "Hỏi đáp"}
GREY, RED = RGBColor(0x6B, 0x6B, 0x6B), RGBColor(0x9B, 0x1C, 0x1F)
_DATE = datetime(2026, 1, 1)  # noqa: DTZ001 - a zip has no zone

# label, what stands there, what is explained there; "{{…}}" is filled in by bantin new
Row = tuple[str, str, str]
_HEAD: list[Row] = [
    ("Tiêu đề", "{{title}}", ""),
    ("Tóm tắt", "", "Một hoặc hai câu: điều gì mới cho người dân"),
    ("Ngày đăng", "{{day}}", ""),
    ("Tác giả", "", "Họ tên hoặc bút danh"),
    ("Nguồn", "{{source}}", ""),
]
_TAIL: list[Row] = [
    ("Ảnh bìa", "", "Chèn ảnh vào ô này, hoặc ghi tên tệp ảnh đặt cạnh văn bản"),
    ("Mô tả ảnh bìa", "", "Ảnh cho thấy gì, dành cho người không nhìn được"),
    ("Mảng nội dung", "", "Để trống thì hệ thống tự gắn: Kiểm soát TTHC; Một cửa; Đề án 06; Chuyển đổi số"),
]
_OWN: dict[str, list[Row]] = {
    "article": [],
    "clip": [
        ("Video", "", "Địa chỉ trên YouTube, hoặc tên tệp .mp4"),
        ("Thời lượng", "", "Ví dụ 01:20"),
        ("Chương trình", "", "Nếu thuộc một loạt, ví dụ Công dân số"),
        ("Lời thoại", "", "Chép lại lời nói trong clip, mỗi đoạn một dòng"),
    ],
    "qa": [
        ("Câu hỏi", "", "Nguyên văn câu hỏi, không ghi thông tin cá nhân"),
        ("Người hỏi", "", "Ví dụ Bạn đọc ở phường Cửa Nam"),
        ("Cơ quan trả lời", "{{source}}", ""),
        ("Mã thủ tục", "", "Ví dụ 1.001193"),
        ("Căn cứ pháp lý", "", "Mỗi văn bản một dòng, ví dụ Nghị định 118/2025/NĐ-CP"),
    ],
}
_TOP = (
    "Điền vào cột bên phải. Chữ màu xám là lời hướng dẫn và không được đăng. Khi xong, đổi Trạng thái thành Sẵn sàng."
)
_BELOW = {
    "article": "Viết nội dung tin bên dưới dòng này.",
    "clip": "Viết lời giới thiệu clip bên dưới dòng này.",
    "qa": "Viết câu trả lời bên dưới dòng này.",
}
_HOW = (
    " Đề mục: kiểu Heading 1, Heading 2. Ảnh: Insert > Pictures, rồi nhấp chuột phải vào ảnh > View Alt Text để mô tả ảnh. "
    "Chú thích ảnh: đặt ngay dưới ảnh, kiểu Caption."
)


def form(kind: str) -> bytes:
    """The form of one kind as a .docx."""
    document = Document()
    _styles(document)
    _page(document)
    document.add_paragraph(_TOP, style="Hướng dẫn")
    table = document.add_table(rows=0, cols=2)
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    _row(table, "Loại tin", KINDS[kind], "", list(KINDS.values()))
    for row in (*_HEAD, *_OWN[kind], *_TAIL):
        _row(table, *row)
    _row(table, "Trạng thái", "Bản nháp", "", ["Bản nháp", "Sẵn sàng"])
    for column, width in zip(table.columns, (Cm(4), Cm(12)), strict=True):
        column.width = width
    document.add_paragraph()
    document.add_paragraph(_BELOW[kind] + _HOW, style="Hướng dẫn")
    document.add_paragraph()
    return _packed(document)


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    facts = document.core_properties
    facts.title = facts.author = facts.comments = facts.last_modified_by = ""
    facts.created = facts.modified = _DATE
    facts.language = "vi-VN"


def _styles(document: Any) -> None:
    normal = document.styles["Normal"]
    _font(normal, 13)
    normal.paragraph_format.space_after = Pt(6)
    guide = document.styles.add_style("Hướng dẫn", WD_STYLE_TYPE.PARAGRAPH)
    guide.base_style, guide.next_paragraph_style = normal, normal
    guide.font.italic, guide.font.size, guide.font.color.rgb = True, Pt(11), GREY
    for name, size in (("Heading 1", 15), ("Heading 2", 14)):
        _font(document.styles[name], size)
        document.styles[name].font.color.rgb = RED
    _font(document.styles["Caption"], 11)
    document.styles["Caption"].font.color.rgb = GREY
    placeholder = document.styles.add_style("Placeholder Text", WD_STYLE_TYPE.CHARACTER)
    placeholder.font.color.rgb = GREY
    placeholder.element.set(qn("w:styleId"), "PlaceholderText")


def _font(style: Any, size: int) -> None:
    """Times New Roman, as Nghị định 30/2020/NĐ-CP has it for official papers."""
    style.font.name, style.font.size = "Times New Roman", Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), "Times New Roman")
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
        fonts.attrib.pop(qn(name), None)


def _row(table: Any, label: str, text: str, guide: str, choices: list[str] | None = None) -> None:
    cells = table.add_row().cells
    cells[0].width, cells[1].width = Cm(4), Cm(12)
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), "F3EEE9")
    cells[0]._tc.get_or_add_tcPr().append(shade)
    cells[0].paragraphs[0].add_run(label).bold = True
    cells[1].paragraphs[0]._p.append(_control(label, text, guide, choices))


def _control(label: str, text: str, guide: str, choices: list[str] | None) -> Any:
    """A content control: Word shows the guide in grey until somebody types; text and pictures may stand in it."""
    control, facts, content = (OxmlElement(name) for name in ("w:sdt", "w:sdtPr", "w:sdtContent"))
    _with(facts, "w:alias", label)
    if not text:
        facts.append(OxmlElement("w:showingPlcHdr"))
    if choices:
        drop = OxmlElement("w:dropDownList")
        for choice in choices:
            entry = OxmlElement("w:listItem")
            entry.set(qn("w:displayText"), choice)
            entry.set(qn("w:value"), choice)
            drop.append(entry)
        facts.append(drop)
    run = OxmlElement("w:r")
    if not text:
        look = OxmlElement("w:rPr")
        _with(look, "w:rStyle", "PlaceholderText")
        run.append(look)
    words = OxmlElement("w:t")
    words.text = text or guide
    run.append(words)
    content.append(run)
    control.append(facts)
    control.append(content)
    return control


def _with(parent: Any, name: str, value: str) -> None:
    element = OxmlElement(name)
    element.set(qn("w:val"), value)
    parent.append(element)


def _packed(document: Any) -> bytes:
    """The same parts, in one order and with one date."""
    first, made = io.BytesIO(), io.BytesIO()
    document.save(first)
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        names = sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            target.writestr(zipfile.ZipInfo(name, _DATE.timetuple()[:6]), source.read(name), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def main() -> int:
    wrong = []
    for kind in KINDS:
        file, data = FOLDER / f"{kind}.docx", form(kind)
        if "--check" not in sys.argv:
            FOLDER.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        elif not file.exists() or file.read_bytes() != data:
            wrong.append(f"{file.name} is out of date: python -m tools.word_forms")
    print("\n".join(wrong), end="")
    return bool(wrong)


if __name__ == "__main__":
    raise SystemExit(main())
