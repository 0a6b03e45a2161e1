"""Files that are there whole or not at all, whoever looks and whatever dies in between."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def replace(file: Path, data: bytes) -> None:
    """Put new bytes in the place of a file or a link; everybody may read them.

    Raises:
        OSError: the folder cannot be written; the old file stays.
    """
    with _draft(file.parent, data) as draft:
        draft.replace(file)


def create(file: Path, data: bytes, mode: int = 0o644) -> bool:
    """Write a new file with these permission bits; False when the name is taken. A link into place cannot overwrite.

    Raises:
        OSError: the folder cannot be written.
    """
    with _draft(file.parent, data, mode) as draft:
        try:
            os.link(draft, file)
        except FileExistsError:
            return False
    return True


@contextmanager
def _draft(folder: Path, data: bytes, mode: int = 0o644) -> Iterator[Path]:
    """The bytes under a hidden name, which no look at the content folder sees; gone at the end unless renamed."""
    handle, name = tempfile.mkstemp(prefix=".bantin-", dir=folder)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            os.fchmod(out.fileno(), mode)
        yield draft
    finally:
        draft.unlink(missing_ok=True)
