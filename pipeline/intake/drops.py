"""Which files make a drop: a text alone, or a folder with one text and what lies beside it."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path

from pipeline.endings import COMPANIONS, FOREIGN
from pipeline.intake.naming import shown
from pipeline.model import Drop
from pipeline.settling import is_noise

_TEXTS = (".md", ".markdown")
WORD = ".docx"
_READ = (*_TEXTS, WORD)
_ATTACHED = (WORD, ".pdf", *FOREIGN)
UNIT_DEPTH = 1  # of a unit's folder below the content folder


def main_of(names: Collection[str], depth: int) -> str:
    """The text of a folder drop (depth 2 is a folder in a unit's folder), empty when the folder is none.

    A document that lies alone in a folder is a drop by itself, so that months may be kept in folders of their own.
    """
    if depth <= UNIT_DEPTH:
        return ""
    texts = [name for name in names if name.lower().endswith(_TEXTS)]
    if "index.md" in texts:
        return "index.md"
    documents = [name for name in names if name.lower().endswith(WORD)]
    return documents[0] if len(documents) == 1 and not texts and len(names) > 1 else ""


def is_text(name: str) -> bool:
    """Whether a file of this name is read; any other drop is refused by its name."""
    return name.lower().endswith(_READ)


def is_drop(name: str, main: str) -> bool:
    """Whether a file is looked at by itself; attachments of a folder drop, and what a text may name, are not."""
    lower = name.lower()
    if main and lower.endswith(_ATTACHED):
        return name == main
    return not lower.endswith(COMPANIONS)


def drop_of(root: Path, path: str, main: str, files: Mapping[str, str]) -> Drop:
    """The drop of a text; `files` are the stamps of all that lies beside it, by name."""
    name = path.rpartition("/")[2]
    if name != main:
        return Drop(root, path, files[name])
    attached = tuple(one for one in files if one != main and one.lower().endswith(_ATTACHED))
    stamp = ";".join([files[main], *(f"{one}={files[one]}" for one in attached)])
    return Drop(root, path, stamp, own_folder=True, attachments=attached)


def stamp_text(stat: os.stat_result) -> str:
    return f"{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ino}"


def single(root: Path, file: Path) -> Drop:
    """One named file as a drop, for `bantin check`; the unit's folder is the first one below `root`."""
    path, name = shown(file.relative_to(root).as_posix()), shown(file.name)
    depth = path.count("/")
    try:
        plain = [one for one in sorted(file.parent.iterdir()) if one.is_file() and not one.is_symlink()]
    except OSError:
        plain = []
    files = {shown(one.name): stamp_text(one.stat()) for one in plain if not is_noise(one.name)}
    files.setdefault(name, "")
    main = main_of(files, depth)
    return drop_of(root, path, main if main == name else "", files)
