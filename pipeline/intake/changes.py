"""What changed since the last look, what is still being copied, and whether too much vanished at once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from pipeline.errors import RunError
from pipeline.i18n import _
from pipeline.intake.drops import is_text, stamp_text
from pipeline.intake.walking import Walk, walk
from pipeline.model import Drop
from pipeline.settling import IGNORED, Patience

_FEW = 5  # so few files may vanish at once without an alarm


def stamp_of(drop: Drop, assets: tuple[str, ...], stamps: Mapping[str, str]) -> str:
    """One stamp for a text and all the files it names, absent ones included, so that a late picture is noticed."""
    parts = [drop.stamp, *(f"{asset}={stamps.get(asset, '-')}" for asset in assets)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def stamp_on_disk(root: Path, drop: Drop, assets: Collection[str]) -> str:
    """As `stamp_of`, for one drop without a walk."""
    files = {asset: root / asset for asset in assets}
    stamps = {name: stamp_text(os.lstat(file)) for name, file in files.items() if file.is_file()}
    return stamp_of(drop, tuple(assets), stamps)


def check_vanished(known: int, gone: int, most_share: float) -> None:
    """Stop when too much of the folder is gone at once: a share is more likely unmounted than emptied.

    Raises:
        RunError: more than `most_share` of the known drops are gone.
    """
    if gone > _FEW and gone > known * most_share:
        raise RunError(
            _("{gone} of {known} files are gone from the content folder at once. Nothing was changed. "
              "Check that the shared folder is mounted.").format(gone=gone, known=known)
        )  # fmt: skip


def check_lost(known: Collection[str], gone: Collection[str], found: Iterable[str], most_share: float) -> None:
    """As `check_vanished`, for paths: texts alone count, for what is refused is meant to be taken away, and a new text
    may be a lost one under another name.

    Raises:
        RunError: more than `most_share` of the known texts are gone.
    """
    lost = sum(map(is_text, gone))
    if lost:
        new = sum(is_text(path) for path in found if path not in known)
        check_vanished(sum(map(is_text, known)), lost - new, most_share)


class Remembered(Protocol):
    """What is known of a drop: the stamp of it with the files that it names."""

    @property
    def stamp(self) -> str: ...
    @property
    def assets(self) -> tuple[str, ...]: ...


def changed(found: Walk, known: Mapping[str, Remembered]) -> Iterator[Drop]:
    """Drops whose text or assets are not as remembered."""
    return (drop for drop in found.drops.values() if differs(drop, known.get(drop.path), found))


def differs(drop: Drop, known: Remembered | None, found: Walk) -> bool:
    """Whether a drop is not as remembered."""
    return known is None or stamp_of(drop, known.assets, found.stamps) != known.stamp


def restless(found: Walk, due: Iterable[Drop]) -> bool:
    """Whether waiting a moment may bring more: a due text, or something else in its unit's folder, is still young."""
    units = {path.partition("/")[0] for path in found.young}
    return any(drop.unit_folder in units or drop.path in found.young for drop in due)


def unsettled(drop: Drop, assets: Collection[str], found: Walk) -> bool:
    """Whether a text must wait: it or a file that it names is young, or one is absent while others are arriving."""
    if not found.young:
        return False
    if drop.path in found.young or any(asset in found.young for asset in assets):
        return True
    absent = any(asset not in found.stamps for asset in assets)
    return absent and any(path.startswith(f"{drop.unit_folder}/") for path in found.young if path != drop.path)


@dataclass(frozen=True)
class Look:
    """How to look at the folder.

    Args:
        patience: when a file counts as complete.
        names: patterns of names that are silently left alone.
        wait: called once with the seconds to settle when something is still young; None leaves it for the next look.
        found: what was found a moment ago with this patience and these names, so that nobody walks twice.
    """

    patience: Patience
    names: Sequence[str] = IGNORED
    wait: Callable[[float], None] | None = None
    found: Walk | None = None


def settled(root: Path, look: Look | None, due: Callable[[Walk], Sequence[Drop]],
            before: Walk | None = None) -> tuple[Walk, Sequence[Drop]]:  # fmt: skip
    """What lies in the folder and which drops are due, after giving what is still being copied its time, once.

    Args:
        due: which drops of a walk are due; asked once or twice.
        before: the walk before.
    """
    if look is None:
        found = walk(root, before=before)
        return found, due(found)
    found = look.found or walk(root, look.patience, look.names, before)
    drops = due(found)
    if look.wait and restless(found, drops):
        look.wait(look.patience.settle)
        later = replace(look.patience, now=look.patience.now + timedelta(seconds=look.patience.settle))
        again = walk(root, later, look.names, found)
        same = {path for path in again.young if path in found.stamps and found.stamps[path] == again.stamps.get(path)}
        found = replace(again, young=again.young - same | again.opened)  # two looks need no clock that is right
        drops = due(found)
    return found, drops
