"""Every place of a file in which a secrecy mark, a draft mark or a citizen's number can hide, with the whole check run."""

import json
import re

import pytest
from word_files import add_picture, document, saved, with_body, with_parts

from pipeline import intake
from pipeline.check import Work, Workshop, check
from pipeline.model import Outcome

HEAD = {"kind": "article", "title": "Phường mở thêm quầy", "summary": "Chờ ít hơn.", "date": "2026-11-20",
        "author": "Minh Anh", "source": "Sở"}  # fmt: skip
CLIP = HEAD | {"kind": "clip", "video": "https://youtu.be/HN2026ABCDE", "duration": "PT1M"}
QA = HEAD | {"kind": "qa", "question": "Nộp ở đâu?", "answered_by": "UBND phường", "procedure": "1.001193"}
PHONE = "Gọi anh Mẫu số 0912 345 678"


@pytest.fixture
def judge(tmp_path, now):
    """Drops files into a unit's folder and gives the outcome with the codes of the guards."""

    def run(name, data, beside=()):
        folder = tmp_path / "content"
        file = folder / "so-noi-vu" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
        for other, words in dict(beside).items():
            (file.parent / other).write_bytes(words.encode())
        shop = Workshop(now.tzinfo, "https://cchc.example.vn", ("portal",), tmp_path / "media", now)
        checked = check(Work(folder, intake.single(folder, file), {}), shop)
        return checked.outcome, {one.code for one in checked.findings if one.code.startswith(("SAFE", "WORD015"))}

    return run


def markdown(head, body="Nội dung."):
    rows = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items()]
    return "\n".join(["---", *rows, "---", body])


def texts(words):
    """Markdown files that hold the words, each in another place that is published."""
    yield "title", markdown(HEAD | {"title": words})
    yield "summary", markdown(HEAD | {"summary": words})
    yield "author", markdown(HEAD | {"author": words})
    yield "source", markdown(HEAD | {"source": words})
    yield "corrections", markdown(HEAD | {"corrections": words})
    yield "hashtags", markdown(HEAD | {"hashtags": [words]})
    yield "cover-alt", markdown(HEAD | {"cover": "a.jpg", "cover_alt": words})
    yield "transcript", markdown(CLIP | {"transcript": f"Xin chào.\n{words}\nTạm biệt."})
    yield "program", markdown(CLIP | {"program": words})
    yield "question", markdown(QA | {"question": words})
    yield "asker", markdown(QA | {"asker": words})
    yield "answered-by", markdown(QA | {"answered_by": words})
    yield "legal-basis", markdown(QA | {"legal_basis": [words]})
    yield "body", markdown(HEAD, f"Dòng một.\n\n{words}\n\nDòng ba.")
    yield "heading", markdown(HEAD, f"## {words}\n\nDòng.")
    yield "quotation", markdown(HEAD, f"> {words}")
    yield "list", markdown(HEAD, f"- một\n- {words}")
    yield "cell", markdown(HEAD, f"| A | B |\n| --- | --- |\n| một | {words} |")
    yield "header-cell", markdown(HEAD, f"| {words} | B |\n| --- | --- |\n| một | hai |")
    yield "code", markdown(HEAD, f"    {words}")
    yield "fence", markdown(HEAD, f"```\n{words}\n```")
    yield "footnote", markdown(HEAD, f"Một.[^1]\n\n[^1]: {words}")
    yield "alt", markdown(HEAD, f"![{words}](a.jpg)")
    yield "caption", markdown(HEAD, f'![quầy](a.jpg "{words}")')
    yield "link", markdown(HEAD, f"[{words}](https://hanoi.gov.vn)")


MARKED = [(place, text) for place, text in texts("TUYỆT MẬT") if place != "alt"] + [
    ("alt", markdown(HEAD, "![Văn bản đóng dấu MẬT](a.jpg)")),
    ("comment", markdown(HEAD, "<!-- MẬT -->\n\nNội dung.")),
    ("entities", markdown(HEAD, "M&#7852;T\n\nNội dung.")),
    ("unknown-key", markdown(HEAD | {"ghi_chu": "MẬT"})),
    ("yaml-comment", markdown(HEAD).replace("\n---\n", "\n# MẬT\n---\n", 1)),
    ("picture-name", markdown(HEAD, "![quầy](cong-van-tuyet-mat.jpg)")),
]


@pytest.mark.parametrize(("place", "text"), MARKED, ids=[place for place, _text in MARKED])
def test_a_secrecy_mark_blocks_wherever_it_stands(place, text, judge):
    """And nothing else is reported."""
    assert (Outcome.REJECT, {"SAFE001"}) == judge("tin.md", text)


HELD = [
    *texts(PHONE),
    ("picture-name", markdown(HEAD, "![quầy](0912345678.jpg)")),
    ("cover-name", markdown(HEAD | {"cover": "cccd-001190012345.jpg"})),
    ("over-cells", markdown(HEAD, "| Họ tên | Năm sinh |\n| --- | --- |\n| Trần Văn Mẫu | 1958 |")),
    ("empty-cell", markdown(HEAD, "| TT | Họ tên | Ngày sinh |\n| --- | --- | --- |\n| | Trần Mẫu | 1/2/1958 |")),
]


@pytest.mark.parametrize(("place", "text"), HELD, ids=[place for place, _text in HELD])
def test_a_citizens_number_is_held_wherever_it_stands(place, text, judge):
    """Nothing with it is published without an editor."""
    outcome, codes = judge("tin.md", text)

    assert Outcome.PUBLISH != outcome
    assert codes & {"SAFE003", "SAFE004", "SAFE011"}


@pytest.mark.parametrize(("words", "code"), [("TỐI MẬT", "SAFE001"), (PHONE, "SAFE004")])
def test_captions_and_names_of_attachments_are_read(words, code, judge):
    """A .vtt beside a clip; a PDF in the folder of the text."""
    vtt = f"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n{words}\n"

    assert code in judge("tin.md", markdown(CLIP | {"captions": "p.vtt"}), {"p.vtt": vtt})[1]
    assert code in judge("goi/index.md", markdown(HEAD), {f"{words}.pdf": "%PDF-1.7"})[1]


@pytest.mark.parametrize(
    "name", ["MẬT/tin.md", "ke-hoach-tuyet-mat.md", "12-KH-CAP(M).md", "[MẬT] tin.md", "goi-TOI-MAT/index.md"]
)
def test_a_name_alone_blocks(name, judge):
    """Of the file or of its folder."""
    assert (Outcome.REJECT, {"SAFE001"}) == judge(name, markdown(HEAD))


def run(words, inside="t", looks=""):
    return f"<w:r><w:rPr>{looks}</w:rPr><w:{inside}>{words}</w:{inside}></w:r>"


def box(words, fallback=""):
    shape = (
        '<wps:wsp xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:txbx><w:txbxContent>'
        f"<w:p>{run(words)}</w:p></w:txbxContent></wps:txbx></wps:wsp>"
    )
    return (
        '<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice Requires="wps">{shape}</mc:Choice>{fallback}</mc:AlternateContent></w:r></w:p>'
    )


def watermark(words):
    return (
        '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml">'
        f'<v:textpath string="{words}"/></v:shape></w:pict></w:r></w:p>'
    )


def in_header(xml):
    made = document()
    made.sections[0].header.paragraphs[0].text = "ĐẦU TRANG"
    return with_parts(saved(made), {f"word/{name}": lambda old: re.sub(rb"<w:p[ >].*</w:p>", xml.encode(), old, flags=re.DOTALL)
                                    for name in ("header1.xml",)})  # fmt: skip


def with_footer(words):
    made = document()
    made.sections[0].footer.paragraphs[0].text = words
    return saved(made)


def with_note(words):
    made = document()
    paragraph = made.add_paragraph("Nội dung.")
    made.add_comment(paragraph.runs, text=words, author="A")
    return saved(made)


def with_property(name, words):
    made = document()
    setattr(made.core_properties, name, words)
    return saved(made)


def with_own_property(words):
    xml = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="Độ mật"><vt:lpwstr>{words}</vt:lpwstr>'
        "</property></Properties>"
    )
    return with_parts(saved(document()), {"docProps/custom.xml": xml.encode()})


def with_alt(words):
    made = document()
    add_picture(made, words)
    return saved(made)


def with_table(words):
    made = document()
    made.add_paragraph("Bảng.")
    table = made.add_table(rows=2, cols=2)
    table.rows[1].cells[1].text = words
    return saved(made)


WORDS = {
    "header": lambda words: in_header(f"<w:p>{run(words)}</w:p>"),
    "header-box": lambda words: in_header(box(words)),
    "watermark": lambda words: in_header(watermark(words)),
    "body-watermark": lambda words: with_body(watermark(words)),
    "footer": with_footer,
    "comment": with_note,
    "text-box": lambda words: with_body(box(words)),
    "hidden": lambda words: with_body(f"<w:p>{run(words, looks='<w:vanish/>')}</w:p>"),
    "deleted": lambda words: with_body(f'<w:p><w:del w:id="1" w:author="A">{run(words, "delText")}</w:del></w:p>'),
    "inserted": lambda words: with_body(f'<w:p><w:ins w:id="1" w:author="A">{run(words)}</w:ins></w:p>'),
    "split-runs": lambda words: with_body(f"<w:p>{''.join(run(sign) for sign in words)}</w:p>"),
    "status": lambda words: with_property("content_status", words),
    "category": lambda words: with_property("category", words),
    "comments": lambda words: with_property("comments", words),
    "keywords": lambda words: with_property("keywords", words),
    "subject": lambda words: with_property("subject", words),
    "own-property": with_own_property,
    "cell": with_table,
    "paragraph": lambda words: with_body(f"<w:p>{run(words)}</w:p>"),
}


@pytest.mark.parametrize("place", WORDS)
def test_a_secrecy_mark_blocks_wherever_it_stands_in_word(place, judge):
    """Stamps stand in headers, boxes and watermarks; what was deleted was there."""
    assert (Outcome.REJECT, {"SAFE001"}) == judge("tin.docx", WORDS[place]("TỐI MẬT"))


def test_a_picture_of_a_marked_paper_blocks_in_word(judge):
    """Its description is the picture's alternative text."""
    assert (Outcome.REJECT, {"SAFE001"}) == judge("tin.docx", with_alt("Công văn đóng dấu MẬT"))


@pytest.mark.parametrize("place", [place for place in WORDS if place not in ("own-property", "keywords", "subject")])
def test_a_draft_mark_is_stopped_wherever_it_stands_in_word(place, judge):
    """As a watermark more often than anywhere else."""
    outcome, codes = judge("tin.docx", WORDS[place]("DỰ THẢO"))

    assert Outcome.PUBLISH != outcome
    assert codes & {"SAFE002", "WORD015"}


@pytest.mark.parametrize("place", ["inserted", "split-runs", "cell", "paragraph"])
def test_a_citizens_number_is_held_in_word(place, judge):
    """Where it would be published."""
    outcome, codes = judge("tin.docx", WORDS[place](PHONE))

    assert Outcome.PUBLISH != outcome
    assert "SAFE004" in codes


def test_a_document_without_marks_passes(judge):
    """The same places with ordinary words raise nothing."""
    assert set() == {code for place in WORDS for code in judge("tin.docx", WORDS[place]("Phường Cửa Nam"))[1]}
