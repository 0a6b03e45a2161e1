"""Learn pipeline/data/learned.json from labelled items: python -m tools.learn_words [--cross] [FILE…].

A logistic regression for each area, and one for "of any area at all", over pipeline.classify.features, fitted by coordinate
descent: the same bytes from the same files, on any machine, with the standard library. An area knows its own terms only,
and they never speak against it; items are also learned in pairs, as a round-up tells them. With --cross nothing is written: every eighth part is judged by
weights learned from the rest, which is the honest figure for the files it was given.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from pipeline import classify, learned, lexicon
from pipeline.text import fold_tones, nfc

ROOT = Path(__file__).resolve().parents[1]
SETS = [ROOT / "bench" / "data" / f"tagging-{name}.yaml" for name in ("dev", "tune", "train")]
AREAS = ("kstthc", "mot-cua", "de-an-06", "chuyen-doi-so")
SEEN_IN = 3  # items that a phrase must stand in
PENALTY = 0.33  # on the squares of the weights
OWN = 0.2  # the same for the area's own terms
SWEEPS = 40
STILL = 0.002  # no weight moved further in a sweep: done
LEAST = 0.02  # weights below are left out
OPTIONAL = 0.1  # how much an item counts for an area that some editors would give
SHORT = 0.3  # how much a title with its summary counts beside the whole item
MIXED = 0.1  # how much items told together count
ANY = "any"  # the last weight of a feature: for any area at all
FOOTERS = (
    " Nguồn: Cổng thông tin điện tử thành phố Hà Nội.",
    " Mọi phản ánh, kiến nghị xin gửi về đường dây nóng của phường hoặc qua ứng dụng iHanoi.",
    " Bài viết thực hiện theo kế hoạch truyền thông về cải cách hành chính và chuyển đổi số của Thành phố.",
    " Thời gian tới, phường tiếp tục đẩy mạnh cải cách thủ tục hành chính, nâng cao chất lượng phục vụ người dân.",
    " Người dân cần hỗ trợ thủ tục liên hệ Bộ phận Một cửa của phường trong giờ hành chính.",
)

Row = tuple[dict[str, float], frozenset[str], frozenset[str], float]
Columns = dict[str, list[tuple[int, float]]]


def read(paths: Iterable[Path]) -> list[dict[str, Any]]:
    return [item for path in paths for item in yaml.safe_load(path.read_text(encoding="utf-8"))]


def lines_of_the_lexicon() -> list[dict[str, Any]]:
    """The labelled lines of the lexicon: titles that are not to be mistaken."""
    data = yaml.safe_load((files("pipeline") / "data" / "lexicon.yaml").read_text(encoding="utf-8"))
    return [
        {
            "id": f"lexicon-{number}",
            "kind": "article",
            "title": title,
            "summary": "",
            "body": "",
            "required": [area] if area else [],
        }
        | {"optional": [one for one in AREAS if one != area] if area else []}
        for number, (title, area) in enumerate(data["tests"])
    ]


def words_of(item: dict[str, Any]) -> classify.Words:
    return classify.Words(item["title"], item.get("summary") or "", (), item.get("body") or "")


def variants(item: dict[str, Any], number: int) -> Iterator[tuple[dict[str, Any], float]]:
    """The item, what a reader sees of it in a list, and, if it has no area, the item with an office's footer."""
    yield item, 1.0
    yield item | {"body": ""}, SHORT
    if not item["required"] and not item.get("optional"):
        yield item | {"body": (item.get("body") or "") + FOOTERS[number % len(FOOTERS)]}, SHORT


def mixes(items: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Items told together, so that words of one area are no sign against another: each item with one or two of other
    areas, and each without area with one more of them."""
    whole = [item for item in items if item.get("body")]
    told = [item for item in whole if item["required"]]
    plain = [item for item in whole if not item["required"] and not item.get("optional")]
    for number, item in enumerate(told):
        group = [item]
        for part in (1, 2)[: 1 + (number % 3 == 0)]:
            start = number + part * len(told) // 3
            others = (told[(start + step) % len(told)] for step in range(len(told)))
            known = [set(one["required"]) for one in group]
            group += [one for one in [next((one for one in others if set(one["required"]) not in known), None)] if one]
        if len(group) > 1:
            yield together(group, number)
    for number, item in enumerate(plain):
        yield together([item, plain[(number + len(plain) // 3) % len(plain)]], number)


def together(group: Sequence[dict[str, Any]], number: int) -> dict[str, Any]:
    """Title of the first, summary of the next, all bodies, in turning order; all their areas."""
    turn = number % len(group)
    required = {area for one in group for area in one["required"]}
    optional = {area for one in group for area in one.get("optional") or ()}
    return group[0] | {
        "summary": group[1].get("summary") or "",
        "body": " ".join(one["body"] for one in (*group[turn:], *group[:turn])),
        "required": sorted(required),
        "optional": sorted(optional - required),
    }


def rows(items: Sequence[dict[str, Any]], empty: learned.Learned) -> list[Row]:
    lexicon_ = lexicon.load()
    found = []
    weighed = [pair for number, item in enumerate(items) for pair in variants(item, number)]
    for one, weight in [*weighed, *((item, MIXED) for item in mixes(items))]:
        words = words_of(one)
        evidence = classify._evidence(words, lexicon_, empty)  # noqa: SLF001 - the learner sees what the classifier sees
        counts = classify.phrases(words, lexicon_, None, {})
        given = classify.features(evidence, counts, one["kind"], words)
        found.append((given, frozenset(one["required"]), frozenset(one.get("optional") or ()), weight))
    return found


def fit(
    columns: Columns, own: frozenset[str], wanted: list[bool], weights: list[float]
) -> tuple[float, dict[str, float]]:
    """Bias and weights of a logistic regression with a ridge; one Newton step a coordinate, the bias free of penalty.

    The weights of `own` keys, the area's terms, have a smaller ridge and are never below naught.
    """
    total, slopes, bias = [0.0] * len(wanted), dict.fromkeys(columns, 0.0), 0.0
    everyone = [(row, 1.0) for row in range(len(wanted))]
    for _ in range(SWEEPS):
        bias += (far := _step(everyone, total, wanted, weights, 0.0, 0.0, -math.inf))
        for key, column in columns.items():
            ridge, least = (OWN, 0.0) if key in own else (PENALTY, -math.inf)
            move = _step(column, total, wanted, weights, slopes[key], ridge, least)
            slopes[key] += move
            far = max(abs(far), abs(move))
        if far < STILL:
            break
    return bias, slopes


def _step(column: list[tuple[int, float]], total: list[float], wanted: list[bool], weights: list[float], at: float, ridge: float, least: float) -> float:  # fmt: skip
    slope, bend = ridge * at, ridge + 1e-9
    for row, value in column:
        chance = 1 / (1 + math.exp(-total[row]))
        slope += weights[row] * (chance - wanted[row]) * value
        bend += weights[row] * chance * (1 - chance) * value * value
    move = max(-1.0, least - at, min(1.0, -slope / bend))
    for row, value in column:
        total[row] += move * value
    return move


def learn(items: Sequence[dict[str, Any]], syllables: str) -> dict[str, Any]:
    """The content of learned.json, without its head."""
    empty = learned.Learned({"areas": AREAS, "bias": [0.0] * 5, "weights": {}, "syllables": syllables})
    table = rows(items, empty)
    seen = Counter(key for given, _, _, weight in table if weight == 1.0 for key in given)
    columns: Columns = {key: [] for key in sorted(seen) if seen[key] >= SEEN_IN or ":" in key}
    for row, (given, _, _, _) in enumerate(table):
        for key, value in given.items():
            if value and key in columns:
                columns[key].append((row, value))
    fitted = [fit_area(area, columns, table) for area in (*AREAS, ANY)]
    weights = {
        key: [round(one, 3) if abs(one := slopes.get(key, 0.0)) >= LEAST else 0.0 for _, slopes in fitted]
        for key in columns
    }
    kept = {key: of for key, of in weights.items() if any(of)}
    return {"areas": list(AREAS), "bias": [round(bias, 3) for bias, _ in fitted], "weights": kept}


def fit_area(area: str, columns: Columns, table: Sequence[Row]) -> tuple[float, dict[str, float]]:
    """Bias and weights of one area, from words and its own terms; of `any` area, from all."""
    own = frozenset(key for key in columns if key.startswith(f"{area}:"))
    read = (
        columns
        if area == ANY
        else {key: column for key, column in columns.items() if key in own or key.partition(":")[0] not in AREAS}
    )
    wanted = [bool(required) if area == ANY else area in required for _, required, _, _ in table]
    unsure = [
        bool(optional and not required) if area == ANY else area in optional - required
        for _, required, optional, _ in table
    ]
    counts = [row[3] * (OPTIONAL if doubted else 1.0) for row, doubted in zip(table, unsure, strict=True)]
    return fit(read, own, wanted, counts)


def syllables_of(items: Iterable[dict[str, Any]]) -> str:
    """Syllables that are words: those of the labelled texts and of the lexicon, but for known slips of the keyboard."""
    raw = (files("pipeline") / "data" / "lexicon.yaml").read_text(encoding="utf-8")
    texts = [*(item.get(key) or "" for item in items for key in ("summary", "body")), raw]
    seen = Counter(word for text in texts for word in re.findall(r"[^\W\d_]+", fold_tones(nfc(text).lower())))
    return " ".join(sorted(word for word, times in seen.items() if times > 1))


def judge(items: Sequence[dict[str, Any]], parts: int) -> None:
    sys.path.insert(0, str(ROOT / "bench"))
    from tagging import report  # type: ignore[import-not-found]  # bench/ is no package: its scripts run by path

    order = list(range(len(items)))
    random.Random(7).shuffle(order)  # noqa: S311 - a fixed split, no secret
    found: dict[str, dict[str, Any]] = {}
    syllables = syllables_of(items)
    for part in range(parts):
        test = {order[index] for index in range(part, len(order), parts)}
        made = learn([item for index, item in enumerate(items) if index not in test], syllables)
        weights = learned.Learned(made | {"syllables": syllables})
        for index in test:
            item = items[index]
            tagging = classify.classify(words_of(item), item["kind"], lexicon=lexicon.load(), weights=weights)
            found[item["id"]] = {"areas": tagging.areas, "scores": tagging.scores, "doubt": tagging.doubt}
    for prefix, chosen in (("all", items), ("without dev", [one for one in items if not one["id"].startswith("dev-")])):
        print(f"== cross-validated, {prefix}")
        report(chosen, found, 0)


def as_json(made: Mapping[str, Any]) -> str:
    """A line for each weight, so that a diff shows what was learned anew."""
    top = {key: json.dumps(value, ensure_ascii=False) for key, value in made.items()}
    lines = [f"{json.dumps(key, ensure_ascii=False)}: {value}" for key, value in made["weights"].items()]
    top["weights"] = "{\n" + ",\n".join(lines) + "\n}"
    return "{\n" + ",\n".join(f'"{key}": {value}' for key, value in top.items()) + "\n}\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", type=Path, default=SETS)
    parser.add_argument("--cross", action="store_true", help="judge by cross-validation, write nothing")
    options = parser.parse_args()
    items = read(options.sets) + lines_of_the_lexicon()
    if options.cross:
        judge(items, 8)
        return
    syllables = syllables_of(items)
    made = learn(items, syllables)
    names = ", ".join(path.name for path in options.sets)
    head = (
        f'Written by tools/learn_words.py from {names} ({len(items)} items); not for hands. Weights: of each area in \
this order, then of any area; ":5t" is a term of weight 5 in the title.'
    )
    made = {"about": head, **made, "syllables": syllables}
    (ROOT / "pipeline" / "data" / "learned.json").write_text(as_json(made), encoding="utf-8")
    print(f"{len(made['weights'])} weights from {len(items)} items")


if __name__ == "__main__":
    main()
