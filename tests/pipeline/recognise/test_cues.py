"""A pattern that is tried only where one of its words stands finds what it finds anywhere."""

import importlib
import pkgutil
from pathlib import Path

import pytest

import pipeline.recognise
from pipeline.recognise.cues import Led, Words, small

DATA = Path(__file__).resolve().parents[2] / "rules" / "data"
LED = {
    f"{module.name}.{name}": led
    for module in pkgutil.iter_modules(pipeline.recognise.__path__)
    for name, led in vars(importlib.import_module(f"pipeline.recognise.{module.name}")).items()
    if isinstance(led, Led)
}


@pytest.fixture(scope="module")
def texts():
    """Every labelled sentence as it stands, in capitals, and all of a file as one text."""
    files = [file.read_text(encoding="utf-8") for file in sorted(DATA.glob("*.tsv"))]
    lines = [line.rpartition("\t")[2].replace("\\n", "\n") for file in files for line in file.splitlines()]
    return [*lines, *map(str.upper, lines), *files]


@pytest.mark.parametrize("name", sorted(LED))
def test_its_words_miss_no_match(texts, name):
    """Who adds a way to begin to a pattern must add its word."""
    led = LED[name]
    missed = [
        (text[:200], spans)
        for text in texts
        if (spans := [found.span() for found in led.pattern.finditer(text)])
        != [found.span() for found in led.finditer(text)]
    ]

    assert [] == missed


def test_letters_of_two_sizes_are_looked_at_in_full():
    """Small letters that take more room, or that only re.IGNORECASE knows, would shift or hide a place."""
    assert (None, None, "đường") == (small("İ"), small("\u017f"), small("ĐƯỜNG"))


def test_words_stand_anywhere_and_within_others():
    """Places of all of them, also where one begins with another."""
    words = Words("nhà", "nhà số", "số")

    assert {0, 4, 11} == words.places("nhà số, cả số")
    assert (True, False) == (words.stand_in("xnhày"), words.stand_in("cửa"))
