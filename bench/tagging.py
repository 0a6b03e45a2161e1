"""How well items are tagged: python bench/tagging.py [FILE.yaml] [--half even|odd] [--command "CMD"] [--worst N].

A prediction in `optional` is neither rewarded nor punished. With --command an external classifier reads JSON lines
{"id","kind","title","summary","body"} and answers JSON lines {"id","areas","scores"}.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

AREAS = ("kstthc", "mot-cua", "de-an-06", "chuyen-doi-so")
ROUNDS = 20
DEV = Path(__file__).with_name("data") / "tagging-dev.yaml"


def in_process(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    from pipeline.classify import Words, classify
    from pipeline.lexicon import load

    lexicon = load()
    found = {}
    for item in items:
        words = Words(item["title"], item.get("summary") or "", (), item.get("body") or "")
        tagging = classify(words, item["kind"], lexicon=lexicon)
        found[item["id"]] = {"areas": list(tagging.areas), "scores": dict(tagging.scores)}
    return found


def by_command(items: list[dict[str, Any]], command: str) -> dict[str, dict[str, Any]]:
    keys = ("id", "kind", "title", "summary", "body")
    lines = "".join(json.dumps({key: item.get(key) or "" for key in keys}, ensure_ascii=False) + "\n" for item in items)
    done = subprocess.run(shlex.split(command), input=lines, text=True, capture_output=True, check=True)
    answers = (json.loads(line) for line in done.stdout.splitlines() if line.strip())
    return {answer["id"]: answer for answer in answers}


def ratio(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def report(items: list[dict[str, Any]], found: dict[str, dict[str, Any]], worst: int) -> float:
    counts = {area: Counter[str]() for area in AREAS}
    wrong = []
    for item in items:
        required, optional = set(item["required"]), set(item.get("optional") or ())
        given = set(found.get(item["id"], {}).get("areas", ())) - (optional - required)
        for area in AREAS:
            counts[area][
                {(1, 1): "hit", (1, 0): "missed", (0, 1): "added"}.get((area in required, area in given), "no")
            ] += 1
        if given != required:
            wrong.append((len(given ^ required), item, sorted(required - given), sorted(given - required)))
    total = sum(counts.values(), Counter[str]())
    for area, of in (*counts.items(), ("micro", total)):
        precision, recall = ratio(of["hit"], of["hit"] + of["added"]), ratio(of["hit"], of["hit"] + of["missed"])
        f1 = ratio(2 * of["hit"], 2 * of["hit"] + of["missed"] + of["added"])
        print(
            f"{area:14} P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}  missed {of['missed']:3}  added {of['added']:3}"
        )
    print(f"exact match    {1 - ratio(len(wrong), len(items)):.3f} of {len(items)} items")
    for _, item, missed, added in sorted(wrong, key=lambda one: -one[0])[:worst]:
        scores = {area: round(score, 1) for area, score in found.get(item["id"], {}).get("scores", {}).items()}
        print(f"  {item['id']} {item['kind']:7} missed {missed} added {added} {scores}\n      {item['title']}")
    return f1


def speed(items: list[dict[str, Any]]) -> None:
    """The same items, repeated until the body has 600 words."""
    long = [item | {"body": " ".join(((item.get("body") or "không có gì ") + " ").split() * 12)} for item in items]
    long = [item | {"body": " ".join(item["body"].split()[:600])} for item in long]
    in_process(long[:1])
    start = time.perf_counter()
    for _ in range(ROUNDS):
        in_process(long)
    taken = (time.perf_counter() - start) / (ROUNDS * len(long))
    print(f"speed          {1 / taken:,.0f} items/s of 600 words ({taken * 1e3:.3f} ms each)")


def main() -> None:
    import yaml

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "file", type=Path, nargs="?", default=DEV, help="labelled items; bench/README.md says how to read them"
    )
    parser.add_argument("--command", help="external classifier on JSON lines")
    parser.add_argument("--half", choices=("even", "odd"), help="only every second item")
    parser.add_argument("--worst", type=int, default=20)
    options = parser.parse_args()
    items = yaml.safe_load(options.file.read_text(encoding="utf-8"))
    if options.half:
        items = items[options.half == "odd" :: 2]
    report(items, by_command(items, options.command) if options.command else in_process(items), options.worst)
    if not options.command:
        speed(items)


if __name__ == "__main__":
    main()
