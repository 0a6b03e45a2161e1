"""Folder → drops: one walk with scandir, compared with what the ledger remembers; an unchanged file is not read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import RunError
from pipeline.i18n import _
from pipeline.model import Drop

_TEXTS = (".md", ".markdown")
_FOREIGN = (".docx", ".doc", ".rtf", ".odt", ".pages", ".txt")
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
    entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    bundle = any(entry.name == "index.md" and entry.is_file(follow_symlinks=False) for entry in entries) and depth > 0
    for entry in entries:
        path = f"{below}{entry.name}"
        if entry.is_symlink() or is_noise(entry.name):
            found.ignored.append(path)
        elif entry.is_dir(follow_symlinks=False):
            if depth < _MOST_DEPTH:
                _walk(root, Path(entry.path), path + "/", found, depth + 1)
        else:
            found.stamps[path] = _stamp(entry.stat(follow_symlinks=False))
            if _is_drop(entry.name, bundle):
                found.drops[path] = _drop(root, path, bundle and entry.name == "index.md", found.stamps[path])


def _is_drop(name: str, bundle: bool) -> bool:
    suffix = Path(name).suffix.lower()
    return name == "index.md" or suffix in _TEXTS if bundle else suffix in (*_TEXTS, *_FOREIGN)


def _drop(root: Path, path: str, bundle: bool, stamp: str) -> Drop:
    unit, slash, _rest = path.partition("/")
    file = root / path
    folder = file.parent if bundle or not slash else root / unit
    return Drop(path, file, folder, unit if slash else "", stamp)


def _stamp(stat: os.stat_result) -> str:
    return f"{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ino}"


def single(root: Path, file: Path) -> Drop:
    """One named file as a drop, for `bantin check`; the unit's folder is the first one below `root`."""
    path = file.relative_to(root).as_posix()
    return _drop(root, path, file.name == "index.md" and len(Path(path).parts) > 2, _stamp(file.stat()))


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
