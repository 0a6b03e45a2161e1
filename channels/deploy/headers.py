"""What an object store is told of each file, since no web server of ours adds it: content type and caching."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final, NamedTuple


class Headers(NamedTuple):
    """The two headers of a stored object."""

    content_type: str
    cache_control: str


_TYPES: Final = {
    ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8", ".xml": "application/xml; charset=utf-8", ".xsl": "application/xslt+xml",
    ".txt": "text/plain; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg",
    ".webp": "image/webp", ".avif": "image/avif", ".woff2": "font/woff2", ".mp4": "video/mp4", ".webm": "video/webm",
    ".vtt": "text/vtt; charset=utf-8", ".pdf": "application/pdf",
}  # fmt: skip
_FEEDS: Final = {
    "rss.xml": "application/rss+xml; charset=utf-8", "atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json; charset=utf-8",
}  # fmt: skip
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_PAGE: Final = "public, max-age=60"
_FEED: Final = "public, max-age=300"
_RENEWED: Final = ("theme/mark.svg", "theme/share.png", "theme/touch.png")  # asked for without a version


def headers_of(address: str) -> Headers:
    """The same as docs/nginx/portal.conf says."""
    path = PurePosixPath(address)
    if path.name in _FEEDS:
        return Headers(_FEEDS[path.name], _FEED)
    kind = _TYPES.get(path.suffix.lower(), "application/octet-stream")
    lasting = address.startswith(("media/", "theme/")) and address not in _RENEWED
    return Headers(kind, _FOR_EVER if lasting else _PAGE)
