"""Pictures: only real ones are taken, each channel gets its size, nothing private and no second decoding."""

from __future__ import annotations

import ast
import io
import os
import pickle
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms

from pipeline.cards import AREA_COLOURS, Card
from pipeline.config.sections import MediaSection
from pipeline.media import WEBP_METHOD, BadPicture, MediaStore, Rendition, inspect

CARD = Card("Hà Nội đơn giản hóa thủ tục", "Một cửa", "Sở Nội vụ", AREA_COLOURS["mot-cua"], "article")


def picture(file: Path, size: tuple[int, int] = (1600, 1000), mode: str = "RGB", **options: Any) -> Path:
    """A red left half and a blue right half, so that turning and cropping can be seen."""
    image = Image.new("RGB", size, (200, 30, 30))
    image.paste((30, 30, 200), (size[0] // 2, 0, *size))
    image.convert(mode).save(file, **options)
    return file


def noise(file: Path, size: tuple[int, int]) -> Path:
    """The hardest picture to compress."""
    Image.frombytes("RGB", size, os.urandom(size[0] * size[1] * 3)).save(file, quality=95)
    return file


def photo_exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "SECRET NOTE"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (21.0, 1.0, 42.0)
    return exif


def every(store: MediaStore, file: Path) -> list[Rendition]:
    covers = store.covers(file, inspect(file))
    return [*covers.portal, covers.share, covers.zalo, covers.facebook, *store.inline(file, inspect(file))]


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def bomb(width: int, height: int) -> bytes:
    """A PNG that promises more pixels than it has bytes."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(900))) + chunk(b"IEND", b"")


def archive_after_picture(file: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("run.exe", b"MZ")
    return picture(file, (40, 40)).read_bytes() + buffer.getvalue()


def with_notes(file: Path) -> bytes:
    """A script in the notes of a photo."""
    exif = Image.Exif()
    exif[0x010E] = "<script>alert(1)</script>"
    return picture(file, (40, 40), exif=exif.tobytes()).read_bytes()


def many_scans(whole: bytes) -> bytes:
    """A JPEG that says again and again that it begins."""
    start = whole.index(b"\xff\xda")
    return whole[:-2] + whole[start:-2] * 50 + b"\xff\xd9"


@pytest.mark.parametrize(
    ("kind", "options", "moves"),
    [("WEBP", {"save_all": True}, True), ("PNG", {"save_all": True}, True), ("MPO", {"save_all": True}, False), ("WEBP", {}, False)],
)  # fmt: skip
def test_what_moves_is_told_and_a_phone_with_two_lenses_does_not(
    tmp_path: Path, kind: str, options: dict[str, Any], moves: bool
) -> None:
    """The first frame is shown; an MPO holds a second view or a gain map."""
    file = tmp_path / "a.jpg"
    second = [Image.new("RGB", (900, 600), "blue")] if options else []
    Image.new("RGB", (900, 600), "red").save(file, kind, append_images=second, **options)
    facts = inspect(file)
    red, _green, blue = Image.open(every(MediaStore(tmp_path / "m"), file)[0].file).convert("RGB").getpixel((10, 10))

    assert (moves, 900) == (facts.moves, facts.width)
    assert red > 200 > 100 > blue


def test_facts_come_from_the_content(tmp_path: Path) -> None:
    """A PNG named .jpg is a PNG, and small pictures are only measured here."""
    file = tmp_path / "anh.jpg"
    picture(tmp_path / "anh.png", (240, 150)).rename(file)
    facts = inspect(file)

    assert ("PNG", 240, 150) == (facts.format, facts.width, facts.height)
    assert file.stat().st_size == facts.bytes


def test_bad_files_are_named_by_reason(tmp_path: Path) -> None:
    """Bombs, cut-off files, programs, other types, archives behind pictures and heavy files are refused."""
    whole = picture(tmp_path / "whole.jpg").read_bytes()
    whole_png = picture(tmp_path / "whole.png").read_bytes()
    bad = {
        "bomb": [bomb(30000, 30000), bomb(10000, 10000), bomb(5500, 5500), many_scans(whole)],
        "truncated": [whole[: len(whole) // 2], whole[:-2], whole_png[: len(whole_png) // 2]],
        "empty": [b""],
        "not-a-picture": [b"\xff\xd8\xff" + bytes(90), b"nothing that anybody knows", bytes(500)],
        "program": [
            b"MZ\x90\x00" + bytes(500),
            b"PK\x03\x04" + bytes(90),
            b"%PDF-1.7\n",
            b"<!doctype html><p>",
            whole + b"<?php system($_GET[0]); ?>",
            with_notes(tmp_path / "exif.jpg"),
            archive_after_picture(tmp_path / "a.jpg"),
        ],
        "type": [b"GIF89a" + bytes(90), b"BM" + bytes(90), b"II*\0" + bytes(90), b"\0\0\0\x18ftypisom" + bytes(90)],
        "photo": [b"\0\0\0\x18ftypheic\0\0\0\0mif1" + bytes(90), b"\0\0\0\x18ftypavif" + bytes(90)],
        "drawing": [
            b'<?xml version="1.0"?>\n<svg xmlns="x"/>',
            b"\xef\xbb\xbf<!DOCTYPE svg><!-- a --><svg/>",
            b"\x01\0\0\0\x6c\0\0\0" + bytes(32) + b" EMF" + bytes(90),
            b"\xd7\xcd\xc6\x9a" + bytes(90),
        ],
        "too-large-file": [whole + bytes(20_000_000)],
    }
    for reason, samples in bad.items():
        for number, sample in enumerate(samples):
            file = tmp_path / f"{reason}-{number}.jpg"
            file.write_bytes(sample)
            with pytest.raises(BadPicture) as caught:
                inspect(file)

            assert reason == caught.value.reason, (number, caught.value.details)


def test_links_pipes_and_absent_files_are_not_opened(tmp_path: Path) -> None:
    """A link is outside, even to a good picture; a pipe does not block; nothing there is missing."""
    (tmp_path / "link.jpg").symlink_to(picture(tmp_path / "real.jpg"))
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "folder.jpg").mkdir()
    expected = {"link": "outside", "pipe": "not-a-picture", "folder": "not-a-picture", "none": "missing"}
    for name, reason in expected.items():
        with pytest.raises(BadPicture) as caught:
            inspect(tmp_path / f"{name}.jpg")

        assert reason == caught.value.reason


def test_a_broken_picture_crosses_processes() -> None:
    """BadPicture keeps its reason when a pool sends it back."""
    error = pickle.loads(pickle.dumps(BadPicture("bomb", "900 Mpx")))

    assert ("bomb", "900 Mpx") == (error.reason, error.details)


def test_covers_have_the_sizes_of_the_channels(tmp_path: Path) -> None:
    """Portal 1200, 800, 480 in two types; share 1200x630; Zalo 1000x640; Facebook the source's size."""
    file = picture(tmp_path / "a.jpg")
    covers = MediaStore(tmp_path / "m").covers(file, inspect(file))
    portal = [(one.width, one.height, one.mime) for one in covers.portal]
    expected = [(1200, 750), (800, 500), (480, 300)]

    assert [(*size, mime) for size in expected for mime in ("image/webp", "image/jpeg")] == portal
    assert (1200, 630) == (covers.share.width, covers.share.height)
    assert (1000, 640) == (covers.zalo.width, covers.zalo.height)
    assert (1600, 1000) == (covers.facebook.width, covers.facebook.height)


def test_files_are_what_the_renditions_say(tmp_path: Path) -> None:
    """Name by content, true type, true pixels, true bytes."""
    for one in every(MediaStore(tmp_path / "m"), picture(tmp_path / "a.jpg", (2500, 1400))):
        with Image.open(one.file) as image:
            assert (one.mime, one.width, one.height) == (Image.MIME[str(image.format)], *image.size)
        assert one.file.stat().st_size == one.bytes
        assert 20 == len(one.file.stem)
        assert one.file.stem[:2] == one.file.parent.name


@pytest.mark.parametrize("size", [(240, 150), (150, 900), (900, 40), (1, 1), (1199, 630), (1300, 300)])
def test_odd_sources_are_never_enlarged_on_the_portal(tmp_path: Path, size: tuple[int, int]) -> None:
    """Portal, Zalo, Facebook and body stay within the source; the share card is always 1200x630."""
    file = picture(tmp_path / "a.png", size)
    made = every(MediaStore(tmp_path / "m"), file)
    share = [one for one in made if (one.width, one.height) == (1200, 630)]

    assert share
    assert all(one.width <= size[0] and one.height <= size[1] for one in made if one not in share)


def test_byte_limits_hold_for_the_hardest_picture(tmp_path: Path) -> None:
    """Noise still fits Zalo's 1 MB and Facebook's 4 MB."""
    file = noise(tmp_path / "a.jpg", (2048, 1400))
    store = MediaStore(tmp_path / "m")
    covers, inline = store.covers(file, inspect(file)), store.inline(file, inspect(file))

    assert 1_000_000 >= covers.zalo.bytes
    assert 3_900_000 >= covers.facebook.bytes
    assert 1_000_000 >= max(one.bytes for one in inline if one.mime == "image/jpeg")


def test_orientation_is_applied_and_private_data_is_gone(tmp_path: Path) -> None:
    """A sideways photo stands upright (its left is on top), without place, note or profile."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    file = picture(tmp_path / "a.jpg", exif=photo_exif(), icc_profile=profile, comment=b"SECRET NOTE")
    facts = inspect(file)
    made = every(MediaStore(tmp_path / "m"), file)

    assert b"SECRET NOTE" in file.read_bytes()
    assert (1000, 1600) == (facts.width, facts.height)
    assert (1000, 1600) == (made[0].width, made[0].height)
    for one in made:
        with Image.open(one.file) as image:
            assert {} == dict(image.getexif())
            assert not {"icc_profile", "exif", "comment", "xmp"} & set(image.info)
        assert b"SECRET" not in one.file.read_bytes()
    with Image.open(made[1].file).convert("RGB") as upright:
        top, bottom = upright.getpixel((500, 50)), upright.getpixel((500, 1550))

        assert isinstance(top, tuple) and isinstance(bottom, tuple)
        assert (True, True) == (top[0] > 150, bottom[2] > 150)


def test_avif_stands_before_the_others_when_it_is_wanted(tmp_path: Path) -> None:
    """In every size of cover and text, smaller than WebP, the same bytes again; the other files are those without it."""
    file = noise(tmp_path / "a.jpg", (640, 400))
    with_it, again, without = (MediaStore(tmp_path / name, avif=name != "c", widths=(480, 400, 320)) for name in "abc")
    covers, plain = with_it.covers(file, inspect(file)), without.covers(file, inspect(file))
    inline = with_it.inline(file, inspect(file))

    assert ["image/avif", "image/webp", "image/jpeg"] * 3 == [one.mime for one in covers.portal]
    assert ["image/avif", "image/webp", "image/jpeg"] == [one.mime for one in inline]
    assert [one.file.name for one in plain.portal] == [
        one.file.name for one in covers.portal if one.mime != "image/avif"
    ]
    assert [one.file.name for one in covers.portal] == [
        one.file.name for one in again.covers(file, inspect(file)).portal
    ]
    avif, webp = covers.portal[:2]
    assert avif.bytes < webp.bytes
    with Image.open(avif.file) as image:
        assert ("AVIF", (480, 300)) == (image.format, image.size)


def test_a_newsroom_makes_only_what_it_shows(tmp_path: Path) -> None:
    """Other widths on the portal, no sizes for channels that it does not use, and the shared picture for those who ask."""
    file = picture(tmp_path / "a.jpg")
    lean, usual = MediaStore(tmp_path / "m", widths=(960, 480), channels=("portal", "zalo")), MediaStore(tmp_path / "m")
    covers, more = lean.covers(file, inspect(file)), usual.covers(file, inspect(file))

    assert [960, 960, 480, 480] == [one.width for one in covers.portal]
    assert covers.share == covers.facebook != covers.zalo
    assert (1200, 1000) == (covers.share.width, covers.zalo.width)
    assert (6, 1600) == (len(more.portal), more.facebook.width)
    assert (2, 9 + 6, covers) == (
        lean.decoded + usual.decoded,
        lean.encoded + usual.encoded,
        lean.covers(file, inspect(file)),
    )


def test_a_cache_without_avif_is_not_taken_for_one_with_it(tmp_path: Path) -> None:
    """The setting may change between two runs."""
    file = picture(tmp_path / "a.jpg")
    MediaStore(tmp_path / "m").covers(file, inspect(file))
    covers = MediaStore(tmp_path / "m", avif=True).covers(file, inspect(file))

    assert "image/avif" == covers.portal[0].mime


def test_another_webp_method_encodes_anew(tmp_path: Path) -> None:
    """Slower gives fewer bytes of WebP and the same JPEG; what was made by either is found again."""
    file = noise(tmp_path / "a.jpg", (640, 400))
    usual, slow, again = (MediaStore(tmp_path / "m", webp_method=method) for method in (2, 4, 2))
    quick, small = usual.covers(file, inspect(file)).portal, slow.covers(file, inspect(file)).portal

    assert ([True, False] * 2) == [one.file != other.file for one, other in zip(quick, small, strict=True)]
    assert small[0].bytes < quick[0].bytes
    assert (quick, 0) == (again.covers(file, inspect(file)).portal, again.encoded)
    assert 2 == MediaSection().webp_method == WEBP_METHOD


@pytest.mark.parametrize(
    ("size", "channels", "decoded"),
    [
        ((4000, 3000), ("portal", "facebook"), (2000, 1500)),  # a phone's
        ((3000, 4000), ("portal", "facebook"), (1500, 2000)),
        ((3000, 2000), ("portal", "facebook"), (2048, 1365)),  # half of it is too small for Facebook
        ((3000, 2000), ("portal",), (1500, 1000)),
        ((5200, 3900), ("portal",), (1300, 975)),
        ((2400, 1200), ("portal",), (2048, 1024)),  # half of it is too low for Zalo and shared links
        ((2000, 3000), ("portal",), (1365, 2048)),  # half of it is too narrow for the portal
    ],
)
def test_a_large_photo_is_decoded_smaller(
    tmp_path: Path, size: tuple[int, int], channels: tuple[str, ...], decoded: tuple[int, int]
) -> None:
    """Never below what a channel wants of it."""
    file = picture(tmp_path / "a.jpg", size)
    store = MediaStore(tmp_path / "m", channels=channels)

    assert decoded == store._decode(file, inspect(file)).size


@pytest.mark.parametrize("mode", ["CMYK", "L", "P", "1", "RGBA", "LA", "I;16"])
def test_every_colour_mode_becomes_plain_rgb(tmp_path: Path, mode: str) -> None:
    """CMYK, grey, palette, alpha and 16-bit sources all give RGB files."""
    file = picture(tmp_path / ("a.jpg" if mode == "CMYK" else "a.png"), (600, 400), mode)
    for one in every(MediaStore(tmp_path / "m"), file):
        with Image.open(one.file) as image:
            assert "RGB" == image.mode


def test_transparency_becomes_white(tmp_path: Path) -> None:
    """What was see-through is white, not black."""
    Image.new("RGBA", (300, 200), (0, 0, 0, 0)).save(tmp_path / "a.png")
    for one in every(MediaStore(tmp_path / "m"), tmp_path / "a.png"):
        with Image.open(one.file) as image:
            assert (255, 255, 255) == image.getpixel((image.width // 2, image.height // 2))


def test_a_warm_cache_decodes_and_encodes_nothing(tmp_path: Path) -> None:
    """The second run reads two small records; it does not even need the source."""
    file = picture(tmp_path / "a.jpg")
    facts = inspect(file)
    cold, warm = MediaStore(tmp_path / "m"), MediaStore(tmp_path / "m")
    made = (cold.covers(file, facts), cold.inline(file, facts), cold.card(CARD))
    file.unlink()

    assert made == (warm.covers(file, facts), warm.inline(file, facts), warm.card(CARD))
    assert (2, 15) == (cold.decoded, cold.encoded)
    assert (0, 0) == (warm.decoded, warm.encoded)


def test_a_lost_or_damaged_file_is_made_again(tmp_path: Path) -> None:
    """A missing rendition or an unreadable record costs one more decoding, never an error."""
    file = picture(tmp_path / "a.jpg", (600, 400))
    store = MediaStore(tmp_path / "m")
    covers = store.covers(file, inspect(file))
    covers.share.file.write_bytes(b"")

    assert covers == store.covers(file, inspect(file))
    assert covers.share.bytes == covers.share.file.stat().st_size

    next((tmp_path / "m" / "recipes").glob("*/*.json")).write_text("{")

    assert covers == store.covers(file, inspect(file))
    assert 3 == store.decoded


def test_equal_sources_give_equal_bytes_and_leave_no_drafts(tmp_path: Path) -> None:
    """Two stores hold the same names; results can be sent between processes."""
    file = picture(tmp_path / "a.jpg")
    stores = MediaStore(tmp_path / "m"), MediaStore(tmp_path / "n")
    first, second = ([*every(store, file), store.card(CARD).share] for store in stores)

    assert [one.file.name for one in first] == [one.file.name for one in second]
    assert first == pickle.loads(pickle.dumps(first))
    assert [] == list(tmp_path.glob("[mn]/**/.*"))


def test_a_source_that_changed_is_not_published_under_old_facts(tmp_path: Path) -> None:
    """The bytes are compared with the facts before they are used."""
    facts = inspect(picture(tmp_path / "a.jpg"))
    picture(tmp_path / "a.jpg", (300, 200))
    with pytest.raises(BadPicture) as caught:
        MediaStore(tmp_path / "m").covers(tmp_path / "a.jpg", facts)

    assert "missing" == caught.value.reason


def test_a_card_comes_in_the_sizes_that_somebody_asks_for(tmp_path: Path) -> None:
    """The portal's pages show no card: it would only say the title again."""
    covers = MediaStore(tmp_path / "m").card(CARD)

    assert () == covers.portal
    assert covers.share == covers.facebook
    assert (1200, 630) == (covers.share.width, covers.share.height)
    assert (1000, 640) == (covers.zalo.width, covers.zalo.height)


def test_a_picture_inside_another_file_is_kept_once_under_its_content(tmp_path: Path) -> None:
    """So that what was checked is what goes out."""
    store = MediaStore(tmp_path)
    file = store.keep(b"bytes", ".jpg")

    assert file == store.keep(b"bytes", ".jpg")
    assert b"bytes" == file.read_bytes()


def test_a_webp_of_more_pixels_than_its_decoder_can_afford_is_a_bomb(tmp_path: Path) -> None:
    """Other formats may have more."""
    with pytest.raises(BadPicture, match="bomb"):
        inspect(picture(tmp_path / "a.webp", (4000, 2500)))


def test_the_largest_picture_stays_below_300_megabytes(tmp_path: Path) -> None:
    """Measured in a process of its own; transparency costs the most."""
    Image.new("RGBA", (5470, 5470), (200, 30, 30, 128)).save(tmp_path / "a.png")
    program = (
        "import sys, pathlib; from pipeline.media import MediaStore, inspect; "
        "file = pathlib.Path(sys.argv[1]); MediaStore(file.parent).covers(file, inspect(file)); "
        "print(pathlib.Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    done = subprocess.run([sys.executable, "-c", program, tmp_path / "a.png"], capture_output=True, check=True)

    assert 300 * 1024 > int(done.stdout)


def test_only_the_formats_that_are_taken_are_loaded(tmp_path: Path) -> None:
    """Neither reading nor writing a WebP makes Pillow load all that it knows, which costs time and trust."""
    picture(tmp_path / "a.webp", (600, 400))
    program = (
        "import pathlib, sys; from pipeline.media import MediaStore, inspect; "
        "file = pathlib.Path(sys.argv[1]); MediaStore(file.parent).covers(file, inspect(file)); "
        "from PIL import Image; print(sorted({*Image.OPEN} | {*Image.SAVE}))"
    )
    done = subprocess.run([sys.executable, "-c", program, tmp_path / "a.webp"], capture_output=True, check=True)

    assert {"JPEG", "PNG", "WEBP"} <= (loaded := set(ast.literal_eval(done.stdout.decode())))
    assert not {"PDF", "EPS", "PSD", "FLI"} & loaded


def test_bands_join_without_a_seam(tmp_path: Path) -> None:
    """A large picture is made smaller band by band."""
    source = picture(tmp_path / "a.png", (5000, 4300), "RGBA")
    with Image.open(MediaStore(tmp_path / "store").covers(source, inspect(source)).facebook.file) as image:
        colours = {
            tuple(value // 40 for value in image.getpixel((x, y))) for x in (20, 900) for y in range(image.height)
        }

    assert {(5, 0, 0)} == colours
    assert (2048, 1761) == image.size
