"""Files of the built site: written whole or not at all, and not touched when nothing changed."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Final

PARTS: Final = ".parts"  # half-written files; a name with a dot is never served
_READABLE: Final = 0o644  # the web server is another user, whatever our umask says
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
        self._root = os.fspath(root)
        self._unsynced: list[str] = []
        self._touched: list[str] = []
        self._part = f"{self._root}/{PARTS}/{token_hex(8)}"  # nobody else's, nor of a process that died
        self._made = 0
        # Until `look_anew`, while nobody else may write: media files that are whole, whether the folder of parts is there.
        self._shown: set[str] = set()
        self._ready = False

    def look_anew(self) -> None:
        """Others may have written since: take nothing for granted that was seen before."""
        self._shown.clear()
        self._ready = False

    def write(self, address: str, content: bytes) -> bool:
        """Put the content at an address; False when it stood there already."""
        self._touched.append(address)
        if _holds(f"{self._root}/{address}", content):
            self.same += 1
            self._unsynced.append(address)  # it may have been written just before a power cut
            return False
        self._place(address, lambda part: _fill(part, content))
        return True

    def link(self, address: str, source: Path) -> None:
        """Show a file of a store whose files never change; linked where the file system can, to save the space."""
        self._touched.append(address)
        if address in self._shown:
            return
        if not _whole(f"{self._root}/{address}", source):
            self._place(address, lambda part: copied_or_linked(source, Path(part)))
        self._shown.add(address)

    def copy(self, address: str, source: Path) -> None:
        """Show a copy of a file that its owner may still change."""
        self._touched.append(address)
        if not _whole(f"{self._root}/{address}", source):
            self._place(address, lambda part: _copy(source, Path(part)))

    def remove(self, address: str) -> bool:
        """Take a file away, and the folders that it leaves empty; False when there was none."""
        self._touched.append(address)
        self._shown.discard(address)
        try:
            os.unlink(f"{self._root}/{address}")
        except FileNotFoundError:
            return False
        self.removed += 1
        for folder in (self.root / address).parents:
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
        self._unsynced += addresses

    def settle(self) -> None:
        """Wait until all that was written since the last time survives a power cut."""
        addresses, self._unsynced = self._unsynced, []
        if not self._durable:
            return
        if len(addresses) > _MANY:
            os.sync()
            return
        files = [self.root / address for address in addresses]
        for path in dict.fromkeys([*files, *(file.parent for file in files)]):
            with suppress(FileNotFoundError):
                _sync(path)

    def sweep(self) -> None:
        """Throw away what a process that died left half written."""
        shutil.rmtree(self.root / PARTS, ignore_errors=True)
        self._ready = False

    def _place(self, address: str, fill: Callable[[str], object]) -> None:
        """Let `fill` make the file aside, then put it in its place."""
        self._made += 1
        part, target = f"{self._part}-{os.getpid()}-{self._made}", f"{self._root}/{address}"
        if not self._ready:
            os.makedirs(f"{self._root}/{PARTS}", exist_ok=True)
            self._ready = True
        try:
            fill(part)
            try:
                os.replace(part, target)
            except FileNotFoundError:  # the folder is new; to look for it each time costs more
                os.makedirs(os.path.dirname(target), exist_ok=True)
                os.replace(part, target)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(part)
            raise
        self.written += 1
        self._unsynced.append(address)


def content_name(file: Path) -> str:
    """A name that changes with the content: sha256 and the file's ending."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() + file.suffix.lower()


def _whole(target: str, source: Path) -> bool:
    """Whether a file stands there in full; its name says its content, so that the size is enough to compare."""
    try:
        return os.stat(target).st_size == os.stat(source).st_size
    except FileNotFoundError:
        return not source.exists() and os.path.exists(target)


# The system's own calls: a page costs three of them, and Python's layers above cost as much again.
def _holds(file: str, content: bytes) -> bool:
    try:
        number = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return os.fstat(number).st_size == len(content) and os.read(number, len(content) + 1) == content
    finally:
        os.close(number)


def _fill(part: str, content: bytes) -> None:
    number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _READABLE)
    try:
        os.fchmod(number, _READABLE)
        left = memoryview(content)
        while left:
            left = left[os.write(number, left) :]
    finally:
        os.close(number)


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
    shutil.copyfile(source, part)
    part.chmod(_READABLE)


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
