"""Writing in the browser: forms, findings while one types, drafts, edits, pictures."""

import html
import re

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.desk import drafting
from pipeline.desk.drafting import Draft
from pipeline.desk.fields import given as typed_in
from pipeline.desk.receiving import Form
from pipeline.parse.item import parse
from pipeline.reference import units
from tests.pipeline.desk.conftest import SAME
from tests.pipeline.desk.test_dropbox import jpeg, lying

UNIT = "so-xay-dung"
ARTICLE = {
    "title": 'Bớt "một lần" đi lại: nộp hồ sơ # 1', "summary": "Hồ sơ nộp trực tuyến được trả kết quả tại nhà.",
    "date": "2026-11-20", "body": "Từ tháng 11, người dân nộp hồ sơ trên cổng dịch vụ công.\r\n\r\nĐoạn hai.",
    "channels": ["portal", "zalo"], "source": "Sở Xây dựng Hà Nội", "hashtags": "#CCHC, #HaNoi",
}  # fmt: skip
QUESTION = ARTICLE | {"question": "Tôi nộp ở đâu?\nCó phải in không?", "answered_by": "Sở Xây dựng", "asker": "Bạn đọc",
                      "legal_basis": "Luật Giao dịch điện tử số 20/2023/QH15\n"}  # fmt: skip
OLD = "---\nkind: article\n# ghi chú\nkhoa_la: giữ\ntitle: Tin cũ của sở\nsummary: Tóm tắt.\ndate: 2026-11-20\n---\nThân bài.\n"


@pytest.fixture
def folder(office):
    return office.content / UNIT


@pytest.fixture
def post(desk):
    def post(kind, fields, button="nhap", files=None, follow=True):
        parts = [(name, (None, one)) for name, value in (fields | {"lam": button}).items()
                 for one in (value if isinstance(value, list) else [value])]  # fmt: skip
        parts += list((files or {}).items())
        return requests.post(
            f"{desk.address}/soan/{kind}?unit={UNIT}", files=parts, headers=SAME, timeout=20, allow_redirects=follow
        )

    return post


def hidden(page, name):
    return html.unescape(re.search(f'name="{name}" value="([^"]*)"', page)[1])


def only_new(folder, before):
    (name,) = set(lying(folder)) - set(before)
    return folder / name


@pytest.mark.parametrize(("kind", "fields"), [
    ("article", ARTICLE), ("qa", QUESTION), ("clip", ARTICLE | {"video": "https://youtu.be/dQw4w9WgXcQ", "duration": "01:20"}),
])  # fmt: skip
def test_what_is_sent_is_a_file_that_reads_back_as_it_was_typed(kind, fields, post, folder, office):
    """Named as `bantin new` names it, ready to be taken in."""
    before = lying(folder)
    answer = post(kind, fields, "gui")
    file = only_new(folder, before)
    item = parse(file.read_bytes(), units().get(UNIT), office.zone).item

    assert "/ket-qua" in answer.url
    assert "2026-11-20-bot-mot-lan-di-lai-nop-ho-so-1.md" == file.name
    assert (kind, fields["title"], ("portal", "zalo"), "ready") == (item.kind, item.title, item.channels, item.status)
    assert fields["body"].replace("\r\n", "\n") == item.document.source
    if kind == "qa":
        assert "Tôi nộp ở đâu?\nCó phải in không?" == item.question
        assert ("Luật Giao dịch điện tử số 20/2023/QH15",) == item.legal_basis


def test_a_draft_is_kept_listed_and_goes_out_when_it_is_sent(post, desk, folder, office):
    """Intake leaves it alone until then."""
    before = lying(folder)
    page = post("article", ARTICLE).text
    file = only_new(folder, before)
    assert "status: draft" in file.read_text(encoding="utf-8")
    assert file.name in desk.get(f"/soan?unit={UNIT}").text
    fields = ARTICLE | {"tep": hidden(page, "tep"), "digest": hidden(page, "digest")}
    post("article", fields, "gui")

    assert "ready" == parse(file.read_bytes(), units().get(UNIT), office.zone).item.status
    assert file.name not in desk.get(f"/soan?unit={UNIT}").text
    assert {file.relative_to(folder).as_posix()} == set(lying(folder)) - set(before)


def test_an_edited_file_keeps_unknown_keys_and_comments(post, desk, folder):
    """Only what was changed is another line."""
    (folder / "cu.md").write_text(OLD, encoding="utf-8")
    page = desk.get(f"/soan/article?unit={UNIT}&tep={UNIT}/cu.md").text
    assert "Tin cũ của sở" in page
    fields = {"title": "Tin mới của sở", "summary": "Tóm tắt.", "date": "2026-11-20", "body": "Thân bài.",
              "tep": f"{UNIT}/cu.md", "digest": hidden(page, "digest")}  # fmt: skip
    post("article", fields, "gui")

    expected = OLD.replace("Tin cũ của sở", '"Tin mới của sở"').replace("---\nThân", "---\n\nThân")
    assert expected == (folder / "cu.md").read_text(encoding="utf-8")


def test_nobody_overwrites_what_somebody_else_changed_meanwhile(post, desk, folder):
    """The words that were typed stay in the form."""
    (folder / "cu.md").write_text(OLD, encoding="utf-8")
    digest = hidden(desk.get(f"/soan/article?unit={UNIT}&tep={UNIT}/cu.md").text, "digest")
    (folder / "cu.md").write_text(OLD + "Thêm.", encoding="utf-8")
    answer = post("article", ARTICLE | {"tep": f"{UNIT}/cu.md", "digest": digest}, "gui")

    assert 422 == answer.status_code
    assert OLD + "Thêm." == (folder / "cu.md").read_text(encoding="utf-8")
    assert html.escape(ARTICLE["title"], quote=False) in answer.text.replace("&#34;", '"')
    assert digest == hidden(answer.text, "digest")


def test_a_picture_needs_words_and_then_lies_beside_the_others(post, folder, office):
    """Cover and one in the text."""
    before = lying(folder)
    files = {"cover_file": ("IMG_1.JPG", jpeg()), "picture_file": ("b.png", jpeg("blue", form="PNG"))}
    refused = post("article", ARTICLE | {"picture_alt": "Bản vẽ [nháp] trên bàn"}, "gui", files)
    assert 422 == refused.status_code
    assert before == lying(folder)
    post("article", ARTICLE | {"picture_alt": "Bản vẽ [nháp] trên bàn", "cover_alt": "Quầy tiếp nhận"}, "gui", files)
    new = set(lying(folder)) - set(before)
    (text,) = (name for name in new if name.endswith(".md"))
    item = parse((folder / text).read_bytes(), units().get(UNIT), office.zone).item

    assert item.cover in new and "Quầy tiếp nhận" == item.cover_alt
    assert [("Bản vẽ (nháp) trên bàn", True)] == [(one.alt, one.src in new) for one in item.document.images]


@pytest.mark.parametrize("name", ["a.svg", "a.html", "../a.jpg", "a.jpg.md"])
def test_only_pictures_are_uploaded_with_a_form(name, post, folder):
    """And only real ones."""
    before = lying(folder)
    files = {"cover_file": (name, b"<svg onload=alert(1)>")}

    assert 422 == post("article", ARTICLE | {"cover_alt": "x"}, "gui", files).status_code
    assert before == lying(folder)


def test_findings_come_as_one_types_and_name_the_field(desk, folder):
    """A fragment, in words, with a way to the place; nothing is written."""
    before = lying(folder)
    fields = ARTICLE | {
        "unit": UNIT,
        "kind": "article",
        "date": "hôm nào",
        "body": "Một\n\n[x](javascript:alert(1))\n<script>",
    }
    found = requests.post(f"{desk.address}/kiem-tra", data=fields, headers=SAME, timeout=10)

    assert 200 == found.status_code
    assert 'href="#f-date">Ngày</a>' in found.text and "META006" in found.text
    assert "<script>" not in found.text and "<html" not in found.text
    found = requests.post(
        f"{desk.address}/kiem-tra", data=fields | {"date": "2026-11-20"}, headers=SAME, timeout=10
    ).text
    assert 'href="#f-body">dòng 3 của nội dung</a>' in found
    assert before == lying(folder)


def test_without_scripts_a_button_checks_and_nothing_is_written(post, folder):
    """The form comes back as it was, with the findings beside it."""
    before = lying(folder)
    answer = post("article", ARTICLE | {"date": "hôm nào"}, "kiem-tra")

    assert 200 == answer.status_code
    assert "META006" in answer.text and 'value="hôm nào"' in answer.text
    assert before == lying(folder)


@pytest.mark.parametrize("path", ["so-y-te/x.md", f"{UNIT}/../so-y-te/x.md", f"{UNIT}/khong-co.md", "/etc/passwd"])
def test_only_files_of_the_unit_are_opened(path, desk):
    """Nothing else is a page."""
    assert (
        404 == requests.get(f"{desk.address}/soan/article", params={"unit": UNIT, "tep": path}, timeout=5).status_code
    )


def test_a_word_file_is_mended_in_word(desk, folder):
    """The page says so."""
    (folder / "to.docx").write_bytes(b"PK\x03\x04")
    answer = desk.get(f"/soan/article?unit={UNIT}&tep={UNIT}/to.docx")

    assert 422 == answer.status_code and "Word" in answer.text


TYPED = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp"), include_characters="\n"), max_size=60)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=TYPED, summary=TYPED, question=TYPED, body=TYPED)
def test_whatever_is_typed_is_the_item_that_is_read(title, summary, question, body, office):
    """The round trip through the file changes no letter that the model would keep."""
    fields = {"title": title, "summary": summary, "question": question, "body": "Chữ. " + body, "date": "2026-11-20"}
    given_ = typed_in("qa", Form({name: [value] for name, value in fields.items()}))
    source = drafting.text(Draft("qa"), given_, "ready")
    read = parse(source.encode(), units().get(UNIT), office.zone)
    if read.item is None:  # a sign of secrecy, or too many marks: said in a finding
        assert read.findings
        return

    assert " ".join(given_["title"].split()) == read.item.title
    assert [" ".join(row.split()) for row in given_["question"].strip().split("\n")] == read.item.question.split("\n")
    assert given_["body"].strip() == read.item.document.source.strip()
