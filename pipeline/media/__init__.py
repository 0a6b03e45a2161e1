"""Pictures: what a file really is, and the sizes that each channel takes.

A source's own bytes are never published: every rendition is decoded and encoded anew, without EXIF, GPS or profile,
so that a program hidden behind a picture does not get through.
"""

from pipeline.media.clips import MOST_BYTES as MOST_CLIP
from pipeline.media.clips import is_clip
from pipeline.media.source import MOST_BYTES, BadPicture, PictureFacts, inspect, inspect_bytes
from pipeline.media.store import PORTAL_WIDTHS, WEBP_METHOD, Covers, MediaStore, Rendition

__all__ = [
    "MOST_BYTES", "MOST_CLIP", "PORTAL_WIDTHS", "WEBP_METHOD", "BadPicture", "Covers", "MediaStore", "PictureFacts", "Rendition", "inspect", "inspect_bytes",
    "is_clip",
]  # fmt: skip
