"""Whether a file holds what its name says, before it is let into the content folder; by content, never by what a
browser claims."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from pipeline import attachments, media
from pipeline.errors import NotPossible
from pipeline.i18n import _
from pipeline.media import BadPicture
from pipeline.model import PictureReport
from pipeline.parse import captions, encoding
from pipeline.parse.metadata import Unreadable
from pipeline.parse.package import MOST_BYTES as MOST_WORD
from pipeline.parse.package import open_package
from pipeline.patterns import lazy
from pipeline.rules import RULES, pictures
from pipeline.rules.clips import FILE_TYPES

_PICTURES: Final = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP"}
_MOST: Final = {
    ".md": encoding.MOST_BYTES, ".markdown": encoding.MOST_BYTES, ".docx": MOST_WORD, **dict.fromkeys(FILE_TYPES, media.MOST_CLIP),
    **dict.fromkeys(captions.TYPES, captions.MOST_BYTES), **dict.fromkeys(_PICTURES, media.MOST_BYTES),
}  # fmt: skip
TYPES: Final = (*_MOST, ".pdf")
_PAGE: Final = lazy(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype|html|head|body|script|svg|\?xml|iframe)\b", re.I | re.S)
_OTHER: Final = (b"PK\x03\x04", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"MZ", b"\x7fELF", b"\xd0\xcf\x11\xe0", b"GIF8",
                 b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")  # fmt: skip


def most_bytes(name: str, pdf: int) -> int:
    """The largest file of this name's type; `pdf` is the newsroom's limit for attachments.

    Raises:
        NotPossible: files of this type are not taken.
    """
    suffix = Path(name).suffix.lower()
    if suffix not in TYPES:
        raise NotPossible(_('"{name}": files of this type are not taken. Send Word (.docx), Markdown (.md), pictures '
                            "(.jpg, .png, .webp), clips (.mp4, .webm), subtitles (.vtt, .srt) or PDF.").format(name=name))  # fmt: skip
    return pdf if suffix == ".pdf" else _MOST[suffix]


def check(file: Path, name: str, pdf: int) -> None:
    """Look into a stored file.

    Raises:
        NotPossible: it is not what its name says, is damaged, or is made to harm; the message says which.
    """
    suffix = Path(name).suffix.lower()
    if file.stat().st_size == 0:
        raise NotPossible(_('"{name}" is empty.').format(name=name))
    try:
        if suffix in _PICTURES:
            _picture(file, name, _PICTURES[suffix])
        elif suffix == ".docx":
            open_package(file.read_bytes()).archive.close()
        elif suffix == ".pdf":
            _pdf(file, name, pdf)
        elif suffix in FILE_TYPES:
            if not media.is_clip(file):
                raise NotPossible(_('"{name}" is no clip of this type.').format(name=name))
        elif suffix in captions.TYPES:
            _captions(file, name)
        else:
            _text(file.read_bytes(), name)
    except Unreadable as error:
        raise NotPossible(f'"{name}": {error.finding.message} {error.finding.hint}'.strip()) from None


def _picture(file: Path, name: str, kind: str) -> None:
    try:
        found = media.inspect(file)
    except BadPicture as error:
        said = pictures.said(PictureReport(name, error.reason, kind=error.kind))
        raise NotPossible(f"{said} {_(RULES[pictures.rule_of(error.reason)].instead)}") from None
    if found.format != kind:
        raise NotPossible(_('"{name}" is a picture of another type ({kind}); give it the right ending.').format(
            name=name, kind=found.format))  # fmt: skip


def _pdf(file: Path, name: str, most: int) -> None:
    with file.open("rb") as stream:
        problem = attachments.problem(stream.read(most))
    if problem:
        raise NotPossible(_('"{name}" is no plain PDF: locked, damaged, or with scripts inside.').format(name=name))


def _captions(file: Path, name: str) -> None:
    report = captions.read(file.read_bytes(), name)
    if report.problem:
        raise NotPossible(
            _('The captions file "{name}" cannot be used: {problem}').format(name=name, problem=report.problem)
        )
    if report.foreign:
        raise NotPossible(_('The captions file "{name}" holds HTML or code on its line {line}.').format(
            name=name, line=report.foreign))  # fmt: skip


def _text(data: bytes, name: str) -> None:
    """Text of any encoding that intake reads; a web page, a program or an archive under a text's name is none."""
    if data.startswith(_OTHER):
        raise NotPossible(_('"{name}" is no text, whatever its name says.').format(name=name))
    text = encoding.read(data).text
    if _PAGE.match(text.lstrip("\ufeff")):
        raise NotPossible(_('"{name}" is a web page (HTML), not a text in Markdown.').format(name=name))
