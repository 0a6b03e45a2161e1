"""The drafts of a unit: what intake leaves alone until somebody takes the word "draft" out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from pipeline.desk.pages import Desk
from pipeline.model import Unit
from pipeline.parse import encoding, metadata
from pipeline.parse.item import key_name, typed
from pipeline.parse.metadata import Unreadable
from pipeline.parse.values import WrongValue
from pipeline.settling import is_noise

_MOST_LOOKED = 3_000  # files of one unit
_MOST_SHOWN = 100
_HEAD = 4_096  # bytes in which the word "draft" stands, if it does
_SIGN = re.compile(rb"(?im)^[^\n:]{2,40}:[^\n]*(?:draft|nh\xc3\xa1p|nhap)")


@dataclass(frozen=True)
class Listed:
    """A draft on the list; `changed` is the file's own time."""

    path: str
    title: str
    kind: str
    changed: datetime


def listed(desk: Desk, unit: Unit) -> list[Listed]:
    """Drafts in a unit's folder, newest change first."""
    folder = desk.config.content / unit.id
    found = [one for file in islice(_texts(folder), _MOST_LOOKED) if (one := _draft(desk, file))]
    return sorted(found, key=lambda one: one.changed, reverse=True)[:_MOST_SHOWN]


def _texts(folder: Path) -> Iterator[Path]:
    if not folder.is_dir() or folder.is_symlink():
        return
    for entry in sorted(folder.rglob("*.md")):
        inside = entry.relative_to(folder).parts
        if entry.is_file() and not entry.is_symlink() and not any(is_noise(part) for part in inside):
            yield entry


def _draft(desk: Desk, file: Path) -> Listed | None:
    try:
        with file.open("rb") as stream:
            head = stream.read(_HEAD)
        if not _SIGN.search(head):
            return None
        values = metadata.read(encoding.read(file.read_bytes()).text).values
        known = {key_name(key): value for key, value in values.items()}
        if typed("status", known.get("status") or "ready") != "draft":
            return None
        kind = typed("kind", known.get("kind") or "article")
    except (OSError, Unreadable, WrongValue):
        return None
    changed = datetime.fromtimestamp(file.stat().st_mtime, desk.config.zone)
    path = file.relative_to(desk.config.content).as_posix()
    return Listed(path, str(known.get("title") or file.name)[:200], kind, changed)
