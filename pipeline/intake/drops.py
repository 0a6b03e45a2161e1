"""Which files make a drop: a text alone, or a folder with one text and what lies beside it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from pipeline.endings import COMPANIONS, FOREIGN
from pipeline.intake.naming import shown
from pipeline.model import Drop
from pipeline.settling import is_noise

_TEXTS = (".md", ".markdown")
WORD = ".docx"
_ATTACHED = (WORD, ".pdf", *FOREIGN)
UNIT_DEPTH = 1  # of a unit's folder below the content folder


def main_of(names: Iterable[str], depth: int) -> str:
    """The text of a folder drop (depth 2 is a folder in a unit's folder), empty when the folder is none.

    A document that lies alone in a folder is a drop by itself, so that months may be kept in folders of their own.
    """
    texts = [name for name in names if name.lower().endswith(_TEXTS)]
    documents = [name for name in names if name.lower().endswith(WORD)]
    if depth < UNIT_DEPTH + 1 or "index.md" in texts:
        return "index.md" if depth > UNIT_DEPTH else ""
    return documents[0] if len(documents) == 1 and not texts and len(list(names)) > 1 else ""


def is_text(name: str) -> bool:
    """Whether a file of this name is read; any other drop is refused by its name."""
    return name.lower().endswith((*_TEXTS, WORD))


def is_drop(name: str, main: str) -> bool:
    """Whether a file is looked at by itself; attachments of a folder drop, and what a text may name, are not."""
    lower = name.lower()
    if main and lower.endswith(_ATTACHED):
        return name == main
    return not lower.endswith(COMPANIONS)


def drop_of(root: Path, path: str, main: str, files: Mapping[str, str]) -> Drop:
    unit, slash, _rest = path.partition("/")
    file = root / path
    if file.name != main:
        folder = root / unit if slash else file.parent
        return Drop(path, file, folder, unit if slash else "", files[file.name])
    attached = tuple(name for name in files if name != main and name.lower().endswith(_ATTACHED))
    stamp = ";".join([files[main], *(f"{name}={files[name]}" for name in attached)])
    return Drop(path, file, file.parent, unit, stamp, attached)


def not_a_file(root: Path, path: str, file: Path, wrong: str, stamp: str = "") -> Drop:
    """A drop that is only told about: a link, a folder that is too deep, a picture that no text names."""
    unit, slash, _rest = path.partition("/")
    return Drop(path, file, root / unit if slash else file.parent, unit if slash else "", stamp, wrong=wrong)


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
