"""Share cards for items without a picture: the title on its area's colour, readable as a thumbnail on a phone.

The promise: stacked diacritics never touch the line above, nothing leaves the canvas, equal cards give equal pixels.
All sizes are pixels of the 1200x630 base and are scaled for other canvases.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from pipeline.text import nfc

AREA_COLOURS: Final = {
    "kstthc": "#9b1c1f",
    "mot-cua": "#0b6e4f",
    "de-an-06": "#1d4f91",
    "chuyen-doi-so": "#6a3fa0",
}
NO_AREA_COLOUR: Final = "#4a4a4a"
WORDMARK: Final = "Thủ đô Hà Nội"
MOST_LINES: Final = 5
LINE_HEIGHT: Final = 1.5  # em; at 1.35 "Ẫ" nearly touches the line above, 1.45 is the least (libraries.md §10)

_BASE: Final = (1200, 630)
_MARGIN: Final = 84
_TITLE_TOP, _TITLE_BOTTOM = 136, 506
_FOOTER_TOP: Final = 526
_SIZES: Final = range(76, 33, -2)
_BASELINE: Final = 1.13  # em below the top of a line box: "Ẫ" needs 1.09 above the baseline, "ỵ" 0.3 below
_GOLD: Final = "#f0c75e"
_WHITE: Final = "#ffffff"
_KINDS: Final = {"clip": "VIDEO", "qa": "HỎI – ĐÁP"}


@dataclass(frozen=True)
class Card:
    """What a share card says; `colour` is "#rrggbb", `kind` is article, clip or qa."""

    title: str
    label: str
    unit: str
    colour: str
    kind: str


@dataclass(frozen=True)
class TitleLayout:
    """Where the title goes: font size, left edge and one baseline a line, in pixels of the canvas."""

    size: int
    left: int
    lines: tuple[str, ...]
    baselines: tuple[int, ...]


def draw(card: Card, width: int = 1200, height: int = 630) -> Image.Image:
    """The card as an RGB picture of width x height pixels."""
    canvas = _empty(replace(card, title=""), width, height).copy()
    pen = ImageDraw.Draw(canvas)
    title = lay_out(card, width, height)
    for line, baseline in zip(title.lines, title.baselines, strict=True):
        pen.text((title.left, baseline), line, _WHITE, font("Bold", title.size), anchor="ls")
    return canvas


@lru_cache(maxsize=16)  # 2 MB each; an office's items come in runs of one unit and few areas
def _empty(card: Card, width: int, height: int) -> Image.Image:
    """All but the title, which keeps clear of it: the same for every item of an area, unit and kind."""
    scale = _scale(width, height)
    canvas = Image.new("RGB", (width, height), card.colour)
    _draw_head(ImageDraw.Draw(canvas), card, width, scale)
    _draw_foot(canvas, card, scale)
    return canvas


def lay_out(card: Card, width: int = 1200, height: int = 630) -> TitleLayout:
    """The largest font at which the title takes at most five balanced lines; a longer title ends in "…"."""
    scale = _scale(width, height)
    left = round(_MARGIN * scale)
    room = width - 2 * left
    top, bottom = round(_TITLE_TOP * scale), height - round((_BASE[1] - _TITLE_BOTTOM) * scale)
    syllables = nfc(card.title).split()
    for base_size in _SIZES:
        size = round(base_size * scale)
        lines = _filled(syllables, font("Bold", size), room)
        if len(lines) <= MOST_LINES and len(lines) * size * LINE_HEIGHT <= bottom - top:
            lines = _balanced(syllables, font("Bold", size), room)
            break
    else:
        lines = _shortened(lines, font("Bold", size), room)
    first = (top + bottom - len(lines) * size * LINE_HEIGHT) / 2 + _BASELINE * size
    baselines = tuple(round(first + index * size * LINE_HEIGHT) for index in range(len(lines)))
    return TitleLayout(size, left, tuple(lines), baselines)


@lru_cache(maxsize=128)
def font(style: str, size: int) -> ImageFont.FreeTypeFont:
    """Be Vietnam Pro at `size` pixels; the basic engine is enough for NFC and the same on every machine."""
    path = str(files("fontpkg_be_vietnam_pro") / "files" / f"BeVietnamPro-{style}.ttf")
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=20_000)
def _width(face: ImageFont.FreeTypeFont, text: str) -> float:
    """Pixels of a syllable: titles share their syllables, and one title asks for each many times."""
    return face.getlength(text)


def _scale(width: int, height: int) -> float:
    return min(width / _BASE[0], height / _BASE[1])


def _draw_head(pen: ImageDraw.ImageDraw, card: Card, width: int, scale: float) -> None:
    """A short gold bar and the area's name at the left, the kind of item at the right."""
    left, baseline, small = round(_MARGIN * scale), round(98 * scale), font("SemiBold", round(26 * scale))
    pen.rectangle((left, round(54 * scale), left + round(56 * scale), round(57 * scale)), fill=_GOLD)
    kind = _KINDS.get(card.kind, "")
    kind_width = small.getlength(kind)
    label = _fitted(nfc(card.label).upper(), small, width - 2 * left - kind_width - 40 * scale)
    pen.text((left, baseline), label, _GOLD, small, anchor="ls")
    if kind:
        pen.text((width - left, baseline), kind, _WHITE, small, anchor="rs")


def _draw_foot(canvas: Image.Image, card: Card, scale: float) -> None:
    """A darker strip under a thin gold line: the unit at the left, the wordmark at the right."""
    width, height = canvas.size
    top = height - round((_BASE[1] - _FOOTER_TOP) * scale)
    strip = (0, top, width, height)
    canvas.paste(canvas.crop(strip).point(lambda value: value * 4 // 5), strip)
    pen = ImageDraw.Draw(canvas)
    pen.rectangle((0, top, width, top + max(1, round(3 * scale)) - 1), fill=_GOLD)
    left, baseline = round(_MARGIN * scale), top + round(63 * scale)
    unit_font, mark_font = font("Medium", round(26 * scale)), font("SemiBold", round(26 * scale))
    room = width - 2 * left - mark_font.getlength(WORDMARK) - 48 * scale
    pen.text((left, baseline), _fitted(nfc(card.unit), unit_font, room), _WHITE, unit_font, anchor="ls")
    pen.text((width - left, baseline), WORDMARK, _GOLD, mark_font, anchor="rs")


def _balanced(syllables: list[str], face: ImageFont.FreeTypeFont, room: float) -> list[str]:
    """As few lines as possible, then as even as possible: the narrowest column that keeps that number of lines."""
    lines = _filled(syllables, face, room)
    low, high = room / 2, float(room)
    while high - low > 8:
        middle = (low + high) / 2
        tried = _filled(syllables, face, middle)
        if len(tried) <= len(lines) and max(map(face.getlength, tried), default=0) <= middle:
            lines, high = tried, middle
        else:
            low = middle
    return lines


def _filled(syllables: list[str], face: ImageFont.FreeTypeFont, room: float) -> list[str]:
    """Lines filled in turn, broken between syllables (a wider one by letters); stops when there are too many lines."""
    lines: list[str] = []
    space, used = _width(face, " "), room
    for syllable in syllables:
        width = _width(face, syllable)
        if used + space + width <= room:
            lines[-1] += f" {syllable}"
            used += space + width
        else:
            lines.extend([syllable] if width <= room else _cut(syllable, face, room))
            used = _width(face, lines[-1])
        if len(lines) > MOST_LINES:
            break
    return lines


def _cut(syllable: str, face: ImageFont.FreeTypeFont, room: float) -> list[str]:
    pieces, used = [""], 0.0
    for letter in syllable:
        width = face.getlength(letter)
        if pieces[-1] and used + width > room:
            pieces.append("")
            used = 0.0
        pieces[-1] += letter
        used += width
    return pieces


def _shortened(lines: list[str], face: ImageFont.FreeTypeFont, room: float) -> list[str]:
    kept = lines[:MOST_LINES]
    if len(lines) > MOST_LINES:
        kept[-1] = _fitted(f"{kept[-1]} {lines[MOST_LINES]}", face, room)
    return kept


def _fitted(text: str, face: ImageFont.FreeTypeFont, room: float) -> str:
    """The text, or as many of its syllables as fit with "…" after them."""
    if face.getlength(text) <= room:
        return text
    syllables = text.split()
    while syllables and face.getlength(" ".join(syllables) + "…") > room:
        syllables.pop()
    return " ".join(syllables).rstrip(" ,;:–-") + "…"
