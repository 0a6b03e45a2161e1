"""A Word package made ready for mammoth: only the parts that a text needs, without what must not be published.

mammoth accepts tracked changes but reads hidden text and unfilled form fields as text, and does not tell where a list
goes on or what it leaves out; that is settled here, in the XML.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree

from pipeline.parse.package import Package
from pipeline.parse.wordfonts import Fonts, Mended, fonts_of, mend

Element = ElementTree.Element
NUMBER: Final = "bantin-number-"  # a bookmark of ours: which number a list paragraph has
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_ASIDE: Final = ("header", "footer", "comments")
_CHANGES: Final = {"ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel"}
_LOST: Final = {"chart": "chart", "relIds": "smartart", "oMath": "equation", "OLEObject": "object", "altChunk": "object",
                "control": "control"}  # fmt: skip
_MOST_LEVELS: Final = 9  # Word's own


@dataclass
class Remarks:
    """What was met on the way: counts of what is left out, and all words that are not published."""

    lost: Counter[str] = field(default_factory=Counter)
    changes: int = 0
    comments: int = 0
    hidden: int = 0
    elsewhere: int = 0
    aside: list[str] = field(default_factory=list)
    mended: Mended = field(default_factory=Mended)


def local(element: Element) -> str:
    """An element's name without its namespace, which differs between transitional and strict documents."""
    return str(element.tag).rpartition("}")[2]


def ready(package: Package) -> tuple[io.BytesIO, Remarks]:
    """A package for mammoth, in which each picture's content is its own part name (so nothing is copied).

    Raises:
        Unreadable: a part that is read is damaged or made to harm.
    """
    remarks = Remarks()
    made = io.BytesIO()
    targets = _targets(package)
    styled: dict[str, Element] = {}
    fonts = Fonts()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", package.xml("[Content_Types].xml"))
        archive.writestr("_rels/.rels", _root(package.main))
        archive.writestr(_rels(package.main), package.xml(_rels(package.main)) or _EMPTY)
        for name in _of(targets, ("styles", "numbering")):
            if (tree := package.tree(name)) is not None:
                fonts = fonts_of(tree) if local(tree) == "styles" else fonts
                styled |= _styled(tree)
                archive.writestr(name, _serialised(tree))
        for name in dict.fromkeys((package.main, *_of(targets, ("footnotes", "endnotes")))):
            if (tree := package.tree(name)) is not None:
                tree = _cleaned(tree, remarks, styled)
                mend(tree, fonts, remarks.mended)
                archive.writestr(name, _serialised(tree))
                if name != package.main and (rels := package.xml(_rels(name))):
                    archive.writestr(_rels(name), rels)
        for name in package.names():
            if "/media/" in name:
                archive.writestr(name, name)
    _collect_aside(package, targets, remarks)
    remarks.aside += remarks.mended.old  # marks of secrecy are looked for in the old letters, too
    made.seek(0)
    return made, remarks


_EMPTY: Final = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'


def _root(main: str) -> str:
    return _EMPTY.replace("/>", f'><Relationship Id="r" Type="{_OFFICE}" Target="{main}"/></Relationships>')


def _rels(name: str) -> str:
    folder, base = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{base}.rels")


def _targets(package: Package) -> list[tuple[str, str]]:
    """(kind, part name) of the text's relationships inside the package."""
    tree = package.tree(_rels(package.main))
    found = []
    for one in () if tree is None else tree:
        kind = one.get("Type", "").rpartition("/")[2]
        if one.get("TargetMode") != "External":
            name = posixpath.normpath(posixpath.join("/", posixpath.dirname(package.main), one.get("Target", "")))
            found.append((kind, name.lstrip("/")))
    return found


def _of(targets: Iterable[tuple[str, str]], kinds: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(name for kind, name in targets if kind in kinds))


def _collect_aside(package: Package, targets: list[tuple[str, str]], remarks: Remarks) -> None:
    for name in _of(targets, _ASIDE):
        if (root := package.tree(name)) is not None:
            remarks.comments += sum(1 for one in root.iter() if local(one) == "comment")
            remarks.aside += _paragraphs(root)
            remarks.aside += (text for one in root.iter() if (text := _drawn(one)))


def _drawn(element: Element) -> str:
    """The words of a watermark, which are an attribute, and what is said of a picture."""
    if local(element) == "textpath":
        return _attribute(element, "string")
    return _attribute(element, "descr") if local(element) == "docPr" else ""


def _paragraphs(root: Element) -> Iterator[str]:
    for paragraph in root.iter():
        if local(paragraph) == "p" and (text := _text(paragraph)):
            yield text


def _text(element: Element, name: str = "t") -> str:
    return "".join(one.text or "" for one in element.iter() if local(one) == name).strip()


def _serialised(root: Element) -> bytes:
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _cleaned(root: Element, remarks: Remarks, styled: Mapping[str, Element]) -> Element:
    lists: dict[str, list[int]] = {}
    for parent in list(root.iter()):
        for child in list(parent):
            name = local(child)
            if name in _LOST:
                remarks.lost[_LOST[name]] += 1
            elif name in _CHANGES:
                remarks.changes += 1
                remarks.aside.append(_text(child, "delText"))
            elif name == "bookmarkStart" and parent is not root:
                parent.remove(child)
            elif name == "r" and _hides(child):
                remarks.hidden += 1
                remarks.aside.append(_text(child))
                parent.remove(child)
            elif name == "sdt" and _find(child, "sdtPr", "showingPlcHdr") is not None:
                _blank(child)
            elif name == "AlternateContent":
                _look_at_choices(child, remarks)
            elif name == "blip" and not _attribute(child, "embed") and _attribute(child, "link"):
                remarks.elsewhere += 1
    remarks.aside += (_attribute(one, "string") for one in root.iter() if local(one) == "textpath")
    for paragraph in list(root.iter()):
        if local(paragraph) == "p":
            _number(paragraph, lists, styled)
    return root


def _find(element: Element, *names: str) -> Element | None:
    found: Element | None = element
    for name in names:
        found = next((one for one in found if local(one) == name), None) if found is not None else None
    return found


def _attribute(element: Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _hides(run: Element) -> bool:
    """Hidden text, and the grey words of a form field that nobody filled in."""
    vanish = _find(run, "rPr", "vanish")
    if vanish is not None and _attribute(vanish, "val") not in ("false", "0"):
        return bool(_text(run))
    style = _find(run, "rPr", "rStyle")
    if style is not None and _attribute(style, "val") == "PlaceholderText":
        _blank(run)
    return False


def _blank(element: Element) -> None:
    for one in element.iter():
        if local(one) == "t":
            one.text = ""


def _look_at_choices(element: Element, remarks: Remarks) -> None:
    """Newer drawings come with an older form that is read; a text box that has none is lost."""
    texts = [text for text in _paragraphs(element) if text]
    remarks.aside += dict.fromkeys(texts)
    if texts and _find(element, "Fallback") is None:
        remarks.lost["textbox"] += 1


def _styled(root: Element) -> dict[str, Element]:
    """The list to which each paragraph style belongs, as List Number does; of styles only the names are left."""
    found: dict[str, Element] = {}
    for style in list(root):
        if local(style) == "latentStyles":
            root.remove(style)
        if local(style) != "style":
            continue
        properties = _find(style, "pPr", "numPr")
        if properties is not None:
            found[_attribute(style, "styleId")] = properties
        kept = ("name", "pPr") if _attribute(style, "type") == "numbering" else ("name",)
        for part in list(style):
            if local(part) not in kept:
                style.remove(part)
    return found


def _number(paragraph: Element, lists: dict[str, list[int]], styled: Mapping[str, Element]) -> None:
    """Leave a bookmark that says which number the paragraph has in its list, counted as Word counts."""
    properties = _find(paragraph, "pPr", "numPr")
    if properties is None:
        style = _find(paragraph, "pPr", "pStyle")
        properties = styled.get(_attribute(style, "val")) if style is not None else None
    if properties is None:
        return
    number, level = _find(properties, "numId"), _find(properties, "ilvl")
    name = _attribute(number, "val") if number is not None else ""
    shown = _attribute(level, "val") if level is not None else "0"
    if not name or name == "0" or not shown.isdecimal() or int(shown) >= _MOST_LEVELS:
        return
    counts = lists.setdefault(name, [0] * _MOST_LEVELS)
    counts[int(shown)] += 1
    counts[int(shown) + 1 :] = [0] * (_MOST_LEVELS - int(shown) - 1)
    space = str(paragraph.tag).rpartition("}")[0] + "}"
    mark = Element(f"{space}bookmarkStart", {f"{space}name": f"{NUMBER}{counts[int(shown)]}"})
    place = 1 if len(paragraph) and local(paragraph[0]) == "pPr" else 0
    paragraph.insert(place, mark)
