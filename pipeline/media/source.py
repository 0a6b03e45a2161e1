"""What a picture file really is; nothing is believed of its name, and little of its header."""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
import struct
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from PIL import Image, ImageFile, UnidentifiedImageError

Reason: TypeAlias = Literal["missing", "outside", "too-large-file", "bomb", "not-a-picture", "truncated", "type"]
MOST_BYTES: Final = 20_000_000
MOST_PIXELS: Final = 40_000_000
# WebP's decoder keeps several copies: 12 million pixels took 337 MB, 40 million 674 MB.
MOST_WEBP_PIXELS: Final = 8_000_000
BROKEN: Final = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, struct.error)  # Pillow's decoders
_ANOTHER_TYPE: Final = re.compile(rb"GIF8|BM|II\*\0|MM\0\*|....ftyp|\s*(<\?xml.*?)?(<!.*?>\s*)*<svg", re.DOTALL)
_SCRIPT: Final = re.compile(rb"<\?php|<script", re.IGNORECASE)
_ORIENTATION: Final = 0x0112


class BadPicture(Exception):
    """A picture that is not taken; `reason` is for rules, `details` for the editor."""

    def __init__(self, reason: Reason, details: str) -> None:
        super().__init__(reason, details)  # both in args, so that it travels between processes
        self.reason = reason
        self.details = details


@dataclass(frozen=True)
class PictureFacts:
    """What a source is: pixels as a person sees it (turned by EXIF), true format, size in bytes."""

    width: int
    height: int
    format: str
    bytes: int
    sha256: str


def inspect(file: Path) -> PictureFacts:
    """The facts of a picture that may be used, told by its content and never by its name; else BadPicture."""
    return inspect_bytes(read(file))


def inspect_bytes(data: bytes) -> PictureFacts:
    """As `inspect`, for a picture that came inside another file.

    The pixels are counted in the header before any is decoded, and then decoded once to find a cut-off file.
    """
    if len(data) > MOST_BYTES:
        raise BadPicture("too-large-file", f"{len(data)} bytes, at most {MOST_BYTES} are taken")
    digest = hashlib.sha256(data).hexdigest()
    if digest not in _KNOWN:
        if len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN[digest] = _looked_at(data, digest)
    return _KNOWN[digest]


# The rules look at a picture, and what encodes it looks again: equal bytes are decoded once.
_KNOWN: Final[dict[str, PictureFacts]] = {}
_MOST_KNOWN: Final = 256


def _looked_at(data: bytes, digest: str) -> PictureFacts:
    kind = _kind(data)
    try:
        with opened(data, kind) as image:
            width, height = image.size
            most = MOST_WEBP_PIXELS if kind == "WEBP" else MOST_PIXELS
            if width * height > most:
                raise BadPicture("bomb", f"{width}x{height} pixels, at most {most} are taken")
            image.draft(None, (1, 1))  # a JPEG is read whole but kept at an eighth, which saves memory
            image.load()
            turned = orientation(image) >= 5
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPicture("bomb", str(error)) from error
    except UnidentifiedImageError as error:
        raise BadPicture("not-a-picture", f"begins like {kind} but is none") from error
    except BROKEN as error:
        raise BadPicture("truncated", f"{kind}: {error}") from error
    if turned:
        width, height = height, width
    return PictureFacts(width, height, kind, len(data), digest)


def read(file: Path) -> bytes:
    """The bytes of a plain file; a link, a pipe or a device is not opened."""
    try:
        mode = os.lstat(file).st_mode
        if stat.S_ISLNK(mode):
            raise BadPicture("outside", f"{file.name} is a link")
        if not stat.S_ISREG(mode):
            raise BadPicture("not-a-picture", f"{file.name} is not a plain file")
        number = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)  # NOFOLLOW: the name may be swapped
    except OSError as error:
        raise BadPicture("missing", f"{file.name}: {error.strerror}") from error
    with open(number, "rb") as handle:
        size = os.fstat(number).st_size
        if size > MOST_BYTES:
            raise BadPicture("too-large-file", f"{size} bytes, at most {MOST_BYTES} are taken")
        return handle.read(MOST_BYTES)


def _kind(data: bytes) -> str:
    """JPEG, PNG or WEBP by the first bytes; refuses other types, and a picture that is also a program or archive."""
    if data.startswith(b"\xff\xd8\xff"):
        kind = "JPEG"
    elif data.startswith(b"\x89PNG\r\n\x1a\n"):
        kind = "PNG"
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        kind = "WEBP"
    elif _ANOTHER_TYPE.match(data[:1024]):
        raise BadPicture("type", "only JPEG, PNG and WebP are taken")
    else:
        raise BadPicture("not-a-picture", "the content is not a picture")
    if _SCRIPT.search(data) or b"%PDF-" in data[:1024] or zipfile.is_zipfile(io.BytesIO(data)):
        raise BadPicture("not-a-picture", f"{kind} that is also a script, a document or an archive")
    return kind


def opened(data: bytes, kind: str) -> ImageFile.ImageFile:
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        return Image.open(io.BytesIO(data), formats=[kind])


def orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except (*BROKEN, TypeError):  # a broken EXIF block does not spoil the picture
        return 1
