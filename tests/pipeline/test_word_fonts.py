"""Word text in an old font: found in a single paragraph, told by the font's name, held for an editor."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from docx.enum.style import WD_STYLE_TYPE
from test_repair import to_vni
from word_files import HEAD, document, saved

from pipeline import reference, repair
from pipeline.check import Work, Workshop, check
from pipeline.intake import single
from pipeline.parse import word

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
BACK = {letter: code for code, letter in zip(repair._TCVN3_FROM, repair._TCVN3_TO, strict=True)}


def tcvn3(text):
    return "".join(BACK.get(letter, letter) for letter in text)


def read(*paragraphs, head=HEAD, change=None):
    """A document whose paragraphs are runs of (text, font)."""
    made = document(head)
    if change:
        change(made)
    for runs in paragraphs:
        paragraph = made.add_paragraph()
        for text, font in runs:
            run = paragraph.add_run(text)
            if font:
                run.font.name = font
    return word.parse(saved(made), reference.units().get("so-noi-vu"), ZONE)


def codes(parsed):
    return [finding.code for finding in parsed.findings]


def test_one_paragraph_among_good_ones_is_found():
    """By its letters alone; the message shows both readings."""
    parsed = read([("Đoạn này viết bằng Unicode.", "")], [(tcvn3("Thủ tục hành chính tại phường"), "")])

    assert "Thủ tục hành chính tại phường" in parsed.item.document.text
    assert ["TXT001"] == codes(parsed)
    assert "TCVN3" in parsed.findings[0].message and "UniKey" in word.placed(parsed)[0].hint


@pytest.mark.parametrize(
    ("runs", "shown"),
    [
        ([(tcvn3("Hà Nội"), ".VnTime")], "Hà Nội"),  # two words would not be enough without the font
        ([(tcvn3("hà nội"), ".VnTimeH"), (" và Huế", "")], "HÀ NỘI và Huế"),
        ([(to_vni("Hồ sơ"), "VNI-Times")], "Hồ sơ"),
        ([(tcvn3("trả kết quả"), ".VnArial"), (" cho ", ".VnArial")], "trả kết quả cho"),
    ],
)
def test_the_name_of_the_font_is_evidence(runs, shown):
    """And only the runs in it are read anew."""
    parsed = read([("Mở đầu đúng chữ.", "")], runs)

    assert (["TXT001"], shown) == (codes(parsed), parsed.item.document.text.splitlines()[-1])


@pytest.mark.parametrize("where", ["style", "default"])
def test_a_style_says_the_font_too(where):
    """Most old documents set it once, for the style Normal."""

    def change(made):
        if where == "default":
            made.styles["Normal"].font.name = ".VnTime"
        else:
            made.styles.add_style("Cu", WD_STYLE_TYPE.PARAGRAPH).font.name = ".VnTime"

    made = document()
    change(made)
    made.add_paragraph(tcvn3("Hà Nội"), style="Cu" if where == "style" else None)
    parsed = word.parse(saved(made), reference.units().get("so-noi-vu"), ZONE)

    assert "Hà Nội" == parsed.item.document.text
    assert ".VnTime" in parsed.findings[0].message


def test_unicode_in_an_old_font_is_left_alone():
    """Who pastes into an old document gets its font, and Word shows another one."""
    texts = ("Người dân nộp hồ sơ", "có khó", "Tin mới nhất", "so 12")
    parsed = read(*([(text, ".VnTime")] for text in texts))

    assert ([], list(texts)) == (codes(parsed), parsed.item.document.text.splitlines())


def test_a_whole_form_in_an_old_font_is_understood():
    """The labels of the table, too; all of it waits for an editor."""
    head = {tcvn3(label): tcvn3(value) for label, value in HEAD.items()}
    parsed = read([(tcvn3("Nội dung của tin, viết bằng phông chữ cũ."), ".VnTime")], head=head)

    assert ("Phường mở thêm quầy", ["TXT001"]) == (parsed.item.title, codes(parsed))


def test_a_confirmed_reading_needs_no_editor():
    """By a row of the table."""
    head = HEAD | {"Sửa chữ": "đồng ý"}

    assert [] == codes(read([(tcvn3("Thủ tục hành chính tại phường"), ".VnTime")], head=head))


@pytest.mark.parametrize("font", ["", ".VnTimeH"])
def test_a_secrecy_mark_is_seen_in_both_readings(tmp_path, font):
    """The converted one and the one that stands in the file."""
    made = document()
    made.add_paragraph(tcvn3("Nội dung của báo cáo này chỉ gửi cho lãnh đạo"))
    run = made.add_paragraph().add_run(tcvn3("tuyệt mật"))
    run.font.name = font or None
    file = tmp_path / "so-noi-vu/tin.docx"
    file.parent.mkdir()
    file.write_bytes(saved(made))
    now = datetime(2026, 11, 24, 8, tzinfo=ZONE)
    shop = Workshop(ZONE, "https://cchc.example.vn", ("portal",), tmp_path / "media", now)

    assert {"SAFE001"} <= {one.code for one in check(Work(tmp_path, single(tmp_path, file), {}), shop).findings}


def test_hidden_and_turning_signs_are_told_in_word_too():
    """In the title and in the text, without line numbers that nobody sees in Word."""
    parsed = read([("Hồ sơ của d\u200bân", "")], head=HEAD | {"Tiêu đề": "Hồ sơ \u202egpj.exe"})
    found = {one.code: one.message for one in parsed.findings}

    assert {"TXT003", "TXT004"} == set(found)
    assert "dòng" not in found["TXT004"].lower()
    assert "\u202e" not in parsed.item.title
