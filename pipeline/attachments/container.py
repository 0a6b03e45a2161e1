"""Whether a file is a PDF that may be handed to citizens, told by its content and never by its name.

No PDF library is needed for that: names of actions stand in plain dictionaries or in object streams, which are unpacked
up to a limit. What cannot be looked into is not taken.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pipeline.model import AttachmentReport
from pipeline.patterns import lazy
from pipeline.text import nfc, one_line, strip_invisible

MOST_BYTES: Final = 10 * 1024 * 1024  # the default of [intake] attachment_mb; about 100 scanned pages
_MOST_UNPACKED: Final = 48 * 1024 * 1024  # of all object streams together
_DICTIONARY: Final = 4096  # bytes before the word "stream" in which its dictionary begins

_MOST_STREAMS: Final = 20_000  # 100 scanned pages have about 500
_STREAM: Final = re.compile(rb">>\s*stream\r?\n")
_TURNING: Final = lazy("[\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x1f]")
_OBJECT: Final = re.compile(rb"\d\s+\d+\s+obj\b")
_ESCAPE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_OBJECTS: Final = re.compile(rb"/ObjStm(?!\w)|/First(?!\w)")
_FILTER: Final = re.compile(rb"/Filter\s*(\[[^\]]*\]|/\w+|\d+\s+\d+\s+R)")
_LOCKED: Final = re.compile(rb"/Encrypt(?!\w)")
_ACTIVE: Final = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToE|Rendition|Movie|Sound)(?!\w)"
)


def load(file: Path, most: int = MOST_BYTES) -> tuple[AttachmentReport, bytes]:
    """A report on one file of at most `most` bytes, told by its outside, and its bytes when it may be published."""
    if file.suffix.lower() != ".pdf":
        return AttachmentReport(file.name, "type"), b""
    try:
        if not stat.S_ISREG(os.lstat(file).st_mode):
            return AttachmentReport(file.name, "missing"), b""
        number = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)  # NOFOLLOW: the name may be swapped
        with open(number, "rb") as stream:
            data = stream.read(most + 1)
    except OSError:
        return AttachmentReport(file.name, "missing"), b""
    if len(data) > most:
        return AttachmentReport(file.name, "too-big", file.stat().st_size), b""
    found = problem(data)
    return AttachmentReport(file.name, found, len(data), hashlib.sha256(data).hexdigest()), b"" if found else data


def shown(name: str) -> str:
    """A file's name as readers see it: NFC, one line, without signs that turn the writing around."""
    return one_line(_TURNING.sub("", strip_invisible(nfc(name))))[:120]


def problem(data: bytes) -> str:
    """Why a file must not be handed out: not-a-pdf, broken, locked or scripts; empty when it may."""
    if not re.match(rb"%PDF-[12]\.\d", data) or zipfile.is_zipfile(io.BytesIO(data)):
        return "not-a-pdf"
    if b"%%EOF" not in data[-2048:] or b"startxref" not in data[-4096:]:
        return "broken"
    plain = _unescaped(_outside(data))
    if _LOCKED.search(plain):
        return "locked"
    if _ACTIVE.search(plain):
        return "scripts"
    return _inside(data)


def _unescaped(data: bytes) -> bytes:
    """PDF names may be written with hexadecimal signs: /J#53 is /JS."""
    return _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), data)


def _streams(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Where the word "stream", its content and the word "endstream" begin; in one pass, whatever was left open."""
    end = 0
    while found := _STREAM.search(data, end):
        end = data.find(b"endstream", found.end())
        if end < 0:
            return
        yield found.start(), found.end(), end


def _outside(data: bytes) -> bytes:
    """Everything but streams; a "stream" that holds objects is a trick, and is kept."""
    parts, last = [], 0
    for _word, start, end in _streams(data):
        parts.append(data[last:start])
        if _OBJECT.search(data, start, end):
            parts.append(data[start:end])
        last = end
    return b"".join([*parts, data[last:]])


def _inside(data: bytes) -> str:
    """The same for what stands in object streams."""
    left = _MOST_UNPACKED
    for number, (word, start, end) in enumerate(_streams(data)):
        head = data[max(0, word - _DICTIONARY) : word]
        head = _unescaped(head[head.rfind(b"obj") + 3 :])
        if number >= _MOST_STREAMS:
            return "broken"
        if not _OBJECTS.search(head):
            continue
        filters = _FILTER.search(head)
        if filters and re.findall(rb"/(\w+)", filters[1]) != [b"FlateDecode"]:
            return "broken"
        try:
            unpacked = zlib.decompressobj().decompress(data[start:end], left) if filters else data[start:end]
        except zlib.error:
            return "broken"
        left -= len(unpacked)
        if left <= 0:
            return "broken"
        if _ACTIVE.search(_unescaped(unpacked)):
            return "scripts"
    return ""
