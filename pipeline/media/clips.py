"""Whether a file is the clip that its name says: told by its first bytes; it is published as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Final

MOST_BYTES: Final = 200 * 1024 * 1024


def is_clip(file: Path) -> bool:
    """An MP4 begins with a box "ftyp", a WebM with the sign of Matroska.

    Raises:
        OSError: the file cannot be read.
    """
    with file.open("rb") as stream:
        head = stream.read(12)
    return head[4:8] == b"ftyp" if file.suffix.lower() == ".mp4" else head.startswith(b"\x1aE\xdf\xa3")
