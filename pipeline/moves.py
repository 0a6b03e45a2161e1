"""Renamed and moved files stay the same item: what vanished is matched with what is new by its content or its id.

An inode alone proves nothing, because a file system gives the number of a deleted file to the next new one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import PurePosixPath

from pipeline.check import Work, Workshop
from pipeline.ledger import Known, Ledger, Prepared
from pipeline.model import Identity
from pipeline.prepare import derived_id, prepare
from pipeline.watch import Watch


class Vanished:
    """Drops that the ledger knows with an item and that lie in the folder no more, also from earlier looks."""

    def __init__(self, absent: Iterable[Known]) -> None:
        self._rows = {one.path: one for one in absent if one.item}
        self._by: dict[str, list[Known]] = {}
        for row in self._rows.values():
            for key in (f"id {row.item}", f"digest {row.digest}"):
                self._by.setdefault(key, []).append(row)

    def match(self, path: str, digest: str, item: str) -> Known | None:
        """The vanished drop that this new one continues; each is given once.

        The same front matter id, or the same content, letter by letter and picture by picture. Of several equal ones
        the one that vanished just now and has the same file name comes first.

        Args:
            item: the item's id by the new path and front matter; one that is only derived from the path says nothing.
        """
        own = item if item != derived_id(path) else ""
        rows = self._by.get(f"id {own}", []) if own else []
        same = [row for row in (*rows, *self._by.get(f"digest {digest}", [])) if digest and row.path in self._rows]
        name = PurePosixPath(path).name
        same.sort(key=lambda row: (row.item != own, row.missing, PurePosixPath(row.path).name != name, row.path))
        return self._rows.pop(same[0].path) if same else None


def rework(work: Work, one: Prepared, vanished: Vanished, taken: Callable[[str], bool],
           identity: Callable[[str], Identity | None]) -> tuple[Work, Known | None] | None:  # fmt: skip
    """How to work through a new drop again when it is no new item, or None when it is just new.

    Args:
        taken: whether an id is; a new text at the first path of an item that has moved on must not get its id.
        identity: the lasting identity of an item by its id.
    """
    before = vanished.match(one.path, one.digest, one.identity.id if one.identity else "")
    if before:
        known = identity(before.item)
        return (replace(work, identity=known, published_before=True), before) if known else None
    if one.identity and one.identity.id == derived_id(one.path) and taken(one.identity.id):
        return replace(work, seed=f"{one.path}#{one.digest}"), None
    return None


class Moves:
    """What became of new paths in one look; `moved` has (old, new) path of what went on as the same item."""

    def __init__(self, ledger: Ledger, watch: Watch, shop: Workshop) -> None:
        self._ledger, self._watch, self._shop = ledger, watch, shop
        self._vanished = Vanished(watch.absent())
        self.moved: list[tuple[str, str]] = []

    def follow(self, work: Work, one: Prepared) -> Prepared:
        """The drop as it is, or worked through again with the identity that it had before."""
        if one.path in self._watch.known:
            return one
        again = rework(work, one, self._vanished, self._watch.has_item, self._ledger.identity)
        if again is None:
            return one
        work, before = again
        if before:
            self.moved.append((before.path, one.path))
        return prepare(work, self._shop)

    def left_behind(self, gone: Iterable[str]) -> tuple[str, ...]:
        """Of the paths that are gone, those that no new path continues."""
        old = {before for before, _after in self.moved}
        return tuple(path for path in gone if path not in old)
