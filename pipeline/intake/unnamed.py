"""Pictures, clips and captions that no text names: what is left over once every text has been looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.endings import COMPANIONS, TAKEN
from pipeline.intake.changes import stamp_of
from pipeline.intake.walking import Walk
from pipeline.model import Drop

_MOST = 100  # of a unit, told one by one


@dataclass(frozen=True)
class Unnamed:
    """Companions without a text.

    Args:
        paths: all of them, also those of which nobody is told yet.
        told: those of which the sender is told now, by path.
    """

    paths: frozenset[str]
    told: Mapping[str, Drop]

    def due(self, remembered: Callable[[str], str]) -> list[Drop]:
        """Those that are not remembered as they are; `remembered` gives the stamp of a path, empty when it is new."""
        return [drop for path, drop in self.told.items() if remembered(path) != stamp_of(drop, (), {})]


def alone(found: Walk, named: Iterable[tuple[str, ...]]) -> set[str]:
    """Pictures, clips and captions in the folder that no text names.

    Args:
        named: for each text, content paths of the files that it names; also of texts that are gone.
    """
    rest = found.stamps.keys() - found.drops.keys() - set().union(*named)
    return {path for path in rest if is_companion(path)}


def is_companion(path: str) -> bool:
    """Whether a file of this name goes with a text."""
    return path.lower().endswith(COMPANIONS)


def unnamed(root: Path, found: Walk, paths: Iterable[str]) -> Unnamed:
    """What to tell of the companions that no text names.

    A picture that could be published is given a day, since its text often comes later; another kind of picture or clip is
    told at once. Nothing is said while files are arriving in the unit's folder.

    Args:
        paths: all of them, as `alone` finds them.
    """
    rest = sorted(paths)
    busy = {path.partition("/")[0] for path in found.young}
    told: dict[str, Drop] = {}
    count: Counter[str] = Counter()
    for path in rest:
        unit = path.partition("/")[0]
        if unit in busy or (path.lower().endswith(TAKEN) and (found.fresh is None or path in found.fresh)):
            continue
        count[unit] += 1
        if count[unit] <= _MOST:
            told[path] = Drop(root, path, found.stamps[path], wrong="unnamed")
        elif count[unit] == _MOST + 1:
            many = f"{unit}/*.jpg, *.mp4"
            told[many] = Drop(root, many, "", wrong="rest")
    return Unnamed(frozenset(rest) | told.keys(), told)
