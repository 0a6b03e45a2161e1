"""A corpus of any size from our own content: the same seed gives the same bytes, and item i does not depend on how many there are.

Sentences are chains of words, each word one that follows the one before somewhere in content/, so that no two items share
much (a story told twice is held for an editor) and the tagger, the rules and the search see real Vietnamese.
"""

from __future__ import annotations

import hashlib
import io
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
UNITS = ("so-xay-dung", "so-y-te", "so-tai-chinh", "so-nn-mt", "so-gd-dt", "thue-tp", "xa-00166", "xa-00577")
PARAGRAPHS, SENTENCES = 7, 6  # about 600 words with the lists, as the portal's longer stories have
COVERED = 5  # every fifth item has a picture when pictures are wanted
NEWEST = date(2026, 11, 20)  # the communes of today exist since July 2025: nothing is older
# Numbers, quotation marks and names are left out: they would make facts, and the guards look for personal data.
# "dự thảo", "nội bộ" and "nháp" would hold an item for an editor.
_HELD = frozenset({"thảo", "nội", "nháp", "nội,", "thảo,"})
_WORD = re.compile(r"^[a-zà-ỹđ]+[,;:]?$")


@dataclass(frozen=True)
class Entry:
    """One item, as every builder gets it; `cover` is a JPEG or empty."""

    number: int
    unit: str
    title: str
    summary: str
    day: date
    body: str
    cover: bytes = b""

    @property
    def name(self) -> str:
        """Without digits, in which the guards would look for somebody's number."""
        return "tin-" + "".join(chr(ord("a") + self.number // 26**place % 26) for place in range(5, -1, -1))


@cache
def _follows() -> dict[str, tuple[str, ...]]:
    """Each word with those that follow it in our content; the empty word begins a sentence."""
    found: dict[str, list[str]] = {}
    for file in sorted((ROOT / "content").glob("*/*.md")):
        body = file.read_text(encoding="utf-8").split("\n---\n", 1)[-1]
        for sentence in re.split(r"[.!?\n|#*>-]+", body):
            words = [word for word in sentence.lower().split() if _WORD.match(word) and word not in _HELD]
            for before, after in zip(["", *words], words, strict=False):
                found.setdefault(before, []).append(after)
    return {word: tuple(after) for word, after in found.items()}


def _sentence(dice: random.Random, length: int) -> str:
    words: list[str] = []
    while len(words) < length:
        after = _follows().get(words[-1] if words else "") or _follows()[""]
        words.append(dice.choice(after))
    text = " ".join(words).rstrip(",;:")
    return text[0].upper() + text[1:]


def _marked(dice: random.Random, sentence: str) -> str:
    """One sentence in three carries a mark, as in our own content: bold, slanted, or a link."""
    words = sentence.split(" ")
    at = dice.randint(1, len(words) - 3)
    some = " ".join(words[at : at + 2]).rstrip(",;:")
    shown = {0: f"**{some}**", 1: f"*{some}*", 2: f"[{some}](https://dichvucong.example.vn/{dice.randint(1, 999)})"}
    words[at : at + 2] = [shown.get(dice.randint(0, 9), some)]
    return " ".join(words)


def entry(number: int, *, seed: int = 1, covers: bool = False) -> Entry:
    """Item `number` of the corpus."""
    dice = random.Random(f"{seed}/{number}")  # noqa: S311 - a corpus, no secret
    paragraphs = []
    for place in range(PARAGRAPHS):
        if place in (2, 5):
            paragraphs.append("## " + _sentence(dice, 7))
        text = [_marked(dice, _sentence(dice, dice.randint(8, 15))) + "." for _turn in range(SENTENCES)]
        paragraphs.append(" ".join(text))
    paragraphs.insert(4, "\n".join(f"- **{_sentence(dice, 3)}:** {_sentence(dice, 6).lower()}" for _turn in range(5)))
    paragraphs.insert(7, "\n".join(f"{turn}. {_sentence(dice, 7)}" for turn in range(1, 4)))
    rows = [f"| {_sentence(dice, 4)} | {_sentence(dice, 3)} | {dice.randint(1, 90)} |" for _turn in range(3)]
    paragraphs.append("\n".join((f"| {_sentence(dice, 2)} | {_sentence(dice, 2)} | Số |", "|---|---|---:|", *rows)))
    day = NEWEST - timedelta(days=dice.randint(0, 480))
    return Entry(number, UNITS[number % len(UNITS)], _sentence(dice, 11), _sentence(dice, 24) + ".", day,
                 "\n\n".join(paragraphs) + "\n", _picture(dice) if covers and number % COVERED == 0 else b"")  # fmt: skip


def corpus(count: int, *, seed: int = 1, covers: bool = False) -> Iterator[Entry]:
    for number in range(count):
        yield entry(number, seed=seed, covers=covers)


def digest(count: int, *, seed: int = 1) -> str:
    """sha256 over all texts: two people with one digest measured the same corpus."""
    whole = hashlib.sha256()
    for one in corpus(count, seed=seed):
        whole.update(f"{one.name}\0{one.unit}\0{one.title}\0{one.summary}\0{one.day}\0{one.body}".encode())
    return whole.hexdigest()


def _picture(dice: random.Random) -> bytes:
    """1600 x 1000 JPEG of about 250 KB, as cameras of offices send them."""
    from PIL import Image, ImageFilter

    grain = Image.frombytes("RGB", (400, 250), dice.randbytes(400 * 250 * 3)).resize((1600, 1000))
    soft = Image.frombytes("RGB", (8, 5), dice.randbytes(120)).resize((1600, 1000), Image.Resampling.BICUBIC)
    made = io.BytesIO()
    Image.blend(soft, grain.filter(ImageFilter.GaussianBlur(2)), 0.35).save(made, "JPEG", quality=85)
    return made.getvalue()
