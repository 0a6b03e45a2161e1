"""Vietnamese text as the platforms count it: NFC, tone placement folded for comparing, cut only between syllables."""

from __future__ import annotations

import re
import unicodedata

from pipeline.patterns import lazy

_SHAPE_MARKS = "\u0302\u0306\u031b"  # circumflex, breve, horn belong before the tone (vietnam.md §6)
_TONE_MARKS = "\u0300\u0301\u0303\u0309\u0323"
_MARKS = lazy("[\u0300-\u036f]{2,}")
_MARK_RUN = lazy("[^\x00-\u02ff]{5,}")
_COMBINING = lazy("[\u0300-\u036f]+")
_OTHER = lazy("[^\x00-\x7f\u0300-\u036f]")  # neither a plain letter nor a mark on one
_FOREIGN = lazy("[^\x00-\x7f]+")
_PLAIN_WORDS = bytes(
    ord(chr(code).lower()) if chr(code).isalnum() or chr(code) == "_" else 32 for code in range(128)
) + bytes(128)
_MOST_MARKS = 4  # on one letter; Vietnamese needs two, and normalising long runs takes quadratic time
# Zero-width and direction signs, fillers without ink, tags, controls (but tab and line feed) and halves of letters.
BIDI = "\u202a-\u202e\u2066-\u2069"
_INVISIBLE = lazy(
    f"[{BIDI}\u200b-\u200f\u2028\u2029\u2060-\u2064\u206a-\u206f\u061c\u180e\ufeff\u00ad\u034f\u115f\u1160\u3164\uffa0"
    "\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f\ud800-\udfff\x00-\x08\x0b-\x1f\x7f-\x9f]"
)
CAPITALS = "A-Z" + "".join(unicodedata.normalize("NFC", a + s + t).upper() for a, shapes in (
    ("a", "\u0302\u0306"), ("e", "\u0302"), ("i", ""), ("o", "\u0302\u031b"), ("u", "\u031b"), ("y", ""))
    for s in ("", *shapes) for t in ("", *_TONE_MARKS) if a + s + t != a) + "Đ"  # fmt: skip
_LONG_NUMBER = lazy(r"\d(?:[ .-]?\d){7,}")
# Each way begins with a plain letter and no case is ignored, so that the search jumps from o to u; q is looked at after.
_OPEN_SYLLABLE = lazy(
    r"(?:o[àáảãạèéẻẽẹÀÁẢÃẠÈÉẺẼẸ]|O[àáảãạèéẻẽẹÀÁẢÃẠÈÉẺẼẸ]|u[ỳýỷỹỵỲÝỶỸỴ]|U[ỳýỷỹỵỲÝỶỸỴ])(?!\w)(?<![qQ]..)"
)


def nfc(text: str) -> str:
    """The precomposed form, with tone and shape marks that were typed in the wrong order put right.

    "e" + acute + circumflex does not compose to "ế" under plain NFC (vietnam.md §6), so the marks are ordered first.
    """
    if text.isascii() or (not _has_loose_marks(text) and unicodedata.is_normalized("NFC", text)):
        return text
    decomposed = unicodedata.normalize("NFD", _MARK_RUN.sub(_few_marks, text))
    ordered = _MARKS.sub(lambda found: "".join(sorted(found.group(), key=_TONE_MARKS.__contains__)), decomposed)
    return unicodedata.normalize("NFC", ordered)


def _few_marks(found: re.Match[str]) -> str:
    kept, run = [], 0
    for letter in found.group():
        run = run + 1 if unicodedata.combining(letter) else 0
        if run <= _MOST_MARKS:
            kept.append(letter)
    return "".join(kept)


def _has_loose_marks(text: str) -> bool:
    return any(mark in text for mark in _SHAPE_MARKS + _TONE_MARKS)


def fold_tones(text: str) -> str:
    """Old tone placement for comparing (hoà → hòa, thuỷ → thủy); the length never changes. Never for display."""
    return text if text.isascii() else _OPEN_SYLLABLE.sub(lambda found: _tone_to_first(found.group()), text)


def _tone_to_first(pair: str) -> str:
    first, second = pair[0], pair[1]
    letters = unicodedata.normalize("NFD", second)
    return unicodedata.normalize("NFC", first + letters[1:]) + letters[0]


def without_marks(text: str) -> str:
    """ASCII-like form for slugs, file names and search; đ has no decomposition and is mapped by hand."""
    plain = unicodedata.normalize("NFD", nfc(text).replace("đ", "d").replace("Đ", "D"))
    if not _OTHER.search(plain):
        return plain.encode("ascii", "ignore").decode()
    bare = _COMBINING.sub("", plain)
    return _FOREIGN.sub(_uncombined, bare)


def _uncombined(found: re.Match[str]) -> str:
    return "".join(letter for letter in found.group() if not unicodedata.combining(letter))


def folded(text: str) -> str:
    """As people search: no marks, lower case, words with one space between them."""
    bare = without_marks(text)
    if bare.isascii():
        return " ".join(bare.encode().translate(_PLAIN_WORDS).decode().split())
    return " ".join(re.findall(r"\w+", bare.casefold()))


def slug(text: str, most: int = 80) -> str:
    """Lower-case ASCII words joined by hyphens, at most `most` characters, cut between words."""
    words = re.findall(r"[a-z0-9]+", without_marks(text).lower())
    name = ""
    for word in words:
        longer = f"{name}-{word}" if name else word
        if len(longer) > most:
            break
        name = longer
    return name or "tin"


def length(text: str, unit: str) -> int:
    """How long a platform thinks the text is. Units: "code points", "utf-16 units" or "bytes" (UTF-8)."""
    if unit == "bytes":
        return len(text.encode())
    if unit == "utf-16 units":
        return len(text.encode("utf-16-le")) // 2
    return len(text)


def shorten(text: str, most: int, unit: str = "code points") -> str:
    """At most `most` units, cut between syllables, with "…" inside the limit; never inside a letter."""
    if length(text, unit) <= most:
        return text
    kept = ""
    for piece in re.findall(r"\s*\S+", text):
        if length(kept + piece + "…", unit) > most:
            break
        kept += piece
    if kept:
        return kept.rstrip(" ,;:.–-") + "…"
    return _cut_letters(text, most, unit)


def _cut_letters(text: str, most: int, unit: str) -> str:
    """For a single endless word: whole letters with their marks, as many as fit."""
    kept = ""
    for letter in re.findall(r".[\u0300-\u036f\u200d\ufe0f]*", text, re.DOTALL):
        if length(kept + letter + "…", unit) > most:
            break
        kept += letter
    return kept + "…" if kept else ""


def strip_invisible(text: str) -> str:
    """Without characters that nobody sees. Never before a check for TCVN3, whose ư is U+00AD."""
    return text if text.isascii() and text.isprintable() else _INVISIBLE.sub("", text)


def quote(text: str, most: int = 160) -> str:
    """A piece of a text fit for a message or log: one line, shortened, nothing invisible, long numbers hidden."""
    return shorten(_LONG_NUMBER.sub("•••", one_line(strip_invisible(text))), most)


def one_line(text: str) -> str:
    """White space of any kind becomes single spaces."""
    return " ".join(text.split())


def syllables(text: str) -> int:
    """Number of Vietnamese words as people count them: syllables between spaces."""
    return len(text.split())
