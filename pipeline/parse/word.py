"""A Word document becomes what a Markdown drop becomes: metadata, Markdown, and pictures that nobody has to name."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from zoneinfo import ZoneInfo

import mammoth
from mammoth import documents

from pipeline.filetypes import kind_of
from pipeline.i18n import N_, _
from pipeline.model import Finding, Unit
from pipeline.parse import encoding, item, wordblocks, wordmeta, wordxml
from pipeline.parse.item import Parsed
from pipeline.parse.metadata import Metadata, Unreadable
from pipeline.parse.package import MOST_BYTES, Package, open_package
from pipeline.parse.wordfonts import Mended
from pipeline.parse.wordmodel import Blocks, Shown
from pipeline.rules import mending
from pipeline.rules import word as rules
from pipeline.text import nfc, one_line

__all__ = ["MOST_BYTES", "lines", "parse"]
_ENDINGS: Final = {"JPEG": "jpg", "PNG": "png", "WebP": "webp"}
_INSIDE: Final = "trong-van-ban"  # a folder that no unit has: files beside the text may be called hinh-1.jpg, too
_MOST_PICTURES: Final = 60
_MOST_NOTES: Final = 500
_LOST: Final = {"chart": N_("a chart"), "smartart": N_("a SmartArt drawing"), "equation": N_("an equation"),
                "object": N_("an embedded file"), "control": N_("a form control"), "textbox": N_("a text box")}  # fmt: skip


def parse(data: bytes, unit: Unit, zone: ZoneInfo) -> Parsed:
    """Read one .docx. Never raises for what a file holds: what is wrong comes back as findings, with place in words."""
    if not data.strip(b"\0 \r\n"):
        return item.parse(b"", unit, zone)
    try:
        package = open_package(data)
        return _parse(package, unit, zone)
    except Unreadable as error:
        return Parsed(None, (error.finding,))
    except RecursionError:
        return Parsed(None, (rules.HARMFUL.finding(_("The document is nested too deep.")),))


def lines(data: bytes) -> list[tuple[str, str]]:
    """Each line of a document, its table's rows first, as (its place in words, as findings name it, its text).

    Raises:
        Unreadable: it is none that can be read.
    """
    try:
        read = _opened(open_package(data), [])
    except RecursionError:
        raise Unreadable(rules.HARMFUL, _("The document is nested too deep.")) from None
    values = {line: read.meta.values[key] for key, line in read.meta.lines.items()}
    labels = {line: key for key, line in read.meta.lines.items()}
    head = [(place, f"{labels[number]}: {_plain(values[number])}") for number, place in enumerate(read.meta.places, 1)]
    return head + list(zip(read.places, read.lines, strict=False))


def _plain(value: Any) -> str:
    return nfc(", ".join(map(str, value)) if isinstance(value, list) else str(value or "–"))


@dataclass(frozen=True)
class _Read:
    """A document taken apart: its metadata, and the lines of its text with their places."""

    meta: wordmeta.Found
    lines: Sequence[str]
    places: Sequence[str]
    remarks: wordxml.Remarks
    pictures: _Pictures


def _opened(package: Package, findings: list[Finding]) -> _Read:
    ready, remarks = wordxml.ready(package)
    document = _read(ready)
    reader = Blocks(document.notes)
    blocks = reader.read(document.children)
    remarks.aside += wordmeta.beside(package)
    letters = max(reader.letters, sum(map(len, remarks.aside)))
    if reader.note_count > _MOST_NOTES or letters > encoding.MOST_BYTES:
        raise Unreadable(rules.TOO_BIG, _("The text of the document is too long to be read."))
    pictures = _Pictures(package)
    found = wordmeta.find(blocks, wordmeta.properties(package), pictures.name, findings)
    written = wordblocks.write(found.blocks, reader.notes(), pictures.name)
    return _Read(found, written.lines, written.places, remarks, pictures)


def _parse(package: Package, unit: Unit, zone: ZoneInfo) -> Parsed:
    findings: list[Finding] = []
    read = _opened(package, findings)
    found, written, remarks, pictures = read.meta, read, read.remarks, read.pictures
    body = nfc("\n".join(written.lines))
    if len(body.encode()) > encoding.MOST_BYTES:
        raise Unreadable(rules.TOO_BIG, _("The text of the document is too long to be read."))
    findings += _remarks(remarks) + pictures.findings + _letters(remarks.mended, found)
    findings += _unseen(found, body)
    places = (*found.places, *written.places)
    parsed = item.assemble(Metadata(found.values, found.lines, body, len(found.places) + 1), unit, zone)
    made = parsed.item
    if made:
        aside = nfc("\n".join(filter(None, (*remarks.aside, *found.aside))))
        made = replace(made, document=replace(made.document, aside=aside))
    rows = {item.key_name(key): line for key, line in found.lines.items()}
    parsed = Parsed(made, (*findings, *parsed.findings), pictures.kept, places, rows)
    return replace(parsed, findings=placed(parsed)) if made is None else parsed


def placed(parsed: Parsed, more: Sequence[Finding] = ()) -> tuple[Finding, ...]:
    """Findings as a Word editor can use them: the place in words before the message, the remedy in Word's terms."""
    made = []
    for finding in (*parsed.findings, *more):
        place = _place(finding, parsed)
        message = f"{place[:1].upper()}{place[1:]}: {finding.message}" if place else finding.message
        made.append(replace(finding, message=message, line=None, hint=rules.hint(finding.code, finding.hint)))
    return tuple(made)


def _place(finding: Finding, parsed: Parsed) -> str:
    """What is missing is missed in its own row; without one, the rules point at the title's, which would mislead."""
    line = parsed.rows.get(finding.field, finding.line or 0)
    if finding.field and finding.field not in parsed.rows and line == parsed.rows.get("title", 0):
        return _("metadata table") if line else ""
    return parsed.places[line - 1] if 0 < line <= len(parsed.places) else ""


def _read(ready: io.BytesIO) -> Any:
    """mammoth's view of the document; its own HTML is not used, so it is given nothing to write."""
    kept: list[Any] = []

    def keep(document: Any) -> Any:
        kept.append(document)
        return documents.document([])

    try:
        mammoth.convert_to_html(
            ready, transform_document=keep, include_embedded_style_map=False, external_file_access=False
        )
    except RecursionError:
        raise
    except Exception as error:  # a third-party reader on a stranger's bytes: whatever it trips over is damage
        logging.getLogger(__name__).info("word", extra={"error": type(error).__name__})
        raise Unreadable(rules.DAMAGED, _("The document is damaged or was copied only in part.")) from error
    return kept[0]


class _Pictures:
    """Names the pictures in order, …/hinh-1.jpg, …/hinh-2.png, and keeps their bytes; the same picture is kept once."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._names: dict[str, str] = {}
        self.kept: dict[str, bytes] = {}
        self.findings: list[Finding] = []

    def name(self, picture: Shown) -> str:
        if not picture.part:
            return ""
        if picture.part not in self._names:
            self._names[picture.part] = self._keep(picture.part)
        return self._names[picture.part]

    def _keep(self, part: str) -> str:
        number = len(self._names) + 1
        if number > _MOST_PICTURES:
            raise Unreadable(
                rules.TOO_BIG, _("The document has more than {most} pictures.").format(most=_MOST_PICTURES)
            )
        data = self._package.read(part)
        kind = kind_of(data)
        ending = _ENDINGS.get(kind, "")
        if not ending:
            kind = kind or one_line(part.rpartition(".")[2])[:5].upper()
            message = _("Picture {number} is a {kind} file.").format(number=number, kind=kind)
            self.findings.append(rules.DRAWING.finding(message))
            return ""
        name = f"{_INSIDE}/hinh-{number}.{ending}"
        self.kept[name] = data
        return name


def _letters(mended: Mended, found: wordmeta.Found) -> list[Finding]:
    """What was read of old fonts, unless the table says that somebody confirmed it."""
    if mended.kind is None or found.confirmed:
        return []
    kind = encoding.kind_name(mended.kind) + (f", {one_line(mended.font)[:40]}" if mended.font else "")
    message = _('The letters look like {kind}: "{before}" → "{after}".')
    return [mending.LEGACY_FONT.finding(message.format(kind=kind, before=mended.before, after=mended.after))]


def _unseen(found: wordmeta.Found, body: str) -> Iterator[Finding]:
    """Signs that nobody sees, in the table and in the text; each kind is told once."""
    told = set()
    texts = [(str(value), found.lines.get(key, 1)) for key, value in found.values.items()]
    for text, line in (*texts, (body, len(found.places) + 1)):
        for finding in encoding.unseen(text, line, lined=False):
            if finding.code not in told:
                told.add(finding.code)
                yield finding


def _remarks(remarks: wordxml.Remarks) -> list[Finding]:
    found = []
    for what, count in remarks.lost.items():
        message = _("The document holds {what} ({count}), which is left out.").format(what=_(_LOST[what]), count=count)
        found.append(rules.LEFT_OUT.finding(message))
    if remarks.elsewhere:
        message = _("{count} pictures are only linked, not in the document.").format(count=remarks.elsewhere)
        found.append(rules.ELSEWHERE.finding(message))
    counts = {_("tracked changes"): remarks.changes, _("comments"): remarks.comments, _("hidden text"): remarks.hidden}
    if any(counts.values()):
        shown = ", ".join(f"{name} ({count})" for name, count in counts.items() if count)
        found.append(rules.UNFINISHED.finding(_("The document still has: {what}.").format(what=shown)))
    return found
