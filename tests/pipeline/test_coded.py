"""Words in a code made for machines are seen; numbers, addresses and formulas are none."""

import time
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.coded import find

WORDS = "Thủ tục hành chính ở phường"


def quoted_printable(text):
    return "".join(chr(byte) if byte < 128 else f"={byte:02X}" for byte in text.encode())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (WORDS.encode("utf-7").decode(), "UTF-7"),
        ("+ADw-script+AD4-alert(1)+ADw-/script+AD4-", "UTF-7"),
        (quoted_printable(WORDS), "quoted-printable"),
        (quote(WORDS, safe=" "), "percent"),
        (WORDS.encode("ascii", "xmlcharrefreplace").decode(), "HTML"),
        ("Thủ tục &agrave; &lt;script&gt;", "HTML"),
        ("UBND&nbsp;phường", "HTML"),
        ("Th\\u1ee7 t\\u1ee5c", "\\u"),
        ("Tin ~{<:Ky2;VpJ)HK!#~} mới", "HZ"),
    ],
)
def test_each_code_is_known(text, code):
    """And what it says is given beside it."""
    found = find(text)

    assert code == found.code
    assert found.plain != text[found.start : found.end]


@pytest.mark.parametrize(
    "text",
    ["Gọi +84 24 3825 3536 - máy lẻ 12", "tăng +20%-30%", "1=2=3; A=B", "AT&T; R&D", "https://x.vn/th%E1%BB%A7?a=%E1%BB%A7",
     "xem www.hanoi.gov.vn/th%E1%BB%A7", "hanoi.gov.vn/th%E1%BB%A7", "C:\\users\\an", "+abc-def", "~{}~", "x = 5 & y = 6;", "100%25", WORDS, ""],
)  # fmt: skip
def test_what_only_looks_so_is_none(text):
    """A false alarm would hold the item."""
    assert find(text) is None


@pytest.mark.parametrize("part", ["+AAA", "=AB", "%E1", "&a", "\\u12", "~{", "a", "+AGE-", "=E1=BB", "%ff%ff", "&amp"])
def test_a_flood_costs_little(part):
    """A quarter of a megabyte."""
    start = time.process_time()
    find(part * (250_000 // len(part)))

    assert 1 > time.process_time() - start


@given(st.text(alphabet="+-=%&#;\\u~{}ABEF01 aủ/", max_size=80))
def test_any_text_is_looked_at(text):
    """Without an error of ours or of a decoder's."""
    found = find(text)

    assert found is None or 0 <= found.start < found.end <= len(text)
