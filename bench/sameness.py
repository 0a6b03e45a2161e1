"""Sameness: precision and recall on stories written for it and on edits of our own content, and the cost of a look-up.

`python bench/sameness.py [ITEMS]` (10,000 unless told). Writes nothing but a temporary database.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
import tomllib
from pathlib import Path

from pipeline.ledger import Prepared, sameness
from pipeline.ledger.engine import open_engine
from pipeline.likeness import bands, likeness, unpacked
from pipeline.model import Identity, Outcome
from pipeline.parse import markdown, metadata

HERE = Path(__file__).parent
BOILERPLATE = (
    "Mọi thắc mắc, phản ánh, kiến nghị, người dân và doanh nghiệp vui lòng gọi Tổng đài 1022 nhánh 7, 8 hoặc gửi qua ứng dụng iHanoi để được hướng dẫn.",
    "Bài viết thuộc chuyên mục tuyên truyền kiểm soát thủ tục hành chính, cơ chế một cửa, một cửa liên thông, Đề án 06 và chuyển đổi số của Thành phố.",
)


def item(number: int, text: str, unit: str = "so-noi-vu") -> Prepared:
    from datetime import UTC, datetime

    now = datetime(2026, 11, 24, tzinfo=UTC)
    return Prepared(f"{unit}/{number}.md", unit, "", (), "", Outcome.PUBLISH, identity=Identity(f"i{number}", f"a{number}", now),
                    title=f"Tin {number}", likeness=likeness([text], {}))  # fmt: skip


def edited(text: str, rate: float, dice: random.Random, pool: list[str]) -> str:
    """An editor at work: runs of one to six words replaced, dropped or moved until `rate` of the words are touched."""
    words = text.split(" ")
    touched, wanted = 0, rate * len(words)
    while touched < wanted:
        size = min(dice.randint(1, 6), int(wanted - touched) + 1)
        start = dice.randrange(max(1, len(words) - size))
        new = [] if dice.random() < 0.3 else [dice.choice(pool) for _n in range(size)]
        words[start : start + size] = new
        touched += size
    return " ".join(words)


def share(one: str, other: str) -> float:
    first, second = (unpacked(b"".join(s for _h, s in likeness([text], {}).passages)) for text in (one, other))
    return len(first & second) / max(1, min(len(first), len(second)))


def verdict(texts: list[str]) -> list[str]:
    """The code that each text got, taken in one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/x.db")
        found = sameness.compared(engine, [item(number, text) for number, text in enumerate(texts)])
        engine.dispose()
    return [one.findings[0].code if one.findings else "" for one in found]


def quality() -> None:
    groups = tomllib.loads((HERE / "sameness.toml").read_text(encoding="utf-8"))["group"]
    own = [
        metadata.read(path.read_text(encoding="utf-8")).body for path in sorted((HERE.parent / "content").rglob("*.md"))
    ]
    own = ["\n".join(line for line in markdown.document(body, 1).text.split("\n") if line) for body in own]
    own = [body for body in own if len(body.split()) > 80]
    dice = random.Random(6)
    pool = [word for body in own for word in body.split()]
    stories = [*(group["story"] for group in groups), *(group["other"] for group in groups), *own]
    for name, tail in (("plain", ""), ("with boilerplate", "\n" + "\n".join(BOILERPLATE))):
        texts = [text + tail for text in stories]
        alarms = [code for code in verdict(texts) if code]
        print(
            f"{name}: {len(texts)} different stories, {len(texts) * (len(texts) - 1) // 2} pairs: {len(alarms)} alarms {alarms}"
        )
        by_hand = [group["again"] + tail for group in groups]
        found = verdict([*texts, *by_hand])[len(texts) :]
        print(
            f"{name}: edited by hand: {sum(map(bool, found))} of {len(found)} found, {found.count('SAME001')} of them held"
        )
        for rate in (0.1, 0.2, 0.3):
            again = [edited(text, rate, dice, pool) + tail for text in stories]
            found = verdict([*texts, *again])[len(texts) :]
            print(f"{name}: {rate:.0%} of the words edited: {sum(map(bool, found))} of {len(found)} found, "
                  f"{found.count('SAME001')} of them held")  # fmt: skip
    print("by hand, shares:", [round(share(group["story"], group["again"]), 2) for group in groups])
    print("others, highest share:", round(max(share(a, b) for n, a in enumerate(stories) for b in stories[:n]), 3))


def cost(count: int) -> None:
    """Items of about 250 syllables from 3,000 syllables with Zipf's weights, one in fifty an edited copy."""
    from pipeline.syllables import syllables

    dice = random.Random(7)
    vocabulary = dice.sample(sorted(syllables()), 3000)
    weights = [1 / (rank + 3) for rank in range(len(vocabulary))]
    texts: list[str] = []
    for number in range(count):
        copy = number % 50 == 49
        fresh = "\n".join(" ".join(dice.choices(vocabulary, weights, k=60)) for _n in range(4))
        texts.append(
            edited(texts[dice.randrange(number)], 0.2, dice, vocabulary) if copy else fresh + "\n" + BOILERPLATE[0]
        )
    began = time.process_time()
    items = [item(number, text) for number, text in enumerate(texts)]
    print(f"signature: {(time.process_time() - began) / count * 1000:.2f} ms of CPU an item")
    one = unpacked(b"".join(stored for _hash, stored in items[0].likeness.passages))
    began = time.process_time()
    for _n in range(50):
        bands(one)
    print(f"bands: {(time.process_time() - began) / 50 * 1000:.2f} ms an item")
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/x.db")
        hits, size = 0, 0
        for start in range(0, count, 50):
            began = time.process_time()
            found = sameness.compared(engine, items[start : start + 50])
            spent = time.process_time() - began
            hits += sum(bool(one.findings) for one in found)
            if start % (count // 5) == 0:
                print(f"  with {start:>6} items known: {spent / 50 * 1000:.2f} ms of CPU an item")
        print(f"  with {start:>6} items known: {spent / 50 * 1000:.2f} ms of CPU an item")
        size = sum(file.stat().st_size for file in Path(folder).iterdir())
        engine.dispose()
    print(f"found {hits} of {count // 50} copies; {size / count / 1024:.1f} KB an item on disk")


if __name__ == "__main__":
    quality()
    cost(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
