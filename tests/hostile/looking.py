"""Whether an attack's canary stands anywhere in a form that runs or leads astray; "" or a list of what was found."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import html5lib

from tests.hostile.attacks import CALL, HOST, OUTSIDE

warnings.filterwarnings("ignore", module="html5lib")
_ADDRESSES = {
    "href",
    "src",
    "srcset",
    "action",
    "formaction",
    "data",
    "poster",
    "xlink:href",
    "background",
    "ping",
    "cite",
}
_GOOD = re.compile(r"(?:https?:|mailto:|tel:|[^:]*$|[^:/?#]*[/?#])", re.IGNORECASE)
_ACTIVE = {
    "iframe",
    "object",
    "embed",
    "base",
    "applet",
    "frame",
    "frameset",
    "math",
    "template",
    "portal",
    "animate",
    "set",
}
_CANARY = re.compile("4711|" + re.escape(HOST))
_STARTS = {".jpg": b"\xff\xd8\xff", ".png": b"\x89PNG", ".webp": b"RIFF", ".vtt": b"WEBVTT", ".pdf": b"%PDF-"}
_UNSEEN = re.compile(
    "[\u202a-\u202e\u2066-\u2069\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff\ud800-\udfff]"
)


def in_html(markup: str, *, page: bool) -> Iterator[str]:
    """A page may have scripts and styles of its own, a part of one may not."""
    parse = html5lib.parse if page else html5lib.parseFragment
    for element in parse(markup, namespaceHTMLElements=False).iter():
        tag = str(element.tag).lower()
        if (
            tag == "base"
            and page
            and (element.get("href") or "").startswith(("https://cchc.example.vn", "http://127.0.0.1", "/"))
        ):
            continue  # a page that is shown at every address names the root
        if tag in _ACTIVE or (not page and tag in ("script", "style", "form", "input", "meta", "link", "svg")):
            yield tag
        if (
            tag in ("script", "style")
            and element.get("type") != "application/ld+json"
            and _CANARY.search(element.text or "")
        ):
            yield f"{tag} with the canary"
        for name, value in element.attrib.items():
            yield from _in_attribute(tag, str(name).lower(), value)
    if _UNSEEN.search(markup):
        yield f"unseen sign {_UNSEEN.search(markup)[0]!r}"


def _in_attribute(tag: str, name: str, value: str) -> Iterator[str]:
    plain = re.sub(r"[\x00-\x20]", "", value)
    if name.startswith("on"):
        yield f"{tag} {name}"
    if name == "style" and _CANARY.search(value):
        yield f"{tag} style"
    if name in _ADDRESSES and not _GOOD.match(plain):
        yield f"{tag} {name}={value[:60]}"
    if name in _ADDRESSES and HOST in plain and tag not in ("a",):
        yield f"{tag} loads from {HOST}"
    if name in ("srcdoc", "http-equiv") and _CANARY.search(value):
        yield f"{tag} {name}"


def in_site(folder: Path) -> Iterator[str]:
    """Every file of a portal, of reports and of pages that were saved."""
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            yield from (f"{file.relative_to(folder)}: {found}" for found in in_file(file))


def in_file(file: Path) -> Iterator[str]:
    data = file.read_bytes()
    suffix = file.suffix.lower()
    if OUTSIDE.encode() in data or b"root:x:0" in data:
        yield "words from outside of the folder"
    if suffix in (".html", ".htm"):
        yield from in_html(data.decode(), page=True)
    elif suffix == ".xml":
        yield from in_feed(data)
    elif suffix == ".json":
        json.loads(data)
        yield from in_json(json.loads(data))
    elif suffix == ".txt" and _UNSEEN.search(data.decode().replace("\ufeff", "")):
        yield "unseen sign"
    elif suffix in _STARTS and not data.startswith(_STARTS[suffix]):
        yield "not what its name says"
    elif suffix in (".jpg", ".png", ".webp") and (CALL.encode() in data or HOST.encode() in data):
        yield "the canary in a picture"
    elif suffix == ".vtt" and re.search(rb"<|STYLE|NOTE", data.replace(b"WEBVTT", b"")):
        yield "more than words in captions"
    elif suffix not in (
        *_STARTS,
        ".css",
        ".js",
        ".svg",
        ".woff2",
        ".xsl",
        ".ico",
        ".mp4",
        ".webm",
        ".txt",
        ".gz",
        ".br",
        ".webmanifest",
    ):
        yield "a file of a type that we do not write"


def in_feed(data: bytes) -> Iterator[str]:
    for element in ElementTree.fromstring(data).iter():
        name = str(element.tag).rpartition("}")[2]
        plain = str(element.tag).startswith("{http://www.w3.org/2005/Atom}") and element.get("type", "text") == "text"
        if name in ("description", "encoded", "content", "summary") and element.text and not plain:
            yield from in_html(element.text, page=False)
        for key, value in element.attrib.items():
            yield from _in_attribute("feed " + name, key.rpartition("}")[2], value)
        if name in ("link", "guid", "id", "loc") and element.text and not _GOOD.match(element.text.strip()):
            yield f"{name} {element.text[:60]}"


def in_json(value: object, key: str = "") -> Iterator[str]:
    """Values named like HTML are parsed as such; no text holds signs that nobody sees."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from in_json(inner, str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from in_json(inner, key)
    elif isinstance(value, str):
        if "html" in key:
            yield from in_html(value, page=False)
        elif key in ("url", "link", "href", "src", "address", "external_url") and not _GOOD.match(value):
            yield f"{key} {value[:60]}"
        if _UNSEEN.search(value):
            yield f"{key}: unseen sign {_UNSEEN.search(value)[0]!r}"
