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


def unnamed(root: Path, found: Walk, assets: Iterable[tuple[str, ...]]) -> Unnamed:
    """What lies in the folder beside the texts and is named by none of them.

    A picture that could be published is given a day, since its text often comes later; another kind of picture or clip is
    told at once. Nothing is said while files are arriving in the unit's folder.

    Args:
        assets: for each text, content paths of the files that it names; also of texts that are gone.
    """
    rest = found.stamps.keys() - found.drops.keys() - set().union(*assets)
    alone = sorted(path for path in rest if path.lower().endswith(COMPANIONS))
    busy = {path.partition("/")[0] for path in found.young}
    told: dict[str, Drop] = {}
    count: Counter[str] = Counter()
    for path in alone:
        unit = path.partition("/")[0]
        if unit in busy or (path.lower().endswith(TAKEN) and (found.fresh is None or path in found.fresh)):
            continue
        count[unit] += 1
        if count[unit] <= _MOST:
            told[path] = Drop(root, path, found.stamps[path], wrong="unnamed")
        elif count[unit] == _MOST + 1:
            many = f"{unit}/*.jpg, *.mp4"
            told[many] = Drop(root, many, "", wrong="rest")
    return Unnamed(frozenset(alone) | told.keys(), told)
