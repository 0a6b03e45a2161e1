"""The table of goals R1 to R15 (facts: performance.md §7a): what is owed, what we are after, and what was got."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import Any

from bench.measure import Cost
from bench.pictures import SLOW, middle
from bench.tables import ratio

_PAGES = 1.0 / 10_000


def shown(kept: dict[str, Any]) -> str:
    """One line a goal; "-" where the run measured nothing for it (a peer or a size is missing)."""
    rows = [f"{'goal':5} {'what':66} {'must':>9} {'stretch':>9} {'got':>9}"]
    for name, what, must, stretch, most, work in _GOALS:
        try:
            got = work(kept)
        except (KeyError, StopIteration, ZeroDivisionError):
            rows.append(f"{name:5} {what:66} {_said(must, most):>9} {_said(stretch, most):>9} {'-':>9}")
            continue
        met = (got <= must if most else got >= must), (got <= stretch if most else got >= stretch)
        word = "stretch" if met[1] else "must" if met[0] else "NOT MET"
        rows.append(f"{name:5} {what:66} {_said(must, most):>9} {_said(stretch, most):>9} {got:9.2f} {word}")
    if any(one.get("noisy") for one in kept.values() if isinstance(one, dict)):
        rows.append("NOISY: others used the machine; none of these may be quoted.")
    return "\n".join(rows)


def _said(limit: float, most: bool) -> str:
    return f"{'<=' if most else '>='} {limit:g}"


def _costs(kept: dict[str, Any], mode: str, who: str, size: str = "10000") -> list[Cost]:
    found: list[Cost] = kept[size]["costs"][mode][who]
    return found


def _times(mode: str, who: str, what: str = "wall") -> Callable[[dict[str, Any]], float]:
    return lambda kept: ratio(_costs(kept, mode, who), _costs(kept, mode, "bantin"), what)


def _pictures(part: str, what: str = "wall", who: str = "bantin") -> Callable[[dict[str, Any]], float]:
    def got(kept: dict[str, Any]) -> float:
        cold = kept["pictures"][part]["cold"]
        return middle(cold["hugo"], what) / middle(cold[who], what)

    return got


def _quick(kept: dict[str, Any]) -> float:
    return ratio(_costs(kept, "cold", "hugo"), _costs(kept, "cold", "swift"))


def _rebuild(kept: dict[str, Any]) -> float:
    section = kept["pictures"]["section"]
    return middle(section["rebuild"]["bantin"]) / middle(section["cold"]["bantin"])


def _resident(kept: dict[str, Any]) -> float:
    found = kept["10000"]["resident"]
    return statistics.median(found["hugo"]) / statistics.median(one["wall"] for one in found["bantin"])


def _item(kept: dict[str, Any], size: str) -> float:
    """Seconds of processor time an item, without the start of the program (a run that finds nothing to do)."""
    cold = statistics.median(one.cpu for one in _costs(kept, "cold", "bantin", size))
    start = statistics.median(one.cpu for one in _costs(kept, "one", "bantin", size))
    return (cold - start) / int(size)


def _linear(kept: dict[str, Any]) -> float:
    return _item(kept, "10000") / _item(kept, "1000")


def _floor(kept: dict[str, Any]) -> float:
    size = "10000" if "10000" in kept else "1000"
    return sum(kept["floor"].values()) / 1e6 / _item(kept, size)


def _memory(size: str) -> Callable[[dict[str, Any]], float]:
    def got(kept: dict[str, Any]) -> float:
        if size in kept:
            return max(one.largest for one in _costs(kept, "cold", "bantin", size))
        return float(kept["large"][size]["cold"]["largest"])

    return got


def _share(kept: dict[str, Any]) -> float:
    return _memory("10000")(kept) / max(one.largest for one in _costs(kept, "cold", "hugo"))


def _growth(kept: dict[str, Any]) -> float:
    def bare(size: str) -> float:
        return statistics.median(one["cpu"] - one["walk"] for one in kept["large"][size]["bantin"])

    return bare("100000") / bare("1000")


# name, what, must, stretch, whether less is better, how it is worked out
_GOALS: tuple[tuple[str, str, float, float, bool, Callable[[dict[str, Any]], float]], ...] = (
    ("R1", "10k cold, wall, times faster than Pelican", 2.2, 3.0, False, _times("cold", "pelican")),
    ("R2", "10k cold, CPU, times less than Pelican", 1.25, 1.7, False, _times("cold", "pelican", "cpu")),
    ("R3", "10k cold, wall, times faster than Eleventy", 1.0, 1.3, False, _times("cold", "eleventy")),
    ("R4", "10k cold, wall, times Hugo's speed, markdown-it-py", 0.45, 0.6, False, _times("cold", "hugo")),
    ("R5", "the same with markdown-it-pyrs", 0.85, 1.1, False, _quick),
    ("R6", "10k nothing changed, wall, times faster than Hugo", 15, 25, False, _times("same", "hugo")),
    ("R6", "10k nothing changed, wall, times faster than Pelican with its cache", 40, 60, False, _times("same", "pelican")),
    ("R7", "10k one body changed, wall, times faster than Hugo", 10, 15, False, _times("one", "hugo")),
    ("R7", "10k one body changed, wall, times faster than Pelican with its cache", 22, 35, False, _times("one", "pelican")),
    ("R8", "10k one body changed, resident, times faster than Hugo's server", 5, 10, False, _resident),
    ("R9", "10k one new item, wall, times faster than Hugo", 4, 12, False, _times("new", "hugo")),
    ("R10", "covers alone, wall, times faster than Hugo", 4, 6, False, _pictures("covers")),
    ("R10", "covers alone, CPU, times less than Hugo", 3, 3, False, _pictures("covers", "cpu")),
    ("R10", "the same at WebP method 4, wall", 4, 6, False, _pictures("covers", who=SLOW)),
    ("R10", "the same at WebP method 4, CPU", 3, 3, False, _pictures("covers", "cpu", SLOW)),
    ("R11", "300 items with 60 covers, cold, wall, times faster than Hugo", 2.7, 4, False, _pictures("section")),
    ("R11", "the same at WebP method 4", 2.7, 4, False, _pictures("section", who=SLOW)),
    ("R11", "the same with the nine files of a cover that three channels take", 2.7, 4, False, _pictures("nine")),
    ("R11", "the same nine files at WebP method 4", 2.7, 4, False, _pictures("nine", who=SLOW)),
    ("R12", "rebuild with a warm cache of pictures over its cold build, wall", 0.25, 0.15, True, _rebuild),
    ("R13", "10k cold, largest process over Hugo's", 0.3, 0.2, True, _share),
    ("R14", "CPU an item at 10k over that at 1k", 1.15, 1.05, True, _linear),
    ("R15", "sum of the stages' floor over CPU an item", 0.6, 0.75, False, _floor),
    ("mem", "10k cold, largest process, MB", 250, 250, True, _memory("10000")),
    ("mem", "100k cold, largest process, MB (--large)", 500, 500, True, _memory("100000")),
    ("grow", "one change at 100k over 1k, CPU without the walk (--large)", 1.5, 1.5, True, _growth),
)  # fmt: skip
