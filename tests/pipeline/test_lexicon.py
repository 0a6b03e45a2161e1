"""Words are found whole, in any spelling, and where they stand."""

import pickle
import re
import unicodedata
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import lexicon
from pipeline.lexicon import load


def owners(text, **how):
    return {owner for hit in load().find(text, **how) for owner, _ in hit.weights if ":" not in owner}


def spans(text, owner, **how):
    found = load().find(text, **how)
    return {text[hit.start : hit.end] for hit in found if owner in dict(hit.weights)}


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("Khai trương một cửa hàng nông sản", "mot-cua"),
        ("Máy hiện một cửa sổ báo lỗi", "mot-cua"),
        ("Qua Cơ chế một cửa quốc gia và Cơ chế một cửa ASEAN", "mot-cua"),
        ("Nhà chỉ có một cửa", "mot-cua"),
        ("Thành ủy ban hành Đề án 06-ĐA/TU", "de-an-06"),
        ("06 đề án trọng điểm", "de-an-06"),
        ("Số hóa đơn tăng, số hóa chất giảm", "chuyen-doi-so"),
        ("Nền kinh tế số 2 thế giới", "chuyen-doi-so"),
        ("Công dân số 1 của làng", "chuyen-doi-so"),
        ("Bên lề hội nghị về chuyển đổi số, ông nói về bóng đá", "chuyen-doi-so"),
    ],
)
def test_false_friends_are_masked(text, area):
    """Words that only look like an area's are not found."""
    assert area not in owners(text)


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("Hướng tới một cửa số duy nhất", "mot-cua"),
        ("Sơ kết Đề án 06/CP", "de-an-06"),
        ("Theo Quyết định số 06/QĐ-TTg", "de-an-06"),
        ("Năm số hóa dữ liệu", "chuyen-doi-so"),
        ("Nghị định 118/2025/NĐ-CP có hiệu lực", "mot-cua"),
    ],
)
def test_masks_leave_the_real_words(text, area):
    """What the masks are near to is still found."""
    assert area in owners(text)


@pytest.mark.parametrize("mask", load()._masks, ids=lambda mask: mask.pattern.pattern[:30])
@settings(max_examples=60)
@given(data=st.data())
def test_whatever_a_mask_matches_holds_one_of_its_words(mask, data):
    """Else it would not be tried where it should hide a term."""
    text = data.draw(st.from_regex(re.compile(mask.pattern.pattern, mask.pattern.flags))).lower()
    assert not mask.pattern.search(text) or any(word in text for word in mask.has)


def test_tone_placement_does_not_matter():
    """Old (hoá, uỷ) and new (hóa, ủy) tone placement find the same term."""
    assert "kstthc" in owners("đơn giản hoá thủ tục hành chính")
    assert {"phân cấp, uỷ quyền giải quyết"} <= spans("phân cấp, uỷ quyền giải quyết", "kstthc")
    assert "de-an-06" in owners("sổ sức khoẻ điện tử")


def test_phrases_ignore_case_and_abbreviations_do_not():
    """ALL CAPS titles are read; TTHC in small letters is no abbreviation."""
    assert "chuyen-doi-so" in owners("CHUYỂN ĐỔI SỐ Ở XÃ")
    assert "mot-cua" in owners("Gửi qua BCCI")
    assert set() == owners("gửi qua bcci")


def test_words_are_whole():
    """A term inside a longer word is not found."""
    assert set() == owners("AVNeIDx")


def test_offsets_survive_odd_spaces():
    """Line breaks, no-break spaces, hyphens and invisible characters do not move the evidence."""
    text = "Tin:\u200b  về  chuyển\u00a0đổi \n số và một-cửa\u00ad liên thông."

    assert {"chuyển\u00a0đổi \n số"} == spans(text, "chuyen-doi-so")
    assert "một-cửa\u00ad liên thông" in spans(text, "mot-cua")


def test_phrases_end_with_the_paragraph():
    """Words of two paragraphs are no phrase."""
    assert set() == owners("quá trình chuyển đổi\n\nsố nhà 5")


def test_one_mistyped_accent_is_forgiven_in_titles():
    """Long phrases with one wrong accent count where that is asked for."""
    text = "Kiểm soát thủ tuc hành chính"

    assert "kiểm soát thủ tục hành chính" in {hit.term.text for hit in load().find(text, forgiving=True)}
    assert "kiểm soát thủ tục hành chính" not in {hit.term.text for hit in load().find(text)}


def test_titles_without_accents_are_read():
    """A text of ASCII letters only is matched without accents."""
    assert "chuyen-doi-so" in owners("Day manh chuyen doi so", forgiving=True)


def test_decomposed_text_needs_composing_first():
    """find() promises offsets in NFC text; classify composes before it asks."""
    text = unicodedata.normalize("NFD", "chuyển đổi số")

    assert set() == owners(text)


def test_the_lexicon_goes_to_another_process():
    """Pickling sends the path, not the automata."""
    assert load() is pickle.loads(pickle.dumps(load()))


def test_names_and_hashtags_are_complete():
    """Every area has a name and hashtags; every hashtag's area exists."""
    lexicon = load()

    assert {"kstthc", "mot-cua", "de-an-06", "chuyen-doi-so"} == set(lexicon.areas) == set(lexicon.hashtags)
    assert set(lexicon.hashtag_area.values()) <= set(lexicon.areas)
    assert "Đất đai" == lexicon.field_names["dat-dai"]


def test_the_twin_says_what_the_yaml_says():
    """And nothing once a byte of the YAML is another one."""
    raw = (files("pipeline") / "data" / "lexicon.yaml").read_bytes()

    assert lexicon.parsed(raw) == lexicon._twin(raw)
    assert lexicon._twin(raw + b" ") is None
