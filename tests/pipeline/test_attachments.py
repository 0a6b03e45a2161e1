"""Folder drops: one text with its pictures and its PDF files, and what is not handed out."""

import json
import time
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_files import pdf
from word_files import document, saved

from channels.portal.adapter import Portal, Site
from channels.portal.words import size
from channels.registry import post_from_json
from pipeline import attachments, intake
from pipeline.check import Work, Workshop, check
from pipeline.parse.word import MOST_BYTES
from pipeline.prepare import prepare

PDF = b"%%PDF-1.7\n1 0 obj <</Type /Catalog%s>> endobj\n%sxref\ntrailer <</Root 1 0 R%s>>\nstartxref 9\n%%%%EOF\n"
GOOD = PDF % (b"", b"", b"")
WHOLE = pdf("Quyết định về việc mở thêm quầy tiếp nhận.")
TEXT = '---\nkind: article\nareas: [mot-cua]\ntitle: "Tin thử"\nsummary: "Tóm tắt"\ndate: 2026-11-20\nauthor: A\n---\nNội dung.\n'


def stream(head, data):
    return b"2 0 obj <<%s /Length %d>> stream\n%s\nendstream endobj\n" % (head, len(data), data)


def objects(text, more=b"/Filter /FlateDecode"):
    return stream(b"/Type /ObjStm /N 1 /First 4 " + more, zlib.compress(text) if b"Flate" in more else text)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (GOOD, ""),
        (PDF % (b" /OpenAction [3 0 R /Fit]", stream(b"/Filter /DCTDecode", b"\xff\xd8 /JS "), b""), ""),
        (PDF % (b"", objects(b"3 0 <</Type /Font /JSName 1>>"), b""), ""),
        (b"", "not-a-pdf"),
        (b"MZ" + GOOD, "not-a-pdf"),
        (b"<html>%PDF-1.7", "not-a-pdf"),
        (GOOD[:-20], "broken"),
        (PDF % (b"", b"", b" /Encrypt 5 0 R"), "locked"),
        (PDF % (b"", b"", b" /E#6ecrypt 5 0 R"), "locked"),
        (PDF % (b" /AA <</O <</S /JavaScript /JS (app.alert)>>>>", b"", b""), "scripts"),
        (PDF % (b" /OpenAction <</S /Launch /F (cmd.exe)>>", b"", b""), "scripts"),
        (PDF % (b" /Names <</EmbeddedFiles 3 0 R>>", b"", b""), "scripts"),
        (PDF % (b"", objects(b"3 0 <</S /J#61vaScript /JS 4 0 R>>"), b""), "scripts"),
        (PDF % (b"", objects(b"3 0 <</S /JavaScript>>", b""), b""), "scripts"),
        (PDF % (b"", b"%>>\nstream\n3 0 obj <</S /JavaScript>> endobj\n%endstream\n", b""), "scripts"),
        (PDF % (b"", objects(b"x", b"/Filter [/ASCIIHexDecode /FlateDecode]"), b""), "broken"),
        (PDF % (b"", stream(b"/Type /ObjStm /Filter /FlateDecode", b"not packed"), b""), "broken"),
        (PDF % (b"", objects(bytes(60 * 1024 * 1024)), b""), "broken"),
    ],
)  # fmt: skip
def test_a_pdf_is_told_by_its_content(data, problem):
    """Escaped names and packed objects are looked into; what cannot be is not taken."""
    assert problem == attachments.problem(data)


def test_a_pdf_that_is_also_a_zip_is_none(tmp_path):
    """Such a file is read differently by each program."""
    file = tmp_path / "a.pdf"
    file.write_bytes(GOOD)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("x.exe", "MZ")

    assert "not-a-pdf" == attachments.inspect(file)[0].problem


def test_a_link_and_a_folder_are_not_opened(tmp_path):
    """Whatever they lead to."""
    (tmp_path / "that.pdf").write_bytes(GOOD)
    (tmp_path / "link.pdf").symlink_to(tmp_path / "that.pdf")
    (tmp_path / "folder.pdf").mkdir()

    assert ["missing", "missing", "missing"] == [
        attachments.inspect(tmp_path / name)[0].problem for name in ("link.pdf", "folder.pdf", "none.pdf")]  # fmt: skip


@pytest.mark.parametrize("part", [b">>stream\n", b">>stream\nendstream", b"1 0 obj ", b"#4", b"/Filter [", b">>\n\n\n"])
def test_ten_megabytes_of_anything_take_seconds(part):
    """What is left open is not looked for again and again."""
    start = time.process_time()
    attachments.problem(PDF % (b"", part * (10_000_000 // len(part)), b""))

    assert 5 > time.process_time() - start


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400), st.integers(0, len(GOOD)))
def test_no_bytes_raise(noise, place):
    """Any file may lie there."""
    attachments.problem(GOOD[:place] + noise + GOOD[place:])
    attachments.problem(PDF % (b"", stream(b"/ObjStm /Filter /FlateDecode", noise), b""))


def test_names_are_shown_without_tricks():
    """Signs that turn the writing around could make an .exe look like a .pdf."""
    assert "Quyết định fdp.exe.pdf" == attachments.shown("Quyê\u0301t  định \u202efdp.exe.pdf")


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "content/so-noi-vu/hai-quay"
    made.mkdir(parents=True)
    return made


def drops(folder):
    return intake.walk(folder.parent.parent).drops


def work(folder, name):
    root = folder.parent.parent
    found = intake.walk(root)
    return Work(root, found.drops[f"so-noi-vu/hai-quay/{name}"], found.stamps)


def shop(tmp_path, now, most=1_000_000):
    return Workshop(now.tzinfo, "https://cchc.example.vn", ("portal",), tmp_path / "media", now, most)


def test_a_folder_with_one_document_is_one_drop(folder):
    """Its pictures lie beside it, and everything else is its attachment."""
    for name in ("tin.docx", "anh.jpg", "Quyết định.pdf", "so-lieu.xlsx"):
        (folder / name).write_bytes(b"x")
    found = drops(folder)

    assert ["so-noi-vu/hai-quay/tin.docx"] == list(found)
    drop = found["so-noi-vu/hai-quay/tin.docx"]
    assert (folder, ("Quyết định.pdf", "so-lieu.xlsx")) == (drop.folder, drop.attachments)
    assert drop == intake.single(folder.parent.parent, folder / "tin.docx")


def test_two_documents_in_a_folder_are_two_drops(folder):
    """And a PDF beside them belongs to neither."""
    for name in ("một.docx", "hai.docx", "a.pdf"):
        (folder / name).write_bytes(b"x")

    assert [()] * 3 == [drop.attachments for drop in drops(folder).values()]


def test_a_document_alone_in_a_folder_is_a_plain_drop(folder):
    """Months may have folders of their own."""
    (folder / "tin.docx").write_bytes(b"x")

    assert folder.parent == drops(folder)["so-noi-vu/hai-quay/tin.docx"].folder


def test_with_index_md_a_document_beside_it_is_only_told(folder, tmp_path, now):
    """It is not published: the text is index.md."""
    (folder / "index.md").write_text(TEXT, encoding="utf-8")
    (folder / "goc.docx").write_bytes(b"x")
    found = check(work(folder, "index.md"), shop(tmp_path, now))

    assert ("publish", {"ATT002"}) == (found.outcome, {one.code for one in found.findings})


@pytest.mark.parametrize(
    ("name", "code"),
    [("a.pdf", "ATT001"), ("a.doc", "WORD001"), ("a.rtf", "WORD001"), ("a.odt", "WORD001"), ("a.pages", "WORD001"),
     ("a.docm", "WORD002"), ("a.xlsx", "WORD013"), ("a.txt", "WORD014")],
)  # fmt: skip
def test_other_files_alone_are_refused_with_what_to_do_instead(folder, tmp_path, now, name, code):
    """In the unit's own words."""
    (folder / name).write_bytes(b"x")
    (found,) = check(work(folder, name), shop(tmp_path, now)).findings

    assert code == found.code
    assert found.hint


def test_a_new_renamed_or_changed_attachment_is_a_new_edition(folder, tmp_path, now):
    """A look finds each of them, and nothing when nothing changed."""
    (folder / "index.md").write_text(TEXT, encoding="utf-8")
    digests, stamps = [], []
    (folder / "a.pdf").write_bytes(WHOLE)
    for change in (lambda: None, lambda: (folder / "a.pdf").rename(folder / "b.pdf"),
                   lambda: (folder / "b.pdf").write_bytes(WHOLE + b"\n"), lambda: (folder / "c.pdf").write_bytes(WHOLE)):  # fmt: skip
        change()
        done = prepare(work(folder, "index.md"), shop(tmp_path, now))
        known = {done.path: done}

        assert [] == list(intake.changed(intake.walk(folder.parent.parent), known))
        digests.append(done.digest)
        stamps.append(done.stamp)

    assert (4, 4) == (len(set(digests)), len(set(stamps)))


def test_the_portal_lists_attachments_and_shows_what_was_checked(folder, tmp_path, now):
    """Under their content's name, with type and size; a file that changes later is not handed out."""
    made = document()
    made.add_paragraph("Nội dung.")
    (folder / "tin.docx").write_bytes(saved(made))
    (folder / "Quyết định 12.pdf").write_bytes(WHOLE)
    done = prepare(work(folder, "tin.docx"), shop(tmp_path, now))
    (folder / "Quyết định 12.pdf").write_bytes(b"MZ")
    post = post_from_json("portal", done.posts["portal"][0])
    Portal(tmp_path / "public", tmp_path, "https://cchc.example.vn", Site("A", "B")).publish(post)
    page = (tmp_path / "public" / post.address).read_text(encoding="utf-8")
    (kept,) = (tmp_path / "public/media").glob("*/*.pdf")

    assert WHOLE == kept.read_bytes()
    assert f'href="../../media/{kept.parent.name}/{kept.name}"' in page
    assert 'download="Quyết định 12.pdf"' in page
    assert "Tệp PDF, 1 KB" in page
    assert json.loads(done.posts["portal"][0])["attachments"][0]["size"] == len(WHOLE)


def test_withdrawing_takes_attachments_away(folder, tmp_path, now):
    """At the next flush, as pictures."""
    (folder / "index.md").write_text(TEXT, encoding="utf-8")
    (folder / "a.pdf").write_bytes(WHOLE)
    post = post_from_json("portal", prepare(work(folder, "index.md"), shop(tmp_path, now)).posts["portal"][0])
    portal = Portal(tmp_path / "public", tmp_path, "https://cchc.example.vn", Site("A", "B"))
    portal.publish(post)
    portal.flush()
    portal.withdraw(post, post.item)
    portal.flush()

    assert [] == list((tmp_path / "public/media").glob("*/*.pdf"))


@pytest.mark.parametrize(("count", "said"), [(1, "1 KB"), (870_400, "850 KB"), (1_258_291, "1,2 MB")])
def test_sizes_in_words(count, said):
    """With the comma that Vietnamese readers expect."""
    assert said == size(count, "vi")


def test_more_than_ten_attachments_are_too_many(folder, tmp_path, now):
    """An item is no archive."""
    (folder / "index.md").write_text(TEXT, encoding="utf-8")
    for number in range(11):
        (folder / f"{number}.pdf").write_bytes(WHOLE)

    assert "reject" == check(work(folder, "index.md"), shop(tmp_path, now)).outcome


def test_a_text_is_read_no_further_than_its_limit(folder, tmp_path, now):
    """A sparse file of a gigabyte costs nothing."""
    with (folder / "tin.docx").open("wb") as file:
        file.truncate(40 * MOST_BYTES)

    assert "reject" == check(work(folder, "tin.docx"), shop(tmp_path, now)).outcome


def found_of(folder, tmp_path, now, *files):
    """Codes and messages about a text with these attachments."""
    (folder / "index.md").write_text(TEXT, encoding="utf-8")
    for number, data in enumerate(files, 1):
        (folder / f"{number}.pdf").write_bytes(data)
    found = check(work(folder, "index.md"), shop(tmp_path, now, 11_000_000))
    return str(found.outcome), {one.code: one.message for one in found.findings}


@pytest.mark.parametrize(
    ("pages", "outcome", "code"),
    [
        (("Trang đầu", "Mời liên hệ chị Nguyễn Thị Lan, số di động 0912345678."), "review", "SAFE004"),
        (("Trang đầu", "Công dân Nguyễn Văn Tám, số CCCD: 001085012345"), "review", "SAFE003"),
        (("Trang đầu", "BÁO CÁO\nTUYỆT MẬT\nVề việc"), "reject", "SAFE001"),
        (("Trang đầu", "MËT\nB¸o c¸o vÒ viÖc tiÕp nhËn hå s¬ cña ng­êi d©n"), "reject", "SAFE001"),
        (("Trang đầu", "DỰ THẢO LẦN 2\nLƯU HÀNH NỘI BỘ\nKế hoạch"), "review", "SAFE002"),
    ],
)
def test_the_words_of_a_pdf_are_guarded_as_those_of_the_text(folder, tmp_path, now, pages, outcome, code):
    """The finding names file and page, and does not repeat what it found."""
    result, found = found_of(folder, tmp_path, now, pdf(*pages))

    assert (outcome, True) == (result, code in found)
    assert '"1.pdf", trang 2' in found[code] or '"1.pdf", page 2' in found[code]
    assert "0912" not in found[code] and "0010" not in found[code]


def test_a_scan_is_told_gently(folder, tmp_path, now):
    """With the pages, when only some are pictures."""
    whole = found_of(folder, tmp_path, now, pdf(None, None))
    part = found_of(folder, tmp_path, now, pdf("Trang đầu có chữ", None))

    assert ("publish", "publish") == (whole[0], part[0])
    assert whole[1]["ATT007"] != part[1]["ATT007"] and "2" in part[1]["ATT007"]


def test_a_pdf_with_words_is_no_news(folder, tmp_path, now):
    """Nothing is said of a file in order."""
    assert ("publish", {}) == found_of(folder, tmp_path, now, WHOLE)


@pytest.mark.parametrize(
    ("data", "outcome", "code"),
    [
        (GOOD, "reject", "ATT003"),  # whole on its outside, but no reader opens it
        (pdf("x", stream=b"BT /F1 12 Tf " + b"<0041> Tj " * 3_000_000), "review", "ATT008"),  # 30 MB in 60 KB
        (pdf(*["một trang chữ"] * 250), "review", "ATT008"),
        (pdf("\ue001\ue002\ue003\ue004\ue005\ue006"), "review", "ATT008"),
        (pdf("x", catalog=b"/OpenAction <</S /JavaScript /JS (app.alert\\(1\\))>>"), "reject", "ATT006"),
        (pdf("x", catalog=b"/OpenAction <</S /Launch /F (cmd.exe)>>"), "reject", "ATT006"),
        (pdf("x", trailer=b"/Encrypt 5 0 R"), "reject", "ATT005"),
        (WHOLE[: len(WHOLE) // 2], "reject", "ATT003"),
    ],
    ids=["no pages", "bomb", "long", "letters", "script", "launch", "locked", "cut"],
)
def test_what_cannot_be_read_or_must_not_be_opened(folder, tmp_path, now, data, outcome, code):
    """Each with its own remedy; the reader's process dies with the file, and nothing else does."""
    result, found = found_of(folder, tmp_path, now, data)

    assert (outcome, True) == (result, code in found)


def test_words_outside_of_the_pages_are_read_too():
    """Notes stuck on a page, and the title in the properties."""
    note = b"/Annots [<</Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (Goi 0912345678)>>]"
    data = pdf("Trang", trailer=b"/Info 6 0 R", more={6: b"<</Title (Mot ten)>>"}).replace(
        b"/Resources", note + b" /Resources"
    )
    with attachments.Reader() as reader:
        found = reader.ask(data)

    assert "0912345678" in found["pages"][1]
    assert "Mot ten" == found["pages"][0]


def test_a_reader_that_died_reads_no_more():
    """The time is for all files of an item, and the rest goes to an editor."""
    with attachments.Reader() as reader:
        bomb = reader.ask(pdf("x", stream=b"BT /F1 12 Tf " + b"<0041> Tj " * 3_000_000))

        assert ("stuck", "stuck") == (bomb["trouble"], reader.ask(WHOLE)["trouble"])


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=60), st.integers(0, len(WHOLE)), st.integers(0, 60))
def test_no_pdf_takes_more_than_its_own_process(noise, place, gone):
    """Bytes put in and cut out anywhere; the answer is always one of ours."""
    with attachments.Reader() as reader:
        found = reader.ask(WHOLE[:place] + noise + WHOLE[place + gone :])

    assert found["trouble"] in ("", "broken", "locked", "scripts", "long", "stuck")
