"""What Zalo's article calls refuse in a payload; lengths are code points of the text as it comes (zalo.md §2.1)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Public = Callable[[str], bool]

_BOTH = {"type", "title", "description", "status", "comment"}
_NORMAL = frozenset({*_BOTH, "author", "cover", "body", "related_medias", "tracking_link"})
_VIDEO = frozenset({*_BOTH, "video_id", "avatar"})
_COVER = {
    "photo": frozenset({"cover_type", "photo_url", "status"}),
    "video": frozenset({"cover_type", "video_id", "cover_view", "status"}),
}
_BLOCKS = {
    "text": frozenset({"type", "content"}),
    "image": frozenset({"type", "url", "caption"}),
    "video": frozenset({"type", "url", "video_id", "thumb"}),
    "product": frozenset({"type", "id"}),
}
# The subset of HTML that was seen to work (zalo.md §2.1); more may survive, but that is UNKNOWN.
_PROVEN_TAGS = re.compile(r"<p>|</p>|<br ?/?>", re.IGNORECASE)


class Refusal(Exception):
    """An answer with a code below zero; nearly always under HTTP 200 (zalo.md §2)."""

    def __init__(self, code: int, message: str, status: int = 200) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


def check(payload: dict[str, Any], *, updating: bool, edge: bool, public: Public) -> None:
    """Say -201 to what Zalo, or this strict copy of it, would not take.

    Args:
        edge: texts of exactly 150 or 300 code points are refused, as two production services saw.
        public: whether an address can be fetched from outside.

    Raises:
        Refusal: the message names the field.
    """
    kind = payload.get("type")
    if kind not in ("normal", "video"):
        _no("type accept only 2 value normal and video.")
    _known(payload, (_NORMAL if kind == "normal" else _VIDEO) | ({"id"} if updating else frozenset()), "")
    _text(payload, "title", 150, edge)
    _text(payload, "description", 300, edge)
    for name in ("status", "comment"):
        if payload.get(name, "show") not in ("show", "hide"):
            _no(f"{name} is invalid!")
    if kind == "video":
        _no("video_id is invalid!")  # video upload is not simulated, so no id is usable
    _text(payload, "author", 50, False)
    _cover(payload.get("cover"), public)
    _body(payload.get("body"), public)
    link = payload.get("tracking_link", "http://a.vn")
    if not isinstance(link, str) or not link.startswith(("http://", "https://")):
        _no("tracking_link is invalid!")


def pictures(payload: dict[str, Any]) -> list[str]:
    """Addresses that Zalo will fetch: cover, body images, video thumbs."""
    found = [payload["cover"].get("photo_url")]
    found += [block.get("url") for block in payload["body"] if block["type"] == "image"]
    found += [block.get("thumb") for block in payload["body"] if block["type"] == "video"]
    return [url for url in found if url]


def _no(message: str) -> None:
    raise Refusal(-201, message)


def _known(value: dict[str, Any], names: frozenset[str], where: str) -> None:
    for name in value:
        if name not in names:
            _no(f"{where}{name} is invalid! (simulator: unknown field)")


def _text(payload: dict[str, Any], name: str, most: int, edge: bool) -> None:
    text = payload.get(name)
    if not isinstance(text, str) or not text.strip() or len(text) > most or (edge and len(text) == most):
        _no(f"{name} allow 1 to {most} characters")


def _cover(cover: object, public: Public) -> None:
    if not isinstance(cover, dict) or cover.get("cover_type") not in ("photo", "video"):
        _no("cover value is invalid")
        return
    if cover.get("status") not in ("show", "hide"):
        _no("create media fail")  # seen when cover.status is missing; its code is UNKNOWN (zalo.md §2.1)
    _known(cover, _COVER[cover["cover_type"]], "cover.")
    if cover["cover_type"] == "video":
        _no("video_id is invalid!")
    _address(cover.get("photo_url"), "photo_url", public)


def _body(body: object, public: Public) -> None:
    if not isinstance(body, list) or not body:
        _no("body is invalid!")
        return
    for block in body:
        if not isinstance(block, dict) or block.get("type") not in _BLOCKS:
            _no("body type is invalid!")
        _known(block, _BLOCKS[block["type"]], "body.")
        _BLOCK_CHECKS[block["type"]](block, public)


def _text_block(block: dict[str, Any], public: Public) -> None:
    content = block.get("content")
    if not isinstance(content, str) or not content.strip():
        _no("body content is invalid!")
    elif "<" in _PROVEN_TAGS.sub("", content):
        _no("body content is invalid! (simulator: only <p> and <br> are proven)")


def _image_block(block: dict[str, Any], public: Public) -> None:
    _address(block.get("url"), "body image url", public)
    if not isinstance(block.get("caption", ""), str):
        _no("body caption is invalid!")


def _video_block(block: dict[str, Any], public: Public) -> None:
    if ("url" in block) == ("video_id" in block):
        _no("body video is invalid! (simulator: exactly one of url and video_id)")
    if "video_id" in block:
        _no("video_id is invalid!")
    _address(block["url"], "body video url", public)
    _address(block.get("thumb"), "body video thumb", public)


def _product_block(block: dict[str, Any], public: Public) -> None:
    _no("body product is invalid! (simulator: no shop)")


_BLOCK_CHECKS = {"text": _text_block, "image": _image_block, "video": _video_block, "product": _product_block}


def _address(value: object, name: str, public: Public) -> None:
    if not isinstance(value, str) or not public(value):
        _no(f"{name} is invalid")
