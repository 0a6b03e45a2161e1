"""The content folder beside what the ledger knows of it, kept from look to look: after the first, a look costs what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pipeline import intake
from pipeline.ledger import Knowing, Known, Ledger
from pipeline.ledger.glance import Remembered
from pipeline.model import Drop


class Watch:
    """One folder and one ledger; for one look at a time.

    What is compared at a look: what is new in the folder since the walk before, what is new in the ledger, and what was not
    alike at the last look. So a look that ends in an error leaves nothing out of the next one.
    """

    def __init__(self, root: Path, ledger: Ledger) -> None:
        self.root = root
        self._knowing = Knowing(ledger)
        self._walk: intake.Walk | None = None
        self._unlike: set[str] = set()  # paths to be compared
        self._absent: set[str] = set()
        self._assets: dict[str, tuple[str, ...]] = {}  # of texts that name any
        self._naming: dict[str, set[str]] = {}  # the other way round
        self._alone: set[str] = set()
        self._touched: set[str] = set()  # files that a text names now, or no more

    @property
    def known(self) -> Mapping[str, Known]:
        """What the ledger knows of each drop, as of this look."""
        return self._knowing.drops

    def recall(self, remembered: Remembered) -> None:
        """Before the first look: what somebody read of the ledger a moment ago need not be read again."""
        self._knowing.recall(remembered)
        for path, drop in self.known.items():
            self._name(path, drop.assets)

    def has_item(self, item: str) -> bool:
        return self._knowing.has_item(item)

    def look(self, how: intake.Look | None = None) -> tuple[intake.Walk, Sequence[Drop]]:
        """What lies in the folder, and the drops that are other than the ledger knows them.

        Raises:
            RunError: the folder cannot be read.
        """
        renewed = self._knowing.renew()
        self._unlike.update(renewed)
        for path in renewed:
            self._name(path, self.known[path].assets if path in self.known else ())
        return intake.settled(self.root, how, self._due, self._walk)

    def absent(self) -> list[Known]:
        """Drops that lie in the folder no more; pictures that no text names are told as drops and are among them."""
        return [self.known[path] for path in sorted(self._absent)]

    def unnamed(self, texts: Iterable[tuple[str, tuple[str, ...]]]) -> intake.Unnamed:
        """Companions that no text names, now that the texts of this look were worked through.

        Args:
            texts: path and named files of each.
        """
        assert self._walk is not None, "look first"
        for path, assets in texts:
            self._name(path, assets)
        self._sort_out(self._walk, ())
        return intake.unnamed(self.root, self._walk, self._alone)

    def _due(self, found: intake.Walk) -> Sequence[Drop]:
        news = found.news if self._walk is not None else None
        self._walk = found
        if news is None:
            self._absent = self.known.keys() - found.drops.keys()
            self._alone = intake.alone(found, self._assets.values())
            self._touched.clear()
            due = list(intake.changed(found, self.known))
        else:
            texts = {text for file in news for text in self._naming.get(file, ())}
            suspects = self._unlike | news | texts
            here = {path for path in suspects if path in found.drops}
            self._absent = self._absent - suspects | {path for path in suspects - here if path in self.known}
            self._sort_out(found, news)
            drops = [found.drops[path] for path in sorted(here, key=intake.in_order)]
            due = [drop for drop in drops if intake.differs(drop, self.known.get(drop.path), found)]
        self._unlike = {drop.path for drop in due}
        return due

    def _name(self, text: str, assets: tuple[str, ...]) -> None:
        """A text names these files, and those that it named before no more."""
        before = self._assets.pop(text, ())
        if before == assets == ():
            return
        if assets:
            self._assets[text] = assets
        for file in before:
            self._naming[file].discard(text)
        for file in assets:
            self._naming.setdefault(file, set()).add(text)
        self._touched.update(before, assets)

    def _sort_out(self, found: intake.Walk, news: Iterable[str]) -> None:
        """Which of the files that changed, or are named or not named any more, are alone now."""
        for path in self._touched.union(news):
            alone = path in found.stamps and path not in found.drops and not self._naming.get(path)
            if alone and intake.is_companion(path):
                self._alone.add(path)
            else:
                self._alone.discard(path)
            if not self._naming.get(path, True):
                del self._naming[path]
        self._touched.clear()
