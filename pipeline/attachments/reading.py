"""The words of PDF attachments, read in a process of its own that has little memory and time."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from pipeline import repair
from pipeline.attachments.container import MOST_BYTES, load
from pipeline.model import AttachmentReport
from pipeline.syllables import marked_words, share
from pipeline.text import nfc

SECONDS: Final = 3  # of processor time for all attachments of an item; 100 pages of text take 0.2 s
MEMORY: Final = 192 * 1024 * 1024  # bytes of addresses, of which Python and PDFium map 100 MB before they begin
_WALL: Final = 30.0  # seconds; only a process that waits for something comes near it
_PROGRAM: Final = Path(__file__).with_name("pdfium.py")
_FEWEST: Final = 8  # marked words; fewer do not tell whether letters make sense
_UNMAPPED: Final = 0.3  # share of signs without a letter from which a text says nothing


class Reader:
    """Reads one PDF after the other; a file on which the process dies leaves the rest unread. Starts when first asked."""

    def __init__(self, seconds: int = SECONDS, memory: int = MEMORY) -> None:
        self._arguments = [sys.executable, "-I", str(_PROGRAM), str(seconds), str(memory)]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process:
            self._process.kill()
            self._process.communicate()

    def ask(self, data: bytes) -> dict[str, Any]:
        """What the program says of a file (see pdfium.py), with trouble "stuck" when it gave no answer."""
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 - our own program and numbers
                self._arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}
            )
        process = self._process
        assert process.stdin and process.stdout
        watch = threading.Timer(_WALL, process.kill)
        watch.start()
        try:
            with suppress(OSError, ValueError):
                process.stdin.write(struct.pack(">Q", len(data)))
                process.stdin.write(data)
                process.stdin.flush()
                return dict(json.loads(process.stdout.readline()))
        finally:
            watch.cancel()
        return {"pages": [], "pictured": [], "trouble": "stuck"}


def inspect(file: Path, most: int = MOST_BYTES, reader: Reader | None = None) -> tuple[AttachmentReport, bytes]:
    """A report on one file of at most `most` bytes, and its bytes when it may be published; with words when a reader
    is given."""
    report, data = load(file, most)
    if not data or reader is None:
        return report, data
    found = reader.ask(data)
    trouble = found["trouble"]
    if trouble in ("broken", "locked", "scripts"):
        return replace(report, problem=trouble), b""
    pages = tuple(_mended(text.replace("\r\n", "\n").replace("\r", "\n")) for text in found["pages"])
    unread = trouble or ("letters" if _senseless("\n".join(pages)) else "")
    return replace(report, pages=pages, pictured=tuple(found["pictured"]), unread=unread), data


def _mended(text: str) -> str:
    """What a page in an old font means; it is only looked at, never published."""
    found = repair.propose(text)
    return nfc(found.text if found else text)


def _senseless(text: str) -> bool:
    """Signs for which the file names no letter, or letters of an old font that no table knows."""
    unmapped = sum(sign in "\ufffd\ufffe\uffff" or "\ue000" <= sign <= "\uf8ff" or sign < "\t" for sign in text)
    if text and unmapped > _UNMAPPED * len(text):
        return True
    return len(marked_words(text)) >= _FEWEST and share(text) < 0.5
