"""Pictures beside Hugo's pipeline: a news section of 300 items, every fifth with a cover, and 40 items that all have one.

Hugo makes two JPEG and two WebP of a cover. bantin makes the same four and the Open Graph picture, and in another run the
nine files that it makes as it is shipped: three widths in both formats, the sizes of Zalo and Facebook, the Open Graph
picture. A rebuild has its made pictures and no `public/`. WebP's method is 2, which is also Hugo's (`hugo
config`, 0.168); `SLOW` is bantin with method 4 (docs/decisions/059).
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from bench import corpus, newsroom
from bench.corpus import Entry
from bench.measure import Cost
from bench.tables import table

SECTION, COVERS = 300, 40
SLOW = "bantin m4"


def measured(turns: int, wanted: Sequence[str]) -> dict[str, Any]:
    """Costs of the section, of covers alone, and of a rebuild with what was made before."""

    def news() -> Iterable[Entry]:
        return corpus.corpus(SECTION, covers=True)

    section = _costs(news, turns, wanted, again=True, more=newsroom.LEAN)
    covers = _costs(_covered, turns, wanted, more=newsroom.LEAN)
    return {"section": section, "covers": covers, "nine": _costs(news, turns, wanted)}


def shown(found: dict[str, Any]) -> str:
    parts = []
    for name, title in (
        ("section", f"{SECTION} items, {SECTION // corpus.COVERED} covers"),
        ("covers", f"{COVERS} covers"),
        ("nine", f"{SECTION} items, {SECTION // corpus.COVERED} covers, nine files of each and three channels planned"),
    ):
        parts += [f"{title}:"] + [table(mode, {who: [Cost(**one) for one in costs] for who, costs in of.items()})
                                  for mode, of in found[name].items()]  # fmt: skip
    return "\n".join(parts)


def _covered() -> Iterable[Entry]:
    return (corpus.entry(number * corpus.COVERED, covers=True) for number in range(COVERS))


def _costs(items: Any, turns: int, wanted: Sequence[str], *, again: bool = False, more: str = "") -> dict[str, Any]:
    from bench.portal import sites

    found: dict[str, dict[str, list[dict[str, float]]]] = {}
    with tempfile.TemporaryDirectory(prefix="bantin-pictures-") as name:
        made, _said = sites(Path(name), items, [one for one in wanted if one == "hugo"], more)
        slow = newsroom.make(Path(name) / "m4", items(), more=f"webp_method = 4\n{more}")
        made.append(replace(made[0], name=SLOW, folder=slow.parent, command=(*made[0].command[:-1], str(slow))))
        for turn in range(turns):
            for mode in ("cold", "rebuild") if again else ("cold",):
                for site in made[turn % len(made) :] + made[: turn % len(made)]:
                    if mode == "cold":
                        site.change("cold", SECTION, turn)
                    else:
                        shutil.rmtree(site.folder / "public")
                    found.setdefault(mode, {}).setdefault(site.name, []).append(asdict(site.measure()))
    return found


def middle(costs: list[dict[str, float]], what: str = "wall") -> float:
    return statistics.median(one[what] for one in costs)
