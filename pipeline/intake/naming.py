"""The files that a text may name: below its folder, through no link."""

from __future__ import annotations

import os
from pathlib import Path


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
