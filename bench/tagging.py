"""Precision, recall and F1 of the tagging by area: `python bench/tagging.py FILE.yaml` (form: tagging-guideline.md)."""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

import yaml

from pipeline import classify, lexicon
from pipeline.model import AREAS


def main(file: Path) -> float:
    rows = yaml.safe_load(file.read_text("utf-8"))
    words = lexicon.load()
    hits, added, missed = Counter(), Counter(), Counter()
    worst, start = [], time.perf_counter()
    for row in rows:
        text = classify.Words(row["title"], row["summary"], (), row["body"])
        found = classify.classify(text, row["kind"], lexicon=words)
        got, wanted, either = set(found.areas), set(row["required"]), set(row["optional"])
        hits.update(got & wanted)
        added.update(got - wanted - either)
        missed.update(wanted - got)
        if (got - wanted - either) or (wanted - got):
            worst.append(
                f"{row['id']} +{sorted(got - wanted - either)} -{sorted(wanted - got)} {dict(found.scores)} {row['title'][:60]}"
            )
    seconds = time.perf_counter() - start
    for area in AREAS:
        print(f"{area:15} P {_share(hits[area], added[area]):.3f}  R {_share(hits[area], missed[area]):.3f}")
    h, a, m = hits.total(), added.total(), missed.total()
    f1 = 2 * h / (2 * h + a + m) if h else 0.0
    print(
        f"micro-F1 {f1:.3f}  ({len(rows)} items, {len(rows) / seconds:.0f} items/s, {len(rows) - len(worst)} exactly right)"
    )
    print("\n".join(worst))
    return f1


def _share(right: int, wrong: int) -> float:
    return right / (right + wrong) if right + wrong else 1.0


if __name__ == "__main__":
    main(Path(sys.argv[1]))
