"""Which strings are Vietnamese syllables: built from onset, rhyme and tone, so that no word list has to be kept.

The share of valid syllables tells good text from text in an old font or a wrong encoding (vietnam.md §6). The set is a
little larger than the language (it holds "ngoẻo" and also "ngoẽo"), which does not matter for telling them apart.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import filterfalse

from pipeline.patterns import lazy

_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_STOPPED = ("\u0301", "\u0323")  # before c, ch, p, t only sắc and nặng are spoken
_FRONT = "eêiy"
_ONSETS = ("", *"b ch d đ h kh l m n nh p ph r s t th tr v x".split())
_RHYMES = (
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et "
    "ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu "
    "o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong "
    "op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc uê uêch uênh ui um un ung uơ uôc uôi uôm "
    "uôn uông uôt up ut uy uya uych uyên uyêt uyn uynh uyt uyu ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp "
    "ươt ươu"
).split()
_ALONE = "y yêm yên yêng yêt yêu".split()  # without an onset these are written with y
_AFTER_QU = (
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt ân âng ât ây e en eo et ê êch ên ênh êt êu i in it "
    "ơ ơi ơn ơt y ych yên yêt yn ynh yt yu ôc"
).split()
_TWO_WAYS = ("oa", "oe", "uy")  # hòa and hoà: two placements of the tone are in use
_EDGES = lazy(r"^[!-/:-@\[-`{-~“”‘’…–—\s\d]+|[!-/:-@\[-`{-~“”‘’…–—\s\d]+$")
_TOKENS = lazy(r"[^\s/|,;()\[\]{}<>\"“”=_*#`]+")
_INNER = lazy(r"[-.:&]")
_MOST_LETTERS = 8  # "nghiêng" has 7


@cache
def syllables() -> frozenset[str]:
    """Every syllable in NFC and lower case, in both placements of the tone."""
    found: set[str] = set()
    for onset, rhyme in _pairs():
        found.update(map(onset.__add__, _forms(rhyme, once=onset == "qu")))
    return frozenset(found)


def is_syllable(word: str) -> bool:
    return len(word) <= _MOST_LETTERS and word.lower() in syllables()


def marked_words(text: str) -> list[str]:
    """Words with at least one letter outside ASCII, without punctuation at their ends; those that can tell encodings."""
    return [part for word in _TOKENS.findall(text) if not word.isascii() for part in _parts(word)]


@lru_cache(maxsize=20_000)  # more than Vietnamese has syllables
def _parts(word: str) -> tuple[str, ...]:
    return tuple(part for part in _INNER.split(_EDGES.sub("", word)) if part and not part.isascii())


def share(text: str) -> float:
    """Share of the marked words that are syllables, 0 to 1; 1 when there is none."""
    good, words = tally(text)
    return good / words if words else 1.0


def tally(text: str) -> tuple[int, int]:
    """How many of the marked words are syllables, and how many there are."""
    counts = list(map(_tallied, filterfalse(str.isascii, text.split())))
    return sum([good for good, _words in counts]), sum([words for _good, words in counts])


@lru_cache(maxsize=20_000)
def _tallied(run: str) -> tuple[int, int]:
    """The same for what stands between two spaces, mostly one word."""
    parts = marked_words(run)
    return sum(map(is_syllable, parts)), len(parts)


def _pairs() -> Iterator[tuple[str, str]]:
    for rhyme in _RHYMES:
        front = rhyme[0] in _FRONT
        for onset in (*_ONSETS, *(("k", "gh", "ngh") if front else ("c", "g", "ng"))):
            yield onset, rhyme
        if front and rhyme[0] == "i":
            yield "g", rhyme  # gì, giếng: the i of the rhyme is that of the onset
        if rhyme[0] not in "iy":
            yield "gi", rhyme
    yield from (("", rhyme) for rhyme in _ALONE)
    yield from ((onset, "y") for onset in ("h", "k", "l", "m", "s", "t", "v"))
    yield from (("qu", rhyme) for rhyme in _AFTER_QU)
    yield from (("k", rhyme) for rhyme in ("a", "ai", "y"))  # Ka Long, Kai


def _tones(rhyme: str) -> tuple[str, ...]:
    return _STOPPED if rhyme.endswith(("c", "ch", "p", "t")) else _TONES


@cache  # by rhyme and not by syllable: there are twenty onsets to each
def _forms(rhyme: str, *, once: bool) -> list[str]:
    """The rhyme with each tone; `once` when the tone has only one place."""
    places = (0, 1) if rhyme in _TWO_WAYS and not once else (_place(rhyme),)
    halves = [(rhyme[: place + 1], rhyme[place + 1 :]) for place in places]
    return [unicodedata.normalize("NFC", head + tone + tail) for tone in _tones(rhyme) for head, tail in halves]


def _place(rhyme: str) -> int:
    """Which letter carries the tone: the shaped vowel, else the middle of three or of a closed pair, else the first."""
    shaped = [place for place, letter in enumerate(rhyme) if letter in "ăâêôơư"]
    if shaped:
        return 1 if rhyme.startswith("ươ") else shaped[0]
    vowels = [place for place, letter in enumerate(rhyme) if letter in "aeiouy"]
    closed = rhyme[-1] not in "aeiouy"
    return vowels[1] if len(vowels) > 2 or (len(vowels) == 2 and closed) else vowels[0]
