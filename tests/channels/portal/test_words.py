"""What is quick says the same as what is plain to see."""

from __future__ import annotations

import random

import pytest
from markupsafe import escape

from channels.portal import fold, screens
from channels.portal.fold import distinct, syllables
from channels.portal.site import Site
from channels.portal.words import encoded, printable

# Letters of all lengths in UTF-8, tones that stand alone, spaces of all kinds, and what no page takes.
SIGNS = [chr(code) for code in (*range(0x180), *range(0x2FE, 0x330), *range(0x1E00, 0x1F00), 0x2028, 0x3000, 0xFB00, 0x2460,
                                0x3A3, 0x3C2, 0x1C5, 0x212A, 0xAC00, 0xD800, 0xDFFF, 0xFFFD, 0xFFFE, 0xFFFF, 0xFEFF, 0x10400)]  # fmt: skip


def texts(signs: list[str]) -> list[str]:
    dice = random.Random(3)
    return ["".join(dice.choices([*signs, *" " * (len(signs) // 4)], k=dice.randint(0, 60))) for _turn in range(3000)]


def test_the_bytes_of_a_page_have_no_sign_that_breaks_it() -> None:
    """The same as to take the signs out of the letters first, in texts with and without any of them."""
    for text in texts(SIGNS) + texts(list("aàđệ\x07\t\n")) + texts(list("aàđệ\x7f")):
        assert printable(text).encode() == encoded(text)


def test_the_words_of_a_text_are_its_syllables_each_once() -> None:
    """However they are parted, and whatever was asked before."""
    for text in texts([sign for sign in SIGNS if not 0xD800 <= ord(sign) <= 0xDFFF]):
        assert set(syllables(text)) == distinct(text)
        assert set(syllables(text * 9)) == distinct(text * 9)


def test_a_word_without_end_is_not_kept() -> None:
    """Many of them would fill the memory."""
    before = fold._known.cache_info().currsize

    assert {"a" * 500, "tin"} == distinct(f"{'á' * 500} tin")
    assert before == fold._known.cache_info().currsize


@pytest.mark.parametrize("said", ["Tin {mới}", "a & b", "{{ site }}", "{% if %}", "{# x #}", "xin chào {"])
def test_a_translation_is_text_whatever_it_looks_like(said: str) -> None:
    """Also one that looks like a template's own signs."""
    environment = screens._environment(Site("Tên", "Cơ quan"), "https://cchc.example.vn", "1", None)
    environment.globals["_"] = lambda message: escape(said)

    assert f"<p>{escape(said)}|" == environment.from_string('<p>{{ _("News") }}|').render()
