"""One look at the content folder beside what the ledger knows: what is due, what must wait, what is gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from pathlib import Path

from pipeline import intake
from pipeline.check import Work
from pipeline.ledger import Known, Ledger, Prepared
from pipeline.model import Drop, Outcome


@dataclass(frozen=True)
class Lot:
    """What a look found.

    Args:
        due: new and changed drops, and those that were validated before their time.
        settling: paths of drops that are still being copied.
        gone: paths that the ledger knows and that lie in the folder no more, since this look; pictures that no text
            names are among them until `unnamed` has found them again.
        before: stamp and assets of every drop as the ledger remembers them.
    """

    root: Path
    walk: intake.Walk
    due: Sequence[Drop]
    settling: Sequence[str]
    gone: Sequence[str]
    before: Mapping[str, tuple[str, tuple[str, ...]]]

    def stamped(self, work: Work, one: Prepared) -> Prepared:
        """A drop with the stamp of this look; who prepared it was not told what else lies in the folder.

        A text that cannot be read any more keeps the pictures that it named before; of a secret one nothing is kept.
        """
        unread = one.outcome == Outcome.REJECT and one.digest and not one.assets
        assets = self.before[one.path][1] if unread and one.path in self.before else one.assets
        return replace(one, assets=assets, stamp=intake.stamp_of(work.drop, assets, self.walk.stamps))

    def must_wait(self, work: Work, one: Prepared) -> bool:
        """Whether a drop, now that its pictures and clips are known, must be left for the next look."""
        return intake.unsettled(work.drop, one.assets, self.walk)


def gather(root: Path, ledger: Ledger, known: Mapping[str, Known], now: datetime, look: intake.Look | None,
           most_missing: float) -> Lot:  # fmt: skip
    """Look once, or twice when something is young and `look` waits.

    Raises:
        RunError: the folder cannot be read, or more than `most_missing` (a share) of it is gone at once.
    """
    remembered = {path: (drop.stamp, drop.assets) for path, drop in known.items()}
    found, due = intake.settled(root, remembered, look)
    gone = [path for path, drop in known.items() if path not in found.drops and not drop.missing]
    stale = ledger.stale(now) - {drop.path for drop in due}  # validated before their time, due now
    due += [drop for path, drop in found.drops.items() if path in stale]
    intake.check_lost(known, gone, [drop.path for drop in due], most_missing)
    young = [drop.path for drop in due if drop.path in found.young]
    return Lot(root, found, [drop for drop in due if drop.path not in found.young], young, gone, remembered)


def unnamed(lot: Lot, known: Mapping[str, Known], prepared: Sequence[Prepared]) -> intake.Unnamed:
    """The pictures and clips of the folder that no text names, now that every text has been looked at."""
    now = {one.path for one in prepared}
    before = (drop.assets for path, drop in known.items() if path not in now)
    return intake.unnamed(lot.root, lot.walk, chain(before, (one.assets for one in prepared)))


def works(root: Path, due: Sequence[Drop], stamps: Mapping[str, str], ledger: Ledger,
          known: Mapping[str, Known]) -> list[Work]:  # fmt: skip
    """Each changed drop with the identity that it already has."""
    if not due:
        return []
    items = {drop.path: known[drop.path].item for drop in due if drop.path in known}
    identities = ledger.identities(filter(None, items.values()))
    published = ledger.published(identities)
    return [
        Work(root, drop, stamps, identities.get(items.get(drop.path, "")), items.get(drop.path, "") in published)
        for drop in due
    ]
