"""Citations: one canonical key for every way of writing, wrong shapes told apart from what is no citation."""

import csv
from datetime import date
from importlib.resources import files

import pytest

from pipeline import citations, reference


def keys(text):
    return [found.key for found in citations.find(text)]


def flaws(text):
    return [found.flaw for found in citations.find(text)]


@pytest.mark.parametrize(
    "typed",
    [
        "Nghị định số 61/2018/NĐ-CP", "Nghị định 61/2018/NĐ-CP", "61/2018/nđ-cp", "61 / 2018 / NĐ - CP",
        "61/2018/NĐ–CP", "61/2018/N\u00d0-CP", "061/2018/NĐ-CP", "Nghị định 61/2018 của Chính phủ", "NĐ 61/2018",
        "NGHỊ ĐỊNH SỐ 61/2018/NĐ-CP",
    ],
)  # fmt: skip
def test_every_way_of_writing_has_one_key(typed):
    """Spaces, dashes, small letters, an Icelandic Đ, a lost symbol."""
    assert ["61/2018/NĐ-CP"] == keys(typed)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Luật số 91/2025/QH15", "91/2025/QH15"), ("57-NQ/TW", "57-NQ/TW"), ("1115-QĐ/TU", "1115-QĐ/TU"),
        ("Đề án 06-ĐA/TU", "6-ĐA/TU"), ("Số: 84 /KH-UBND", "84/KH-UBND"), ("1656/NQ-UBTVQH15", "1656/NQ-UBTVQH15"),
        ("119/2026/UBTVQH15", "119/2026/UBTVQH15"), ("03/VBHN-VPQH", "3/VBHN-VPQH"),
        ("19/2012/TTLT-BTC-BKHĐT-BTTTT", "19/2012/TTLT-BTC-BKHĐT-BTTTT"), ("39-CT/TƯ", "39-CT/TW"),
        ("Công văn số 8726/VP-THCB", "8726/VP-THCB"), ("118/2025/NĐ-CP - TTHC", "118/2025/NĐ-CP"),
    ],
)  # fmt: skip
def test_laws_party_city_and_joint_documents(typed, key):
    """Each organ has its own grammar."""
    assert ([key], [""]) == (keys(typed), flaws(typed))


@pytest.mark.parametrize(
    "text",
    ["21/3/2024", "024.1022", "1.600 triệu đồng", "1.001193", "24/7", "10/10", "29A-123.45", "phường 12/5",
     "trực 24/7 - cả tuần", "lớp 10/A", "tổ 5/tb-kt"],
)  # fmt: skip
def test_what_only_looks_like_a_citation(text):
    """Dates, phones, plates, codes."""
    assert [] == keys(text)


@pytest.mark.parametrize(
    ("typed", "flaw", "shown"),
    [
        ("57/NQ-TW", "separator", "57-NQ/TW"), ("06-QĐ/TTg", "separator", "06/QĐ-TTg"),
        ("12/QD-UBND", "letters", "12/QĐ-UBND"), ("06/QĐTTg", "letters", "06/QĐ-TTg"),
        ("91/2025/QH14", "term", "91/2025/QH14"), ("Quyết định 61/2018/NĐ-CP", "word", "61/2018/NĐ-CP"),
        ("Nghị định 61/2018/XX-CP", "type", "61/2018/XX-CP"),
    ],
)  # fmt: skip
def test_a_wrong_shape_has_a_name(typed, flaw, shown):
    """And the right way of writing, where there is one."""
    found = next(citations.find(typed))

    assert (flaw, shown) == (found.flaw, found.shown)


def test_the_whole_register_is_read():
    """Every row under its own key, with dates that may be known to the month only."""
    rows = list(csv.DictReader((files("pipeline") / "data/legal_status.csv").read_text(encoding="utf-8").splitlines()))
    register = reference.legal_register()

    assert {row["ref"] for row in rows} == {document.ref for document in register.values()}
    assert (date(2025, 6, 30), "118/2025/NĐ-CP") == (
        register["61/2018/NĐ-CP"].ended, register["61/2018/NĐ-CP"].successor)  # fmt: skip
    assert date(2025, 12, 31) == register["1/2018/TT-VPCP"].ended
    assert ("", "Luật Báo chí 2025") == (register["84/KH-UBND"].successor, register["103/2016/QH13"].successor)


def test_references_to_articles():
    """Point, clause, article; points are counted by the Vietnamese alphabet."""
    found = list(citations.references("Điểm e khoản 1 Điều 4; Điều 17; điều kiện 3; điểm w Điều 2; Điều 5, khoản 2"))

    assert [("e", 1, 4, ""), ("", 0, 17, ""), ("w", 0, 2, "letter"), ("", 0, 5, "order")] == [
        (one.point, one.clause, one.article, one.flaw) for one in found]  # fmt: skip
