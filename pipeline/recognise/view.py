"""A text as a person reads it: disguises undone (full-width and look-alike letters, zero-width characters, decomposed
marks, digits spelled out), with the way back to the places of the original.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from pipeline.cues import Led
from pipeline.patterns import lazy
from pipeline.text import nfc

CAPITAL = "A-ZĐÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"  # for [...]; À-Ỹ would hold small letters too
_INVISIBLE = lazy(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\U000e0000-\U000e007f]"
)
_MARKED = lazy("([^\u0300-\u036f])([\u0300-\u036f]{1,8})|[\u0300-\u036f]")
_CYRILLIC = dict(zip("АВЕІЈКМНОРСТХУЅаеіјорсхуѕЗ", "ABEIJKMHOPCTXYSaeijopcxys3", strict=True))
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοα", "ABEZHIKMNOPTYXoa", strict=True))
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63"
_FOREIGN_ZEROS = (0x660, 0x6F0, 0x966, 0xE50)  # first digits of the scripts that a keyboard offers


def _one_to_one() -> dict[int, str]:
    """Characters that stand for one plain character each, so that no place moves."""
    table = {ord(odd): plain for odd, plain in (_CYRILLIC | _GREEK).items()}
    table |= {ord(odd): " " for odd in _SPACES} | {ord(odd): "-" for odd in _DASHES}
    table |= {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full-width ASCII
    table |= {zero + digit: str(digit) for zero in _FOREIGN_ZEROS for digit in range(10)}
    for code in range(0x1D400, 0x1D800):  # mathematical letters and digits
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1:
            table[code] = plain
    return table | {0x00B7: ".", 0x2022: ".", 0x0189: "Đ", 0x00D0: "Đ"}


_PLAIN = _one_to_one()
# One table look-up a character while all are of the basic plane, and so several times faster than str.translate.
_ODD = lazy("[" + "".join(re.escape(chr(code)) for code in _PLAIN if code < 0x10000) + "]")
_ASTRAL = lazy("[\U00010000-\U0010ffff]")
_LOOSE = lazy("[\u0300-\u036f]")
_UNPLAIN = lazy(f"{_ODD.pattern[:-1]}{_INVISIBLE.pattern[1:-1]}\U00010000-\U0010ffff\u0300-\u036f]")  # any of these

_WORD_DIGITS = {"không": "0", "một": "1", "mốt": "1", "hai": "2", "ba": "3", "bốn": "4", "tư": "4", "năm": "5",
                "lăm": "5", "sáu": "6", "bảy": "7", "bẩy": "7", "tám": "8", "chín": "9",
                "khong": "0", "mot": "1", "bon": "4", "tu": "4", "nam": "5", "lam": "5", "sau": "6", "bay": "7", "tam": "8", "chin": "9"}  # fmt: skip
_ONE = "(?:" + "|".join(_WORD_DIGITS) + r"|\d{1,4})"
_SPELLED = Led(
    rf"(?<![\w]){_ONE}(?:[ ,./\-_*|;:\n]{{1,3}}{_ONE}){{4,24}}(?!\w)", "|".join(_WORD_DIGITS), digit=r"\d", near=8
)
_SPELLED_ONE = lazy(_ONE, re.IGNORECASE)
_LETTER_IN = lazy(r"[^\W\d_]")
_MISTYPED = lazy(r"(?<!\w)[\dOoIl][\dOoIl .\-]{7,18}(?!\w)")
_SLIP = lazy(r"\d(?:(?=[ .\-]?[OoIl])|(?<=[OoIl]\d)|(?<=[OoIl][ .\-]\d))")  # begins with the rarer of the two
_ALIKE = str.maketrans("OoIl", "0011")
_TWO_DIGITS = lazy(r"\d\d")
_WHOLE = lazy(r"0\d{2}[0-3]\d{8}|84[35789]\d{8}|0[35789]\d{8}")  # an identity number or a mobile, longest first


@dataclass(frozen=True)
class View:
    """Plain text; character i stands for the original's `starts[i]` to `ends[i]`, None when nothing moved."""

    text: str
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original of text[start:end], which is not empty."""
        return (start, end) if self.starts is None or self.ends is None else (self.starts[start], self.ends[end - 1])


# A sentence goes on in the next line; the pattern begins with what is rare.
_WRAPPED = lazy(r"\n(?:(?=[a-zà-öø-ÿăđĩũơưạ-ỹ])(?<=[^\W_]\n)|(?=[a-zđ])(?<=,\n))")
_WIDE = lazy(r" {2,400}")
_LETTER = lazy(r"[^\W_]")


def bare(text: str) -> str:
    """Without signs and spaces at both ends; a pattern with "+$" would take quadratic time on a run of dots."""
    first = _LETTER.search(text)
    last = _LETTER.search(text[::-1])
    return text[first.start() : len(text) - last.start()] if first and last else ""


def lines_with(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, str]]:
    """1-based number and text of each line that holds the pattern, which is in small letters and within a line.

    Looking in a lowered text is several times faster than ignoring case, and only few lines are looked at closely.
    """
    low = text.lower()
    low = low if len(low) == len(text) else text  # a letter that grows when lowered is no Vietnamese one
    number, counted, end = 1, 0, -1
    for found in pattern.finditer(low):
        if found.start() < end:
            continue
        number += text.count("\n", counted, found.start())
        counted, end = found.start(), text.find("\n", found.start())
        begin = text.rfind("\n", 0, counted) + 1
        end = end if end >= 0 else len(text)
        yield number, text[begin:end]


@lru_cache(maxsize=32)  # the texts of one item, which every guard looks at
def letters(text: str) -> View:
    """Plain letters: look-alikes, invisible characters and loose marks undone. Digits stay as they are."""
    if not _UNPLAIN.search(text):
        return View(text)
    basic = not _ASTRAL.search(text)
    view = View(_ODD.sub(lambda found: _PLAIN[ord(found.group())], text) if basic else text.translate(_PLAIN))
    view = _rewrite(view, _INVISIBLE, lambda found: "")
    return _rewrite(view, _MARKED, _composed) if _LOOSE.search(view.text) else view


def plain(text: str) -> View:
    """`letters`, and numbers put together that were spelled in words, digit by digit, or with O for 0."""
    return together(letters(text))


def together(view: View) -> View:
    """Plain letters with the numbers put together."""
    view = View(_WRAPPED.sub(" ", view.text.replace("\t", " ")), view.starts, view.ends)
    view = _rewrite(view, _WIDE, lambda found: " ") if "  " in view.text else view
    if _SLIP.search(view.text):
        view = _rewrite(view, _MISTYPED, _mistyped)
    return _rewrite(view, _SPELLED, _spelled)


def with_words(view: View, places: tuple[tuple[int, str], ...]) -> View:
    """The view with words put in before characters, in order; they stand for the character that they precede."""
    if not places:
        return view
    old, parts, last = view.text, [], 0
    starts: list[int] = []
    ends: list[int] = []
    for place, words in places:
        parts += [old[last:place], words]
        starts += [*range(last, place), *([place] * len(words))]
        ends += [*range(last + 1, place + 1), *([place + 1] * len(words))]
        last = place
    parts.append(old[last:])
    starts += range(last, len(old))
    ends += range(last + 1, len(old) + 1)
    return _onto(view, "".join(parts), starts, ends)


def _onto(view: View, text: str, starts: list[int], ends: list[int]) -> View:
    """A new text whose places are those of the view's text, led on to the original's."""
    if view.starts is not None and view.ends is not None:
        starts, ends = [view.starts[place] for place in starts], [view.ends[place - 1] for place in ends]
    return View(text, tuple(starts), tuple(ends))


def _rewrite(view: View, pattern: re.Pattern[str] | Led, replace: Callable[[re.Match[str]], str]) -> View:
    old, parts, last = view.text, [], 0
    starts: list[int] = []
    ends: list[int] = []
    for found in pattern.finditer(old):
        new = replace(found)
        if new == found.group():
            continue
        parts += [old[last : found.start()], new]
        starts += range(last, found.start())
        ends += range(last + 1, found.start() + 1)
        same = len(new) == found.end() - found.start()
        starts += range(found.start(), found.end()) if same else [found.start()] * len(new)
        ends += range(found.start() + 1, found.end() + 1) if same else [found.end()] * len(new)
        last = found.end()
    if not last:
        return view
    parts.append(old[last:])
    starts += range(last, len(old))
    ends += range(last + 1, len(old) + 1)
    return _onto(view, "".join(parts), starts, ends)


def _composed(found: re.Match[str]) -> str:
    """One letter; marks that no Vietnamese letter takes are dropped."""
    return nfc(found.group())[0] if found[1] else ""


def _mistyped(found: re.Match[str]) -> str:
    shown = found.group()
    digits = sum(letter.isdigit() for letter in shown)
    return shown.translate(_ALIKE) if digits >= 7 and digits < len(shown) else shown


def _spelled(found: re.Match[str]) -> str:
    """The run with its number put together, or unchanged when it is a mere list."""
    run = found.group()
    if not _LETTER_IN.search(run):
        if "\n" in run:
            return run  # a column of numbers
        if not _TWO_DIGITS.search(run):
            return _digit_by_digit(run)
    ones = list(_SPELLED_ONE.finditer(run))
    values = [_WORD_DIGITS.get(one.group().lower(), one.group()) for one in ones]
    digits, begins = "".join(values), [0]
    for value in values:
        begins.append(begins[-1] + len(value))
    ends = {place: number for number, place in enumerate(begins)}
    for first, begin in enumerate(begins[:-1] if _WHOLE.search(digits) else ()):
        for size in (12, 11, 10):
            last = ends.get(begin + size, 0)
            if last and _WHOLE.fullmatch(digits, begin, begin + size) and _deliberate(ones[first:last]):
                return run[: ones[first].start()] + digits[begin : begin + size] + run[ones[last - 1].end() :]
    return digits if _deliberate(ones) and 9 <= len(digits) <= 20 and len(ones) >= 9 else run


def _digit_by_digit(run: str) -> str:
    """What `_spelled` says of a run without words, several times faster: a hostile text may be nothing else."""
    places = [place for place, sign in enumerate(run) if sign.isdigit()]
    digits = "".join([run[place] for place in places])
    found = _WHOLE.search(digits)
    if found:
        return run[: places[found.start()]] + found.group() + run[places[found.end() - 1] + 1 :]
    return digits if 9 <= len(digits) <= 20 else run


def _deliberate(ones: list[re.Match[str]]) -> bool:
    """Digit by digit, or with at least three digits in words; "năm 2024, 2025" is neither."""
    return all(not one.group().isdigit() or len(one.group()) == 1 for one in ones) or (
        sum(not one.group().isdigit() for one in ones) >= 3
    )
