"""Recall and precision of the guards on the labelled sentences: python bench/guards.py [--half tune|report] [--worst N].

The sentences lie in tests/rules/data; a sentence counts as found when any place in it is found. Odd lines were used for
tuning, even ones only for reporting. A `file` of your own in the same form may be given with --personal or --secrecy.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
DATA = ROOT / "tests" / "rules" / "data"


def rows(file: Path, half: str = "") -> list[list[str]]:
    """Labelled lines; \\uXXXX and \\n are escapes."""
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    if half:
        lines = lines[half == "report" :: 2]
    return [_unescaped(line).split("\t") for line in lines]


def _unescaped(line: str) -> str:
    import re

    line = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)) if found[1] != "0009" else "\\t", line)
    return line.replace("\\n", "\n")


def personal(file: Path, half: str) -> tuple[Counter, Counter, list[str]]:
    from pipeline.recognise.personal import find

    counts, right_kind, wrong = Counter(), Counter(), []
    for kind, text in rows(file, half):
        hits = find(text)
        verdict = ("hit" if hits else "missed") if kind != "-" else ("added" if hits else "right")
        counts[kind, verdict] += 1
        right_kind[kind] += kind in {hit.kind for hit in hits}
        if verdict in ("missed", "added"):
            wrong.append(f"  {verdict} {kind} {[(hit.kind, text[hit.start : hit.end]) for hit in hits]}\n      {text}")
    return counts, right_kind, wrong


def secrecy(file: Path, half: str) -> tuple[Counter, Counter, list[str]]:
    from pipeline.recognise import secrecy as marks

    counts, right_kind, wrong = Counter(), Counter(), []
    for kind, where, text in rows(file, half):
        found = marks.level_of(text.replace("\\t", "\t"), where)
        verdict = ("right" if found is None else "added") if kind == "-" else ("hit" if found == kind else "missed")
        counts[kind, verdict] += 1
        right_kind[kind] += found == kind
        if verdict in ("missed", "added"):
            wrong.append(f"  {verdict} {kind} ({where}) got {found}: {text!r}")
    return counts, right_kind, wrong


def report(name: str, counts: Counter, right_kind: Counter, wrong: list[str], worst: int) -> None:
    hit, missed, added = (sum(n for (_k, v), n in counts.items() if v == word) for word in ("hit", "missed", "added"))
    print(f"{name}: {sum(counts.values())} sentences, recall {hit / (hit + missed):.4f} ({missed} missed), "
          f"precision {hit / (hit + added):.4f} ({added} added)")  # fmt: skip
    for kind in sorted({kind for kind, _v in counts if kind != "-"}):
        of = counts[kind, "hit"] + counts[kind, "missed"]
        print(f"  {kind:10} recall {counts[kind, 'hit'] / of:.3f} of {of:3}, right kind {right_kind[kind] / of:.3f}")
    print("\n".join(wrong[:worst]))


def speed() -> None:
    """All guards over an article of 600 words from the samples: reading the item, marks, personal data, pictures."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from pipeline.parse.item import parse
    from pipeline.privacy import read
    from pipeline.reference import units
    from pipeline.rules import RULES, Context

    now = datetime(2026, 11, 24, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    bodies = [file.read_text(encoding="utf-8").split("---", 2)[2] for file in sorted((DATA / "content").rglob("*.md"))]
    words = " ".join("\n\n".join(bodies).split(" ")[:600])
    source = f"---\nkind: article\ntitle: Phường mở thêm quầy\nsummary: Chờ ít hơn.\ndate: 2026-11-20\n---\n{words}"
    item = parse(source.encode(), units().find("so-noi-vu", now.date()), now.tzinfo).item
    guards = [rule for code, rule in RULES.items() if code.startswith("SAFE")]
    taken = []
    for _ in range(50):
        start = time.process_time()
        context = Context(now, reading=read(item))
        assert not [flaw for rule in guards for flaw in rule.check(item, context)]
        taken.append(time.process_time() - start)
    median = sorted(taken)[len(taken) // 2]
    print(f"speed: {median * 1e3:.2f} ms of processor time for an article of 600 words ({len(source)} characters)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("tune", "report"), default="")
    parser.add_argument("--worst", type=int, default=30)
    parser.add_argument("--personal", type=Path, default=DATA / "personal.tsv")
    parser.add_argument("--secrecy", type=Path, default=DATA / "secrecy.tsv")
    options = parser.parse_args()
    report("personal data", *personal(options.personal, options.half), options.worst)
    report("secrecy and internal marks", *secrecy(options.secrecy, options.half), options.worst)
    speed()


if __name__ == "__main__":
    main()
