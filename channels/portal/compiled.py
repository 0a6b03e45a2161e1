"""Compiled templates, kept in this process and, for the next one, in the state folder.

Compiling takes a twentieth of a run that has one page to write. What is kept is code that will be run, so it is taken
only from a file that is ours alone; a file that is missing, damaged or of another version costs the time and no more.
"""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import suppress
from functools import cache, cached_property
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from secrets import token_hex
from typing import Final

import jinja2
from jinja2.bccache import Bucket

from channels.portal.debt import program

FOLDER: Final = "templates"
_MOST: Final = 1_000_000  # bytes of one template; ours take 20,000
_OTHERS: Final = stat.S_IWGRP | stat.S_IWOTH


class Compiled(jinja2.BytecodeCache):
    """Templates that are compiled alike; what this process has compiled once, for whichever portal, it does not again.

    Args:
        alike: whatever of their settings compiling depends on. Of the portal's that is the language: words are put in before,
            and Jinja works out what it can while it compiles.
        folder: where the next process finds them; None keeps them in memory.
    """

    def __init__(self, alike: str, folder: Path | None = None) -> None:
        self._folder, self._alike = folder, alike
        self._code = _in_memory(alike)

    @cached_property
    def _version(self) -> bytes:
        return f"{self._alike}/{program()}/{jinja2.__version__}".encode() + MAGIC_NUMBER

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key not in self._code and self._folder:
            self._code[bucket.key] = _checked(_of_ours(self._folder / bucket.key), self._version)
        if code := self._code.get(bucket.key):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = code = bucket.bytecode_to_string()
        if self._folder:
            with suppress(OSError):  # a full disk, or a folder that is not ours: the next process compiles for itself
                _put(self._folder / bucket.key, _sealed(code, self._version))


@cache
def _in_memory(_alike: str) -> dict[str, bytes]:
    return {}


def _sealed(code: bytes, version: bytes) -> bytes:
    return hashlib.sha256(version + code).digest() + code


def _checked(kept: bytes, version: bytes) -> bytes:
    """The code, if every byte of it is what was written by this version; else nothing."""
    seal, code = kept[:32], kept[32:]
    return code if hashlib.sha256(version + code).digest() == seal else b""


def _of_ours(file: Path) -> bytes:
    """What stands in a plain file that belongs to us and that nobody else may write; else nothing."""
    try:
        number = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return b""
    with open(number, "rb") as opened:
        found = os.fstat(number)
        ours = stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & _OTHERS
        return opened.read(_MOST) if ours else b""


def _put(file: Path, content: bytes) -> None:
    """Whole or not at all; readable by us alone."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}-{token_hex(4)}")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as made:
            made.write(content)
        os.replace(part, file)
    finally:
        part.unlink(missing_ok=True)
