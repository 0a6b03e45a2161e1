"""The files that lie beside a text: pictures, clips, captions. Hostile until looked at; nothing outside the drop's folder is
opened."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline import intake, media
from pipeline.model import Clip, Drop, Item, PictureReport
from pipeline.rules.clips import FILE_TYPES
from pipeline.text import nfc

_MOST_VIDEO = 200 * 1024 * 1024  # bytes
_MOST_CAPTIONS = 1024 * 1024  # bytes


def look_at(
    item: Item, drop: Drop, inside: Mapping[str, bytes]
) -> tuple[dict[str, PictureReport], dict[str, str], list[Path]]:
    """Reports for all pictures and files that an item names; nothing outside the drop's folder is opened."""
    pictures, files, paths = {}, {}, []
    names = [item.cover, *(image.src for image in item.document.images)]
    for name in dict.fromkeys(filter(None, names)):
        if name in inside:
            pictures[name] = _picture(name, inside[name])
            continue
        file = beside(drop, name)
        pictures[name] = _picture(name, file)
        if file:
            paths.append(file)
    if isinstance(item, Clip):
        for name in filter(None, (item.video if "://" not in item.video else "", item.captions)):
            file = beside(drop, name)
            files[name] = _clip_problem(name, file)
            if file:
                paths.append(file)
    return pictures, files, paths


def captions_of(item: Item, drop: Drop) -> str:
    """The words of a clip's captions, without times and cue numbers; at most a megabyte of them."""
    file = beside(drop, item.captions) if isinstance(item, Clip) and item.captions else None
    if file is None or not file.is_file():
        return ""
    with file.open("rb") as stream:
        rows = stream.read(_MOST_CAPTIONS).decode("utf-8-sig", errors="replace").splitlines()
    return nfc("\n".join(row for row in rows if "-->" not in row and not row.strip().isdigit()))


def beside(drop: Drop, name: str) -> Path | None:
    file = intake.inside(drop.folder, name)
    if file is None and drop.file.parent != drop.folder:
        return None
    return intake.spelled(file) if file else None


def _picture(name: str, source: Path | bytes | None) -> PictureReport:
    if source is None:
        return PictureReport(name, "outside")
    try:
        facts = media.inspect_bytes(source) if isinstance(source, bytes) else media.inspect(source)
    except media.BadPicture as error:
        return PictureReport(name, error.reason)
    return PictureReport(name, "", facts.width, facts.height)


def _clip_problem(name: str, file: Path | None) -> str:
    if file is None:
        return "outside"
    if not file.is_file() or file.stat().st_size > _MOST_VIDEO:
        return "missing"
    return "" if name.lower().endswith((*FILE_TYPES, ".vtt")) else "type"


def digest_of(data: bytes, paths: Sequence[Path], attached: Sequence[str]) -> str:
    """Hash of the text, its front matter, its media, and its attachments with their names: the edition."""
    whole = hashlib.sha256(data)
    if attached:
        whole.update("\0".join(attached).encode())
    for path in paths:
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as stream:
                whole.update(hashlib.file_digest(stream, "sha256").digest())
    return whole.hexdigest()
