"""Recognisers: what the labelled sentences ask for, places in disguised text, and linear work on hostile text."""

import pkgutil
import re
import re._constants as codes
import re._parser as parser
import sys
import unicodedata
from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from pipeline import recognise
from pipeline.cues import Led
from pipeline.patterns import LazyPattern
from pipeline.recognise import internal, secrecy
from pipeline.recognise.personal import find, mask, masked

MODULES = [import_module(f"{recognise.__name__}.{one.name}") for one in pkgutil.iter_modules(recognise.__path__)]


@pytest.mark.parametrize(
    "name",
    [
        "personal",
        "personal-fresh",
        "personal-second",
        "personal-third",
        "personal-fourth",
        "personal-fifth",
        "personal-sixth",
        "personal-seventh",
        "personal-eighth",
        "personal-ninth",
        "personal-tenth",
        "personal-eleventh",
        "personal-twelfth",
        "personal-thirteenth",
        "personal-examiner",
        "personal-examiner-two",
        "personal-examiner-three",
        "personal-examiner-four",
        "personal-examiner-five",
        "personal-examiner-six",
        "personal-examiner-nine",
    ],
)
def test_labelled_sentences_are_judged_right(name, labelled):
    """Recall at least 0.99 and precision at least 0.97; bench/guards.py names the sentences that are not."""
    rows = [(kind != "-", bool(find(text))) for kind, text in labelled(name)]
    hit, missed, added = rows.count((True, True)), rows.count((True, False)), rows.count((False, True))

    assert 0.99 <= hit / (hit + missed)
    assert 0.97 <= hit / (hit + added)


@pytest.mark.parametrize(
    "name",
    [
        "secrecy",
        "secrecy-fresh",
        "secrecy-second",
        "secrecy-third",
        "secrecy-fourth",
        "secrecy-fifth",
        "secrecy-sixth",
        "secrecy-seventh",
        "secrecy-eighth",
        "secrecy-ninth",
        "secrecy-tenth",
        "secrecy-eleventh",
        "secrecy-twelfth",
        "secrecy-thirteenth",
        "secrecy-examiner",
        "secrecy-examiner-two",
        "secrecy-examiner-three",
        "secrecy-examiner-four",
        "secrecy-examiner-five",
        "secrecy-examiner-six",
        "secrecy-examiner-seven",
        "secrecy-examiner-eight",
        "secrecy-examiner-nine",
        "secrecy-examiner-ten",
    ],
)
def test_no_mark_is_missed_and_no_ordinary_word_is_one(name, labelled):
    """Not one of either."""
    wrong = [row for row in labelled(name) if secrecy.level_of(row[2], row[1]) != (None if row[0] == "-" else row[0])]

    assert [] == wrong


@pytest.mark.parametrize(
    "way",
    [
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: text.replace(" ", "  "),
        lambda text: f"Tin trong ngày.\n\n{text}\n\nNguồn: cổng thông tin.",
        lambda text: f"Sáng nay trời mưa. {text} Buổi họp kết thúc lúc 11 giờ.",
    ],
    ids=["decomposed", "hard-spaces", "double-spaces", "paragraph", "sentence"],
)
def test_how_a_text_was_typed_does_not_matter(way, labelled):
    """Recall and precision stay: of personal data in whatever spaces and marks, inside other text."""
    rows = [
        (kind != "-", bool(find(way(text)))) for kind, text in labelled("personal-eighth") + labelled("personal-tenth")
    ]
    hit, missed, added = rows.count((True, True)), rows.count((True, False)), rows.count((False, True))

    assert 0.98 <= hit / (hit + missed)
    assert 0.97 <= hit / (hit + added)


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_marks_are_seen_in_every_unicode_form(form):
    """A file from macOS is decomposed."""
    for level in ("MẬT", "TỐI MẬT", "TUYỆT MẬT"):
        assert 2 == secrecy.mark_in(unicodedata.normalize(form, f"Số: 1\n{level}\nNội dung"))


def test_a_hit_is_a_place_in_the_original():
    """Zero-width characters, full-width digits and words inside it belong to it."""
    for shown in (
        "09\u200b12 345 678",
        "０９１２３４５６７８",
        "không chín một hai ba bốn năm sáu bảy tám",
        "O912345678",
    ):
        text = f"Hôm qua anh Mẫu gọi\u200b từ số {shown} lúc 9 giờ."
        (hit,) = find(text)

        assert shown == text[hit.start : hit.end]


def test_a_mask_keeps_three_first_and_two_last_digits():
    """An address, a mail or a number in words leaves nothing."""
    assert ("001xxxxxxx45", "091x xxx x78") == (mask("001199012345", "identity"), mask("0912 345 678", "phone"))
    assert "Ông ở (đã ẩn)." == masked("Ông ở số 7 ngõ 5.")
    assert "29A-xxx.xx" == mask("29A-123.45", "plate")


def test_an_office_as_a_landmark_or_a_caller_makes_no_number_public():
    """Only its owner does."""
    assert find("Ông Mẫu, chủ quán cạnh UBND phường, số 0912 345 678.")
    assert find("Công an phường nhận tin từ số 0912 345 678.")
    assert not find("Số tiếp nhận phản ánh của UBND phường: 0912 345 678.")
    assert not find("UBND phường Láng\nĐiện thoại: 0912 345 678")


def test_a_card_of_any_bank_is_known_by_its_last_digit():
    """ISO/IEC 7812-1; sixteen digits that do not add up are some other number, as are those named a transaction's."""
    assert ["bank"] == [hit.kind for hit in find("Thẻ của tôi bị khóa: 4111 1111 1111 1111")]
    assert not find("Dãy 4111 1111 1111 1112 in trên bìa")
    assert not find("Mã giao dịch 4111 1111 1111 1111")


def test_a_number_split_over_a_line_end_is_masked_whole():
    """The line end is inside the hit, and no digit stays."""
    assert "Số tài khoản (đã ẩn) nhé" == masked("Số tài khoản 57526\n71001 nhé")


PARTS = ["không", "chín", "một", "hai", "0", "9", "12", "0912345678", "001199012345", " ", "\n", ".", "-", "\u200b", "a\u0302",
         "\u0302", "số nhà ", "ngõ ", "tôi ", "UBND ", "STK ", "@", "gmail.com", "sinh ngày ", "MẬT", "M ", "Ậ ", "T", "０", "О"]  # fmt: skip


@settings(max_examples=300, deadline=None, derandomize=True)
@given(some.lists(some.sampled_from(PARTS) | some.text(max_size=3), max_size=40).map("".join))
def test_any_text_is_read_without_an_error_and_its_hits_lie_apart(text):
    """In order, inside the text, not empty; marks and masks take everything too."""
    hits = find(text)
    borders = [border for hit in hits for border in (hit.start, hit.end)]

    assert borders == sorted(borders)
    assert all(0 <= hit.start < hit.end <= len(text) for hit in hits)
    assert isinstance(masked(text, hits), str)
    for where in ("body", "title", "alt", "file"):
        assert secrecy.level_of(text, where) in (None, "secret", "internal")


HOSTILE = {
    "digits": "0", "spaced digits": "0 ", "phones": "0912345678 ", "dots": ".", "spaces": " ", "marks": "a\u0323\u0302",
    "loose marks": "\u0302\u0301", "zero width": "\u200b", "words": "không chín ", "at": "a@", "at dots": "a@a.", "angle": "<a",
    "address": "số 1 ngõ ", "capitals": "số 1 A", "mark letters": "M ", "mật": "MẬT ", "brackets": "[(", "plates": "29A-",
    "account": "STK ", "birth": "sinh ngày 1/", "slashes": "1/", "colons": "mật:", "hyphens": "- ", "office": "UBND ",
    "draft": "dự thảo ", "spelled": "D Ự ", "links": "https://a ", "underscores": "M_", "stars": "*", "newlines": "\n",
}  # fmt: skip


def work(text):
    """How many calls the recognisers make, Python's own included: a measure that no busy machine disturbs."""
    count = 0

    def tick(frame, event, arg):
        nonlocal count
        count += 1

    sys.setprofile(tick)
    try:
        find(text)
        secrecy.mark_in(text)
        internal.mark_in(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("name", HOSTILE)
def test_work_grows_with_the_length_only(name):
    """Four times the text is about four times the calls."""
    small, large = (work("Anh Mẫu: " + HOSTILE[name] * (size // len(HOSTILE[name]))) for size in (1_500, 6_000))

    assert large <= 4.6 * small + 200


def _repeats(tree, depth=0):
    """(most, how deep inside other repeats) of each repeat of a pattern."""
    for op, value in tree:
        if op in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            _least, most, inner = value
            yield most, depth
            yield from _repeats(inner, depth + (most > 1))
        elif op is codes.BRANCH:
            for branch in value[1]:
                yield from _repeats(branch, depth)
        elif op is codes.SUBPATTERN:
            yield from _repeats(value[3], depth)
        elif op in (codes.ASSERT, codes.ASSERT_NOT):
            yield from _repeats(value[1], depth)


PATTERNS = [(module.__name__, name, value.pattern if isinstance(value, Led) else value) for module in MODULES
            for name, value in vars(module).items() if isinstance(value, re.Pattern | LazyPattern | Led)]  # fmt: skip


@pytest.mark.parametrize(("module", "name", "pattern"), PATTERNS, ids=[f"{m}.{n}" for m, n, _p in PATTERNS])
def test_every_repeat_of_a_pattern_is_bounded(module, name, pattern):
    """So the work at one place is bounded, whatever the text: no pattern can be made to run away."""
    repeats = list(_repeats(parser.parse(pattern.pattern, pattern.flags)))

    assert all(most <= 400 for most, _depth in repeats)
    assert all(most <= 64 for most, depth in repeats if depth)
    assert all(depth <= 3 for _most, depth in repeats)
