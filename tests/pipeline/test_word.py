"""Word documents become what Markdown drops become: the same metadata, the same text, and a place in words."""

import unicodedata
from zoneinfo import ZoneInfo

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from word_files import HEAD, add_link, add_picture, document, picture, saved, with_body, with_parts

from pipeline import reference
from pipeline.parse import markdown, word, wordtext
from pipeline.parse.wordmodel import Piece

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def read(made):
    data = made if isinstance(made, bytes) else saved(made)
    return word.parse(data, reference.units().get("so-noi-vu"), ZONE)


def source(made):
    return read(made).item.document.source


def codes(parsed):
    return [finding.code for finding in parsed.findings]


def run(text, *looks):
    shown = "".join(f"<w:{look}/>" for look in looks)
    return f'<w:r><w:rPr>{shown}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs):
    return f"<w:p>{''.join(runs)}</w:p>"


def test_the_table_at_the_top_is_the_metadata():
    """With the labels that editors write."""
    item = read(document(HEAD | {"Mảng nội dung (nếu biết):": "Một cửa; Kiểm soát TTHC", "Kênh": "cổng\nzalo"})).item

    assert ("article", "Phường mở thêm quầy", "Hai quầy mới.", "2026-11-20", "Minh Anh") == (
        item.kind, item.title, item.summary, item.date.isoformat(), item.author)  # fmt: skip
    assert (("mot-cua", "kstthc"), ("portal", "zalo")) == (item.areas, item.channels)


def test_a_question_keeps_its_lines_and_its_laws():
    """Each paragraph of a cell is a line, or an entry."""
    head = {
        "Loại tin": "Hỏi đáp",
        "Câu hỏi": "Nộp ở đâu?\nMất bao lâu?",
        "Căn cứ pháp lý": "Luật A, điều 1\nNghị định B",
    }
    item = read(document(HEAD | head)).item

    assert ("Nộp ở đâu?\nMất bao lâu?", ("Luật A, điều 1", "Nghị định B")) == (item.question, item.legal_basis)


def test_what_an_editor_typed_is_text():
    """No sign of it becomes Markdown or HTML."""
    made = document()
    typed = "`mã` <một cửa> *sao* _gạch_ a_b [x](y) # | ~~z~~ &amp; \\ 5 < 6"
    for text in (
        typed,
        "1. không phải danh sách",
        "- gạch",
        "# thăng",
        "> lớn",
        "=== ",
        "a | b",
        "--|--",
        "[^1]: x",
        "+ b",
    ):
        made.add_paragraph(text)

    found = read(made).item.document
    assert typed == found.text.split("\n")[0]
    assert ((), ()) == (found.html, found.links)
    assert {"paragraph"} == {token.type.split("_")[0] for token in found.tokens if token.type.endswith("_open")}


def test_looks_are_kept_where_markdown_can_say_them():
    """Bold, italics, struck, raised, lowered; spaces at their edges stay outside."""
    xml = paragraph(run("Từ "), run("ngày ", "b"), run("1/12", "b", "i"), run(" H"), run("2", 'vertAlign w:val="subscript"'),
                    run("O bỏ "), run("sai", "strike"))  # fmt: skip

    assert "Từ **ngày *1/12*** H<sub>2</sub>O bỏ ~~sai~~" == source(with_body(xml))


def test_letters_win_over_looks():
    """Where emphasis would show its asterisks, it is left out."""
    xml = paragraph(run("Lưu ý:", "b"), run("công dân"))

    assert "Lưu ý:công dân" == source(with_body(xml))


def test_headings_follow_styles_and_lists_count_on():
    """A picture between two steps does not begin the list again."""
    made = document()
    made.add_heading("Các bước", 1)
    made.add_paragraph("Lấy số.", style="List Number")
    made.add_paragraph("Nộp hồ sơ.", style="List Number")
    add_picture(made, "Máy lấy số")
    made.add_paragraph("Hình 1. Máy lấy số", style="Caption")
    made.add_paragraph("Nhận kết quả.", style="List Number")
    made.add_paragraph("một ý", style="List Bullet")

    assert [
        "# Các bước", "1. Lấy số.\n2. Nộp hồ sơ.", '![Máy lấy số](trong-van-ban/hinh-1.png "Hình 1. Máy lấy số")', "3. Nhận kết quả.",
        "- một ý",
    ] == source(made).split("\n\n")  # fmt: skip


def test_the_same_picture_is_kept_once_and_a_machines_description_is_none():
    """Word writes such descriptions in English; they help nobody."""
    made = document()
    add_picture(made, "Quầy tiếp nhận")
    add_picture(made, "A picture containing text\n\nDescription automatically generated")
    add_picture(made, "IMG_2034.jpg", picture("JPEG"))
    parsed = read(made)

    assert [("trong-van-ban/hinh-1.png", "Quầy tiếp nhận"), ("trong-van-ban/hinh-1.png", ""), ("trong-van-ban/hinh-2.jpg", "")] == [
        (image.src, image.alt) for image in parsed.item.document.images]  # fmt: skip
    assert ["trong-van-ban/hinh-1.png", "trong-van-ban/hinh-2.jpg"] == list(parsed.pictures)


def test_a_picture_in_the_table_is_the_cover():
    """With its description."""
    made = document(HEAD | {"Ảnh bìa": ""})
    cell = made.tables[0].rows[-1].cells[1].paragraphs[0]
    cell.add_run().add_picture(picture())
    next(cell._p.iter(qn("wp:docPr"))).set("descr", "Quầy mới")
    item = read(made).item

    assert ("trong-van-ban/hinh-1.png", "Quầy mới") == (item.cover, item.cover_alt)


def test_tables_keep_every_value_in_its_row():
    """Pipes, merged cells, line breaks and the side of numbers."""
    made = document()
    table = made.add_table(rows=3, cols=3)
    for row, texts in enumerate((("Lĩnh vực", "", "Hồ sơ"), ("Đất | nhà", "a\nb", "1.204"), ("", "c", "87"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
            table.cell(row, column).paragraphs[0].alignment = 2 if column == 2 and row else None
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(1, 0).merge(table.cell(2, 0))

    assert [
        "| Lĩnh vực |  | Hồ sơ |", "| --- | --- | ---: |", "| Đất \\| nhà | a<br>b | 1.204 |", "| Đất \\| nhà | c | 87 |",
    ] == source(made).split("\n")  # fmt: skip


def test_a_frame_of_one_column_is_no_table():
    """It is the usual way to hold a picture with its caption."""
    made = document()
    frame = made.add_table(rows=2, cols=1)
    frame.cell(0, 0).paragraphs[0].add_run().add_picture(picture())
    frame.cell(1, 0).text = "Ảnh: Minh Anh"

    assert '![](trong-van-ban/hinh-1.png "Ảnh: Minh Anh")' == source(made)


def test_links_lead_where_they_led_and_dangerous_ones_are_named():
    """With the paragraph, not a line."""
    made = document()
    add_link(made.add_paragraph("Xem "), "cổng", "https://dichvucong.gov.vn/p(1)?a=b c")
    add_link(made.add_paragraph("Đừng "), "bấm", "javascript:alert(1)")
    parsed = read(made)

    assert ["https://dichvucong.gov.vn/p(1)?a=b%20c", "javascript:alert(1)"] == [
        link.href for link in parsed.item.document.links]  # fmt: skip
    assert "đoạn 2" == parsed.places[parsed.item.document.links[1].line - 1]


def test_tracked_changes_are_accepted_and_hidden_text_is_not_published():
    """The editor is told of both."""
    xml = paragraph(
        run("Giữ "), f'<w:ins w:id="1" w:author="x">{run("thêm ")}</w:ins>', f"<w:del>{run('bớt ')}</w:del>",
        f"<w:moveTo>{run('đến ')}</w:moveTo>", f"<w:moveFrom>{run('đi ')}</w:moveFrom>", run("ẩn", "vanish"), run("hết"),
    )  # fmt: skip
    parsed = read(with_body(xml))

    assert ("Giữ thêm đến hết", ["WORD009"]) == (parsed.item.document.source, codes(parsed))
    assert "ẩn" in parsed.item.document.aside


def test_decomposed_text_becomes_composed():
    """As macOS and some exports give it; aliases too."""
    made = document(
        {unicodedata.normalize("NFD", key): unicodedata.normalize("NFD", text) for key, text in HEAD.items()}
    )
    made.add_paragraph(unicodedata.normalize("NFD", "Thủ tục hành chính"))
    item = read(made).item

    assert ("Phường mở thêm quầy", "Thủ tục hành chính") == (item.title, item.document.source)


def test_notes_stand_at_the_end():
    """In the order in which they are named."""
    base = with_body(paragraph(run("Theo luật"), '<w:r><w:footnoteReference w:id="7"/></w:r>'))
    notes = f'<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:footnote w:id="7">{paragraph(run("Luật 1"))}</w:footnote></w:footnotes>'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    data = with_parts(base, {
        "word/footnotes.xml": notes.encode(),
        "word/_rels/document.xml.rels": lambda old: old.replace(
            b"</Relationships>", f'<Relationship Id="f" Type="{kind}" Target="footnotes.xml"/></Relationships>'.encode()),
    })  # fmt: skip

    assert "Theo luật[^1]\n\n[^1]: Luật 1" == source(data)


def test_a_document_without_a_table_says_what_was_taken_from_where():
    """Title style, subtitle and properties stand in; names that a machine wrote do not."""
    made = docx.Document()
    made.core_properties.author, made.core_properties.keywords = "Admin", "một cửa, đề án 06"
    made.core_properties.subject = ""
    made.add_paragraph("Phường mở thêm quầy", style="Title")
    made.add_paragraph("Hai quầy mới.", style="Subtitle")
    made.add_paragraph("Nội dung.")
    parsed = read(made)
    item = parsed.item

    assert ("article", "Phường mở thêm quầy", "Hai quầy mới.", "", ("#MộtCửa", "#ĐềÁn06"), "Nội dung.") == (
        item.kind, item.title, item.summary, item.author, item.hashtags, item.document.source)  # fmt: skip
    assert ["WORD012", "WORD011"] == codes(parsed)


def test_a_wrong_value_is_named_by_its_row():
    """An editor finds it in the table."""
    parsed = read(document(HEAD | {"Ngày đăng": "hôm nào"}))

    assert (None, ["META006"]) == (parsed.item, codes(parsed))
    assert parsed.findings[0].message.startswith("Bảng thông tin, dòng 4: ")
    assert parsed.findings[0].line is None


def test_a_label_that_stands_twice_is_refused():
    """Nobody can know which value is meant."""
    made = document()
    cells = made.tables[0].add_row().cells
    cells[0].text, cells[1].text = "Tiêu đề:", "Khác"

    assert ["META007"] == codes(read(made))


def test_a_letterhead_is_no_metadata():
    """Official papers begin with a table of two columns, too."""
    made = docx.Document()
    table = made.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "UBND PHƯỜNG CỬA NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    made.add_heading("Phường mở thêm quầy", 1)

    assert "| UBND PHƯỜNG CỬA NAM |" in source(made)


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        ('<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"/>', "WORD008"),
        ('<w:r><w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office"/></w:object></w:r>', "WORD008"),
        ('<w:r><w:drawing><c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"/></w:drawing></w:r>', "WORD008"),
        ('<a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
         'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:link="rId77"/>', "WORD010"),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_is_said_by_name(xml, code):
    """Nothing is dropped silently."""
    assert [code] == codes(read(with_body(paragraph(run("x"), xml))))


def test_an_unfilled_form_field_is_empty():
    """Word shows grey words there that nobody wrote."""
    made = document()
    cell = made.tables[0].rows[4].cells[1].paragraphs[0]
    for old in list(cell._p):
        cell._p.remove(old)
    control, facts, content, words = (OxmlElement(name) for name in ("w:sdt", "w:sdtPr", "w:sdtContent", "w:t"))
    facts.append(OxmlElement("w:showingPlcHdr"))
    words.text = "Họ tên hoặc bút danh"
    inner = OxmlElement("w:r")
    inner.append(words)
    content.append(inner)
    control.extend((facts, content))
    cell._p.append(control)

    assert "" == read(made).item.author


TYPED = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=12) | st.text(
    "*_~`[]()!<>&;#a1 \\|-+=.", max_size=6
)
PIECES = st.builds(Piece, TYPED, st.booleans(),
                   st.booleans(), st.booleans())  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(st.lists(PIECES, min_size=1, max_size=5))
def test_no_letter_is_lost_whatever_was_typed(pieces):
    """Read back by the parser of the whole, the words are the words."""
    found = markdown.document(wordtext.inline(pieces), 1)

    assert "".join("".join(piece.text for piece in pieces).split()) == "".join(found.text.split())
    assert () == found.html
