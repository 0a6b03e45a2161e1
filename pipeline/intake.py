"""Folder → drops: one walk with scandir, compared with what the ledger remembers; an unchanged file is not read, and one
that is still being copied is left for later."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from pipeline.errors import RunError
from pipeline.i18n import _
from pipeline.model import Drop
from pipeline.rules.word import FOREIGN
from pipeline.settling import IGNORED, OURS, WORKING_DAY, Patience, is_noise, is_young, locked

_TEXTS = (".md", ".markdown")
WORD = ".docx"
_FOREIGN = (".pdf", *FOREIGN)
_UNIT_DEPTH = 1  # of a unit's folder below the content folder
_MOST_DEPTH = 6
_FEW = 5  # so few files may vanish at once without an alarm


@dataclass(frozen=True)
class Walk:
    """What lies in the content folder.

    Args:
        drops: texts to take in, by path; foreign documents among them, to be refused by name.
        stamps: size, mtime and inode of every file, by path: pictures and clips included.
        ignored: what is silently left alone (lock files, thumbnails).
        young: files, ignored ones included, that were written a moment ago, and those that are open.
        opened: files that are open in an office program.
    """

    drops: Mapping[str, Drop]
    stamps: Mapping[str, str]
    ignored: tuple[str, ...] = ()
    young: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()


@dataclass
class _Found:
    patience: Patience | None
    names: Sequence[str]
    drops: dict[str, Drop] = field(default_factory=dict)
    stamps: dict[str, str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    young: set[str] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)

    def look(self, path: str, facts: os.stat_result) -> None:
        if self.patience and self.patience.settle and is_young(facts, self.patience):
            self.young.add(path)


def walk(root: Path, patience: Patience | None = None, names: Sequence[str] = IGNORED) -> Walk:
    """One walk over the content folder; symbolic links are not followed.

    Args:
        patience: None tells nothing about young files.
        names: patterns of the names that are left alone.

    Raises:
        RunError: the folder does not exist or cannot be read.
    """
    found = _Found(patience, names)
    try:
        _walk(root, root, "", found, 0)
    except OSError as error:
        raise RunError(
            _("The content folder {path} cannot be read: {reason}").format(path=root, reason=error.strerror)
        ) from error
    return Walk(found.drops, found.stamps, tuple(found.ignored), frozenset(found.young | found.opened),
                frozenset(found.opened))  # fmt: skip


def _walk(root: Path, folder: Path, below: str, found: _Found, depth: int) -> None:
    files: dict[str, str] = {}
    entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    for entry in entries:
        name = shown(entry.name)
        path = f"{below}{name}"
        if entry.is_symlink() or is_noise(entry.name, found.names):
            found.ignored.append(path)
            _look_at_noise(entry, path, found)
        elif entry.is_dir(follow_symlinks=False):
            if depth < _MOST_DEPTH:
                _walk(root, Path(entry.path), path + "/", found, depth + 1)
        elif facts := _stat(entry):
            files[name] = found.stamps[path] = _stamp(facts)
            found.look(path, facts)
        else:
            found.ignored.append(path)
    main = _main(files, depth)
    for name in files:
        if _is_drop(name, main):
            found.drops[below + name] = _drop(root, below + name, main, files)
    if found.patience:
        _find_open(entries, below, found)


def shown(name: str) -> str:
    """A name as text; bytes that are no UTF-8 (an old zip, a badly mounted share) become U+FFFD, and it is refused."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


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


def _main(names: Iterable[str], depth: int) -> str:
    """The text of a folder drop (depth 2 is a folder in a unit's folder), empty when the folder is none.

    A document that lies alone in a folder is a drop by itself, so that months may be kept in folders of their own.
    """
    texts = [name for name in names if name.lower().endswith(_TEXTS)]
    documents = [name for name in names if name.lower().endswith(WORD)]
    if depth < _UNIT_DEPTH + 1 or "index.md" in texts:
        return "index.md" if depth > _UNIT_DEPTH else ""
    return documents[0] if len(documents) == 1 and not texts and len(list(names)) > 1 else ""


def _is_drop(name: str, main: str) -> bool:
    suffix = Path(name).suffix.lower()
    return name == main or suffix in _TEXTS if main else suffix in (*_TEXTS, WORD, *_FOREIGN)


def _drop(root: Path, path: str, main: str, files: Mapping[str, str]) -> Drop:
    unit, slash, _rest = path.partition("/")
    file = root / path
    if file.name != main:
        folder = root / unit if slash else file.parent
        return Drop(path, file, folder, unit if slash else "", files[file.name])
    attached = tuple(name for name in files if name != main and Path(name).suffix.lower() in (WORD, *_FOREIGN))
    stamp = ";".join([files[main], *(f"{name}={files[name]}" for name in attached)])
    return Drop(path, file, file.parent, unit, stamp, attached)


def _stamp(facts: os.stat_result) -> str:
    return f"{facts.st_size}:{facts.st_mtime_ns}:{facts.st_ino}"


def single(root: Path, file: Path) -> Drop:
    """One named file as a drop, for `bantin check`; the unit's folder is the first one below `root`."""
    path, name = shown(file.relative_to(root).as_posix()), shown(file.name)
    depth = path.count("/")
    try:
        plain = [one for one in sorted(file.parent.iterdir()) if one.is_file() and not one.is_symlink()]
    except OSError:
        plain = []
    files = {shown(one.name): _stamp(one.stat()) for one in plain if not is_noise(one.name)}
    files.setdefault(name, "")
    main = _main(files, depth)
    return _drop(root, path, main if main == name else "", files)


def stamp_of(drop: Drop, assets: tuple[str, ...], stamps: Mapping[str, str]) -> str:
    """One stamp for a text and all the files it names, absent ones included, so that a late picture is noticed."""
    parts = [drop.stamp, *(f"{asset}={stamps.get(asset, '-')}" for asset in assets)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


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


def inside(folder: Path, name: str) -> Path | None:
    """The file that a relative name means; None when it leaves the folder, is absolute or too long, or passes a link."""
    if not name or name.startswith(("/", "\\", "~")) or ":" in name or "\\" in name or "\0" in name:
        return None
    parts = Path(name).parts
    if ".." in parts:
        return None
    file = folder
    for part in parts:
        file = file / part
        try:
            if file.is_symlink():
                return None
        except (OSError, UnicodeError):  # longer than a name may be, or letters that no file system takes
            return None
    return file


def spelled(file: Path) -> Path:
    """The file on disk whose name is the same letters, when the given spelling differs in Unicode form (NFD)."""
    import unicodedata

    if file.exists() or not file.parent.is_dir():
        return file
    wanted = unicodedata.normalize("NFC", file.name)
    return next((other for other in file.parent.iterdir() if unicodedata.normalize("NFC", other.name) == wanted), file)


def changed(found: Walk, known: Mapping[str, tuple[str, tuple[str, ...]]]) -> Iterator[Drop]:
    """Drops whose text or assets are not as remembered; `known` is (stamp, assets) by path."""
    for path, drop in found.drops.items():
        before = known.get(path)
        if before is None or stamp_of(drop, before[1], found.stamps) != before[0]:
            yield drop


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
    """

    patience: Patience
    names: Sequence[str] = IGNORED
    wait: Callable[[float], None] | None = None


def settled(root: Path, known: Mapping[str, tuple[str, tuple[str, ...]]], look: Look | None) -> tuple[Walk, list[Drop]]:
    """What lies in the folder and which drops are due, after giving what is still being copied its time, once."""
    found = walk(root, look.patience, look.names) if look else walk(root)
    due = list(changed(found, known))
    if look and look.wait and restless(found, due):
        look.wait(look.patience.settle)
        later = replace(look.patience, now=look.patience.now + timedelta(seconds=look.patience.settle))
        again = walk(root, later, look.names)
        same = {path for path in again.young if path in found.stamps and found.stamps[path] == again.stamps.get(path)}
        found = replace(again, young=again.young - same | again.opened)  # two looks need no clock that is right
        due = list(changed(found, known))
    return found, due
