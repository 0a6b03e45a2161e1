"""Drafts on disk: written whole, never over another file, never through a link."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

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
        if _write_new(file, data) or (not file.is_symlink() and file.is_file() and file.read_bytes() == data):
            return f"{folder}/{name}"
    raise RunError(_("There are too many drafts of one name in {path}.").format(path=place))


def _write_new(file: Path, data: bytes) -> bool:
    """False when the name is taken; a link into place cannot overwrite, and shows the file only when it is whole."""
    handle, temporary = tempfile.mkstemp(prefix=".tin-", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            os.fchmod(out.fileno(), 0o644)
        os.link(temporary, file)
    except FileExistsError:
        return False
    finally:
        Path(temporary).unlink(missing_ok=True)
    return True


def replace_in(file: Path, data: bytes) -> None:
    """Put new bytes in the place of a file as a whole."""
    handle, temporary = tempfile.mkstemp(prefix=".tin-", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            os.fchmod(out.fileno(), 0o644)
        os.replace(temporary, file)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
