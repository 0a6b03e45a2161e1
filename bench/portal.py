"""The whole program beside Hugo, Pelican and Eleventy on one corpus in one run; bench/README.md tells how to read it.

`python -m bench.portal [--n 1000] [--rounds 3] [--covers] [--peers hugo,pelican,eleventy]`; pictures and sites go to a
temporary folder. A peer that is not installed is named and left out.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

from bench import corpus, office, peers
from bench.measure import Cost, run

MODES = ("cold", "same", "one", "new")


class Site:
    """One builder's folder."""

    def __init__(
        self, name: str, folder: Path, command: tuple[str, ...], write: Callable[[Path, corpus.Entry], object]
    ) -> None:
        self.name, self.folder, self.command, self._write = name, folder, command, write

    def change(self, mode: str, count: int, turn: int, *, covers: bool) -> None:
        """Bring the folder into the state that a mode begins with; not measured."""
        if mode == "cold":
            for name in ("public", "state", "cache", "resources"):
                shutil.rmtree(self.folder / name, ignore_errors=True)
        elif mode == "one":
            before = corpus.entry(count // 2, covers=covers)
            self._write(self.folder, replace(before, body=f"{before.body}\nSửa lần thứ {turn + 1} trong ngày.\n"))
        elif mode == "new":
            self._write(self.folder, replace(corpus.entry(count + turn), day=corpus.NEWEST))

    def measure(self) -> Cost:
        return run(self.command, self.folder)


def sites(folder: Path, count: int, wanted: list[str], *, covers: bool) -> tuple[list[Site], list[str]]:
    """Every builder with the corpus in its folder; what is said of them."""
    config = office.make(folder / "bantin", count, covers=covers)
    found, missing = peers.installed()
    made = [Site("bantin", config.parent, (sys.executable, "-m", "bench.office", str(config)), office.write)]
    said = [f"not installed, left out: {name}" for name in missing if name in wanted]
    for peer in (one for one in found if one.name in wanted):
        place = folder / peer.name
        peer.make(place)
        for one in corpus.corpus(count):
            peer.write(place, one)
        made.append(Site(peer.name, place, peer.command, peer.write))
        said.append(f"{peer.name} {peer.version}")
    return made, said


def rounds(made: list[Site], count: int, turns: int, *, covers: bool) -> dict[str, dict[str, list[Cost]]]:
    """Costs by mode and builder; each round gives every builder its turn, so that a slow minute hits all of them."""
    costs: dict[str, dict[str, list[Cost]]] = {}
    for mode in MODES:
        for turn in range(turns):
            for site in made[turn % len(made) :] + made[: turn % len(made)]:
                site.change(mode, count, turn, covers=covers)
                costs.setdefault(mode, {}).setdefault(site.name, []).append(site.measure())
                print(f"  {mode} {turn + 1} {site.name}: {costs[mode][site.name][-1].wall:.2f} s", file=sys.stderr)
    return costs


def table(mode: str, of_mode: dict[str, list[Cost]]) -> str:
    """Medians of a mode; a ratio is the median of the ratios of each round, above 1 where bantin is the better."""
    rows = [f"{mode:8} {'wall s':>18} {'CPU s':>8} {'largest MB':>10} {'tree MB':>8} {'x bantin wall':>13} {'CPU':>6}"]
    ours = of_mode["bantin"]
    for name, theirs in of_mode.items():
        walls = sorted(cost.wall for cost in theirs)
        spread = f"{statistics.median(walls):.2f} ({walls[0]:.2f}..{walls[-1]:.2f})"
        wall = statistics.median(one.wall / own.wall for one, own in zip(theirs, ours, strict=True))
        cpu = statistics.median(one.cpu / own.cpu for one, own in zip(theirs, ours, strict=True))
        noisy = " noisy" if walls[-1] / walls[0] > 1.3 else ""
        rows.append(
            f"{name:8} {spread:>18} {statistics.median(c.cpu for c in theirs):8.2f} {max(c.largest for c in theirs):10.0f} "
            f"{max(c.tree for c in theirs):8.0f} {wall:13.2f} {cpu:6.2f}{noisy}"
        )
    return "\n".join(rows)


def header(said: list[str], count: int, load: float) -> str:
    model = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.processor())  # fmt: skip
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} x {model}, Python {platform.python_version()}, load "
        f"{load:.1f} before, {os.getloadavg()[0]:.1f} after{' - NOISY' if load > 0.5 else ''}\n"
        f"{count} items, sha256 {corpus.digest(count)[:16]}\n" + "\n".join(said)
    )


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--n", default="1000", help="sizes, comma separated")
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument(
        "--covers", action="store_true", help="every fifth item has a picture (bantin alone makes renditions)"
    )
    ask.add_argument("--peers", default="hugo,pelican,eleventy")
    ask.add_argument("--json", type=Path, help="all costs, for comparing runs")
    given = ask.parse_args()
    kept = {}
    for count in map(int, given.n.split(",")):
        load = os.getloadavg()[0]
        with tempfile.TemporaryDirectory(prefix="bantin-bench-") as folder:
            made, said = sites(Path(folder), count, given.peers.split(","), covers=given.covers)
            costs = rounds(made, count, given.rounds, covers=given.covers)
        print(header(said, count, load))
        print(*(table(mode, of_mode) for mode, of_mode in costs.items()), sep="\n\n", end="\n\n")
        kept[count] = {
            mode: {name: [asdict(one) for one in found] for name, found in of.items()} for mode, of in costs.items()
        }
    if given.json:
        given.json.write_text(json.dumps(kept, indent=1))


if __name__ == "__main__":
    main()
