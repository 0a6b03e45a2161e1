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

from pipeline.filetypes import kind_of, use_of
from pipeline.likeness import DRAFT, picture_hash

Reason: TypeAlias = Literal[
    "missing",
    "outside",
    "empty",
    "too-large-file",
    "bomb",
    "not-a-picture",
    "photo",
    "drawing",
    "program",
    "truncated",
    "type",
]
MOST_BYTES: Final = 20_000_000
MOST_PIXELS: Final = 40_000_000
# Measured with all of intake: a PNG of 40 million pixels with transparency took 297 MB, a progressive JPEG 354 MB, and
# WebP's decoder keeps several copies (12 million pixels took 337 MB).
_MOST_OF: Final = {"PNG": 30_000_000, "WEBP": 8_000_000}
_MOST_PROGRESSIVE: Final = 24_000_000
_MOST_SCANS: Final = 40  # cameras write up to 12; each one costs a walk over all pixels
BROKEN: Final = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, struct.error)  # Pillow's decoders
_SCRIPT: Final = re.compile(rb"<\?php|<script", re.IGNORECASE)
_ORIENTATION: Final = 0x0112


class BadPicture(Exception):
    """A picture that is not taken; `reason` is for rules, `kind` (see filetypes) and `details` for the editor."""

    def __init__(self, reason: Reason, details: str, kind: str = "") -> None:
        super().__init__(reason, details, kind)  # all in args, so that it travels between processes
        self.reason = reason
        self.details = details
        self.kind = kind


@dataclass(frozen=True)
class PictureFacts:
    """What a source is: pixels as a person sees it (turned by EXIF), true format, size in bytes; `moves` when it has
    more frames than the first, which is shown; `likeness` is what equal pictures are found by."""

    width: int
    height: int
    format: str
    bytes: int
    sha256: str
    moves: bool = False
    likeness: int | None = None


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
            most = _most_pixels(image, data)
            if width * height > most:
                raise BadPicture("bomb", f"{width}x{height} pixels, at most {most} are taken")
            image.draft(*DRAFT)  # a JPEG is read whole but kept grey and at an eighth, which saves memory
            image.load()
            likeness = picture_hash(image)
            turned = orientation(image) >= 5
            moves = kind != "JPEG" and getattr(image, "n_frames", 1) > 1  # an MPO's second frame is no movement
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPicture("bomb", str(error)) from error
    except UnidentifiedImageError as error:
        raise BadPicture("not-a-picture", f"begins like {kind} but is none") from error
    except BROKEN as error:
        raise BadPicture("truncated", f"{kind}: {error}") from error
    if turned:
        width, height = height, width
    return PictureFacts(width, height, kind, len(data), digest, moves, likeness)


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
    if not data:
        raise BadPicture("empty", "no bytes at all")
    kind = kind_of(data)
    use = use_of(kind)
    if use in ("photo", "drawing", "program"):
        raise BadPicture(use, f"{kind} under a picture's name", kind)
    if use != "picture":
        raise BadPicture("type" if kind else "not-a-picture", "only JPEG, PNG and WebP are taken", kind)
    if _SCRIPT.search(data) or b"%PDF-" in data[:1024] or zipfile.is_zipfile(io.BytesIO(data)):
        raise BadPicture("program", f"{kind} that is also a script, a document or an archive", kind)
    return kind.upper()


def _most_pixels(image: ImageFile.ImageFile, data: bytes) -> int:
    """How many pixels of this kind the memory allows.

    Raises:
        BadPicture: a JPEG is cut into so many scans that decoding it would take minutes.
    """
    if data.count(b"\xff\xda") > _MOST_SCANS and data.startswith(b"\xff\xd8"):  # never inside packed pixels
        raise BadPicture("bomb", f"more than {_MOST_SCANS} scans")
    if image.info.get("progressive"):
        return _MOST_PROGRESSIVE
    return _MOST_OF.get(str(image.format), MOST_PIXELS)


def opened(data: bytes, kind: str) -> ImageFile.ImageFile:
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        return Image.open(io.BytesIO(data), formats=[kind])


def orientation(image: Image.Image) -> int:
    try:
        with warnings.catch_warnings(action="ignore"):
            return int(image.getexif().get(_ORIENTATION, 1))
    except (*BROKEN, TypeError):  # a broken EXIF block does not spoil the picture
        return 1
