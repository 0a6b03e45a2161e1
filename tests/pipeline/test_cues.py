"""Patterns that are tried only where their words stand find what they find everywhere."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cues import Led, Words, small

MODULES = ("citations", "recognise.births", "recognise.contact", "recognise.home", "recognise.labelled", "recognise.markforms", "recognise.markline",
           "recognise.numbers", "recognise.plates", "recognise.view")  # fmt: skip
LED = {
    f"{name}{key}": one
    for name in MODULES
    for key, one in vars(import_module(f"pipeline.{name}")).items()
    if isinstance(one, Led)
}
RARE = [
    "30E - 099.38 là biển số xe", "4111 1111 1111 1111", "mã thủ tục: 1.00119", "gọi +65 9123 4567", f"IDVNM{'1' * 22}", "xe biển 30A-1234", "biển ba mươi A, một hai ba bốn năm",
]  # fmt: skip
ODD = [
    "số nhà 12 ngõ 5 phố Huế", "SỐ NHÀ 12 NGÕ 5", "tình ſố 5", "\u212aà Mau, số 5", "căn P12, tòa A", "Psố 12",
    "ĐIỆN THOẠI 0912\n345 678", "\ud800 số 3",
]  # fmt: skip


def spans(found):
    return [(one.span(), one.groups()) for one in found]


@pytest.fixture(scope="module")
def texts():
    """The sentences that the recognisers are measured with, also in capitals and over lines."""
    files = sorted((Path(__file__).parents[1] / "rules" / "data").glob("*.tsv"))
    rows = [row.rpartition("\t")[2] for file in files for row in file.read_text(encoding="utf-8").splitlines()]
    some = rows[::6]
    return [*some, *(row.upper() for row in some[::3]), *(row.replace(" ", "\n", 2) for row in some[::3]), *RARE, *ODD]


@pytest.mark.parametrize("name", LED)
def test_a_led_pattern_finds_what_it_finds_everywhere(name, texts):
    """The same places and groups in thousands of sentences."""
    led = LED[name]
    wrong = [text for text in texts if spans(led.pattern.finditer(text)) != spans(led.finditer(text))]

    assert [] == wrong


def test_every_led_pattern_is_seen(texts):
    """Each finds something in these sentences, so that the comparison says something."""
    idle = [name for name, led in LED.items() if not any(led.search(text) for text in texts)]

    assert len(LED) > 20
    assert [] == idle


@given(
    st.lists(
        st.sampled_from(
            ["số nhà", "số", "ngõ", " 12", "/5", " Huế", ", ", "tổ 3", "P", "căn ", "a", "\n", "trú tại ", "K", "ı"]
        )
    )
)
def test_pieces_in_any_order_are_found_alike(pieces):
    """Words and numbers that run into each other."""
    text = "".join(pieces)
    for name in ("recognise.home_SURE", "recognise.home_LIKELY", "recognise.home_LOOSE", "recognise.home_DWELLS"):
        assert spans(LED[name].pattern.finditer(text)) == spans(LED[name].finditer(text))


def test_letters_that_only_a_pattern_takes_for_others_are_left_to_it():
    """The long s and the Kelvin sign are s and k when case is ignored."""
    assert small("ſ") is small("\u212a") is small("İ") is small("\udc80") is None
    assert ["ſinh"] == [one.group() for one in Led("sinh", "sinh").finditer("ſinh")]


def test_words_are_found_within_words():
    """Which, whether, and where."""
    words = Words("nhà|nhà ở|ở")

    assert ({"nhà", "nhà ở", "ở"}, {4, 8}, True) == (
        words.found("căn nhà ở"),
        words.places("căn nhà ở"),
        words.stand_in("nhàm"),
    )
    assert not words.stand_in("căn hộ")


def test_a_pattern_of_a_number_begins_with_its_sign():
    """No words at all; matches do not overlap."""
    for led in (
        Led(r"\d\d", sign=r"\d", flags=0),
        Led(r"\d\d", digit=r"\d", flags=0),
        Led(r"\d\d", digit=r"\d\d", flags=0),
    ):
        assert spans(re.finditer(r"\d\d", "12345 6")) == spans(led.finditer("12345 6"))
