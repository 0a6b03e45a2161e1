"""Whether the portal has something to write although nobody published: asked by every run, so it imports no templates."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from channels.portal.site import NOT_FOUND, Site

INDEX: Final = "portal.sqlite"
_HERE: Final = Path(__file__).parent
_TABLES: Final = ("dirty_page", "dirty_list", "dirty_place", "dirty_feed", "dirty_month", "stale_media")


@lru_cache(maxsize=8)  # a process goes on with the code that it has loaded, and every idle tick asks
def digest(site: Site, base_url: str, page_size: int) -> str:
    """Changes when any byte of any page may: code, templates, words, theme or settings."""
    return hashlib.sha256(repr((site, base_url, page_size, program())).encode()).hexdigest()


@cache
def program() -> str:
    """Changes with code, templates, words or theme."""
    found = hashlib.sha256()
    for file in sorted(_HERE.rglob("*")):
        if file.is_file() and file.suffix not in (".pyc", ".po"):
            found.update(file.relative_to(_HERE).as_posix().encode() + b"\0" + file.read_bytes())
    return found.hexdigest()


def owes(output: Path, state: Path, site: Site, base_url: str, page_size: int = 12) -> bool:
    """True after a crash before the flush, a deleted folder, an upgrade or new settings; the arguments are Portal's."""
    index = state / INDEX
    if not index.exists():
        return False  # nothing was ever published
    if not (output / NOT_FOUND).exists():
        return True
    rows = " OR ".join(f"EXISTS (SELECT 1 FROM {table})" for table in _TABLES)  # noqa: S608 - ours
    try:
        with closing(sqlite3.connect(index, timeout=5.0)) as connection:
            found = connection.execute(f"SELECT {rows}, (SELECT value FROM fact WHERE name = 'digest')").fetchone()  # noqa: S608 - ours
    except sqlite3.OperationalError:  # busy, or the tables of an older version
        return True
    return bool(found[0]) or found[1] != digest(site, base_url, page_size)
