"""How well items are tagged: python bench/tagging.py [FILE.yaml …] [--half even|odd] [--command "CMD"] [--worst N].

Without a file: every set in bench/data, each with what it may be used for. A prediction in `optional` is neither rewarded
nor punished. Topics, fields and audiences are measured where an item has labels for them. With --command an external
classifier reads JSON lines {"id","kind","title","summary","body"} and answers JSON lines {"id","areas","scores"}.
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
LABELS = ("topics", "fields", "audiences")
DATA = Path(__file__).resolve().parent / "data"
USE = {
    "tagging-dev.yaml": "the weights were learned from it: regressions only",
    "tagging-tune.yaml": "the weights were learned from it: regressions only",
    "tagging-train.yaml": "the weights were learned from it: regressions only",
    "tagging-heldout.yaml": "never learned from, its misses never read: the figure to quote",
    "tagging-examiner.yaml": "by an examiner who had read neither classifier nor sets; never learned from, its misses read",
    "tagging-examiner-two.yaml": "by a second such examiner; first contact 0.982; never learned from, its misses read",
    "tagging-fresh.yaml": "a random third of 155 hard items, labelled before anything was run; never learned from, its misses never read",
    "tagging-last.yaml": "written after the method stood, never learned from, its misses never read",
}
ROUNDS = 5
Items = list[dict[str, Any]]
Found = dict[str, dict[str, Any]]


def in_process(items: Items) -> Found:
    from pipeline.classify import Words, classify
    from pipeline.lexicon import load

    lexicon = load()
    found = {}
    for item in items:
        words = Words(item["title"], item.get("summary") or "", (), item.get("body") or "")
        tagging = classify(words, item["kind"], lexicon=lexicon)
        found[item["id"]] = {
            "areas": list(tagging.areas), "scores": dict(tagging.scores), "doubt": list(tagging.doubt),
            "evidence": tagging.evidence, **{label: list(getattr(tagging, label)) for label in LABELS},
        }  # fmt: skip
    return found


def by_command(items: Items, command: str) -> Found:
    keys = ("id", "kind", "title", "summary", "body")
    lines = "".join(json.dumps({key: item.get(key) or "" for key in keys}, ensure_ascii=False) + "\n" for item in items)
    done = subprocess.run(shlex.split(command), input=lines, text=True, capture_output=True, check=True)
    answers = (json.loads(line) for line in done.stdout.splitlines() if line.strip())
    return {answer["id"]: answer for answer in answers}


def ratio(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def line(name: str, of: Counter[str]) -> float:
    """Prints precision, recall and F1 of hits, misses and additions; gives F1."""
    precision, recall = ratio(of["hit"], of["hit"] + of["added"]), ratio(of["hit"], of["hit"] + of["missed"])
    f1 = ratio(2 * of["hit"], 2 * of["hit"] + of["missed"] + of["added"])
    print(f"{name:14} P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}  missed {of['missed']:3}  added {of['added']:3}")
    return f1


def report(items: Items, found: Found, worst: int) -> float:
    """Areas: per area and micro, items without area, confusion, worst errors with their evidence; gives micro-F1."""
    counts = {area: Counter[str]() for area in AREAS}
    confused: Counter[str] = Counter()
    wrong = []
    none = tagged = 0
    for item in items:
        required, optional = set(item["required"]), set(item.get("optional") or ())
        given = set(found.get(item["id"], {}).get("areas", ())) - (optional - required)
        for area in AREAS:
            key = {(1, 1): "hit", (1, 0): "missed", (0, 1): "added"}.get((area in required, area in given), "no")
            counts[area][key] += 1
        if not required and not optional:
            none, tagged = none + 1, tagged + bool(given)
        if given != required:
            missed, added = sorted(required - given), sorted(given - required)
            wrong.append((len(missed) + len(added), item, missed, added))
            confused[f"{'+'.join(sorted(required)) or 'none'} -> {'+'.join(sorted(given)) or 'none'}"] += 1
    for area, of in counts.items():
        line(area, of)
    f1 = line("micro", sum(counts.values(), Counter[str]()))
    print(f"no area        {ratio(none - tagged, none):.3f} left untagged ({tagged} of {none} tagged)")
    doubts = sum(bool(found.get(item["id"], {}).get("doubt")) for item in items)
    print(f"exact match    {1 - ratio(len(wrong), len(items)):.3f} of {len(items)} items; {doubts} go to an editor")
    if worst:
        print("confusion     ", "; ".join(f"{what} {times}" for what, times in confused.most_common(8)) or "none")
    for _, item, missed, added in sorted(wrong, key=lambda one: -one[0])[:worst]:
        show(item, found.get(item["id"], {}), missed, added)
    return f1


def show(item: dict[str, Any], answer: dict[str, Any], missed: list[str], added: list[str]) -> None:
    scores = {area: round(score, 2) for area, score in answer.get("scores", {}).items()}
    print(f"  {item['id']} {item['kind']:7} missed {missed} added {added} {scores}\n      {item['title']}")
    for area in (*added, *missed):
        words = sorted(answer.get("evidence", {}).get(area, ()), key=lambda one: -one.weight)[:6]
        print(
            f"      {area}: " + (", ".join(f"{one.text} ({one.field}, {one.weight:g})" for one in words) or "no words")
        )


def report_labels(items: Items, found: Found) -> None:
    """Topics (is the first one right? acceptable ones), fields and audiences of the items that have labels."""
    for label in LABELS:
        of: Counter[str] = Counter()
        first = asked = 0
        for item in items:
            if label not in item or item["id"] not in found:
                continue
            wanted, given = set(item[label]), found[item["id"]].get(label, [])
            of.update(hit=len(wanted & set(given)), missed=len(wanted - set(given)), added=len(set(given) - wanted))
            asked += 1
            first += given[:1] == [] if not wanted else given[:1] != [] and given[0] in wanted
        if asked:
            line(label, of)
            print(f"               first right {ratio(first, asked):.3f} of {asked}")


def speed(items: Items) -> None:
    """As they are, and the same items repeated until the body has 600 words; processor time, since the machine is shared."""
    long = [item | {"body": " ".join(((item.get("body") or "không có gì ") + " ").split() * 12)} for item in items]
    long = [item | {"body": " ".join(item["body"].split()[:600])} for item in long]
    for name, group in (("ordinary", items), ("600 words", long)):
        in_process(group[:1])
        start = time.process_time()
        for _ in range(ROUNDS):
            in_process(group)
        taken = (time.process_time() - start) / (ROUNDS * len(group))
        print(f"speed          {taken * 1e3:.3f} ms an item ({name}), {1 / taken:,.0f} items/s")


def main() -> None:
    import yaml

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", type=Path)
    parser.add_argument("--command", help="external classifier on JSON lines")
    parser.add_argument("--half", choices=("even", "odd"), help="only every second item")
    parser.add_argument(
        "--worst", type=int, default=None, help="how many errors to show; none of held-out sets by default"
    )
    options = parser.parse_args()
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    paths = options.sets or sorted(DATA.glob("tagging-*.yaml"))
    for path in paths:
        items = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
        items = items[options.half == "odd" :: 2] if options.half else items
        use = USE.get(path.name, "")
        print(f"\n== {path.name}" + (f" ({use})" if use else ""))
        found = by_command(items, options.command) if options.command else in_process(items)
        worst = options.worst if options.worst is not None else 0 if "never" in use else 20
        report(items, found, worst)
        report_labels(items, found)
    if not options.command:
        speed(items)


if __name__ == "__main__":
    main()
