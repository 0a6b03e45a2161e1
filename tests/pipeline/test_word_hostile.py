"""A hostile or broken document costs only itself: a finding by name, within seconds and megabytes."""

import io
import struct
import time
import tracemalloc
import zipfile
import zlib
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from word_files import W, add_picture, document, picture, saved, with_body, with_parts

from pipeline import intake, media, reference
from pipeline.check import Work, Workshop, check
from pipeline.parse import package, word
from pipeline.prepare import prepare

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
GOOD = saved(document())
SECONDS = 5.0  # of this process: what a busy machine adds is not the document's doing


def read(data):
    return word.parse(data, reference.units().get("so-noi-vu"), ZONE)


def codes(data):
    start = time.process_time()
    found = [finding.code for finding in read(data).findings]

    assert SECONDS > time.process_time() - start
    return found


def replaced(old, new):
    return with_parts(GOOD, {"word/document.xml": lambda data: data.replace(old, new, 1)})


def zipped(members, **options):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", **options) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True))
    + f']><w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&i;</w:t></w:r></w:p></w:body></w:document>'
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + f'<w:document xmlns:w="{W}"/>'
DEEP = "<w:sdt><w:sdtContent>" * 600 + "</w:sdtContent></w:sdt>" * 600


def locked():
    data = bytearray(GOOD)
    place = data.find(b"PK\x01\x02")
    data[place + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "FILE001"),
        (b"PK\x03\x04", "WORD003"),
        (GOOD[: len(GOOD) * 2 // 3], "WORD003"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "WORD001"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "WORD004"),
        (locked(), "WORD004"),
        (zipped([("a.txt", "x")]), "WORD003"),
        (zipped([("[Content_Types].xml", "<Types/>")]), "WORD003"),
        (with_parts(GOOD, {"[Content_Types].xml": lambda old: old.replace(b"wordprocessingml.document", b"spreadsheetml.sheet")}), "WORD003"),
        (with_parts(GOOD, {"[Content_Types].xml": lambda old: old.replace(
            b"vnd.openxmlformats-officedocument.wordprocessingml.document.main", b"vnd.ms-word.document.macroEnabled.main")}), "WORD002"),
        (with_parts(GOOD, {"word/vbaProject.bin": b"x"}), "WORD002"),
        (with_parts(GOOD, {"../../etc/cron.d/x": b"x"}), "WORD005"),
        (with_parts(GOOD, {"/etc/passwd": b"x"}), "WORD005"),
        (with_parts(GOOD, {"C:\\x": b"x"}), "WORD005"),
        (with_parts(GOOD, {"WORD/document.xml": b"x"}), "WORD005"),
        (with_parts(GOOD, {f"word/{n}.xml": b"<a/>" for n in range(1_001)}), "WORD005"),
        (with_parts(GOOD, {"word/media/bomb.png": bytes(59 * 1024 * 1024)}), "WORD005"),
        (with_parts(GOOD, {"word/media/bomb.png": bytes(61 * 1024 * 1024)}), "WORD005"),
        (with_parts(GOOD, {"word/document.xml": BOMB.encode()}), "WORD005"),
        (with_parts(GOOD, {"word/document.xml": BOMB.encode("utf-16")}), "WORD005"),
        (with_parts(GOOD, {"word/document.xml": OUTSIDE.encode()}), "WORD005"),
        (with_parts(GOOD, {"customXml/item1.xml": OUTSIDE.encode()}), "WORD005"),
        (with_parts(GOOD, {"word/document.xml": b"no xml"}), "WORD003"),
        (with_parts(GOOD, {"word/document.xml": b" " * 70_000 + OUTSIDE.encode()}), "WORD003"),
        (with_parts(GOOD, {"[Content_Types].xml": b"<Types><!-- " + b"<Override " * 300_000 + b"--></Types>"}), "WORD003"),
        (with_body(DEEP), "WORD005"),
        (with_body("<w:p/>" * 50_000), "WORD006"),
        (with_body(f"<w:p><w:r><w:t>{'[' * 300_000}</w:t></w:r></w:p>"), "WORD006"),
        (with_body('<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="x"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>'), "WORD003"),
        (b"x" * (package.MOST_BYTES + 1), "WORD006"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_by_name(data, code):
    """One finding, and no item."""
    assert [code] == codes(data)


def test_another_compression_than_words_is_refused():
    """LZMA could ask for gigabytes."""
    assert ["WORD003"] == codes(zipped([("[Content_Types].xml", "<Types/>")], compression=zipfile.ZIP_LZMA))


def test_a_lie_about_a_size_is_damage():
    """zipfile never reads past the declared size."""
    data = bytearray(zipped([("[Content_Types].xml", "a" * 5_000)], compression=zipfile.ZIP_DEFLATED))
    place = data.find(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<I", 10)

    assert ["WORD003"] == codes(bytes(data))


@pytest.mark.parametrize(
    "xml",
    [
        "<w:p/>" * 40_000,
        "<w:tbl>" + ("<w:tr>" + "<w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>" * 60 + "</w:tr>") * 170 + "</w:tbl>",
        "<w:tbl>" + ("<w:tr>" + '<w:tc><w:tcPr><w:gridSpan w:val="999999999"/><w:vMerge/></w:tcPr><w:p/></w:tc>' * 3
                     + "</w:tr>") * 1_000 + "</w:tbl>",
        "<w:p>" + "<w:r><w:rPr><w:b/></w:rPr><w:t>a*</w:t></w:r><w:r><w:rPr><w:i/></w:rPr><w:t>_b</w:t></w:r>" * 5_000 + "</w:p>",
        "<w:p><w:r><w:t>" + "&lt;b&gt;[a](javascript:x)*_`" * 8_000 + "</w:t></w:r></w:p>",
        '<w:p><w:r><w:footnoteReference w:id="1"/></w:r></w:p>' * 9_000,
        "<w:p><w:r><w:t>" + "( " * 120_000 + "</w:t></w:r></w:p>",
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>" + "(" * 200_000 + "</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>",
        "<w:p><w:r><w:instrText>HYPERLINK " + " " * 900_000 + "</w:instrText></w:r></w:p>",
        "<w:tbl><w:tr><w:tc>" * 22 + "<w:p/>" + "</w:tc></w:tr></w:tbl><w:p/>" * 22,
    ],
)  # fmt: skip
def test_the_longest_texts_take_seconds(xml):
    """Just below the limits of size and depth."""
    data = with_body(xml)
    start = time.process_time()
    read(data)

    assert SECONDS > time.process_time() - start


def test_drawings_are_refused_by_name_and_a_bomb_by_its_header(tmp_path, now):
    """EMF, SVG and a PNG of 900 million pixels; the picture is never unpacked."""
    made = document()
    add_picture(made, "một", picture(colour="red"))
    add_picture(made, "hai", picture(colour="blue"))
    bomb = bytearray(picture().getvalue())
    bomb[16:24] = struct.pack(">II", 30_000, 30_000)
    bomb[29:33] = struct.pack(">I", zlib.crc32(bytes(bomb[12:29])))
    data = with_parts(
        saved(made), {"word/media/image1.png": b"\x01\0\0\0\x58\0\0\0", "word/media/image2.png": bytes(bomb)}
    )
    found = checked(tmp_path, data, now)

    assert {"WORD007", "IMG005"} <= {finding.code for finding in found.findings}
    assert "reject" == found.outcome


def checked(tmp_path, data, now, verb=check):
    folder = tmp_path / "so-noi-vu"
    folder.mkdir(exist_ok=True)
    (folder / "tin.docx").write_bytes(data)
    shop = Workshop(ZONE, "https://cchc.example.vn", ("portal", "zalo", "facebook"), tmp_path / "media", now)
    return verb(Work(tmp_path, intake.single(tmp_path, folder / "tin.docx"), {}), shop)


def test_nothing_is_fetched_and_no_file_of_this_machine_is_read(tmp_path, now):
    """A linked picture is named instead; the test suite fails on a real socket."""
    secret = tmp_path / "secret.png"
    secret.write_bytes(picture().getvalue())
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    made = document()
    add_picture(made, "một")
    data = saved(made)
    link = f'<Relationship Id="rId99" Type="{kind}" Target="{secret.as_uri()}" TargetMode="External"/></Relationships>'
    data = with_parts(data, {
        "word/_rels/document.xml.rels": lambda old: old.replace(b"</Relationships>", link.encode()),
        "word/document.xml": lambda old: old.replace(b"r:embed=", b'r:link="rId99" r:was=', 1).replace(b"r:was", b"w:was")})  # fmt: skip
    parsed = read(data)

    assert (["WORD010"], {}) == ([finding.code for finding in parsed.findings], parsed.pictures)


def test_fifty_megabytes_are_not_read_whole(tmp_path, now):
    """The file is read up to the limit and no further."""
    data = b"PK" + bytes(50 * 1024 * 1024)
    tracemalloc.start()
    found = checked(tmp_path, data, now)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert ["WORD006"] == [finding.code for finding in found.findings]
    assert 40 * 1024 * 1024 > peak


def test_a_document_goes_the_whole_way_to_posts(tmp_path, now):
    """Its pictures are kept under their content's name, and nothing dangerous stands in the page; code waits for an editor."""
    made = document({"Tiêu đề": "Phường <b>mở</b> quầy", "Tóm tắt": "Hai quầy.", "Ngày đăng": "20/11/2026"})
    made.add_paragraph("<script>alert(1)</script> và <img src=x onerror=alert(1)>")
    add_picture(made, 'a" onerror="alert(1)', picture("JPEG", (800, 600)))
    done = checked(tmp_path, saved(made), now, prepare)
    posts = {channel: body for channel, (body, _sha) in done.posts.items()}

    assert ("review", {"portal", "zalo", "facebook"}) == (done.outcome, set(posts))
    assert not any("<script" in body or "<img src=x" in body for body in posts.values())
    assert "&lt;script&gt;alert(1)" in posts["portal"]
    assert ["kept"] == [one.name for one in (tmp_path / "media").iterdir() if one.name == "kept"]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=3_000))
def test_random_bytes_never_raise(data):
    """Only findings of ours."""
    read(data)
    read(b"PK\x03\x04" + data)


REAL = saved(add_picture(document(), "một").part.document)
PARTS = [name for name in zipfile.ZipFile(io.BytesIO(REAL)).namelist() if name.endswith((".xml", ".rels"))]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(REAL) - 1), st.binary(min_size=1, max_size=40))
def test_a_real_document_with_other_bytes_never_raises(place, noise):
    """In the zip itself."""
    read(REAL[:place] + noise + REAL[place + len(noise) :])


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PARTS), st.floats(0, 1), st.sampled_from(
    ["", "<", ">", "/", '"', "w:", "r:id", "&#0;", "]]>", "<w:p>", "<w:tbl/>", "99999999999999999999", "-1", "word/../..", "\ud7ff", "xmlns"]))  # fmt: skip
def test_a_real_document_with_other_xml_never_raises(part, place, noise):
    """In the parts, where mammoth and ElementTree read."""

    def spoiled(old):
        at = int(len(old) * place)
        return old[:at] + noise.encode() + old[at + len(noise) :]

    read(with_parts(REAL, {part: spoiled}))


def test_pictures_are_judged_by_their_bytes():
    """The same rules as for a file beside the text."""
    with pytest.raises(media.BadPicture, match="program"):
        media.inspect_bytes(b"MZ" + bytes(500))
