"""The files that a text may name: below its folder, through no link."""

from __future__ import annotations

from pathlib import Path


def shown(name: str) -> str:
    """A name as text; bytes that are no UTF-8 (an old zip, a badly mounted share) become U+FFFD, and it is refused."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


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
