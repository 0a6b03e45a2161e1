"""Vietnamese text."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import text


def test_marks_typed_in_the_wrong_order_compose():
    """e + acute + circumflex becomes ế, which plain NFC does not do."""
    assert "ế" == text.nfc("e\u0301\u0302")


def test_decomposed_text_becomes_precomposed():
    """A file from macOS reads like any other."""
    assert "Chuyển đổi số" == text.nfc(unicodedata.normalize("NFD", "Chuyển đổi số"))


@pytest.mark.parametrize(
    ("new", "old"), [("hoà", "hòa"), ("thuỷ", "thủy"), ("khoẻ", "khỏe"), ("quý", "quý"), ("hoàn", "hoàn")]
)
def test_tone_placement_folds_only_in_open_syllables(new, old):
    """hoà and hòa are one word; quý and hoàn are left alone."""
    assert old == text.fold_tones(new)


def test_slugs_are_ascii():
    """đ, which no normal form decomposes, becomes d."""
    assert "de-an-06-day-manh" == text.slug("Đề án 06: Đẩy mạnh!")


def test_shortening_cuts_between_syllables_within_the_limit():
    """No half syllable, and the ellipsis counts."""
    assert "Trung tâm Phục vụ…" == text.shorten("Trung tâm Phục vụ hành chính công", 20)


@pytest.mark.parametrize("unit", ["code points", "utf-16 units", "bytes"])
def test_shortened_text_never_exceeds_the_limit(unit):
    """Whatever the platform counts."""
    long = "Kiểm soát thủ tục hành chính 🎉 " * 9

    assert all(text.length(text.shorten(long, most, unit), unit) <= most for most in range(1, 120))


def test_an_endless_word_is_cut_between_letters():
    """A letter keeps its marks even when it is decomposed."""
    assert "a\u0302…" == text.shorten("a\u0302" * 9, 4)


@given(st.text(st.sampled_from("aĐđồỡ_09-–“ßﬁΣİ\u0301\u0323\u05b0 \n\u00a0,.")))
def test_folded_words_are_those_of_the_bare_text(given_text):
    """With and without letters that no mark can be taken from."""
    plain = unicodedata.normalize("NFD", text.nfc(given_text).replace("đ", "d").replace("Đ", "D"))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))

    assert bare == text.without_marks(given_text)
    assert " ".join(re.findall(r"\w+", bare.casefold())) == text.folded(given_text)
