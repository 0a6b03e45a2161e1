"""What an editor does with a draft from a feed, and what the press wrote in a month."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline import whole
from pipeline.errors import BantinError
from pipeline.i18n import _
from pipeline.ledger import Ledger, feeds
from pipeline.model import AREAS
from pipeline.patterns import lazy

_DRAFT = lazy(r'\A(\ufeff?---\n(?:(?!---\n).*\n)*?)(?:status|trang_thai): *"?(?:draft|nháp|nhap)"? *\n')


def accept(ledger: Ledger, content: Path, number: int, who: str, now: datetime) -> str:
    """Make a draft ready, so that the next look takes it in; its path.

    Raises:
        BantinError: there is no such draft, it was decided already, or its file is gone.
    """
    story = _open_story(ledger, number)
    file = content / story["path"]
    if file.is_symlink() or not file.is_file():
        raise BantinError(_("The file of this draft is gone: {path}").format(path=story["path"]))
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise BantinError(_("{path} is not saved as UTF-8.").format(path=story["path"])) from None
    ready = _DRAFT.sub(lambda found: found.group(1) + 'status: "ready"\n', text, count=1)
    if not feeds.decide(ledger, number, "accepted", who, now):
        raise _decided(number)
    if ready != text:  # else an editor has taken the line out already
        whole.replace(file, ready.encode())
    return str(story["path"])


def dismiss(ledger: Ledger, content: Path, number: int, who: str, now: datetime) -> tuple[str, bool]:
    """Put a draft aside for good: it is not taken again. Its path, and whether the file was removed.

    A file that somebody has worked on stays; deleting that is up to its author.

    Raises:
        BantinError: there is no such draft, or it was decided already.
    """
    story = _open_story(ledger, number)
    if not feeds.decide(ledger, number, "dismissed", who, now):
        raise _decided(number)
    file = content / story["path"]
    untouched = (
        not file.is_symlink() and file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == story["digest"]
    )
    if untouched:
        ledger.mark_missing([story["path"]], now)  # gone on purpose: the next look need not report it
        file.unlink()
    return str(story["path"]), untouched


def _open_story(ledger: Ledger, number: int) -> Mapping[str, Any]:
    story = feeds.story(ledger, number)
    if story is None or story["kind"] != "unit":
        raise BantinError(_("There is no draft {number}.").format(number=number))
    if story["state"] != "new":
        raise _decided(number)
    return story


def _decided(number: int) -> BantinError:
    return BantinError(_("Draft {number} was decided already.").format(number=number))


def press(ledger: Ledger, start: datetime, outlets: Iterable[str] = ()) -> list[dict[str, Any]]:
    """The month that begins at `start` (aware), by outlet: how many stories concern the plan, by area, and which.

    A story of two areas counts in both and once in `stories`. Those of `outlets` that wrote nothing stand there too.
    """
    until = start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
    found = {name: _outlet(name) for name in outlets}
    for row in feeds.stories(ledger, "press", state="counted", since=start, until=until):
        outlet = found.setdefault(row["owner"], _outlet(row["owner"]))
        outlet["stories"] += 1
        for area in row["areas"]:
            outlet["areas"][area] = outlet["areas"].get(area, 0) + 1
        outlet["list"].append({key: row[key] for key in ("published", "title", "link", "areas")})
    return [found[name] for name in sorted(found)]


def _outlet(name: str) -> dict[str, Any]:
    return {"outlet": name, "stories": 0, "areas": dict.fromkeys(AREAS, 0), "list": []}
