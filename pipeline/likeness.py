"""What two items have in common: shingles of syllables by paragraph, and difference hashes of pictures.

Everything here is a pure function of one item, so it runs in a process pool; the ledger compares
(pipeline/ledger/sameness.py). Shingles and MinHash after Broder 1997, one permutation after Li, Owen and Zhang 2012.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from struct import unpack

from PIL import Image

from pipeline.patterns import lazy
from pipeline.text import fold_tones, nfc

SIZE = 3  # syllables in a shingle
BINS = 80
ROWS = 2  # bins in a band: two items with a fifth of their shingles in common meet in a band with p = 0.8
_WORD = lazy(r"[^\W_]+")
_FAR = 1 << 33  # above any value, so that a borrowed bin never equals an own one


@dataclass(frozen=True)
class Likeness:
    """What an item is compared by.

    Args:
        passages: for each paragraph its hash and its shingles, 4 bytes each.
        pictures: difference hashes of 64 bits, by the name that the item uses.
        keys: `bands` of all shingles, as long as none of them is boilerplate.
    """

    passages: tuple[tuple[int, bytes], ...]
    pictures: Mapping[str, int]
    keys: tuple[int, ...] = ()


def likeness(texts: Iterable[str], pictures: Mapping[str, Path]) -> Likeness:
    """The signature of an item; the title is left out, because it is what people change."""
    passages, whole = {}, set()
    for text in texts:
        for paragraph in _plain(text).split("\n"):
            if said := _WORD.findall(paragraph):
                runs = _runs(said)
                passages[_hash("\0".join(said), 6)] = array("I", sorted(runs)).tobytes()
                whole |= runs
    hashes = {name: value for name, file in pictures.items() if (value := picture_hash(file)) is not None}
    return Likeness(tuple(passages.items()), hashes, tuple(bands(whole)))


def words(text: str) -> list[str]:
    """Syllables and numbers as they are compared: small letters, old tone placement, no marks of punctuation."""
    return _WORD.findall(_plain(text))


def _plain(text: str) -> str:
    return fold_tones(nfc(text)).lower()


def shingles(paragraph: str) -> set[int]:
    """Hashes of every run of three syllables; a shorter paragraph is one run."""
    found = words(paragraph)
    return _runs(found) if found else set()


def _runs(said: list[str]) -> set[int]:
    runs = (
        map(" ".join, zip(*(said[start:] for start in range(SIZE)), strict=False))
        if len(said) >= SIZE
        else [" ".join(said)]
    )
    digests = [blake2b(run.encode(errors="replace"), digest_size=4).digest() for run in runs]
    return set(unpack(f">{len(digests)}I", b"".join(digests)))


def unpacked(stored: bytes) -> set[int]:
    return set(array("I", stored))


def shared(stored: bytes, own: set[int]) -> int:
    """How many of one's own shingles are among the stored ones; without making a set of those."""
    return len(own.intersection(array("I", stored)))


def bands(found: Iterable[int]) -> list[int]:
    """Forty keys; items that share one are worth comparing. Signed 64-bit numbers, as databases have them."""
    lowest: list[int | None] = [None] * BINS
    for shingle in found:
        place, value = shingle % BINS, shingle // BINS
        known = lowest[place]
        if known is None or value < known:
            lowest[place] = value
    full = [place for place in range(BINS) if lowest[place] is not None]
    if not full:
        return []
    filled = [_filled(lowest, place) for place in range(BINS)]
    return [
        int.from_bytes(blake2b(f"{start}:{filled[start : start + ROWS]}".encode(), digest_size=8).digest(), signed=True)
        for start in range(0, BINS, ROWS)
    ]


def _filled(lowest: list[int | None], place: int) -> int:
    """An empty bin borrows from the next full one."""
    for step in range(BINS):
        value = lowest[(place + step) % BINS]
        if value is not None:
            return value + step * _FAR
    raise AssertionError("no bin is full")


def picture_hash(file: Path) -> int | None:
    """Difference hash: is each of 8 x 8 points brighter than its right neighbour? None for a picture without shapes."""
    try:
        with Image.open(file) as image:
            image.draft("L", (64, 64))
            small = image.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    except (OSError, ValueError, SyntaxError):
        return None
    bits = [small[row * 9 + column] > small[row * 9 + column + 1] for row in range(8) for column in range(8)]
    return sum(1 << place for place, bit in enumerate(bits) if bit) if 4 <= sum(bits) <= 60 else None


def picture_bands(value: int) -> list[int]:
    """Four keys: hashes that differ in at most three bits share one; negative, so that no text has them."""
    return [-(1 + (part << 16) + (value >> (16 * part) & 0xFFFF)) for part in range(4)]


def apart(one: int, other: int) -> int:
    """In how many of 64 bits two picture hashes differ."""
    return (one ^ other).bit_count()


def _hash(text: str, size: int) -> int:
    return int.from_bytes(blake2b(text.encode(errors="replace"), digest_size=size).digest())
