"""Templates for new items, filled in as an editor would."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

from pipeline import reference
from pipeline.errors import ConfigError
from pipeline.i18n import _
from pipeline.model import Unit
from pipeline.text import nfc, one_line, slug

_FORMS = Path(__file__).with_name("data") / "word"
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


def write(content: Path, kind: str, unit_id: str, title: str, day: date, *, word: bool = False) -> Path:
    """Write the template, Markdown or Word, and return its path; an existing file is never overwritten.

    Raises:
        ConfigError: the unit is unknown or the file exists.
    """
    unit = reference.units().find(unit_id, day)
    if unit is None:
        near = ", ".join(one.id for one in reference.units().nearest(unit_id, day))
        raise ConfigError(_('The unit "{unit}" is unknown; nearest: {near}.').format(unit=unit_id, near=near))
    title = one_line(nfc(title))
    made = _word(kind, title, day, unit) if word else _markdown(kind, title, day, unit).encode()
    file = content / unit_id / f"{day.isoformat()}-{slug(title, 60)}{'.docx' if word else '.md'}"
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("xb") as out:
            out.write(made)
    except FileExistsError:
        raise ConfigError(_("{path} exists already.").format(path=file)) from None
    return file


def _markdown(kind: str, title: str, day: date, unit: Unit) -> str:
    return (_COMMON + _PARTS[kind]).format(
        kind=kind, title=title.replace("\\", "").replace('"', "'"), day=day.isoformat(), source=unit.name,
        summary=_("one or two sentences for citizens"), cover=_("picture beside this file, for example anh/cover.jpg"),
        alt=_("what the picture shows"), draft=_("delete this line when the item is ready"),
    )  # fmt: skip


def _word(kind: str, title: str, day: date, unit: Unit) -> bytes:
    """The form that tools/word_forms.py made, with its marks filled in."""
    values = {"title": title, "day": f"{day:%d/%m/%Y}", "source": unit.name}
    made = io.BytesIO()
    with zipfile.ZipFile(_FORMS / f"{kind}.docx") as form, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        for member in form.infolist():
            data = form.read(member)
            if member.filename == "word/document.xml":
                for name, value in values.items():
                    data = data.replace(b"{{%s}}" % name.encode(), escape(_printable(value)).encode())
            out.writestr(member, data)
    return made.getvalue()


def _printable(text: str) -> str:
    """XML takes no control characters."""
    return "".join(letter for letter in text if letter.isprintable())
