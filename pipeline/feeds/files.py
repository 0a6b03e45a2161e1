"""Drafts on disk: written whole, never over another file, never through a link."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipeline import whole
from pipeline.errors import RunError
from pipeline.i18n import _


def put(content: Path, folder: str, names: Iterable[str], data: bytes) -> str:
    """Write under the first name that is free, or that holds these very bytes already; the path below `content`.

    Raises:
        RunError: the folder is a link, or all names are taken.
        OSError: it cannot be written.
    """
    place = content
    for part in folder.split("/"):
        place = place / part
        if place.is_symlink():
            raise RunError(_("The folder {path} is a link; drafts are not written there.").format(path=place))
    place.mkdir(parents=True, exist_ok=True)
    for name in names:
        file = place / name
        if whole.create(file, data) or (not file.is_symlink() and file.is_file() and file.read_bytes() == data):
            return f"{folder}/{name}"
    raise RunError(_("There are too many drafts of one name in {path}.").format(path=place))
