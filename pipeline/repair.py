"""Text in an old font or a wrong encoding: what it was meant to be, as a proposal that an editor confirms.

Nothing here changes a text by itself. ftfy looks first, because a table for old fonts makes other garbage of UTF-8
that was read as Windows-1252 (libraries.md, trap 11); the share of valid syllables decides for each line, since one
document can hold several fonts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Literal

from pipeline.patterns import lazy
from pipeline.syllables import is_syllable, marked_words, tally
from pipeline.text import nfc, quote

Kind = Literal["tcvn3", "vni", "mojibake", "look-alike"]

# The 67 small letters of TCVN3 (ABC) as Latin-1 shows them, beside what they are (vietnam.md §6).
_TCVN3_FROM = "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦"
_TCVN3_TO = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ"
_TCVN3 = str.maketrans(_TCVN3_FROM, _TCVN3_TO)
ALPHABET = _TCVN3_TO[:67]  # every small letter with a mark

# VNI writes a letter and its mark as two characters; the letter decides about capitals.
_VNI_TONES = dict(zip("øùûõï", "\u0300\u0301\u0309\u0303\u0323", strict=True))
_VNI_ROOF = {"â": "", "à": "\u0300", "á": "\u0301", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_VNI_BOWL = {"ê": "", "è": "\u0300", "é": "\u0301", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_SINGLE = dict(zip("ñôöæóòî", "đơưỉĩịỵ", strict=True))
_VNI_PAIRS = lazy(r"[aeouyôöAEOUYÔÖ][øùûõïâàáåãäêèéúüëØÙÛÕÏÂÀÁÅÃÄÊÈÉÚÜË]|[ñôöæóòîÑÔÖÆÓÒÎ]")

_EASTERN = str.maketrans("\u00d0\u0189\u00f0\u0256асеорхуіАВСЕНКМОРТХІ", "ĐĐđđaceopxyi" + "ABCEHKMOPTXI")
_EASTERN_LETTER = lazy("[" + "".join(map(chr, _EASTERN)) + "]")
# Both readings of the bytes 80 to F4: what Windows-1252 shows, and Latin-1 for the five that it lacks.
_BYTES = {chr(byte): byte for byte in range(0x80, 0xF5)} | {
    bytes([byte]).decode("cp1252"): byte for byte in range(0x80, 0xA0) if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_TAIL = "[" + re.escape("".join(sign for sign, byte in _BYTES.items() if byte < 0xC0)) + "]"
_UTF8_RUN = lazy(f"[Â-ß]{_TAIL}|[à-ï]{_TAIL}{{2}}")
_LOST = lazy("\ufffd|á[º»]|Ã|Æ[°¡]|Ä(?![\\w])|Â")
_WORD = lazy(r"[^\W\d_]+")
_ABBREVIATION = lazy(r"[A-ZĐƯÔÂ]{1,8}|[a-z]{1,2}đ|đ")
_SUSPECT = lazy(r"[^\x00-\x7f\u0300-\u036f“”‘’…–—]")
_ACCEPTED = lazy(
    r"^\s*[\"']?(?:text[_ -]repair|s[uử]a[_ -]ch[uữ])[\"']?\s*:\s*[\"']?(?:accepted|yes|(?:đ|d)[oồ]ng[_ -][yý])[\"']?\s*$",
    re.IGNORECASE,
)
# A line is foreign when its share of syllables rises by so much, to at least so much.
_GAINS = ((0.5, 0.6), (0.2, 0.95))
_FEWEST = 3  # words; a single strange word is a name


@dataclass(frozen=True)
class Proposal:
    """What a text was probably meant to be.

    Args:
        text: the whole text, repaired.
        line: 1-based first line that changes, with a short `before` and `after` of it.
        lost: letters that cannot be told any more; with any, the repair must not be used.
    """

    kind: Kind
    text: str
    line: int
    before: str
    after: str
    lost: int = 0


def propose(source: str) -> Proposal | None:
    """A repaired text, or None when nothing looks wrong. `source` must still hold its soft hyphens (TCVN3's ư)."""
    rows = source.split("\n")
    kind, mended = _foreign(rows)
    final = [_without_look_alikes(row) for row in mended]
    changed = [number for number, row in enumerate(rows) if row != final[number]]
    if not changed:
        return None
    first = changed[0]
    before, after = _around(rows[first], final[first])
    text = "\n".join(final)
    lost = len(_LOST.findall(text)) if kind == "mojibake" else 0
    return Proposal(kind or "look-alike", text, first + 1, before, after, lost)


def accepted(source: str) -> bool:
    """Whether the metadata say "sua_chu: dong_y" (text_repair: accepted)."""
    rows = source.lstrip("\ufeff\n").split("\n")
    if rows[0].rstrip() != "---":
        return False
    for row in rows[1:400]:
        if row.rstrip() in ("---", "..."):
            return False
        if _ACCEPTED.match(row):
            return True
    return False


def _foreign(rows: list[str]) -> tuple[Kind | None, list[str]]:
    """The rows with every foreign one converted, and the kind that most of them were."""
    mended, words = list(rows), dict.fromkeys(CONVERTERS, 0)
    doubtful = [number for number, row in enumerate(rows) if _doubtful(row)]
    for number in doubtful:
        found = _best(rows[number])
        if found:
            kind, mended[number], count = found
            words[kind] += count
    kind = max(words, key=lambda name: words[name])
    if words[kind] < _FEWEST:
        return None, list(rows)
    for number in doubtful:  # a line too short to tell follows the others
        if mended[number] == rows[number]:
            tried = CONVERTERS[kind](rows[number])
            if _valid(tried) > _valid(rows[number]):
                mended[number] = tried
    return kind, mended


def _doubtful(row: str) -> bool:
    return bool(_SUSPECT.search(row)) and _valid(row) < 0.8


def _valid(row: str) -> float:
    good, words = tally(row)
    return good / words if words else 0.0


def _best(row: str) -> tuple[Kind, str, int] | None:
    before = _valid(row)
    tried: list[tuple[float, Kind, str]] = [(_valid(text), kind, text) for kind, convert in CONVERTERS.items()
                                            if (text := convert(row)) != row]  # fmt: skip
    if not tried:
        return None
    after, kind, text = max(tried, key=lambda one: one[0])
    if not any(after - before >= gain and after >= enough for gain, enough in _GAINS):
        return None
    return kind, text, len(marked_words(text))


def from_tcvn3(row: str) -> str:
    """Capitals were a font of their own (.VnTimeH), so they are lost."""
    return row.translate(_TCVN3)


def from_vni(row: str) -> str:
    return _VNI_PAIRS.sub(lambda found: _vni()[found.group()], row)


@cache
def _vni() -> dict[str, str]:
    table: dict[str, str] = {}
    for letter, (mark, tone) in product("aeouyôö", _VNI_TONES.items()):
        table[letter + mark] = _VNI_SINGLE.get(letter, letter) + tone
    for letter, (mark, tone) in product("aeo", _VNI_ROOF.items()):
        table[letter + mark] = letter + "\u0302" + tone
    for mark, tone in _VNI_BOWL.items():
        table["a" + mark] = "a\u0306" + tone
    table |= _VNI_SINGLE
    small = {pair: unicodedata.normalize("NFC", letter) for pair, letter in table.items()}
    both = dict(small)
    for pair, letter in small.items():
        both[pair.upper()] = letter.upper()
        if len(pair) == 2:
            both[pair[0].upper() + pair[1]] = letter.upper()
            both[pair[0] + pair[1].upper()] = letter
    return {pair: both.get(pair) or _loose(pair, both) for pair in _possible_pairs()} | both


def _possible_pairs() -> list[str]:
    return [a + b for a, b in product("aeouyôöAEOUYÔÖ", "øùûõïâàáåãäêèéúüëØÙÛÕÏÂÀÁÅÃÄÊÈÉÚÜË")]


def _loose(pair: str, table: dict[str, str]) -> str:
    """A pair that VNI does not have: each letter for itself."""
    return "".join(table.get(letter, letter) for letter in pair)


def from_mojibake(row: str) -> str:
    """UTF-8 that was read as Windows-1252 or Latin-1."""
    import ftfy  # here, because few texts need it and it is slow to load

    return nfc(_UTF8_RUN.sub(_decoded, ftfy.fix_encoding(row)))


def _decoded(found: re.Match[str]) -> str:
    """What ftfy leaves beside lost letters: one letter at a time."""
    try:
        return bytes(_BYTES[sign] for sign in found.group()).decode()
    except UnicodeDecodeError:
        return found.group()


CONVERTERS: dict[Kind, Callable[[str], str]] = {"mojibake": from_mojibake, "tcvn3": from_tcvn3, "vni": from_vni}


def _without_look_alikes(row: str) -> str:
    """Icelandic Ð, African Ɖ and Cyrillic letters inside Vietnamese words become the letters that they pose as."""
    if not _EASTERN_LETTER.search(row):
        return row
    return _WORD.sub(lambda found: _native(found.group()), row)


def _native(word: str) -> str:
    tried = word.translate(_EASTERN)
    latin = all(letter.isascii() or "LATIN" in unicodedata.name(letter, "") for letter in tried)
    posing = any(letter.isascii() or letter in "\u00d0\u0189\u00f0\u0256" for letter in word)
    return tried if latin and posing and (is_syllable(tried) or _ABBREVIATION.fullmatch(tried)) else word


def _around(before: str, after: str) -> tuple[str, str]:
    """Some words from where the two begin to differ, fit for a message."""
    start = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), 0)
    start = before.rfind(" ", 0, max(0, start - 15)) + 1
    return quote(before[start : start + 80], 60), quote(after[start : start + 80], 60)
