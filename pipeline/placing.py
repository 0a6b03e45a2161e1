"""Puts files that came through the browser where a person would have put them: safe names, each whole at once, and
nothing that lies there already is replaced unless somebody said so."""

from __future__ import annotations

import errno
import filecmp
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from pipeline.errors import NotPossible
from pipeline.i18n import _
from pipeline.patterns import lazy
from pipeline.recognise import filenames
from pipeline.settling import STAGE, is_noise
from pipeline.text import nfc, slug, strip_invisible

How = Literal["ask", "replace", "beside"]
_MOST_NAME: Final = 200  # bytes in UTF-8; file systems take 255, and "-2" or a lock file's prefix must still fit
_FORBIDDEN: Final = lazy(r'[\\/:*?"<>|\x00-\x1f\x7f]')  # what Windows, and so a unit's share, cannot hold
_RESERVED: Final = lazy(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_STALE: Final = 24 * 3600.0  # seconds; an upload that nobody decided about by then is thrown away
_TOKEN: Final = lazy(r"[0-9a-f]{32}")
TEXTS: Final = (".md", ".markdown", ".docx")


@dataclass(frozen=True)
class Placed:
    """What became of one file; `path` is relative to the content folder.

    Args:
        state: new, same (the very bytes lay there), replaced, beside (under another name), exists (nobody was asked yet).
    """

    path: str
    state: Literal["new", "same", "replaced", "beside", "exists"]


def safe_name(name: str) -> str:
    """The name in NFC, when a person could have used it on any machine and intake would look at it.

    Raises:
        NotPossible: says what is wrong with it.
    """
    shown = nfc(strip_invisible(name))[:80]
    clean = nfc(name).strip()
    if not clean or _FORBIDDEN.search(clean) or ".." in clean or strip_invisible(clean) != clean:
        raise NotPossible(_('The name "{name}" holds signs that a file name may not have; rename the file.').format(
            name=shown))  # fmt: skip
    if len(clean.encode("utf-8", "replace")) > _MOST_NAME:
        raise NotPossible(_('The name "{name}…" is too long; shorten it.').format(name=shown[:60]))
    if is_noise(clean) or _RESERVED.fullmatch(clean) or clean.endswith("."):
        raise NotPossible(_('The name "{name}" is kept for other things; rename the file.').format(name=shown))
    if filenames.in_name(clean):
        raise NotPossible(_("A file name carries a secrecy mark. Nothing was stored: do not send it this way."))
    return clean


def folder_name(name: str) -> str:
    """As `safe_name`, for a new folder: lower-case words joined by hyphens, as the samples have them; "" stays ""."""
    return slug(safe_name(name), 80) if name.strip() else ""


class Stage:
    """A hidden folder in the unit's folder in which an upload grows; intake never looks into it."""

    def __init__(self, unit: Path, token: str = "") -> None:
        self.unit, self.token = unit, token or secrets.token_hex(16)
        self.folder = unit / f"{STAGE}{self.token}"

    @classmethod
    def of(cls, unit: Path, token: str) -> Stage:
        """The stage of an upload that waits for a decision.

        Raises:
            NotPossible: there is none (any more).
        """
        stage = cls(unit, token) if _TOKEN.fullmatch(token) else None
        if stage is None or not stage.folder.is_dir():
            raise NotPossible(_("This upload is no longer there; send the files again."))
        return stage

    def open(self) -> None:
        if self.unit.is_symlink():
            raise NotPossible(_("The unit's folder is a link; an operator has to look at it."))
        self.folder.mkdir(parents=True)

    def file(self, name: str) -> Path:
        return self.folder / name

    def drop(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def names(self) -> list[str]:
        """Its files, pictures before texts: when a text appears, all that it names is there."""
        return sorted(
            (one.name for one in self.folder.iterdir()), key=lambda name: (name.lower().endswith(TEXTS), name)
        )


def sweep(unit: Path) -> None:
    """Throw away uploads that were begun long ago and never decided."""
    for old in unit.glob(f"{STAGE}*"):
        if old.is_dir() and not old.is_symlink() and time.time() - old.stat().st_mtime > _STALE:
            shutil.rmtree(old, ignore_errors=True)


def place(content: Path, stage: Stage, folder: str, how: How) -> list[Placed]:
    """Move what is staged into the unit's folder, or into `folder` below it.

    With "ask" nothing at all is moved while any file lies there already with other content.

    Raises:
        NotPossible: `folder` is a file or a link.
        OSError: the disk is full or the share is away; what was not moved is still staged.
    """
    target = stage.unit / folder if folder else stage.unit
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise NotPossible(_('"{name}" is no folder.').format(name=folder))
    if folder and not target.exists():
        return _whole(content, stage, target)
    taken = [name for name in stage.names() if _differs(stage.file(name), target / name)]
    if taken and how == "ask":
        return [Placed(_path(content, target / name), "exists") for name in taken]
    done = [_one(content, stage.file(name), target / name, how) for name in stage.names()]
    stage.drop()
    return done


def _whole(content: Path, stage: Stage, target: Path) -> list[Placed]:
    """A new folder appears with all its files at once."""
    names = stage.names()
    try:
        stage.folder.rename(target)
    except OSError as error:
        if error.errno in (errno.EEXIST, errno.ENOTEMPTY):
            raise NotPossible(_('"{name}" has just been made by somebody else; send again.').format(
                name=target.name)) from None  # fmt: skip
        raise
    return [Placed(_path(content, target / name), "new") for name in names]


def _one(content: Path, staged: Path, target: Path, how: How) -> Placed:
    if target.is_symlink() or target.is_dir():
        raise NotPossible(_('"{name}" is no file.').format(name=target.name))
    if target.exists() and filecmp.cmp(staged, target, shallow=False):
        staged.unlink()
        return Placed(_path(content, target), "same")
    try:
        _appear(staged, target)
        return Placed(_path(content, target), "new")
    except FileExistsError:
        if how == "replace":
            os.replace(staged, target)
            return Placed(_path(content, target), "replaced")
    for name in _beside(target):
        try:
            _appear(staged, target.with_name(name))
            return Placed(_path(content, target.with_name(name)), "beside")
        except FileExistsError:
            continue
    raise NotPossible(_('There are too many files like "{name}".').format(name=target.name))


def beside(content: Path, staged: Path, folder: Path, name: str) -> str:
    """Move one staged file to a name that is free, made of `name`, and return its path below the content folder.

    Raises:
        NotPossible: the folder is a link or a file.
    """
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise NotPossible(_('"{name}" is no folder.').format(name=folder.name))
    folder.mkdir(exist_ok=True)
    return _one(content, staged, folder / name, "beside").path


def _appear(staged: Path, target: Path) -> None:
    """The file is there whole or not at all, and never over another one.

    Raises:
        FileExistsError: something lies there.
    """
    try:
        os.link(staged, target)
        staged.unlink()
    except FileExistsError:
        raise
    except OSError:  # a share without hard links: take the name first, then move onto it
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644))
        os.replace(staged, target)


def _beside(target: Path) -> Iterator[str]:
    yield from (f"{target.stem}-{number}{target.suffix}" for number in range(2, 100))


def _differs(staged: Path, target: Path) -> bool:
    return os.path.lexists(target) and not (target.is_file() and filecmp.cmp(staged, target, shallow=False))


def _path(content: Path, file: Path) -> str:
    return file.relative_to(content).as_posix()


def same_names(names: Iterable[str]) -> str:
    """The first name that stands twice, letter case aside; "" when none does."""
    seen: set[str] = set()
    for name in names:
        if name.lower() in seen:
            return name
        seen.add(name.lower())
    return ""


def folders(unit: Path, most: int = 100) -> Sequence[str]:
    """The folders of a unit, newest name first, for a list to choose from."""
    if not unit.is_dir():
        return ()
    found = (one.name for one in os.scandir(unit) if one.is_dir(follow_symlinks=False) and not is_noise(one.name))
    return sorted(found, reverse=True)[:most]
