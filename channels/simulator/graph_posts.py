"""What the Graph API refuses in a post or a photo (facebook.md §12, checks 9-16 and 18-21)."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from channels.simulator.graph_errors import GraphError, invalid, unreadable_photo
from channels.simulator.wire import Request
from channels.simulator.world import Unreachable, World, sniff

MESSAGE = 63_206
PHOTOS = 10
FEED_PARAMETERS = frozenset(
    {"message", "link", "attached_media", "published", "scheduled_publish_time", "unpublished_content_type"}
)
PHOTO_PARAMETERS = frozenset({
    "source", "url", "published", "temporary", "caption", "message", "name", "alt_text_custom", "no_story",
    "scheduled_publish_time",
})  # fmt: skip
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True)
class Draft:
    """A post that passed the checks which need no look into the store."""

    message: str
    link: str
    photos: tuple[str, ...]


@dataclass(frozen=True)
class Photo:
    """A picture that passed."""

    content: bytes
    mime: str
    alt: str
    caption: str
    published: bool


def message(values: dict[str, Any]) -> str:
    text = values.get("message", "")
    if not isinstance(text, str):
        invalid("message must be a string")
    if len(text) > MESSAGE:  # unit and code are UNKNOWN; code points here (§2.4)
        invalid(f"Name parameter too long: message has over {MESSAGE} characters")
    return text.strip()


def draft(values: dict[str, Any]) -> Draft:
    """Read the parameters of /feed."""
    if "scheduled_publish_time" in values and truth(values, "published", True):
        invalid("You cannot specify a scheduled publish time on a published post")
    if not truth(values, "published", True) or "unpublished_content_type" in values:
        invalid("published: scheduled posts and drafts are not simulated")
    text, link, photos = message(values), values.get("link", ""), _attached(values)
    if not (text or link or photos):
        invalid("You must provide a message, a link or attached_media")
    if link and photos:
        invalid("link and attached_media together (simulator: the effect is UNKNOWN)")
    if link:
        _check_link(link)
    return Draft(text, link, photos)


def scrape(link: str, world: World) -> dict[str, str]:
    """The link's preview, fetched as Facebook does.

    Raises:
        GraphError: 1609005, nothing was posted.
    """
    if not link:
        return {}
    try:
        seen = world.preview(link)
    except Unreachable as error:
        text = f"The link could not be scraped (simulator: {error})"
        raise GraphError(1609005, "Error Posting Link", user=("Error Posting Link", text)) from None
    return {"title": seen.title, "description": seen.description, "image": seen.image}


def photo(request: Request, values: dict[str, Any], world: World, most: int) -> Photo:
    """Read the parameters of /photos."""
    published = truth(values, "published", True)
    if truth(values, "temporary", False) and (published or "scheduled_publish_time" in values):
        invalid("temporary requires published=false and no scheduled_publish_time")
    if "scheduled_publish_time" in values:
        invalid("scheduled_publish_time: scheduled photos are not simulated")
    content = _content(request, values, world, most)
    mime = sniff(content)
    if not mime or len(content) >= most:
        raise unreadable_photo()
    caption = str(values.get("caption") or values.get("message") or values.get("name") or "")
    return Photo(content, mime, str(values.get("alt_text_custom", "")), caption, published)


def truth(values: dict[str, Any], name: str, default: bool) -> bool:
    """true, "true", 1, "1" and their opposites (check 7)."""
    value = _TRUTH.get(str(values.get(name, default)).lower())
    if value is None:
        invalid(f"{name} must be a boolean")
    return value


def normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _content(request: Request, values: dict[str, Any], world: World, most: int) -> bytes:
    url = values.get("url")
    if len(request.files) + (url is not None) != 1:
        raise GraphError(324, "(#324) Requires upload file")
    if url is None:
        return next(iter(request.files.values()))
    try:
        return world.download(str(url), most)
    except Unreachable:
        raise GraphError(324, "(#324) Missing or invalid image file") from None


def _check_link(link: object) -> None:
    try:
        parts = urlsplit(link if isinstance(link, str) else "")
        host = parts.hostname or ""
    except ValueError:
        host = ""
    if not host or parts.scheme not in ("http", "https") or any(sign.isspace() for sign in str(link)):
        raise GraphError(1500, "(#1500) The url you supplied is invalid")
    if re.search(r"(^|\.)(facebook\.com|fb\.com|fb\.me)$", host):
        raise GraphError(200, "(#200) Links to facebook.com are not allowed", sub=1609008)


def _attached(values: dict[str, Any]) -> tuple[str, ...]:
    indexed = [values[name] for name in sorted(values) if re.fullmatch(r"attached_media\[\d+\]", name)]
    items = _decoded(values.get("attached_media", indexed))
    if not isinstance(items, list):
        invalid("attached_media must be an array")
    ids = []
    for item in map(_decoded, items):
        if not isinstance(item, dict) or set(item) - {"media_fbid", "message"} or not item.get("media_fbid"):
            invalid("attached_media must hold objects with media_fbid")
        ids.append(str(item["media_fbid"]))
    if len(ids) != len(set(ids)) or len(ids) > PHOTOS:
        invalid(f"attached_media: at most {PHOTOS} photos, none twice")
    return tuple(ids)


def _decoded(value: object) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None
