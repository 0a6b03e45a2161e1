"""Folder → drops: one walk with scandir, compared with what the ledger remembers; an unchanged file is not read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import RunError
from pipeline.i18n import _
from pipeline.model import Drop
from pipeline.rules.word import FOREIGN

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
    """

    drops: Mapping[str, Drop]
    stamps: Mapping[str, str]
    ignored: tuple[str, ...] = ()


@dataclass
class _Found:
    drops: dict[str, Drop] = field(default_factory=dict)
    stamps: dict[str, str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)


def is_noise(name: str) -> bool:
    """Office lock files, thumbnails, hidden and half-copied files: nobody wants to hear of them."""
    lower = name.lower()
    return (
        name.startswith((".", "~$", "~"))
        or lower in ("thumbs.db", "desktop.ini", "ket-qua.html", "ket-qua.txt", "readme.md")
        or lower.endswith((".tmp", ".part", ".crdownload", ".bak", "~"))
    )


def walk(root: Path) -> Walk:
    """One walk over the content folder; symbolic links are not followed.

    Raises:
        RunError: the folder does not exist or cannot be read.
    """
    found = _Found()
    try:
        _walk(root, root, "", found, 0)
    except OSError as error:
        raise RunError(
            _("The content folder {path} cannot be read: {reason}").format(path=root, reason=error.strerror)
        ) from error
    return Walk(found.drops, found.stamps, tuple(found.ignored))


def _walk(root: Path, folder: Path, below: str, found: _Found, depth: int) -> None:
    files: dict[str, str] = {}
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        path = f"{below}{entry.name}"
        if entry.is_symlink() or is_noise(entry.name):
            found.ignored.append(path)
        elif entry.is_dir(follow_symlinks=False):
            if depth < _MOST_DEPTH:
                _walk(root, Path(entry.path), path + "/", found, depth + 1)
        else:
            files[entry.name] = found.stamps[path] = _stamp(entry.stat(follow_symlinks=False))
    main = _main(files, depth)
    for name in files:
        if _is_drop(name, main):
            found.drops[below + name] = _drop(root, below + name, main, files)


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


def _stamp(stat: os.stat_result) -> str:
    return f"{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ino}"


def single(root: Path, file: Path) -> Drop:
    """One named file as a drop, for `bantin check`; the unit's folder is the first one below `root`."""
    path = file.relative_to(root).as_posix()
    depth = path.count("/")
    try:
        plain = [one for one in sorted(file.parent.iterdir()) if one.is_file() and not one.is_symlink()]
    except OSError:
        plain = []
    files = {one.name: _stamp(one.stat()) for one in plain if not is_noise(one.name)}
    files.setdefault(file.name, "")
    main = _main(files, depth)
    return _drop(root, path, main if main == file.name else "", files)


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
    """The file that a relative name means, or None when it leaves the folder, is absolute, or passes a link."""
    if not name or name.startswith(("/", "\\", "~")) or ":" in name or "\\" in name or "\0" in name:
        return None
    parts = Path(name).parts
    if ".." in parts:
        return None
    file = folder
    for part in parts:
        file = file / part
        if file.is_symlink():
            return None
    return file if _same_name(file) else None


def _same_name(file: Path) -> bool:
    return len(os.fsencode(file.name)) <= 255


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
