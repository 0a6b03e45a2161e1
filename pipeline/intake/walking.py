"""The folder → drops: one walk with scandir that reads no file."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import RunError
from pipeline.i18n import _
from pipeline.intake.drops import drop_of, is_drop, is_text, main_of, stamp_text
from pipeline.intake.naming import shown
from pipeline.model import Drop
from pipeline.settling import IGNORED, OURS, WORKING_DAY, Patience, is_young, locked, noise_in

_MOST_DEPTH = 6
_MOST_REFUSED = 100  # of a unit, told one by one; a copied disk must not fill its report and the ledger
_MOST_ALIKE = 20  # of one ending among them, so that a hundred equal files do not hide the only mail
_MOST_LOOKED = 1_000  # names in a folder that is too deep, until it counts as full
_DAY = 86_400.0  # seconds
_name = attrgetter("name")


class Folder(NamedTuple):
    """What lies in one folder: stamps of its files and its texts, by path, and what is to be refused."""

    stamps: Mapping[str, str]
    texts: Mapping[str, Drop]
    refused: Sequence[Drop]


@dataclass(frozen=True)
class Walk:
    """What lies in the content folder.

    Args:
        drops: texts to take in, by path; among them what is to be refused by name, the first of each unit.
        stamps: size, mtime and inode of every file, by path: pictures and clips included.
        ignored: what is silently left alone (lock files, thumbnails).
        young: files, ignored ones included, that were written a moment ago, and those that are open.
        opened: files that are open in an office program.
        fresh: files that came within the last day; None when nobody asked for times.
        news: files and drops that are new, gone or other than in the walk before; None when there was none.
        refused: drops that are to be refused by name.
        folders: what was found in each folder, so that the next walk takes over what is as it was.
    """

    drops: Mapping[str, Drop]
    stamps: Mapping[str, str]
    ignored: tuple[str, ...] = ()
    young: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()
    fresh: frozenset[str] | None = None
    news: frozenset[str] | None = None
    refused: frozenset[str] = frozenset()
    folders: Mapping[str, Folder] = field(default_factory=dict)


@dataclass
class _Found:
    patience: Patience | None
    noise: Callable[[str], bool]
    before: Walk | None
    drops: dict[str, Drop] = field(default_factory=dict)
    stamps: dict[str, str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    young: set[str] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)
    fresh: set[str] = field(default_factory=set)
    folders: dict[str, Folder] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    counted: Counter[tuple[str, str]] = field(default_factory=Counter)
    news: set[str] = field(default_factory=set)

    def look(self, path: str, facts: os.stat_result) -> None:
        if not self.patience:
            return
        recent = self.patience.moment - _DAY
        if facts.st_ctime > recent:
            self.fresh.add(path)
        elif facts.st_mtime <= recent:
            return  # longer ago than anybody waits
        if self.patience.settle and is_young(facts, self.patience):
            self.young.add(path)

    def refuse(self, drop: Drop) -> None:
        """Something that is no text; beyond the first of a unit, one drop stands for all."""
        unit, alike = drop.unit_folder, (drop.unit_folder, drop.wrong or drop.file.suffix.lower())
        if self.counted[alike] < _MOST_ALIKE and self.counted[unit, "*"] < _MOST_REFUSED:
            self.counted[alike] += 1
            self.counted[unit, "*"] += 1
        else:
            rest = f"{unit}/*" if unit else "*"
            drop = Drop(drop.root, rest, "", wrong="many")
        self.drops[drop.path] = drop
        self.refused.add(drop.path)


def walk(root: Path, patience: Patience | None = None, names: Sequence[str] = IGNORED,
         before: Walk | None = None) -> Walk:  # fmt: skip
    """One walk over the content folder; symbolic links are not followed.

    Args:
        patience: None tells nothing about young files.
        names: patterns of the names that are left alone.
        before: an earlier walk over the same folder, to tell what is new since.

    Raises:
        RunError: the folder does not exist or cannot be read.
    """
    found = _Found(patience, noise_in(names), before)
    try:
        _walk(root, os.fspath(root), "", found, 0)
    except OSError as error:
        raise RunError(
            _("The content folder {path} cannot be read: {reason}").format(path=root, reason=error.strerror)
        ) from error
    return Walk(found.drops, found.stamps, tuple(found.ignored), frozenset(found.young | found.opened),
                frozenset(found.opened), frozenset(found.fresh) if patience else None,
                frozenset(found.news | _gone(before, found)) if before else None, frozenset(found.refused), found.folders)  # fmt: skip


def in_order(path: str) -> list[tuple[bool, str]]:
    """The key by which paths stand as a walk finds them: what lies in folders of a folder comes before its files."""
    *folders, name = path.split("/")
    return [*((False, folder) for folder in folders), (True, name)]


def _walk(root: Path, folder: str, below: str, found: _Found, depth: int) -> None:
    stamps: dict[str, str] = {}
    with os.scandir(folder) as listed:
        entries = sorted(listed, key=_name)
    for entry in entries:
        name = entry.name if entry.name.isascii() else shown(entry.name)
        path = below + name
        if found.noise(entry.name):
            found.ignored.append(path)
            _look_at_noise(entry, path, found)
        elif entry.is_symlink():
            found.refuse(Drop(root, path, "", wrong="link"))
        elif entry.is_dir(follow_symlinks=False):
            if depth < _MOST_DEPTH:
                _walk(root, entry.path, path + "/", found, depth + 1)
            elif _holds_something(entry, found.noise):
                found.refuse(Drop(root, path, "", wrong="deep"))
        elif facts := _stat(entry):
            stamps[path] = stamp_text(facts)
            found.look(path, facts)
        else:
            found.ignored.append(path)
    _add(root, below, stamps, found, depth)
    if found.patience:
        _find_open(entries, below, found)


def _add(root: Path, below: str, stamps: Mapping[str, str], found: _Found, depth: int) -> None:
    """What a folder has; as in the walk before, when its files are those of then."""
    before = found.before.folders.get(below) if found.before else None
    if before is None or before.stamps != stamps:
        folder = _folder(root, below, stamps, depth)
        if found.before:
            old = found.before
            found.news.update(path for path, stamp in stamps.items() if old.stamps.get(path) != stamp)
            texts = before.texts if before else {}
            found.news.update(
                path for path in texts.keys() | folder.texts.keys() if texts.get(path) != folder.texts.get(path)
            )
    else:
        folder = before
    found.folders[below] = folder
    found.stamps.update(folder.stamps)
    found.drops.update(folder.texts)
    for drop in folder.refused:
        found.refuse(drop)


def _folder(root: Path, below: str, stamps: Mapping[str, str], depth: int) -> Folder:
    """Which of a folder's files are looked at by themselves."""
    files = {path[len(below) :]: stamp for path, stamp in stamps.items()}
    main = main_of(files, depth)
    texts, refused = {}, []
    for path, name in zip(stamps, files, strict=True):
        if is_drop(name, main):
            drop = drop_of(root, path, main, files)
            if is_text(name):
                texts[path] = drop
            else:
                refused.append(drop)
    return Folder(stamps, texts, refused)


def _gone(before: Walk, found: _Found) -> set[str]:
    """Files that lie there no more, and refusals that are others; few, so that most walks compare nothing."""
    refused = {path for path in before.refused | found.refused if before.drops.get(path) != found.drops.get(path)}
    new = sum(path in found.stamps and path not in before.stamps for path in found.news)
    if len(before.stamps) + new == len(found.stamps):
        return refused
    return refused | (before.stamps.keys() - found.stamps.keys())


def _holds_something(entry: os.DirEntry[str], noise: Callable[[str], bool]) -> bool:
    """Whether a folder that is not walked into has anything in it that somebody may have sent."""
    with os.scandir(entry.path) as entries:
        return any(not noise(one.name) for one in islice(entries, _MOST_LOOKED))


def _stat(entry: os.DirEntry[str]) -> os.stat_result | None:
    """None for a pipe or socket, and when the file went away since the listing (somebody renames what was copied)."""
    try:
        found = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    return found if stat.S_ISREG(found.st_mode) else None  # opening a pipe waits for ever


def _look_at_noise(entry: os.DirEntry[str], path: str, found: _Found) -> None:
    """A half-copied file tells that more is coming; our own reports, links and folders do not."""
    if entry.name.lower() not in OURS and entry.is_file(follow_symlinks=False) and (facts := _stat(entry)):
        found.look(path, facts)


def _find_open(entries: Iterable[os.DirEntry[str]], below: str, found: _Found) -> None:
    """Documents with a fresh lock file beside them are being written by somebody right now."""
    assert found.patience
    for entry in entries:
        if not entry.name.startswith(("~$", ".~lock.")) or not (facts := _stat(entry)):
            continue
        if found.patience.now.timestamp() - facts.st_mtime <= WORKING_DAY:
            found.opened.update(below + name for name in locked(entry.name, [one.name for one in entries]))
