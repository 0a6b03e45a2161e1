"""The whole program beside Hugo, Pelican and Eleventy on one corpus in one run; bench/README.md tells how to read it.

`python -m bench.portal [--n 1000,10000] [--rounds 3] [--peers hugo,pelican,eleventy] [--large] [--json FILE]`; sites go to
a temporary folder. A peer that is not installed is named and left out. Exit code 1 when the builders' pages differ.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from bench import corpus, floor, goals, newsroom, peers, pictures, resident, same
from bench.measure import Cost, run
from bench.tables import CALM, header, load_of_others, table

MODES = ("cold", "same", "one", "new")
Costs = dict[str, dict[str, list[Cost]]]


@dataclass(frozen=True)
class Site:
    """One builder's folder, the command that builds it, and how it is given an item."""

    name: str
    folder: Path
    command: tuple[str, ...]
    write: Callable[[Path, corpus.Entry], object]

    def change(self, mode: str, count: int, turn: int) -> None:
        """Bring the folder into the state that a mode begins with; not measured."""
        if mode == "cold":
            for name in ("public", "state", "cache", "resources"):
                shutil.rmtree(self.folder / name, ignore_errors=True)
        elif mode == "one":
            before = corpus.entry(count // 2)
            self.write(self.folder, replace(before, body=f"{before.body}\nSửa lần thứ {turn + 1} trong ngày.\n"))
        elif mode == "new":
            self.write(self.folder, replace(corpus.entry(count + turn), day=corpus.NEWEST))

    def measure(self) -> Cost:
        return run(self.command, self.folder)


def sites(
    folder: Path, items: Callable[[], Iterable[corpus.Entry]], wanted: Sequence[str], more: str = ""
) -> tuple[list[Site], list[str]]:
    """Every builder with the corpus in its folder, ours with `more` settings; what is said of them."""
    config = newsroom.make(folder / "bantin", items(), more=more)
    found, missing = peers.installed()
    made = [Site("bantin", config.parent, (sys.executable, "-m", "bench.newsroom", str(config)), newsroom.write)]
    said = [f"not installed, left out: {name}" for name in missing if name in wanted]
    for peer in (one for one in found if one.name in wanted):
        place = folder / peer.name
        peer.make(place)
        for one in items():
            peer.write(place, one)
        made.append(Site(peer.name, place, peer.command, peer.write))
        said.append(f"{peer.name} {peer.version}")
    return made, said


def _swift(folder: Path, count: int) -> list[Site]:
    """The program with its quicker Markdown reader, if that is installed; only for cold builds (R5)."""
    if find_spec("markdown_it_pyrs") is None:
        return []
    config = newsroom.make(folder / "swift", corpus.corpus(count), markdown="markdown-it-pyrs")
    command = (sys.executable, "-m", "bench.newsroom", str(config))
    return [Site("swift", config.parent, command, newsroom.write)]


def rounds(made: list[Site], count: int, turns: int, modes: Sequence[str] = MODES) -> Costs:
    """Costs by mode and builder; each round gives every builder its turn, so that a slow minute hits all of them."""
    costs: Costs = {}
    for mode in modes:
        for turn in range(turns):
            for site in made[turn % len(made) :] + made[: turn % len(made)]:
                site.change(mode, count, turn)
                costs.setdefault(mode, {}).setdefault(site.name, []).append(site.measure())
                print(f"  {mode} {turn + 1} {site.name}: {costs[mode][site.name][-1].wall:.2f} s", file=sys.stderr)
    return costs


def measured(count: int, turns: int, wanted: Sequence[str]) -> tuple[dict[str, object], list[str]]:
    """Print the tables of one size; everything that was measured, and in what the builders' pages differ."""
    before = load_of_others()
    with tempfile.TemporaryDirectory(prefix="bantin-bench-") as name:
        made, said = sites(Path(name), lambda: corpus.corpus(count), wanted)
        swift = _swift(Path(name), count)
        costs = rounds([*made, *swift], count, turns, ("cold",))
        wrong = same.differences({site.name: site.folder / "public" for site in [*made, *swift]}, count)
        costs |= rounds(made, count, turns, MODES[1:])
        hugo = next((site for site in made if site.name == "hugo"), None)
        warm = resident.measured(made[0].folder, hugo.folder if hugo else None, count, turns)
    print(header(said, count, before))
    print(*(table(mode, of_mode) for mode, of_mode in costs.items()), resident.shown(warm), sep="\n\n", end="\n\n")
    print("\n".join(wrong) or f"All builders made the same {count} pages.", end="\n\n")
    return {"costs": costs, "resident": warm, "noisy": before > CALM}, wrong


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--n", default="1000,10000", help="sizes, comma separated")
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument("--peers", default="hugo,pelican,eleventy")
    ask.add_argument("--large", action="store_true", help="also 100,000 items (memory, growth); half an hour")
    ask.add_argument("--no-pictures", action="store_true")
    ask.add_argument(
        "--json", type=Path, default=Path("build/bench-portal.json"), help="all figures, for comparing runs"
    )
    given = ask.parse_args()
    wanted, kept, wrong = given.peers.split(","), {}, []
    for count in map(int, given.n.split(",")):
        kept[str(count)], more = measured(count, given.rounds, wanted)
        wrong += more
    if not given.no_pictures:
        kept["pictures"] = pictures.measured(given.rounds, wanted)
        print(pictures.shown(kept["pictures"]), end="\n\n")
    kept["floor"] = floor.measured()
    print(floor.shown(kept["floor"]), end="\n\n")
    if given.large:
        kept["large"] = resident.large()
        print(resident.told(kept["large"]), end="\n\n")
    print(goals.shown(kept))
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(kept, indent=1, default=asdict))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
