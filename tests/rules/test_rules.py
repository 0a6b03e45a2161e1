"""Every rule: documented, with a file that breaks it and one that keeps it, dropped as an editor would."""

import json
import tomllib
from pathlib import Path

import docx
import pytest
from PIL import Image

from pipeline import intake
from pipeline.check import Work, Workshop, check
from pipeline.rules import RULES
from tests.pipeline.pdf_files import pdf

CASES = tomllib.loads(Path(__file__).with_name("cases.toml").read_text(encoding="utf-8"))
BASE = {
    "article": {"author": "Minh Anh"},
    "clip": {"video": "https://youtu.be/HN2026ABCDE", "duration": "PT1M", "transcript": "Xin chào."},
    "qa": {"question": "Nộp ở đâu?", "answered_by": "UBND phường", "procedure": "1.001193"},
}
PDF = b"%%PDF-1.7\n1 0 obj <</Type /Catalog /Pages 2 0 R%s>> endobj\nxref\ntrailer <</Root 1 0 R%s>>\nstartxref 9\n%%%%EOF\n"
ATTACHMENTS = {
    "dung.pdf": pdf("Quyết định mở thêm quầy."), "scan.pdf": pdf(None), "chu-la.pdf": pdf("\ue001\ue002\ue003\ue004\ue005\ue006"),
    "co-khoa.pdf": PDF % (b"", b" /Encrypt 5 0 R"),
    "co-ma-lenh.pdf": PDF % (b" /OpenAction <</S /J#61vaScript /J#53 (app.alert\\(1\\))>>", b""),
    "chuong-trinh.pdf": b"MZ" + bytes(500), "qua-lon.pdf": b"%PDF-1.7" + bytes(100_001), "bang.xlsx": b"PK",
}  # fmt: skip
COMMON = {"title": "Phường mở thêm hai quầy tiếp nhận", "summary": "Từ thứ Hai, người dân chờ ít hơn.",
          "date": "2026-11-20", "source": "Sở", "cover": "anh.jpg", "cover_alt": "Quầy tiếp nhận"}  # fmt: skip


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("anh")
    Image.effect_noise((1000, 640), 60).convert("RGB").save(folder / "anh.jpg")
    Image.new("RGB", (240, 150), "red").save(folder / "nho.jpg")
    whole = (folder / "anh.jpg").read_bytes()
    (folder / "bi-cut.jpg").write_bytes(whole[: len(whole) * 2 // 5])
    (folder / "chuong-trinh.jpg").write_bytes(b"MZ" + bytes(500))
    header = bytearray(Image.new("1", (1, 1)).tobytes())
    Image.new("1", (8, 8)).save(folder / "bom.png")
    png = bytearray((folder / "bom.png").read_bytes())
    png[16:24] = (30000).to_bytes(4, "big") * 2
    import zlib

    png[29:33] = zlib.crc32(bytes(png[12:29])).to_bytes(4, "big")
    (folder / "bom.png").write_bytes(bytes(png))
    (folder / "iphone.jpg").write_bytes(b"\0\0\0\x18ftypheic" + bytes(100))
    (folder / "hinh-ve.png").write_bytes(b"\xd7\xcd\xc6\x9a" + bytes(100))
    (folder / "la.gif").write_bytes(b"GIF89a" + bytes(100))
    frames = [Image.new("RGB", (1000, 640), colour) for colour in ("red", "blue")]
    frames[0].save(folder / "dong.webp", save_all=True, append_images=frames[1:])
    (folder / "dung.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nXin chào\n", encoding="utf-8")
    (folder / "hong.vtt").write_text("WEBVTT\n\n00:01.000 -> 00:02.000\nXin chào\n", encoding="utf-8")
    (folder / "ma.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\n<script>x</script>\n", encoding="utf-8")
    (folder / "phim.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + bytes(100) + header)
    return folder


def findings(case, values, pictures, root, now):
    kind = case.get("kind", "article")
    given = COMMON | BASE[kind] | values
    unit, body = given.pop("unit", "so-noi-vu"), given.pop("body", "Nội dung của tin.")
    attached, header = given.pop("attach", ""), given.pop("word", "")
    folder = root / unit / "goi" if attached else root / unit
    folder.mkdir(parents=True)
    if attached:
        (folder / attached).write_bytes(ATTACHMENTS[attached])
    for picture in pictures.iterdir():
        (folder / picture.name).hardlink_to(picture)
    rows = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in given.items() if value != ""]
    text = folder / ("index.md" if attached else "tin.md")
    text.write_text("\n".join(["---", f"kind: {kind}", *rows, "---", body]), encoding="utf-8")
    if header:
        text = folder / "tin.docx"
        word_with_header(header).save(text)
    shop = Workshop(now.tzinfo, "https://cchc.example.vn", ("portal",), root / "media", now, 100_000)
    return {found.code for found in check(Work(root, intake.single(root, text), {}), shop).findings}


def word_with_header(text):
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = text
    table = document.add_table(rows=0, cols=2)
    for label, value in (("Tiêu đề", "Phường mở thêm quầy"), ("Tóm tắt", "Hai quầy mới."), ("Ngày đăng", "20/11/2026")):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, value
    document.add_paragraph("Nội dung của tin.")
    return document


@pytest.mark.parametrize("code", CASES)
def test_a_rule_speaks_of_the_bad_file_and_only_of_it(code, pictures, tmp_path, now):
    """Silence on the good one matters as much: a rule that complains too much is turned off."""
    case = CASES[code]

    assert code in findings(case, case["bad"], pictures, tmp_path / "bad", now)
    assert code not in findings(case, case["good"], pictures, tmp_path / "good", now)


def test_every_rule_that_checks_an_item_has_cases():
    """A new rule without cases fails here; what is found while reading may have cases too."""
    assert {code for code, rule in RULES.items() if rule.check} <= set(CASES) <= set(RULES)


def test_there_are_at_least_25_rules_with_three_part_docs():
    """What, why and what to do instead."""
    assert 25 <= len(RULES)
    assert all(rule.what and rule.why and rule.instead for rule in RULES.values())
