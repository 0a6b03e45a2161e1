"""What two items have in common: shingles of syllables by paragraph, and difference hashes of pictures.

Everything here is a pure function of one item, so it runs in a process pool; the ledger compares
(pipeline/ledger/sameness.py). Shingles and MinHash after Broder 1997, one permutation after Li, Owen and Zhang 2012.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from struct import unpack
from typing import TYPE_CHECKING

from pipeline.patterns import lazy
from pipeline.text import fold_tones, nfc

if TYPE_CHECKING:
    from PIL import Image

SIZE = 3  # syllables in a shingle
BINS = 80
ROWS = 2  # bins in a band: two items with a fifth of their shingles in common meet in a band with p = 0.8
_WORD = lazy(r"[^\W_]+")
_FAR = 1 << 33  # above any value, so that a borrowed bin never equals an own one
_NONE = 1 << 32  # above any shingle
DRAFT = ("L", (64, 64))
_SMALLEST, _ONE = 256, ord("1")  # bits of a sketch, and how a map of them is written before it is packed
_SHINGLE, _KEY = blake2b(digest_size=4), blake2b(digest_size=8)  # to copy from, which is cheaper than to begin anew


@dataclass(frozen=True)
class Likeness:
    """What an item is compared by.

    Args:
        passages: for each paragraph its hash and its shingles, 4 bytes each.
        pictures: difference hashes of 64 bits, by the name that the item uses.
        keys: `bands` of all shingles, as long as none of them is boilerplate.
        lowest: the shingles that make the keys what they are, whatever becomes of the others.
        sketch: `sketch` of all shingles, for `shared_at_most`.
    """

    passages: tuple[tuple[int, bytes], ...]
    pictures: Mapping[str, int]
    keys: tuple[int, ...] = ()
    lowest: frozenset[int] = frozenset()
    sketch: bytes = b""


def likeness(texts: Iterable[str], pictures: Mapping[str, int]) -> Likeness:
    """The signature of an item and the hashes of its pictures; the title is left out, because it is what people change."""
    passages, whole = {}, set()
    for text in texts:
        for paragraph in _plain(text).split("\n"):
            if said := _WORD.findall(paragraph):
                line = "\0".join(said).encode(errors="replace")
                runs = _runs(line)
                passages[int.from_bytes(blake2b(line, digest_size=6).digest())] = array("I", sorted(runs)).tobytes()
                whole |= runs
    lowest = _lowest(whole)
    return Likeness(tuple(passages.items()), pictures, tuple(_keys(lowest)), frozenset(lowest) - {_NONE}, sketch(whole))


def words(text: str) -> list[str]:
    """Syllables and numbers as they are compared: small letters, old tone placement, no marks of punctuation."""
    return _WORD.findall(_plain(text))


def _plain(text: str) -> str:
    return fold_tones(nfc(text)).lower()


def shingles(paragraph: str) -> set[int]:
    """Hashes of every run of three syllables; a shorter paragraph is one run."""
    found = words(paragraph)
    return _runs("\0".join(found).encode(errors="replace")) if found else set()


def _runs(line: bytes) -> set[int]:
    """Of words with a NUL between them."""
    said = line.split(b"\0")
    runs = (
        map(b" ".join, zip(*(said[at:] for at in range(SIZE)), strict=False))
        if len(said) >= SIZE
        else [b" ".join(said)]
    )
    digests = []
    for run in runs:
        one = _SHINGLE.copy()
        one.update(run)
        digests.append(one.digest())
    return set(unpack(f">{len(digests)}I", b"".join(digests)))


def unpacked(stored: bytes) -> set[int]:
    return set(array("I", stored))


def sketch(found: set[int]) -> bytes:
    """How many shingles there are (4 bytes), and a map of them: a bit for each, in which some meet.

    The map has a power of two of bits, at least eight for a shingle, so that larger ones can be folded.
    """
    size = max(_SMALLEST, 1 << (8 * len(found) - 1).bit_length())
    marks = bytearray(b"0" * size)
    for shingle in found:
        marks[~(shingle & size - 1)] = _ONE
    return len(found).to_bytes(4, "big") + int(marks, 2).to_bytes(size // 8, "big")


def counted(drawn: bytes) -> int:
    """How many shingles a sketch is of."""
    return int.from_bytes(drawn[:4], "big")


def shared_at_most(one: bytes, other: bytes) -> int:
    """No less than the shingles that two texts have in common, told from their sketches in a few steps."""
    size = min(len(one), len(other)) - 4
    mine, others = _folded(one, size), _folded(other, size)
    hidden = min(counted(one) - mine.bit_count(), counted(other) - others.bit_count())  # behind another in their bit
    return (mine & others).bit_count() + hidden


def _folded(drawn: bytes, size: int) -> int:
    """The map of a sketch as if it had been drawn in `size` bytes."""
    bits, length = int.from_bytes(drawn[4:], "big"), len(drawn) - 4
    while length > size:
        length //= 2
        bits = bits >> 8 * length | bits & (1 << 8 * length) - 1
    return bits


def bands(found: Iterable[int]) -> list[int]:
    """Forty keys; items that share one are worth comparing. Signed 64-bit numbers, as databases have them."""
    return _keys(_lowest(found))


def _lowest(found: Iterable[int]) -> list[int]:
    """The smallest shingle of each bin."""
    lowest = [_NONE] * BINS
    for shingle in found:
        place = shingle % BINS
        if shingle < lowest[place]:  # noqa: PLR1730 - a call of min for each shingle takes twice as long
            lowest[place] = shingle
    return lowest


def _keys(lowest: list[int]) -> list[int]:
    if min(lowest) == _NONE:
        return []
    filled = [shingle // BINS for shingle in lowest] if max(lowest) < _NONE else _filled(lowest)
    digests = []
    for start in range(0, BINS, ROWS):
        one = _KEY.copy()
        one.update(f"{start}:{filled[start : start + ROWS]}".encode())
        digests.append(one.digest())
    return list(unpack(f">{len(digests)}q", b"".join(digests)))


def _filled(lowest: list[int]) -> list[int]:
    """An empty bin borrows from the next full one; not all are empty."""
    filled, value, steps = [0] * BINS, 0, 0
    for place in range(2 * BINS - 1, -1, -1):  # twice round, since the last borrow from the first
        shingle = lowest[place % BINS]
        value, steps = (shingle // BINS, 0) if shingle < _NONE else (value, steps + 1)
        if place < BINS:
            filled[place] = value + steps * _FAR
    return filled


def picture_hash(image: Image.Image) -> int | None:
    """Difference hash: is each of 8 x 8 points brighter than its right neighbour? None for a picture without shapes.

    Of a JPEG a draft of `DRAFT` is enough.
    """
    from PIL.Image import Resampling  # here: most items bring no picture

    small = image.convert("L").resize((9, 8), Resampling.BOX).tobytes()
    bits = [small[row * 9 + column] > small[row * 9 + column + 1] for row in range(8) for column in range(8)]
    return sum(1 << place for place, bit in enumerate(bits) if bit) if 4 <= sum(bits) <= 60 else None


def picture_bands(value: int) -> list[int]:
    """Four keys: hashes that differ in at most three bits share one; negative, so that no text has them."""
    return [-(1 + (part << 16) + (value >> (16 * part) & 0xFFFF)) for part in range(4)]


def apart(one: int, other: int) -> int:
    """In how many of 64 bits two picture hashes differ."""
    return (one ^ other).bit_count()
