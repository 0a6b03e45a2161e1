"""One item in a form: loaded from its file, checked by all rules as it stands, saved as a person would save it."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pipeline import intake, placing
from pipeline.desk import fields
from pipeline.desk.pages import Desk
from pipeline.desk.sending import check
from pipeline.errors import NotPossible
from pipeline.i18n import _
from pipeline.model import Drop, Finding, Unit
from pipeline.parse import encoding, metadata
from pipeline.parse.item import typed
from pipeline.parse.metadata import Unreadable
from pipeline.parse.values import WrongValue
from pipeline.placing import Stage
from pipeline.text import slug
from pipeline.writing import document, edited


@dataclass(frozen=True)
class Draft:
    """What the form shows.

    Args:
        path: of the file below the content folder; empty for a new item.
        digest: of the file's bytes when it was loaded, so that nobody overwrites another's work.
        source: the file's text.
        status: draft or ready; anything else is kept until a button says otherwise.
    """

    kind: str
    values: dict[str, Any] = field(default_factory=dict)
    path: str = ""
    digest: str = ""
    source: str = ""
    status: str = "draft"


def blank(desk: Desk, kind: str, unit: Unit) -> Draft:
    """A new item, with what is known beforehand."""
    given = {"date": f"{desk.clock():%Y-%m-%d}", "source": unit.name, "channels": ["portal", "zalo", "facebook"]}
    return Draft(kind, fields.shown(kind, given | ({"answered_by": unit.name} if kind == "qa" else {}), ""))


def load(kind: str, path: str, file: Path) -> Draft:
    """The item of a file.

    Raises:
        NotPossible: it is no Markdown file that can be read, or an item of another kind.
    """
    if file.suffix.lower() not in (".md", ".markdown") or not file.is_file():
        raise NotPossible(_("Only Markdown files can be edited here; mend a Word file in Word and send it again."))
    data = file.read_bytes()
    try:
        source = encoding.read(data).text
        meta = metadata.read(source)
    except Unreadable as error:
        raise NotPossible(f"{error.finding.message} {error.finding.hint}".strip()) from None
    own = _typed(meta.values, "kind") or kind
    if own != kind:
        raise NotPossible(_("This file is an item of another kind."))
    status = _typed(meta.values, "status") or "ready"
    digest = hashlib.sha256(data).hexdigest()
    return Draft(kind, fields.shown(kind, meta.values, meta.body), path, digest, source, status)


def _typed(raw: dict[str, Any], name: str) -> str:
    from pipeline.parse.item import key_name

    for key, value in raw.items():
        if key_name(key) == name and value:
            try:
                return str(typed(name, value))
            except WrongValue:
                return ""
    return ""


def text(draft: Draft, given: dict[str, Any], status: str) -> str:
    """The file's text with what the form holds; a file that exists keeps all that was not changed."""
    body = given["body"]
    if not draft.source:
        listed = {name: fields.value(name, one) for name, one in given.items() if name != "body"}
        return document({"kind": draft.kind, **listed, "status": "draft" if status == "draft" else ""}, body)
    changes = {name: fields.value(name, one) for name, one in given.items()
               if name != "body" and one != draft.values[name]}  # fmt: skip
    if status != draft.status:
        changes["status"] = status
    return edited(draft.source, changes, body)


def findings(desk: Desk, unit: Unit, draft: Draft, source: str) -> list[Finding]:
    """What the rules say; lines are those of the text field, and a finding of a field has none."""
    path = draft.path or f"{unit.id}/{file_name(desk, draft.values)}"
    with tempfile.TemporaryDirectory(prefix="bantin-") as folder:
        file = Path(folder) / "tin.md"
        file.write_text(source, encoding="utf-8", errors="replace")
        content = desk.config.content
        drop = intake.single(content, content / path) if draft.path else Drop(content, path, "")
        found = check(desk, drop._replace(written=file)).findings
    try:
        first = metadata.read(source).body_line
    except Unreadable:
        first = 1
    return [replace(one, line=one.line - first + 1 if one.line and one.line >= first else None) for one in found]


def file_name(desk: Desk, given: dict[str, Any]) -> str:
    """As `bantin new` names its templates."""
    try:
        day = typed("date", given.get("date") or "x")
    except WrongValue:
        day = desk.clock().date()
    return f"{day.isoformat()}-{slug(given.get('title') or '', 60)}.md"


def save(desk: Desk, stage: Stage, draft: Draft, given: dict[str, Any], source: str) -> str:
    """Write the file and return its path: a new one beside all others, an old one only when nobody changed it since.

    Raises:
        NotPossible: somebody changed the file meanwhile.
    """
    content = desk.config.content
    if not stage.folder.exists():
        stage.open()
    staged = stage.file(f"{stage.token}.md")
    data = source.encode("utf-8", "replace")
    if len(data) > encoding.MOST_BYTES:
        raise NotPossible(_("The text is too long."))
    staged.write_bytes(data)
    if not draft.path:
        return placing.beside(content, staged, stage.unit, file_name(desk, given))
    file = content / draft.path
    if file.is_symlink() or hashlib.sha256(file.read_bytes()).hexdigest() != draft.digest:
        raise NotPossible(_("Somebody else changed this file meanwhile. Open it again in another window and compare."))
    os.replace(staged, file)
    return draft.path


def keep_picture(desk: Desk, stage: Stage, draft: Draft, picture: Path, title: str) -> str:
    """Put a picture where the item's pictures lie, and return the name by which the item calls it."""
    content = desk.config.content
    folder, prefix = stage.unit / "anh", "anh/"
    if draft.path and (own := intake.single(content, content / draft.path).folder) != stage.unit:
        folder, prefix = own, ""
    name = f"{slug(title, 50)}{picture.suffix.lower()}"
    return prefix + placing.beside(content, picture, folder, name).rpartition("/")[2]
