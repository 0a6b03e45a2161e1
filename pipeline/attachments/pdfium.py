"""The program that reads PDF files, run as a process of its own with little memory and time (see reading.py).

PDFium is the reader of Chrome, written in C++ and fuzzed for years; whatever a file does to it still ends with this
process. It imports nothing of ours. Files come in as length and bytes, one line of JSON goes out for each.
"""

from __future__ import annotations

import json
import resource
import struct
import sys
from collections.abc import Iterator
from typing import Any

import pypdfium2
from pypdfium2 import raw

MOST_PAGES = 200
MOST_LETTERS = 500_000  # of all files of an item; a law of 100 pages has about 250,000
_MOST_OUTLINE = 500
_PASSWORD = 4  # FPDF_ERR_PASSWORD
_LEAST_WORDS = 5  # letters; a page with fewer is as good as a picture


def main() -> None:
    """Arguments: seconds of processor time and bytes of memory that all files together may take."""
    seconds, memory = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    left = MOST_LETTERS
    while len(head := sys.stdin.buffer.read(8)) == 8:
        found = read(sys.stdin.buffer.read(struct.unpack(">Q", head)[0]), left)
        left -= sum(map(len, found["pages"]))
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()


def read(data: bytes, left: int = MOST_LETTERS) -> dict[str, Any]:
    """pages: the words of each; pictured: numbers of pages that show something and have no words; trouble: broken,
    locked, scripts, or long when only a part was read. Page 0 of `pages` is what stands outside of pages."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        return _found([], [], "locked" if getattr(error, "err_code", 0) == _PASSWORD else "broken")
    if raw.FPDFDoc_GetAttachmentCount(document) > 0 or raw.FPDFDoc_GetJavaScriptActionCount(document) > 0:
        return _found([], [], "scripts")
    pages, pictured = [_outside(document)], []
    count = len(document)
    if not count:
        return _found([], [], "broken")
    for number in range(1, min(count, MOST_PAGES) + 1):
        try:
            text, shows = _page(document, number - 1)
        except pypdfium2.PdfiumError:
            text, shows = "", True
        pages.append(text[:left])
        if shows and sum(map(str.isalnum, text)) < _LEAST_WORDS:
            pictured.append(number)
        left -= len(text)
        if left <= 0:
            return _found(pages, pictured, "long")
    return _found(pages, pictured, "long" if count > MOST_PAGES else "")


def _found(pages: list[str], pictured: list[int], trouble: str) -> dict[str, Any]:
    return {"pages": pages, "pictured": pictured, "trouble": trouble}


def _page(document: Any, index: int) -> tuple[str, bool]:
    """The words of a page, notes that are stuck on it included, and whether it shows anything at all."""
    page = document[index]
    try:
        words = page.get_textpage()
        text = words.get_text_range() if words.count_chars() else ""
        notes = list(_notes(page))
        return "\n".join([text, *notes]), bool(notes) or raw.FPDFPage_CountObjects(page) > 0
    finally:
        page.close()


def _notes(page: Any) -> Iterator[str]:
    """Words of annotations and of filled-in fields."""
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), 200)):
        note = raw.FPDFPage_GetAnnot(page, index)
        if not note:
            continue
        for key in (b"Contents", b"V"):
            size = min(raw.FPDFAnnot_GetStringValue(note, key, None, 0), 20_000)
            room = (raw.FPDF_WCHAR * (size // 2 + 1))()
            raw.FPDFAnnot_GetStringValue(note, key, room, size)
            if text := bytes(room)[: max(0, size - 2)].decode("utf-16-le", "replace").strip("\0"):
                yield text
        raw.FPDFPage_CloseAnnot(note)


def _outside(document: Any) -> str:
    facts = document.get_metadata_dict(skip_empty=True)
    words = [facts.get(name, "") for name in ("Title", "Subject", "Keywords")]
    for number, entry in enumerate(document.get_toc(max_depth=6)):
        if number >= _MOST_OUTLINE:
            break
        words.append(entry.get_title())
    return "\n".join(filter(None, words))[:20_000]


if __name__ == "__main__":
    main()
