"""What a file is by its first bytes, whatever its name says; the names are those that people know."""

from __future__ import annotations

import re
from typing import Final, Literal

Use = Literal["picture", "photo", "drawing", "program", ""]

_BOX: Final = {b"heic": "HEIC", b"heix": "HEIC", b"hevc": "HEIC", b"heim": "HEIC", b"heis": "HEIC", b"mif1": "HEIC",
               b"msf1": "HEIC", b"avif": "AVIF", b"avis": "AVIF", b"crx ": "RAW"}  # fmt: skip
_STARTS: Final = (
    (b"\xff\xd8\xff", "JPEG"), (b"\x89PNG\r\n\x1a\n", "PNG"), (b"GIF8", "GIF"), (b"BM", "BMP"), (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"), (b"\xd7\xcd\xc6\x9a", "WMF"), (b"\x01\0\x09\0", "WMF"), (b"8BPS", "PSD"), (b"\0\0\x01\0", "ICO"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"), (b"\xff\x0a", "JPEG XL"), (b"\0\0\0\x0cJXL ", "JPEG XL"), (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "ZIP"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "DOC"), (b"MZ", "EXE"), (b"\x7fELF", "ELF"),
    (b"Rar!", "RAR"), (b"7z\xbc\xaf", "7Z"), (b"\x1f\x8b", "GZ"), (b"#!", "script"), (b"{\\rtf", "RTF"),
)  # fmt: skip
_SVG: Final = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!(?:--.{0,2000}?--|[^>]{0,500})>\s*){0,9}<svg[\s>/]", re.IGNORECASE | re.DOTALL
)
_HTML: Final = re.compile(
    rb"\s*(?:<!--.{0,2000}?-->\s*){0,9}<(?:!doctype html|html|head|body|script|iframe|\?php)\b",
    re.IGNORECASE | re.DOTALL,
)
_USES: Final[dict[str, Use]] = {
    "JPEG": "picture", "PNG": "picture", "WebP": "picture", "HEIC": "photo", "AVIF": "photo", "RAW": "photo",
    "SVG": "drawing", "EMF": "drawing", "WMF": "drawing",
    **dict.fromkeys(("PDF", "ZIP", "DOC", "EXE", "ELF", "RAR", "7Z", "GZ", "script", "HTML", "RTF"), "program"),
}  # fmt: skip


def kind_of(data: bytes) -> str:
    """JPEG, PNG, WebP, GIF, HEIC, SVG, EMF, PDF, EXE …; empty when nothing is known of it."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:8] == b"ftyp":
        return _BOX.get(data[8:12], "MP4")
    if data[:4] == b"\x01\0\0\0" and data[40:44] == b" EMF":
        return "EMF"
    found = next((name for start, name in _STARTS if data.startswith(start)), "")
    if found:
        return found
    head = data[:4096].removeprefix(b"\xef\xbb\xbf")
    return "SVG" if _SVG.match(head) else "HTML" if _HTML.match(head) else ""


def use_of(kind: str) -> Use:
    """What a kind is good for: a picture for the web, a photo of a phone, a drawing, or what is no picture at all."""
    return _USES.get(kind, "")
