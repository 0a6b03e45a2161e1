"""The sizes that each channel takes, kept by content hash; a warm cache decodes nothing.

Byte limits: Zalo <= 1 MB (zalo.md §2), Facebook photo < 4 MB (facebook.md §3).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

from PIL import Image

from pipeline import cards, whole
from pipeline.cards import Card
from pipeline.media.pixels import FACEBOOK_EDGE, FILTER, TURNS, cropped, encode, flattened, narrower
from pipeline.media.source import BROKEN, BadPicture, PictureFacts, opened, orientation, read

Shelf: TypeAlias = "dict[str, tuple[Rendition, ...]]"
ZALO_BYTES: Final = 1_000_000
FACEBOOK_BYTES: Final = 3_900_000
PORTAL_WIDTHS: Final = (1200, 800, 480)
SOCIAL: Final = ("zalo", "facebook")
INLINE_WIDTHS: Final = (640, 1200)
SHARE_SIZE: Final = (1200, 630)
ZALO_SIZE: Final = (1000, 640)  # Zalo recommends 500x320, so twice that (zalo.md §2)
RECIPE: Final = "5"  # part of every cache key: raise it when a size, a quality or a drawing changes
WEBP_METHOD: Final = 2  # docs/decisions/059
_QUALITY: Final = 82
_FACEBOOK_ENOUGH: Final = 1920  # of the longer edge, where that saves the full size of a photo
_AVIF_QUALITY: Final = 66  # as good as the others' 82 (SSIM; docs/decisions/047)
_AVIF_SPEED: Final = 6
_NO_LIMIT: Final = 1 << 62


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
    """An item's picture in the shape of every channel; `portal` goes from wide to narrow, the newest encoding first."""

    portal: tuple[Rendition, ...]
    share: Rendition
    zalo: Rendition
    facebook: Rendition


class MediaStore:
    """Renditions under `root`, named by their own content; safe for several processes, which write equal bytes.

    Args:
        webp_method: 0 (quick and large) to 6 (slow and small); 3 is no other than 4.
        avif: the portal's sizes come as AVIF too (docs/decisions/047).
        widths: of the portal's sizes in pixels, wide to narrow.
        channels: those of "zalo" and "facebook" that want a size of their own; the others get the shared one.
    """

    def __init__(self, root: Path, *, webp_method: int = WEBP_METHOD, avif: bool = False, widths: Sequence[int] = PORTAL_WIDTHS,
                 channels: Collection[str] = SOCIAL) -> None:  # fmt: skip
        self.root = root
        self._method, self._avif, self._widths = webp_method, avif, tuple(widths)
        self._social = tuple(name for name in SOCIAL if name in channels)
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
            wide = narrower(self._decode(source, facts), PORTAL_WIDTHS[0])
            sizes = [narrower(wide, width) for width in sorted({min(width, wide.width) for width in INLINE_WIDTHS})]
            made = tuple(one for image in sizes for one in (*self._modern(image), self._jpeg(image, ZALO_BYTES)))
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
        """A drawn card for those who ask for one picture; the portal's pages say its words in letters and show none."""
        key = hashlib.sha256(json.dumps(asdict(card)).encode()).hexdigest()
        shelf = self._remembered("card", key)
        if shelf is None:
            share = self._sent(cards.draw(card, *SHARE_SIZE), ZALO_BYTES)
            zalo = self._sent(cards.draw(card, *ZALO_SIZE), ZALO_BYTES) if "zalo" in self._social else share
            made: Shelf = {"portal": (), "share": (share,), "zalo": (zalo,), "facebook": (share,)}
            shelf = self._recorded("card", key, made)
        return _covers(shelf)

    def _cover_set(self, image: Image.Image) -> Shelf:
        """Encode one decoded picture; narrower sizes come from the widest one, which costs half (performance.md)."""
        wide = narrower(image, self._widths[0])
        sizes = {min(width, wide.width): None for width in self._widths}
        narrowed = [narrower(wide, width) for width in sizes]
        share = self._sent(cropped(image if _less(wide, SHARE_SIZE) else wide, SHARE_SIZE, enlarge=True))
        made = {
            "portal": tuple(made for one in narrowed for made in (*self._modern(one), self._jpeg(one))),
            "share": (share,), "zalo": (share,), "facebook": (share,),
        }  # fmt: skip
        if "zalo" in self._social:
            zalo = cropped(image if _less(wide, ZALO_SIZE) else wide, ZALO_SIZE, enlarge=False)
            made["zalo"] = (self._sent(zalo, ZALO_BYTES),)
        if "facebook" in self._social:
            made["facebook"] = (self._sent(image, FACEBOOK_BYTES),)
        return made

    def _decode(self, source: Path, facts: PictureFacts) -> Image.Image:
        """The source as upright sRGB on white, its longer edge at most 2048 pixels."""
        data = read(source)
        if hashlib.sha256(data).hexdigest() != facts.sha256:
            raise BadPicture("missing", f"{source.name} changed after it was inspected")
        self.decoded += 1
        try:
            with opened(data, facts.format) as image:
                smaller = self._smaller(facts)
                image.draft(None, (image.width // smaller, image.height // smaller))
                image.load()
                turn = TURNS.get(orientation(image))
                plain = flattened(image)
        except BROKEN as error:
            raise BadPicture("truncated", str(error)) from error
        plain.thumbnail((FACEBOOK_EDGE, FACEBOOK_EDGE), FILTER)
        return plain if turn is None else plain.transpose(turn)

    def _smaller(self, facts: PictureFacts) -> int:
        """How many times smaller a JPEG is decoded: a phone's photo at half its size costs a sixth."""
        width = max(self._widths[0], INLINE_WIDTHS[-1])
        edge = _FACEBOOK_ENOUGH if "facebook" in self._social else 0
        for factor in (8, 4, 2):
            small = facts.width // factor, facts.height // factor
            if small[0] >= width and small[1] >= ZALO_SIZE[1] and max(small) >= edge:
                return factor
        return 1

    def _modern(self, image: Image.Image) -> Iterator[Rendition]:
        """What newer browsers take, the smallest first; AVIF on one thread, so that its bytes are the same everywhere."""
        if self._avif:
            yield self._kept(
                encode(image, "AVIF", quality=_AVIF_QUALITY, speed=_AVIF_SPEED, max_threads=1), "avif", image
            )
        yield self._kept(encode(image, "WEBP", quality=_QUALITY, method=self._method), "webp", image)

    def _sent(self, image: Image.Image, most: int = _NO_LIMIT) -> Rendition:
        """A JPEG for another program, not for readers: its last 3 % of bytes are not worth half of its time."""
        return self._jpeg(image, most, squeezed=False)

    def _jpeg(self, image: Image.Image, most: int = _NO_LIMIT, *, squeezed: bool = True) -> Rendition:
        """A JPEG of at most `most` bytes: first coarser, then smaller."""
        while True:
            for quality in range(_QUALITY, 49, -8):
                data = encode(image, "JPEG", quality=quality, optimize=squeezed)
                if len(data) <= most:
                    return self._kept(data, "jpg", image)
            image = narrower(image, image.width * 4 // 5)

    def _kept(self, data: bytes, ending: str, image: Image.Image) -> Rendition:
        self.encoded += 1
        name = hashlib.sha256(data).hexdigest()[:20]
        file = self.root / name[:2] / f"{name}.{ending}"
        _write(file, data)
        return Rendition(file, "image/jpeg" if ending == "jpg" else f"image/{ending}", *image.size, len(data))

    def _recipe(self, role: str, source: str) -> Path:
        recipe = f"{RECIPE}+avif" if self._avif and role != "card" else RECIPE
        recipe += f"+webp{self._method}" if role != "card" else ""
        recipe += f"+{self._widths}" if self._widths != PORTAL_WIDTHS and role == "covers" else ""
        recipe += f"+{self._social}" if self._social != SOCIAL and role != "inline" else ""
        key = hashlib.sha256(f"{role}/{recipe}/{source}".encode()).hexdigest()
        return self.root / "recipes" / key[:2] / f"{key}.json"

    def _remembered(self, role: str, source: str) -> Shelf | None:
        """What was made before, if every file is still there at its size; a damaged record is made again."""
        try:
            noted = json.loads(self._recipe(role, source).read_bytes())
            shelf = {
                name: tuple(Rendition(**{**one, "file": self.root / one["file"]}) for one in made)
                for name, made in noted.items()
            }
            complete = all(one.file.stat().st_size == one.bytes for made in shelf.values() for one in made)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None
        return shelf if complete else None

    def _recorded(self, role: str, source: str, shelf: Shelf) -> Shelf:
        noted = {
            name: [asdict(replace(one, file=one.file.relative_to(self.root))) for one in made]
            for name, made in shelf.items()
        }
        _write(self._recipe(role, source), json.dumps(noted, default=Path.as_posix).encode())
        return shelf


def _less(image: Image.Image, size: tuple[int, int]) -> bool:
    return image.width < size[0] or image.height < size[1]


def _covers(shelf: Shelf) -> Covers:
    return Covers(shelf["portal"], shelf["share"][0], shelf["zalo"][0], shelf["facebook"][0])


def _write(file: Path, data: bytes) -> None:
    """Several processes write equal bytes, and the web server must never see half of them."""
    file.parent.mkdir(parents=True, exist_ok=True)
    whole.replace(file, data)
