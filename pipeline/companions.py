"""The files that lie beside a text: pictures, clips, captions. Hostile until looked at; nothing outside the drop's folder is
opened."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline import intake, media
from pipeline.model import CaptionsReport, Clip, Drop, Item, PictureReport
from pipeline.parse import captions
from pipeline.rules.clips import FILE_TYPES


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
        for name, types in ((item.video, FILE_TYPES), (item.captions, captions.TYPES)):
            if not name or (types == FILE_TYPES and "://" in name):
                continue
            file = beside(drop, name)
            files[name] = _clip_problem(name, file, types)
            if file:
                paths.append(file)
    return pictures, files, paths


def captions_of(item: Item, drop: Drop) -> CaptionsReport:
    """A clip's captions; nothing of a file that is missing or outside, which another rule names."""
    if not isinstance(item, Clip) or not item.captions:
        return CaptionsReport()
    file = beside(drop, item.captions)
    if file is None or _clip_problem(item.captions, file, captions.TYPES):
        return CaptionsReport()
    with file.open("rb") as stream:
        return captions.read(stream.read(captions.MOST_BYTES + 1), file.name)


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
        return PictureReport(name, error.reason, kind=error.kind)
    return PictureReport(name, "", facts.width, facts.height, moves=facts.moves, likeness=facts.likeness)


def _clip_problem(name: str, file: Path | None, types: Sequence[str]) -> str:
    if file is None:
        return "outside"
    try:
        if not stat.S_ISREG(file.lstat().st_mode) or file.stat().st_size > media.MOST_CLIP:
            return "missing"
        good = name.lower().endswith(tuple(types)) and (types != FILE_TYPES or media.is_clip(file))
    except OSError:
        return "missing"
    return "" if good else "type"


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
