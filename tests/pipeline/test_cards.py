"""Share cards: legible, inside the canvas, and never with diacritics that run into each other."""

from __future__ import annotations

import unicodedata

import pytest
from PIL import Image, ImageChops, ImageDraw

from pipeline import cards
from pipeline.cards import AREA_COLOURS, Card, TitleLayout

TITLES = (
    "ẪẬỮỰỶ ẤẦẨẪẬ KIỂM SOÁT THỦ TỤC HÀNH CHÍNH",
    "ẪẬỮỰỶ ỴỊỌ ẪẬỮỰỶ ỵyg " * 6,
    "Họp báo",
    "Hà Nội cắt giảm 96,17% thời gian giải quyết thủ tục đất đai cho người dân",
    "Ủy ban nhân dân thành phố Hà Nội ban hành kế hoạch " * 8,
    "Xem https://dichvucong.hanoi.gov.vn/" + "a" * 400,
    "",
)
SIZES = ((1200, 630), (1000, 640), (480, 252), (2048, 1075))


def card(title: str, unit: str = "Văn phòng UBND thành phố Hà Nội") -> Card:
    return Card(title, "Kiểm soát thủ tục hành chính", unit, AREA_COLOURS["kstthc"], "qa")


def ink_of(layout: TitleLayout, index: int, size: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """The box of the pixels that one line really paints, on a canvas twice as large so that clipping would show."""
    canvas = Image.new("L", (size[0] * 2, size[1] * 2))
    at = (layout.left + size[0] // 2, layout.baselines[index] + size[1] // 2)
    ImageDraw.Draw(canvas).text(at, layout.lines[index], 255, cards.font("Bold", layout.size), anchor="ls")
    box = canvas.getbbox()
    return box and (box[0] - size[0] // 2, box[1] - size[1] // 2, box[2] - size[0] // 2, box[3] - size[1] // 2)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("title", TITLES)
def test_lines_keep_apart_and_inside(title: str, size: tuple[int, int]) -> None:
    """The ink of a line ends above the ink of the next one and stays between the margins, head and foot."""
    layout = cards.lay_out(card(title), *size)
    scale = min(size[0] / 1200, size[1] / 630)
    boxes = [box for index in range(len(layout.lines)) if (box := ink_of(layout, index, size))]

    assert all(upper[3] < lower[1] for upper, lower in zip(boxes, boxes[1:], strict=False))
    assert all(104 * scale < box[1] and box[3] < size[1] - 104 * scale for box in boxes)
    assert all(60 * scale < box[0] and box[2] < size[0] - 60 * scale for box in boxes)


@pytest.mark.parametrize("title", TITLES)
def test_font_size_and_line_count_have_limits(title: str) -> None:
    """Between 34 and 76 pixels, at most five lines."""
    layout = cards.lay_out(card(title))

    assert 34 <= layout.size <= 76
    assert 5 >= len(layout.lines)


def test_short_title_is_large_and_long_title_ends_in_an_ellipsis() -> None:
    """A short title takes the largest font; a title that never fits is cut at a syllable and says so."""
    short, long = cards.lay_out(card("Họp báo")), cards.lay_out(card("nghiêng " * 200))

    assert (76, ("Họp báo",)) == (short.size, short.lines)
    assert 34 == long.size
    assert long.lines[-1].endswith("nghiêng…")


def test_lines_are_balanced_without_losing_a_syllable() -> None:
    """No line is left with one lonely syllable, and the words are those of the title."""
    title = TITLES[3]
    lines = cards.lay_out(card(title)).lines

    assert title == " ".join(lines)
    assert min(map(len, lines)) > 0.7 * max(map(len, lines))


def test_decomposed_text_is_composed_first() -> None:
    """NFD from a Mac draws the same pixels as NFC."""
    title = TITLES[0]
    same = cards.draw(card(unicodedata.normalize("NFD", title)))

    assert ImageChops.difference(cards.draw(card(title)), same).getbbox() is None


@pytest.mark.parametrize("size", SIZES)
def test_canvas_size_and_colour(size: tuple[int, int]) -> None:
    """The card has the asked size, the area's colour, and a long unit never reaches the edge."""
    drawn = cards.draw(card("Tin", unit="Trung tâm Phục vụ hành chính công " * 6), *size)
    edge = drawn.crop((size[0] - round(size[0] * 0.05), 0, size[0], size[1] // 2))

    assert size == drawn.size
    assert (0x9B, 0x1C, 0x1F) == drawn.getpixel((1, 1))
    assert [(edge.width * edge.height, (0x9B, 0x1C, 0x1F))] == edge.getcolors()
