"""Pictures: what a file really is, and the sizes that each channel takes, kept by content hash.

A source's own bytes are never published: every rendition is decoded and encoded anew, without EXIF, GPS or profile,
so that a program hidden behind a picture does not get through. A warm cache decodes nothing.
Byte limits: Zalo <= 1 MB (zalo.md §2), Facebook photo < 4 MB (facebook.md §3).
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import secrets
import stat
import struct
import warnings
import zipfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final, Literal, TypeAlias

from PIL import Image, ImageCms, ImageFile, UnidentifiedImageError

from pipeline import cards
from pipeline.cards import Card

Reason: TypeAlias = Literal["missing", "outside", "too-large-file", "bomb", "not-a-picture", "truncated", "type"]
Shelf: TypeAlias = "dict[str, tuple[Rendition, ...]]"

MOST_BYTES: Final = 20_000_000
MOST_PIXELS: Final = 40_000_000
MOST_WEBP_PIXELS: Final = (
    8_000_000  # its decoder keeps several copies: 12 million pixels took 337 MB, 40 million 674 MB
)
ZALO_BYTES: Final = 1_000_000
FACEBOOK_BYTES: Final = 3_900_000
PORTAL_WIDTHS: Final = (1200, 800, 480)
INLINE_WIDTHS: Final = (640, 1200)
SHARE_SIZE: Final = (1200, 630)
ZALO_SIZE: Final = (1000, 640)  # Zalo recommends 500x320, so twice that (zalo.md §2)
FACEBOOK_EDGE: Final = 2048
RECIPE: Final = "2"  # part of every cache key: raise it when a size, a quality or a drawing changes

_QUALITY: Final = 82
_BAND: Final = 128  # rows of the smaller picture
_NO_LIMIT: Final = 1 << 62
_BROKEN: Final = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, struct.error)  # Pillow's decoders
_ANOTHER_TYPE: Final = re.compile(rb"GIF8|BM|II\*\0|MM\0\*|....ftyp|\s*(<\?xml.*?)?(<!.*?>\s*)*<svg", re.DOTALL)
_SCRIPT: Final = re.compile(rb"<\?php|<script", re.IGNORECASE)
_ORIENTATION: Final = 0x0112
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


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


@dataclass(frozen=True)
class Rendition:
    """One encoded file in the store; pixels and bytes."""

    file: Path
    mime: str
    width: int
    height: int
    bytes: int


@dataclass(frozen=True)
class Covers:
    """An item's picture in the shape of every channel; `portal` goes from wide to narrow, WebP before JPEG."""

    portal: tuple[Rendition, ...]
    share: Rendition
    zalo: Rendition
    facebook: Rendition


def inspect(file: Path) -> PictureFacts:
    """The facts of a picture that may be used, told by its content and never by its name; else BadPicture."""
    return inspect_bytes(_read(file))


def inspect_bytes(data: bytes) -> PictureFacts:
    """As `inspect`, for a picture that came inside another file.

    The pixels are counted in the header before any is decoded, and then decoded once to find a cut-off file.
    """
    if len(data) > MOST_BYTES:
        raise BadPicture("too-large-file", f"{len(data)} bytes, at most {MOST_BYTES} are taken")
    kind = _kind(data)
    try:
        with _opened(data, kind) as image:
            width, height = image.size
            most = MOST_WEBP_PIXELS if kind == "WEBP" else MOST_PIXELS
            if width * height > most:
                raise BadPicture("bomb", f"{width}x{height} pixels, at most {most} are taken")
            image.draft(None, (1, 1))  # a JPEG is read whole but kept at an eighth, which saves memory
            image.load()
            turned = _orientation(image) >= 5
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPicture("bomb", str(error)) from error
    except UnidentifiedImageError as error:
        raise BadPicture("not-a-picture", f"begins like {kind} but is none") from error
    except _BROKEN as error:
        raise BadPicture("truncated", f"{kind}: {error}") from error
    if turned:
        width, height = height, width
    return PictureFacts(width, height, kind, len(data), hashlib.sha256(data).hexdigest())


class MediaStore:
    """Renditions under `root`, named by their own content; safe for several processes, which write equal bytes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.decoded = 0
        self.encoded = 0

    def covers(self, source: Path, facts: PictureFacts) -> Covers:
        """Every size of an item's own picture."""
        shelf = self._remembered("covers", facts.sha256)
        if shelf is None:
            shelf = self._recorded("covers", facts.sha256, self._cover_set(self._decode(source, facts)))
        return _covers(shelf)

    def inline(self, source: Path, facts: PictureFacts) -> tuple[Rendition, ...]:
        """A picture in the body, narrow to wide: WebP, and JPEG of which Zalo takes the widest."""
        shelf = self._remembered("inline", facts.sha256)
        if shelf is None:
            wide = _narrowed(self._decode(source, facts), PORTAL_WIDTHS[0])
            sizes = [_narrowed(wide, width) for width in sorted({min(width, wide.width) for width in INLINE_WIDTHS})]
            made = tuple(one for image in sizes for one in (self._webp(image), self._jpeg(image, ZALO_BYTES)))
            shelf = self._recorded("inline", facts.sha256, {"inline": made})
        return shelf["inline"]

    def keep(self, data: bytes, ending: str) -> Path:
        """A file that came inside another one, or that must go out as it was checked: under its content's name."""
        name = hashlib.sha256(data).hexdigest()
        file = self.root / "kept" / name[:2] / f"{name}{ending}"
        if not file.is_file() or file.stat().st_size != len(data):
            _write(file, data)
        return file

    def card(self, card: Card) -> Covers:
        """A drawn card in the sizes of a cover; Facebook gets the share size, as a card has no finer detail."""
        key = hashlib.sha256(json.dumps(asdict(card)).encode()).hexdigest()
        shelf = self._remembered("card", key)
        if shelf is None:
            drawn = cards.draw(card, *SHARE_SIZE)
            shelf = self._cover_set(drawn, cards.draw(card, *ZALO_SIZE))
            shelf = self._recorded("card", key, shelf)
        return _covers(shelf)

    def _cover_set(self, image: Image.Image, zalo: Image.Image | None = None) -> Shelf:
        """Encode one decoded picture; narrower sizes come from the 1200 wide one, which costs half (performance.md)."""
        wide = _narrowed(image, PORTAL_WIDTHS[0])
        sizes = {min(width, wide.width): None for width in PORTAL_WIDTHS}
        narrowed = [_narrowed(wide, width) for width in sizes]
        zalo = zalo or _cropped(image if wide.height < ZALO_SIZE[1] else wide, ZALO_SIZE, enlarge=False)
        share = _cropped(image if wide.height < SHARE_SIZE[1] else wide, SHARE_SIZE, enlarge=True)
        return {
            "portal": tuple(made for one in narrowed for made in (self._webp(one), self._jpeg(one))),
            "share": (self._jpeg(share),),
            "zalo": (self._jpeg(zalo, ZALO_BYTES),),
            "facebook": (self._jpeg(image, FACEBOOK_BYTES),),
        }

    def _decode(self, source: Path, facts: PictureFacts) -> Image.Image:
        """The source as upright sRGB on white, its longer edge at most 2048 pixels."""
        data = _read(source)
        if hashlib.sha256(data).hexdigest() != facts.sha256:
            raise BadPicture("missing", f"{source.name} changed after it was inspected")
        self.decoded += 1
        try:
            with _opened(data, facts.format) as image:
                image.draft(None, (FACEBOOK_EDGE, FACEBOOK_EDGE))
                image.load()
                turn = _TURNS.get(_orientation(image))
                plain = _plain_small(image)
        except _BROKEN as error:
            raise BadPicture("truncated", str(error)) from error
        plain.thumbnail((FACEBOOK_EDGE, FACEBOOK_EDGE), Image.Resampling.LANCZOS)
        return plain if turn is None else plain.transpose(turn)

    def _webp(self, image: Image.Image) -> Rendition:
        return self._kept(_encoded(image, "WEBP", quality=_QUALITY, method=4), "webp", image)

    def _jpeg(self, image: Image.Image, most: int = _NO_LIMIT) -> Rendition:
        """A JPEG of at most `most` bytes: first coarser, then smaller."""
        while True:
            for quality in range(_QUALITY, 49, -8):
                data = _encoded(image, "JPEG", quality=quality, optimize=True)
                if len(data) <= most:
                    return self._kept(data, "jpg", image)
            image = _narrowed(image, image.width * 4 // 5)

    def _kept(self, data: bytes, ending: str, image: Image.Image) -> Rendition:
        self.encoded += 1
        name = hashlib.sha256(data).hexdigest()[:20]
        file = self.root / name[:2] / f"{name}.{ending}"
        _write(file, data)
        return Rendition(file, "image/webp" if ending == "webp" else "image/jpeg", *image.size, len(data))

    def _recipe(self, role: str, source: str) -> Path:
        key = hashlib.sha256(f"{role}/{RECIPE}/{source}".encode()).hexdigest()
        return self.root / "recipes" / key[:2] / f"{key}.json"

    def _remembered(self, role: str, source: str) -> Shelf | None:
        """What was made before, if every file is still there at its size; a damaged record is made again."""
        try:
            noted = json.loads(self._recipe(role, source).read_bytes())
            shelf = {
                name: tuple(Rendition(**{**one, "file": self.root / one["file"]}) for one in made)
                for name, made in noted.items()
            }
            whole = all(one.file.stat().st_size == one.bytes for made in shelf.values() for one in made)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None
        return shelf if whole else None

    def _recorded(self, role: str, source: str, shelf: Shelf) -> Shelf:
        noted = {
            name: [asdict(replace(one, file=one.file.relative_to(self.root))) for one in made]
            for name, made in shelf.items()
        }
        _write(self._recipe(role, source), json.dumps(noted, default=Path.as_posix).encode())
        return shelf


def _covers(shelf: Shelf) -> Covers:
    return Covers(shelf["portal"], shelf["share"][0], shelf["zalo"][0], shelf["facebook"][0])


def _read(file: Path) -> bytes:
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


def _opened(data: bytes, kind: str) -> ImageFile.ImageFile:
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        return Image.open(io.BytesIO(data), formats=[kind])


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except (*_BROKEN, TypeError):  # a broken EXIF block does not spoil the picture
        return 1


def _plain(image: Image.Image) -> Image.Image:
    """RGB in sRGB on a white ground, without metadata."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):  # 16 bits a pixel: convert() would clip instead of scale
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        seen = image.convert("RGBA")
        image = Image.new("RGB", seen.size, "white")
        image.paste(seen, mask=seen.getchannel("A"))
    if profile and image.mode in ("RGB", "CMYK"):
        image = _in_srgb(image, profile)
    plain = image.convert("RGB")
    plain.info.clear()
    return plain


def _plain_small(image: Image.Image) -> Image.Image:
    """The same, but a picture that is too large anyway is made smaller band by band: its copies would fill the memory."""
    factor = max(image.size) // FACEBOOK_EDGE
    if factor < 2:
        return _plain(image)
    small = Image.new("RGB", (-(-image.width // factor), -(-image.height // factor)))
    rows = factor * _BAND
    for top in range(0, image.height, rows):
        band = image.crop((0, top, image.width, min(top + rows, image.height)))
        small.paste(_plain(band).reduce(factor), (0, top // factor))
    return small


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        described = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(described).lower():
            return image
        made = ImageCms.profileToProfile(image, described, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):  # an unusable profile: the numbers as they are
        return image
    return made or image


def _narrowed(image: Image.Image, width: int) -> Image.Image:
    if image.width <= width:
        return image
    return image.resize((width, max(1, round(image.height * width / image.width))), Image.Resampling.LANCZOS)


def _cropped(image: Image.Image, size: tuple[int, int], *, enlarge: bool) -> Image.Image:
    """The largest part of the ratio of `size`, in the middle but rather high, where faces are; then that size."""
    ratio = size[0] / size[1]
    width = max(1, min(image.width, round(image.height * ratio)))
    height = max(1, min(image.height, round(image.width / ratio)))
    left, top = (image.width - width) // 2, (image.height - height) * 2 // 5
    part = image.crop((left, top, left + width, top + height))
    if part.size == size or (part.width < size[0] and not enlarge):
        return part
    return part.resize(size, Image.Resampling.LANCZOS)


def _encoded(image: Image.Image, kind: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _write(file: Path, data: bytes) -> None:
    """Whole or not at all, with the rights of the umask, so that the web server may read it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        draft.write_bytes(data)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
