"""One look at the content folder beside what the ledger knows: what is due, what must wait, what is gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pipeline import intake
from pipeline.check import Work
from pipeline.ledger import Known, Ledger, Prepared
from pipeline.model import Drop, Outcome
from pipeline.watch import Watch


@dataclass(frozen=True)
class Lot:
    """What a look found.

    Args:
        due: new and changed drops, and those that were validated before their time.
        settling: paths of drops that are still being copied.
        gone: paths that the ledger knows and that lie in the folder no more, since this look; pictures that no text
            names are among them until `unnamed` has found them again.
        known: what the ledger knows of each drop.
    """

    walk: intake.Walk
    due: Sequence[Drop]
    settling: Sequence[str]
    gone: Sequence[str]
    known: Mapping[str, Known]

    def stamped(self, work: Work, one: Prepared) -> Prepared:
        """A drop with the stamp of this look; who prepared it was not told what else lies in the folder.

        A text that cannot be read any more keeps the pictures that it named before; of a secret one nothing is kept.
        """
        unread = one.outcome == Outcome.REJECT and one.digest and not one.assets
        assets = self.known[one.path].assets if unread and one.path in self.known else one.assets
        return replace(one, assets=assets, stamp=intake.stamp_of(work.drop, assets, self.walk.stamps))

    def must_wait(self, work: Work, one: Prepared) -> bool:
        """Whether a drop, now that its pictures and clips are known, must be left for the next look."""
        return intake.unsettled(work.drop, one.assets, self.walk)


def gather(watch: Watch, ledger: Ledger, now: datetime, look: intake.Look | None, most_missing: float) -> Lot:
    """Look once, or twice when something is young and `look` waits.

    Raises:
        RunError: the folder cannot be read, or more than `most_missing` (a share) of it is gone at once.
    """
    found, due = watch.look(look)
    gone = [drop.path for drop in watch.absent() if not drop.missing]
    stale = ledger.stale(now) - {drop.path for drop in due}  # validated before their time, due now
    due = [*due, *(found.drops[path] for path in sorted(stale, key=intake.in_order) if path in found.drops)]
    intake.check_lost(watch.known, gone, [drop.path for drop in due], most_missing)
    young = [drop.path for drop in due if drop.path in found.young]
    return Lot(found, [drop for drop in due if drop.path not in found.young], young, gone, watch.known)


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
