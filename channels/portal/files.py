"""Files of the built site: written whole or not at all, and not touched when nothing changed."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile


class Output:
    """The folder that a web server shows."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, address: str, content: bytes) -> bool:
        """Put the content at an address; False when it stood there already."""
        target = self.root / address
        with suppress(FileNotFoundError):
            if target.read_bytes() == content:
                return False
        _place(target, lambda part: _readable(part, part.write_bytes(content)))
        return True

    def link(self, address: str, source: Path) -> None:
        """Show a file of a store whose files never change; linked where the file system can, to save the space."""
        target = self.root / address
        if not target.exists():
            _place(target, lambda part: _link(source, part))

    def copy(self, address: str, source: Path) -> None:
        """Show a copy of a file that its owner may still change."""
        target = self.root / address
        if not target.exists():
            _place(target, lambda part: _copy(source, part))

    def remove(self, address: str) -> bool:
        """Take a file away; False when there was none."""
        try:
            (self.root / address).unlink()
        except FileNotFoundError:
            return False
        return True


def content_name(file: Path) -> str:
    """A name that changes with the content: sha256 and the file's ending."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() + file.suffix.lower()


def _place(target: Path, fill: Callable[[Path], object]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, prefix=".", suffix=".part", delete=False) as spare:
        part = Path(spare.name)
    try:
        fill(part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _link(source: Path, part: Path) -> None:
    part.unlink()
    try:
        os.link(source, part)
    except FileNotFoundError:
        raise
    except OSError:  # another file system, or one without links
        _copy(source, part)


def _copy(source: Path, part: Path) -> None:
    _readable(part, shutil.copyfile(source, part))


def _readable(part: Path, _written: object) -> None:
    part.chmod(0o644)  # the web server is another user, and a temporary file is for ours alone
