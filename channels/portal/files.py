"""Files of the built site: written whole or not at all, and not touched when nothing changed."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

PARTS: Final = ".parts"  # half-written files; a name with a dot is never served
_MANY: Final = 64  # files; beyond it one sync of the whole system is cheaper than one a file


class Output:
    """The folder that a web server shows; `written`, `same` and `removed` count addresses since it was opened.

    Only one process at a time may write: the index is locked while anybody does.

    Args:
        durable: `settle` waits until everything survives a power cut.
    """

    def __init__(self, root: Path, *, durable: bool = True) -> None:
        self.root = root
        self._durable = durable
        self.written = self.same = self.removed = 0
        self._unsynced: list[Path] = []
        self._touched: list[str] = []

    def write(self, address: str, content: bytes) -> bool:
        """Put the content at an address; False when it stood there already."""
        target = self.root / address
        self._touched.append(address)
        with suppress(FileNotFoundError):
            if target.read_bytes() == content:
                self.same += 1
                self._unsynced.append(target)  # it may have been written just before a power cut
                return False
        self._place(address, lambda part: _readable(part, part.write_bytes(content)))
        return True

    def link(self, address: str, source: Path) -> None:
        """Show a file of a store whose files never change; linked where the file system can, to save the space."""
        self._touched.append(address)
        if not _whole(self.root / address, source):
            self._place(address, lambda part: _link(source, part))

    def copy(self, address: str, source: Path) -> None:
        """Show a copy of a file that its owner may still change."""
        self._touched.append(address)
        if not _whole(self.root / address, source):
            self._place(address, lambda part: _copy(source, part))

    def remove(self, address: str) -> bool:
        """Take a file away, and the folders that it leaves empty; False when there was none."""
        target = self.root / address
        self._touched.append(address)
        try:
            target.unlink()
        except FileNotFoundError:
            return False
        self.removed += 1
        for folder in target.parents:
            if folder == self.root:
                break
            try:
                folder.rmdir()
            except OSError:  # something else is in it
                break
        return True

    def touched(self) -> list[str]:
        """Addresses that were written, found unchanged or removed since this was last asked; more rather than less."""
        found, self._touched = self._touched, []
        return found

    def hand_over(self) -> list[str]:
        """Addresses that were touched, for whoever settles and remembers them instead."""
        self._unsynced = []
        return self.touched()

    def take_over(self, addresses: Iterable[str]) -> None:
        """Settle and remember what another process wrote."""
        addresses = list(addresses)
        self._touched += addresses
        self._unsynced += (self.root / address for address in addresses)

    def settle(self) -> None:
        """Wait until all that was written since the last time survives a power cut."""
        files, self._unsynced = self._unsynced, []
        if not self._durable:
            return
        if len(files) > _MANY:
            os.sync()
            return
        for path in dict.fromkeys([*files, *(file.parent for file in files)]):
            with suppress(FileNotFoundError):
                _sync(path)

    def sweep(self) -> None:
        """Throw away what a process that died left half written."""
        shutil.rmtree(self.root / PARTS, ignore_errors=True)

    def _place(self, address: str, fill: Callable[[Path], object]) -> None:
        target = self.root / address
        target.parent.mkdir(parents=True, exist_ok=True)
        parts = self.root / PARTS
        parts.mkdir(exist_ok=True)
        with NamedTemporaryFile(dir=parts, delete=False) as spare:
            part = Path(spare.name)
        try:
            fill(part)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        self.written += 1
        self._unsynced.append(target)


def content_name(file: Path) -> str:
    """A name that changes with the content: sha256 and the file's ending."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() + file.suffix.lower()


def _whole(target: Path, source: Path) -> bool:
    """Whether a file stands there in full; its name says its content, so that the size is enough to compare."""
    try:
        return target.stat().st_size == source.stat().st_size
    except FileNotFoundError:
        return not source.exists() and target.exists()


def _link(source: Path, part: Path) -> None:
    part.unlink()
    copied_or_linked(source, part)


def copied_or_linked(source: Path, target: Path) -> None:
    """A second name for a file that is never written in place; a copy where there can be none.

    Raises:
        FileNotFoundError: the source is not there.
    """
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:  # another file system, or one without links
        _copy(source, target)


def _copy(source: Path, part: Path) -> None:
    _readable(part, shutil.copyfile(source, part))


def _readable(part: Path, _written: object) -> None:
    part.chmod(0o644)  # the web server is another user, and a temporary file is for ours alone


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
