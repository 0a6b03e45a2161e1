"""Vietnamese without marks: what search and the likeness of two items compare; never shown to anybody."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import chain
from typing import Final

_SYLLABLE: Final = re.compile(r"[0-9a-z]+")
_MARKS: Final = re.compile("[\u0300-\u036f]")
_OTHER: Final = re.compile("[^\x00-\x7f\u0300-\u036f]")
_TONES: Final = "\u0300\u0309\u0303\u0301\u0323"  # in the order of Vietnamese dictionaries
_LONGEST: Final = 80  # letters of a word that is kept; the longer ones are code or an attack, and would fill the memory
_LETTERS: Final = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz", ord("a"))}


def fold(text: str) -> str:
    """Lower case, no marks, đ as d: "Đề án 06" and "de an 06" become the same; site.js folds in the same way."""
    plain = unicodedata.normalize("NFD", text.lower()).replace("đ", "d")
    return _MARKS.sub("", plain) if _OTHER.search(plain) else plain.encode("ascii", "ignore").decode()


def syllables(text: str) -> list[str]:
    """The folded syllables and numbers, in order."""
    return _SYLLABLE.findall(fold(text))


def distinct(text: str) -> set[str]:
    """The folded syllables and numbers, each once; what stands between two spaces folds the same wherever it is said."""
    words = set(text.split())
    if len(max(words, key=len, default="")) > _LONGEST:
        return set(syllables(text))
    return set(chain.from_iterable(map(_known, words)))


@lru_cache(maxsize=16_384)  # Vietnamese has some 7,000 syllables; with capitals and commas most texts are in it
def _known(word: str) -> tuple[str, ...]:
    return tuple(syllables(word))


def pairs(text: str) -> set[str]:
    """Neighbouring syllables: most Vietnamese words have two."""
    found = syllables(text)
    return {f"{one} {two}" for one, two in zip(found, found[1:], strict=False)}


def order(text: str) -> tuple[str, str]:
    """A key that sorts as a Vietnamese dictionary does: đ after d, ư after u, tones only among equal letters."""
    plain = unicodedata.normalize("NFC", re.sub(f"[{_TONES}]", "", unicodedata.normalize("NFD", text.lower())))
    tones = "".join(str(_TONES.find(sign) + 1) for sign in unicodedata.normalize("NFD", text.lower()))
    return "".join(chr(_LETTERS.get(sign, ord(sign))) for sign in plain), tones
