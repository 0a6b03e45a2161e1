"""Text of a Word document in an old font: told by the font's name (.VnTime, VNI-Times) and by its letters.

Word keeps TCVN3 and VNI as Latin-1 letters and shows them right only with their fonts. What each run was meant to be is
put in its place, because even the table of metadata may be written so; the document is then held, and an editor who
releases it confirms the proposal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree

from pipeline import repair
from pipeline.patterns import lazy
from pipeline.repair import Kind
from pipeline.syllables import is_syllable, marked_words
from pipeline.text import quote

Element = ElementTree.Element
_TCVN3: Final = lazy(r"\.vn\w", re.IGNORECASE)
_CAPITALS: Final = lazy(r"\.vn[\w ]*H(?: ?(?:bold|italic))*", re.IGNORECASE)  # .VnTimeH shows capitals only
_VNI: Final = lazy(r"vni[- ]\w", re.IGNORECASE)
_UNICODE: Final = lazy(r"[ăĂđĐĩĨũŨơƠưƯ\u1ea0-\u1ef9]")  # letters that no old font has at that place
_DEEPEST: Final = 20  # styles that are based on each other


@dataclass(frozen=True)
class Fonts:
    """The font of the document and of each of its styles."""

    default: str = ""
    styles: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Mended:
    """What was changed: the first change as two samples, and the old words of every paragraph that changed."""

    kind: Kind | None = None
    font: str = ""
    before: str = ""
    after: str = ""
    old: list[str] = field(default_factory=list)

    def note(self, kind: Kind, font: str, before: str, after: str) -> None:
        if self.kind is None:
            start = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), 0)
            start = before.rfind(" ", 0, max(0, start - 15)) + 1
            self.before, self.after = quote(before[start : start + 80], 60), quote(after[start : start + 80], 60)
            self.kind = kind
        self.font = self.font or font
        self.old.append(before)


def fonts_of(styles: Element) -> Fonts:
    """Read the styles before anything is taken out of them."""
    own: dict[str, str] = {}
    above: dict[str, str] = {}
    default = ""
    for one in styles:
        name = _attribute(one, "styleId")
        if _local(one) == "docDefaults":
            default = next((font for part in one.iter() if (font := _font(part))), "")
        elif _local(one) == "style":
            own[name] = next((font for part in one.iter() if (font := _font(part))), "")
            if _attribute(one, "default") in ("1", "true") and _attribute(one, "type") == "paragraph":
                default = own[name] or default
            above[name] = next((_attribute(part, "val") for part in one if _local(part) == "basedOn"), "")
    found = {}
    for name in own:
        at, depth = name, 0
        while not own.get(at) and above.get(at) and depth < _DEEPEST:
            at, depth = above[at], depth + 1
        found[name] = own.get(at, "")
    return Fonts(default, found)


def mend(root: Element, fonts: Fonts, mended: Mended) -> None:
    """Put the meant letters into the place of old ones, first where a font tells, then where the letters alone do."""
    paragraphs = [one for one in root.iter() if _local(one) == "p"]
    by_font = [list(_old(paragraph, fonts)) for paragraph in paragraphs]
    # A few words have none of these letters, a text has; so they were typed in Unicode, and the font is a left-over.
    typed = any(_UNICODE.search(text.text or "") for runs in by_font for text, _font in runs)
    for paragraph, runs in zip(paragraphs, by_font, strict=True):
        before = _words(paragraph)
        raw = "".join(text.text or "" for text, _font in runs)
        if not runs or raw.isascii() or _UNICODE.search(raw):
            continue
        gain = _gain(raw, runs[0][1])
        if gain > 0 or (gain == 0 and not typed):
            for text, font in runs:
                text.text = _meant(text.text or "", font)
            if (after := _words(paragraph)) != before:
                mended.note(_kind(runs[0][1]), runs[0][1], before, after)
    _by_letters(paragraphs, mended)


def _by_letters(paragraphs: list[Element], mended: Mended) -> None:
    rows = [_words(paragraph).replace("\n", " ") for paragraph in paragraphs]
    found = repair.propose("\n".join(rows))
    if found is None or found.kind == "look-alike" or found.lost:
        return
    for paragraph, before, after in zip(paragraphs, rows, found.text.split("\n"), strict=True):
        texts = [one for one in _texts(paragraph) if one.text]
        if before == after or not texts:
            continue
        for one in texts:
            one.text = repair.CONVERTERS[found.kind](one.text or "")
        if _words(paragraph) != after:  # a letter and its mark in two runs
            texts[0].text = after
            for one in texts[1:]:
                one.text = ""
        mended.note(found.kind, "", before, after)


def _old(paragraph: Element, fonts: Fonts) -> Iterator[tuple[Element, str]]:
    """The texts of a paragraph, not of those in its text boxes, whose font is an old one, with its name."""
    style = next((_attribute(one, "val") for part in paragraph if _local(part) == "pPr" for one in part
                  if _local(one) == "pStyle"), "")  # fmt: skip
    for run in _within(paragraph):
        if _local(run) != "r":
            continue
        looks = [one for part in run if _local(part) == "rPr" for one in part]
        own = next((font for one in looks if (font := _font(one))), "")
        named = next((_attribute(one, "val") for one in looks if _local(one) == "rStyle"), "")
        font = own or fonts.styles.get(named, "") or fonts.styles.get(style, "") or fonts.default
        if _TCVN3.match(font) or _VNI.match(font):
            yield from ((one, font) for one in run if _local(one) == "t" and one.text)


def _within(element: Element) -> Iterator[Element]:
    for child in element:
        if _local(child) != "p":
            yield child
            yield from _within(child)


def _texts(paragraph: Element) -> Iterator[Element]:
    return (one for one in _within(paragraph) if _local(one) == "t")


def _words(paragraph: Element) -> str:
    return "".join(one.text or "" for one in _texts(paragraph))


def _kind(font: str) -> Kind:
    return "tcvn3" if _TCVN3.match(font) else "vni"


def _meant(text: str, font: str) -> str:
    made = repair.CONVERTERS[_kind(font)](text)
    return made.upper() if _CAPITALS.fullmatch(font) else made


def _gain(text: str, font: str) -> float:
    """How much better the text reads when it is converted; 0 when nothing can be told."""
    return _share(repair.CONVERTERS[_kind(font)](text)) - _share(text)


def _share(text: str) -> float:
    words: Iterable[str] = marked_words(text)
    found = [is_syllable(word) for word in words]
    return sum(found) / len(found) if found else 0.0


def _font(part: Element) -> str:
    return (_attribute(part, "hAnsi") or _attribute(part, "ascii")) if _local(part) == "rFonts" else ""


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _attribute(element: Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")
