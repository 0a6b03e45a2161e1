"""Templates for new items, filled in as an editor would."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipeline import reference
from pipeline.errors import ConfigError
from pipeline.i18n import _
from pipeline.text import nfc, one_line, slug

_COMMON = """---
kind: {kind}
title: "{title}"
summary: ""            # {summary}
date: {day}
author: ""
source: "{source}"
cover: ""              # {cover}
cover_alt: ""          # {alt}
channels: [portal, zalo, facebook]
status: draft          # {draft}
"""
_PARTS = {
    "article": "---\n\n",
    "clip": 'video: ""              # https://www.youtube.com/watch?v=… | video/clip.mp4\nduration: ""           # PT1M20S\ntranscript: |\n  …\n---\n\n',
    "qa": 'question: ""\nasker: ""\nanswered_by: "{source}"\nprocedure: ""          # 1.001193\nlegal_basis: []\n---\n\n',
}


def write(content: Path, kind: str, unit_id: str, title: str, day: date) -> Path:
    """Write the template and return its path; an existing file is never overwritten.

    Raises:
        ConfigError: the unit is unknown or the file exists.
    """
    unit = reference.units().find(unit_id, day)
    if unit is None:
        near = ", ".join(one.id for one in reference.units().nearest(unit_id, day))
        raise ConfigError(_('The unit "{unit}" is unknown; nearest: {near}.').format(unit=unit_id, near=near))
    title = one_line(nfc(title)).replace("\\", "").replace('"', "'")
    text = (_COMMON + _PARTS[kind]).format(
        kind=kind, title=title, day=day.isoformat(), source=unit.name, summary=_("one or two sentences for citizens"),
        cover=_("picture beside this file, for example anh/cover.jpg"), alt=_("what the picture shows"),
        draft=_("delete this line when the item is ready"),
    )  # fmt: skip
    file = content / unit_id / f"{day.isoformat()}-{slug(title, 60)}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError:
        raise ConfigError(_("{path} exists already.").format(path=file)) from None
    return file
