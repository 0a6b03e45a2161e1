"""What a Word document says of itself: the two-column table at its top, else title style and document properties."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pipeline.i18n import _
from pipeline.model import Finding
from pipeline.parse.item import key_name, knows
from pipeline.parse.package import Package
from pipeline.parse.values import fold
from pipeline.parse.wordblocks import alt_of, place_of
from pipeline.parse.wordmodel import GUIDE, Block, Cell, Paragraph, Shown, Table
from pipeline.parse.wordtext import heading_level
from pipeline.parse.wordxml import local
from pipeline.patterns import lazy
from pipeline.rules import reading
from pipeline.rules import word as rules
from pipeline.text import nfc, one_line

_MOST_LABEL: Final = 100  # signs; a longer one is no label
_MOST_PROPERTY: Final = 1_000  # signs
_MOST_BEFORE: Final = 8  # paragraphs above the table: a heading of the form, a few words of guidance
_LISTS: Final = {"areas", "topics", "fields", "audience", "channels", "hashtags", "legal_basis"}
_OTHER_PROPERTIES: Final = ("category", "contentStatus", "description")
_PROPERTIES: Final = {"title": "title", "subject": "summary", "creator": "author", "keywords": "hashtags"}
# What programs write there when nobody did.
_NOBODY: Final = lazy(
    r"admin\w*|user|(?:windows|microsoft(?: office)?) user|python-docx|word document|microsoft word.*|document ?\d*|hp|dell|asus|acer|lenovo"
    r"|pc|may ?tinh|máy tính|unknown|un-?named|normal|.*\.docx?|powerpoint presentation|home|office|libreoffice.*|windows \d+",
    re.IGNORECASE,
)


@dataclass
class Found:
    """Raw metadata as a Markdown drop has it; lines are those of `places`, the rest of the blocks is the text."""

    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    places: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)

    @property
    def confirmed(self) -> bool:
        """Whether a row says "Sửa chữ: đồng ý": the letters that were read of an old font are right."""
        return any(key_name(key) == "text_repair" and fold(one_line(str(value))) in ("dong_y", "accepted", "yes")
                   for key, value in self.values.items())  # fmt: skip

    def has(self, name: str) -> bool:
        return any(key_name(key) == name and value for key, value in self.values.items())

    def add(self, key: str, value: Any, place: str) -> None:
        self.places.append(place)
        self.values[key] = value
        self.lines[key] = len(self.places)


def find(blocks: Sequence[Block], properties: Mapping[str, str], name: Callable[[Shown], str],
         findings: list[Finding]) -> Found:  # fmt: skip
    """Take the metadata out of the blocks; what is missing and cannot be made up is left to the rules."""
    found = Found(blocks=list(blocks), aside=[nfc(value) for value in properties.values()])
    table = next((block for block in blocks if isinstance(block, Table)), None)
    if table and _is_metadata(table) and blocks.index(table) <= _MOST_BEFORE:
        found.blocks.remove(table)
        for other in blocks:
            if isinstance(other, Table):
                other.number -= 1  # an editor counts the tables of the text
        _read_table(table, found, name, findings)
    else:
        findings.append(rules.NO_TABLE.finding(_("The document does not begin with a table of its metadata.")))
    _title_style(found)
    _read_properties(found, properties, findings)
    _first_heading(found)
    if not found.has("kind"):
        found.add("kind", "qa" if found.has("question") else "clip" if found.has("video") else "article", "")
    return found


def properties(package: Package) -> dict[str, str]:
    """Core properties that a person may have filled in.

    Raises:
        Unreadable: the part is damaged or made to harm.
    """
    tree = package.tree("docProps/core.xml")
    texts = {local(one): one_line((one.text or "")[:_MOST_PROPERTY]) for one in (() if tree is None else tree)}
    return {name: text for name, text in texts.items() if name in _PROPERTIES and text}


def beside(package: Package) -> list[str]:
    """What else the document says of itself: status and class, the office's own properties such as "Độ mật: Mật".

    Raises:
        Unreadable: a part is damaged or made to harm.
    """
    said: list[str] = []
    for part, names in (("docProps/core.xml", _OTHER_PROPERTIES), ("docProps/app.xml", ("Company", "Manager"))):
        tree = package.tree(part)
        said += (one.text or "" for one in (() if tree is None else tree) if local(one) in names)
    tree = package.tree("docProps/custom.xml")
    for one in () if tree is None else tree:
        value = "".join(part.text or "" for part in one)
        said += (value, f"{one.get('name', '')}: {value}")
    return [nfc(one_line(text[:_MOST_PROPERTY])) for text in said if text.strip()]


def _is_metadata(table: Table) -> bool:
    labels = [_label(row[0]) for row in table.rows if len(row) in (2, 3)]
    return len(labels) * 2 >= len(table.rows) and sum(map(knows, filter(None, labels))) >= 2


def _label(cell: Cell) -> str:
    """ "Tiêu đề (bắt buộc) *:" is "Tiêu đề"."""
    return one_line(re.sub(r"\([^)]*\)|[:*]", " ", nfc(cell.text[:_MOST_LABEL])))


def _read_table(table: Table, found: Found, name: Callable[[Shown], str], findings: list[Finding]) -> None:
    alt = ""
    for number, row in enumerate(table.rows, 1):
        place = _("metadata table, row {row}").format(row=number)
        label = _label(row[0]) if row else ""
        if not label or len(row) < 2 or fold(label) in ("thong_tin", "muc", "truong"):
            found.places.append(place)
            continue
        if label in found.values:
            found.places.append(place)
            message = _('The key "{key}" stands twice.').format(key=label[:60])
            findings.append(reading.TWICE.finding(message, label[:60], len(found.places)))
            continue
        key, value = key_name(label), _value(row[1])
        if key == "cover" and row[1].pictures:
            value, alt = name(row[1].pictures[0]), alt_of(row[1].pictures[0])
        found.add(
            label, re.split(r"[\n,;]" if key != "legal_basis" else r"\n", value) if key in _LISTS else value, place
        )
    if alt and not found.has("cover_alt"):
        found.add("cover_alt", alt, _("metadata table"))


def _value(cell: Cell) -> str:
    texts = (one.text for one in cell.paragraphs if one.style not in GUIDE)
    return nfc("\n".join(filter(None, texts)))


def _title_style(found: Found) -> None:
    """A paragraph in the style Title or Subtitle is the title or the summary, and is not told twice."""
    for style, key in (("title", "title"), ("subtitle", "summary")):
        block = next((one for one in found.blocks if isinstance(one, Paragraph) and one.style == style), None)
        if block is None:
            continue
        text = one_line(nfc(block.text))
        if not found.has(key):
            found.add(key, text, place_of(block))
        elif not any(key_name(label) == key and one_line(str(value)) == text for label, value in found.values.items()):
            continue
        found.blocks.remove(block)


def _read_properties(found: Found, properties: Mapping[str, str], findings: list[Finding]) -> None:
    taken = []
    for name, key in _PROPERTIES.items():
        text = one_line(nfc(properties.get(name, "")))
        if not text or _NOBODY.fullmatch(text) or found.has(key) or (key == "title" and _heading(found)):
            continue
        value = [_hashtag(part) for part in re.split(r"[,;]", text) if part.strip()] if key == "hashtags" else text
        found.add(key, value, _("document properties"))
        taken.append(f'{name} = "{text[:60]}"')
    if taken:
        message = _("Taken from the document's properties: {what}.").format(what="; ".join(taken))
        findings.append(rules.FROM_PROPERTIES.finding(message))


def _hashtag(text: str) -> str:
    return "#" + "".join(word[:1].upper() + word[1:] for word in re.findall(r"\w+", text))


def _heading(found: Found) -> Paragraph | None:
    """A heading with which the text begins."""
    first = next((block for block in found.blocks if isinstance(block, Paragraph) and block.style not in GUIDE), None)
    return first if first and heading_level(first.style) == 1 else None


def _first_heading(found: Found) -> None:
    block = _heading(found)
    if block and not found.has("title"):
        found.add("title", one_line(nfc(block.text)), place_of(block))
        found.blocks.remove(block)
