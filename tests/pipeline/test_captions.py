"""Captions: times and words are kept and written anew, everything else stays behind."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.parse.captions import read

CUE = "00:00:01.000 --> 00:00:04.500\nXin chào\n"


def found(text, name="a.vtt"):
    return read(text if isinstance(text, bytes) else text.encode(), name)


def test_webvtt_comes_back_as_it_was_meant():
    """Identifiers, settings, styles, notes and regions stay behind."""
    report = found(
        "WEBVTT - Phụ đề\n\nSTYLE\n::cue { background: url(https://evil.example) }\n\nREGION\nid:a\n\nNOTE ghi chú\n\n"
        "1\n00:01.000 --> 00:04.500 align:start position:10%\n<v.loud Chị Lan>Xin <b>chào</b> &amp; cảm ơn\nDòng hai\n\n"
        "bước hai\n01:00:05.000 --> 01:00:06.000\n<c.yellow>Tạm</c> <00:00:05.500>biệt\n"
    )

    assert "" == report.problem and 0 == report.foreign
    assert report.written.decode() == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:04.500\nChị Lan: Xin chào &amp; cảm ơn\nDòng hai\n\n"
        "01:00:05.000 --> 01:00:06.000\nTạm biệt\n"
    )
    assert "Chị Lan: Xin chào & cảm ơn\nDòng hai\nTạm biệt" == report.words


def test_subrip_becomes_webvtt():
    """With or without an empty line between two captions, as programs of all ages write it."""
    report = found("1\r\n00:00:01,000 --> 00:00:04,500\r\n{\\an8}<font color=red>Xin chào</font>\r\n2\r\n"
                   "00:00:05,000 --> 00:00:06,000\r\nTạm biệt\r\n", "a.srt")  # fmt: skip

    assert (0, "Xin chào\nTạm biệt") == (report.foreign, report.words)
    assert report.written.startswith(b"WEBVTT\n\n00:00:01.000 --> 00:00:04.500\n")


@pytest.mark.parametrize(
    "row",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<b onclick=alert(1)>x</b>", "<svg/onload=alert(1)>x",
     "<style>x</style>", "<a href='javascript:x'>y</a>", "<c onmouseover=x>y</c>", "<html>x"],
)  # fmt: skip
def test_code_is_told_and_left_out(row):
    """By its line."""
    report = found(f"WEBVTT\n\n00:01.000 --> 00:02.000\nMột\n{row}\n")

    assert 5 == report.foreign
    assert not re.search(r"<(?!v )|-->(?!\s\d)", report.written.decode().replace(" --> 0", ""))


def test_entities_do_not_bring_tags_back():
    """What was escaped stays escaped."""
    report = found("WEBVTT\n\n00:01.000 --> 00:02.000\n&lt;script&gt;alert(1)&lt;/script&gt; a --&gt; b\n")

    assert b"<script" not in report.written
    assert 1 == report.written.count(b"-->")


@pytest.mark.parametrize(
    ("data", "name", "line"),
    [
        (b"", "a.vtt", 0),
        (CUE.encode(), "a.vtt", 1),
        (b"WEBVTT\n", "a.vtt", 1),
        (b"WEBVTT\n\n1 --> 2\nx\n", "a.vtt", 3),
        (b"WEBVTT\n\n00:05.000 --> 00:01.000\nx\n", "a.vtt", 3),
        (b"<html><script>alert(1)</script>", "a.srt", 1),
        (b"\xff\xfe\x00", "a.vtt", 0),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nThñ tôc hµnh chÝnh t¹i phêng\n".encode(), "a.vtt", 4),
        (b"WEBVTT\n\n" + CUE.encode() * 9_000, "a.vtt", 0),
    ],
)  # fmt: skip
def test_what_no_player_could_read_is_refused(data, name, line):
    """With the line, where one is to blame."""
    report = found(data, name)

    assert report.problem and b"" == report.written
    assert line == report.line


@pytest.mark.parametrize(
    "part", ["<", "<v ", "-->", "00:01.000 --> 00:02.000\n", "&amp;", "1\n", "\n", "<b>", "00:", "NOTE\n\n"]
)
def test_a_flood_costs_little(part):
    """A quarter of a megabyte."""
    start = time.process_time()
    found("WEBVTT\n\n" + part * (250_000 // len(part)))

    assert 2 > time.process_time() - start


scraps = st.sampled_from(
    [CUE, "WEBVTT", "\n", "\n\n", " --> ", "00:01.000", "<v A>", "<script>", "STYLE\n", "&lt;", "\u202e", "\0"]
)


@given(st.lists(st.one_of(scraps, st.text(max_size=30)), max_size=12).map("".join), st.sampled_from(["a.vtt", "a.srt"]))
def test_whatever_is_written_can_be_read_again(text, name):
    """And says the same."""
    report = read(("WEBVTT\n\n" * (name == "a.vtt") + text).encode(errors="surrogatepass"), name)
    if report.written:
        again = read(report.written, "a.vtt")

        assert (report.words, report.written) == (again.words, again.written)
        assert "<" not in report.written.decode()
    else:
        assert report.problem
