"""Readers of whole files: whatever the bytes are, the answer is one of ours. Longer by `make fuzz`."""

import io
import zipfile
from contextlib import ExitStack
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pipeline import attachments, coded, filetypes, media, reference
from pipeline.feeds.draft import text_of
from pipeline.model import CaptionsReport
from pipeline.parse import captions, feed, word
from pipeline.parse.item import parse
from pipeline.rules import RULES
from tests.pipeline.pdf_files import pdf
from tests.pipeline.word_files import add_link, add_picture, document, saved, with_parts

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 24, 8, tzinfo=ZONE)
UNIT = reference.units().get("so-noi-vu")


def whole_document():
    made = document()
    made.add_heading("Đầu mục", 2)
    made.add_paragraph("Thñ tôc hµnh chÝnh", style="List Number").add_run(" đậm").bold = True
    add_link(made.add_paragraph("xem "), "cổng", "https://hanoi.gov.vn")
    add_picture(made, "Quang cảnh")
    made.add_table(2, 2).cell(0, 0).text = "ô"
    return saved(made)


def drawn(kind):
    buffer = io.BytesIO()
    Image.effect_noise((64, 48), 50).convert("RGB").save(buffer, kind)
    return buffer.getvalue()


WORD, PDF = whole_document(), pdf("Quyết định mở thêm quầy.", None)
PICTURES = [drawn(kind) for kind in ("JPEG", "PNG", "WEBP")]
XML = st.sampled_from(
    ["<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:t>chữ</w:t>", "<w:tbl/>", "<w:tc>", '<w:ilvl w:val="x"/>', '<w:numId w:val="9"/>', "<w:vanish/>", "<!--", "]]>",
     '<w:gridSpan w:val="-1"/>', '<w:rFonts w:hAnsi=".VnTime"/>', "<w:footnoteReference w:id='x'/>", "<w:fldChar w:fldCharType='end'/>", "<w:instrText>HYPERLINK</w:instrText>", "&#1;", "&amp;", "\ud800", "<w:sdt><w:sdtContent>",
     "<w:br/>", "<w:sym w:char='zz'/>", "<w:drawing/>", "<w:bookmarkStart/>", "<w:hyperlink/>", "<w:vMerge/>", "<w:checkBox/>", "<a:blip r:embed='x'/>", 'w:val=""', "<", ">", "\""]
)  # fmt: skip


def cut(data, place, gone, noise):
    place %= len(data) + 1
    return data[:place] + noise + data[place + gone :]


cuts = st.tuples(st.integers(0, 1 << 20), st.integers(0, 60), st.binary(max_size=40))


@given(st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 30), XML), min_size=1, max_size=5),
       st.sampled_from(["word/document.xml", "word/styles.xml", "word/numbering.xml", "[Content_Types].xml", "_rels/.rels",
                        "word/_rels/document.xml.rels", "docProps/core.xml"]))  # fmt: skip
def test_a_word_part_with_anything_in_it_is_read_or_refused(changes, part):
    """Elements where none belong, attributes without sense, halves of tags."""
    with zipfile.ZipFile(io.BytesIO(WORD)) as archive:
        xml = archive.read(part) if part in archive.namelist() else b"<x/>"
    for place, gone, scrap in changes:
        xml = cut(xml, place, gone, scrap.encode(errors="surrogatepass"))
    parsed = word.parse(with_parts(WORD, {part: xml}), UNIT, ZONE)

    assert parsed.item or parsed.findings
    assert all(finding.code in RULES and finding.message for finding in word.placed(parsed))


@given(st.lists(cuts, min_size=1, max_size=3))
def test_a_word_file_with_wrong_bytes_is_read_or_refused(changes):
    """As a copy over a bad line leaves it."""
    data = WORD
    for place, gone, noise in changes:
        data = cut(data, place, gone, noise)
    parsed = word.parse(data, UNIT, ZONE)

    assert parsed.item or parsed.findings


MARKUP = st.sampled_from(
    ["<item>", "</item>", "<title>", "</title>", "<link>https://x.vn/1</link>", "<description>", "<![CDATA[", "]]>", "&lt;b&gt;", "&x;", "<!DOCTYPE x>", "<!ENTITY x 'y'>",
     "<pubDate>24/11/2026 25:61 CH</pubDate>", "<pubDate>Fri, 99 Nov 2026 08:00:00 GMT+7</pubDate>", "<content:encoded>", "<a href='javascript:x'>", "<ul><li>", "<table><td>", "\0", "\u202e", "<guid>x</guid>", "<entry>", "<updated>"]
)  # fmt: skip


@given(st.lists(st.one_of(MARKUP, st.text(max_size=30)), max_size=25).map("".join),
       st.sampled_from(["utf-8", "utf-16", "cp1258", "latin-1"]))  # fmt: skip
def test_a_feed_becomes_drafts_or_is_refused(inner, encoding):
    """And every draft is a drop with metadata in order, whatever the feed says."""
    data = (
        f"<rss version='2.0'><channel>{inner}<item><title>Tin</title><link>https://x.vn/2</link></item></channel></rss>"
    )
    try:
        stories = feed.parse(data.encode(encoding, "replace"), "https://x.vn/rss", ZONE, NOW)
    except feed.BadFeed as error:
        assert error.reason in ("size", "heavy", "encoding", "entities", "feed")
        return
    for story in stories:
        parsed = parse(text_of(story, "Quận", NOW.date()).encode(), UNIT, ZONE)

        assert parsed.item is None or "draft" == parsed.item.status
        assert parsed.item or parsed.findings


@given(
    st.binary(max_size=400)
    | cuts.map(
        lambda one: cut(b"<rss><channel><item><title>a</title><link>https://x.vn/1</link></item></channel></rss>", *one)
    )
)
def test_bytes_are_a_feed_or_none(data):
    """BadFeed is the only error."""
    try:
        feed.parse(data, "https://x.vn/rss", ZONE, NOW)
    except feed.BadFeed as error:
        assert error.reason


@given(st.lists(st.one_of(st.sampled_from(["WEBVTT\n\n", "00:01.000 --> 00:02.000\n", "1\n", "\n", "<v A>", "<b>", "</c>", "NOTE\n", "STYLE\n", "&lt;", "Thñ tôc hµnh chÝnh\n", "\r", "\0"]),
                          st.text(max_size=20)), max_size=15).map("".join), st.sampled_from(["a.vtt", "a.srt"]), st.sampled_from(["utf-8", "utf-16", "cp1258"]))  # fmt: skip
def test_captions_are_read_or_refused(text, name, encoding):
    """With words or with what is wrong, never both."""
    report = captions.read(text.encode(encoding, "replace"), name)

    assert isinstance(report, CaptionsReport)
    assert bool(report.problem) != bool(report.written)


@pytest.fixture(scope="module")
def ask():
    """One process for all examples; a new one after a file that ended it."""
    with ExitStack() as stack:
        readers = [stack.enter_context(attachments.Reader(seconds=3_000))]

        def asked(data):
            found = readers[-1].ask(data)
            if found["trouble"] == "stuck":
                readers.append(stack.enter_context(attachments.Reader(seconds=3_000)))
            return found

        yield asked


@given(changes=st.lists(cuts, min_size=1, max_size=3))
def test_a_pdf_with_wrong_bytes_is_read_or_refused(ask, changes):
    """By the look at its outside and by the process that reads it."""
    data = PDF
    for place, gone, noise in changes:
        data = cut(data, place, gone, noise)

    assert attachments.problem(data) in ("", "not-a-pdf", "broken", "locked", "scripts")
    assert ask(data)["trouble"] in ("", "broken", "locked", "scripts", "long", "stuck")


@given(st.sampled_from(PICTURES), st.lists(cuts, min_size=1, max_size=3))
def test_a_picture_with_wrong_bytes_is_measured_or_refused(data, changes):
    """BadPicture is the only error, and carries a reason."""
    for place, gone, noise in changes:
        data = cut(data, place, gone, noise)
    try:
        assert media.inspect_bytes(data).width
    except media.BadPicture as error:
        assert error.reason


@given(
    st.binary(max_size=200)
    | st.sampled_from([b"<svg", b"<!--", b"<?xml ", b"<!DOCTYPE "]).map(lambda start: start * 500)
)
def test_every_file_has_a_kind_or_none(data):
    """Nothing is opened for it."""
    assert filetypes.use_of(filetypes.kind_of(data)) in ("picture", "photo", "drawing", "program", "")


@given(st.text(max_size=200))
def test_codes_are_found_in_any_text(text):
    """At a place in it."""
    found = coded.find(text)

    assert found is None or text[found.start : found.end]
