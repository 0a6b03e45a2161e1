"""All that the public would read of an item, in one text with the way back, and the item with its personal data masked.

Every text field of an item is read, also one that is added later: a field is public until it is named in _NOT_SHOWN.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from markdown_it.token import Token

from pipeline.model import Document, Item
from pipeline.recognise.personal import Hit, find, find_in, mask
from pipeline.recognise.personal import masked as masked_text
from pipeline.recognise.view import View, letters

_NOT_SHOWN = {"kind", "unit", "status", "lines", "document", "areas", "topics", "fields", "audience", "channels"}
FILE_KEYS = frozenset({"id", "cover", "video", "captions", "src", "file", "path", "name", "url"})
_AROUND = 80  # characters that a proposal shows on either side
_REACHED = ("mailto:", "tel:", "sms:", "https://zalo.me/", "http://zalo.me/", "https://wa.me/")
Key = tuple[
    str | int, ...
]  # ("title",), ("hashtags", 2), or ("document", token, child or -1, "content" | "alt" | attribute)


class Piece(NamedTuple):
    """A run of characters of the item: where it stands in the whole text and whose part it is."""

    start: int
    text: str
    key: Key
    field: str
    line: int | None


@dataclass(frozen=True)
class Place:
    """Personal data, where an editor finds it, and what would stand there instead.

    Args:
        proposal: the words around it with everything masked.
    """

    kind: str
    field: str
    line: int | None
    masked: str
    proposal: str


@dataclass(frozen=True)
class Reading:
    """The item as one text: fields apart by an empty line, blocks of the body by a line end."""

    pieces: tuple[Piece, ...]
    text: str

    @cached_property
    def hits(self) -> tuple[Hit, ...]:
        return find_in(self.plain)

    @cached_property
    def plain(self) -> View:
        """The text in plain letters, which all guards look at."""
        return letters(self.text)

    @cached_property
    def _starts(self) -> list[int]:
        return [piece.start for piece in self.pieces]

    @cached_property
    def places(self) -> tuple[Place, ...]:
        return tuple(self._place(number, hit) for number, hit in enumerate(self.hits))

    def _place(self, number: int, hit: Hit) -> Place:
        piece = self.pieces[max(0, bisect_right(self._starts, hit.start) - 1)]
        before = self.text[max(0, hit.start - _AROUND) : hit.start].rpartition("\n")[2]
        after = self.text[hit.end : hit.end + _AROUND].partition("\n")[0]
        begin, end = hit.start - len(before), hit.end + len(after)
        if len(before) == _AROUND:
            begin += before.find(" ") + 1
        if len(after) == _AROUND:
            end -= len(after) - max(after.rfind(" "), 0)
        near = [
            other for other in self.hits[max(0, number - 9) : number + 10] if other.end > begin and other.start < end
        ]
        begin, end = min(begin, near[0].start), max(end, near[-1].end)
        shown, last = [], begin
        for other in near:
            shown += [self.text[last : other.start], mask(self.text[other.start : other.end], other.kind)]
            last = other.end
        masked = mask(self.text[hit.start : hit.end], hit.kind)
        proposal = " ".join("".join([*shown, self.text[last:end]]).split())
        return Place(hit.kind, piece.field, piece.line, masked, proposal)

    def edits(self) -> dict[Key, str]:
        """The new text of every piece that holds personal data."""
        changed: dict[int, list[tuple[int, int, str]]] = {}
        for hit in self.hits:
            new = mask(self.text[hit.start : hit.end], hit.kind)
            whole = len(new) == hit.end - hit.start
            at = max(0, bisect_right(self._starts, hit.start) - 1)
            while at < len(self.pieces) and (piece := self.pieces[at]).start < hit.end:
                start, end = max(hit.start, piece.start), min(hit.end, piece.start + len(piece.text))
                if start < end:
                    part = new[start - hit.start : end - hit.start] if whole else new
                    changed.setdefault(at, []).append((start - piece.start, end - piece.start, part))
                    new = new if whole else ""
                at += 1
        return {self.pieces[at].key: _edited(self.pieces[at], cuts) for at, cuts in changed.items()}


def _edited(piece: Piece, cuts: Iterable[tuple[int, int, str]]) -> str:
    if piece.key[-1] == "href":
        return ""  # a link that reaches a person loses its target
    parts, last = [], 0
    for start, end, new in cuts:
        parts += [piece.text[last:start], new]
        last = end
    return "".join(parts) + piece.text[last:]


def read(item: Item, captions: str = "", names: Iterable[str] = ()) -> Reading:
    """Put the item's texts together; the body as readers see it, with link targets and descriptions of pictures.

    Args:
        captions: the words of the clip's captions file, which no field holds.
        names: of the files attached to it.
    """
    pieces, parts, at = [], [], 0
    for separator, text, key, field, line in (*_fields(item), *_body(item.document), *_beside(item, captions, names)):
        at += len(separator)
        pieces.append(Piece(at, text, key, field, line))
        parts += [separator, text]
        at += len(text)
    return Reading(tuple(pieces), "".join(parts))


Part = tuple[str, str, Key, str, int | None]  # separator, text, key, field, line


def _fields(item: Any, above: Key = (), line: int | None = None) -> Iterator[Part]:
    for one in fields(item):
        if one.name in _NOT_SHOWN and not above:
            continue
        value = getattr(item, one.name)
        place = line if above else item.lines.get(one.name)
        name = str(above[0]) if above else one.name
        for key, part in [((one.name,), value)] if isinstance(value, str) else (
            [((one.name, number), part) for number, part in enumerate(value)] if isinstance(value, tuple) else []):  # fmt: skip
            if isinstance(part, str) and part:
                yield "\n\n", part, (*above, *key), name, place
            elif is_dataclass(part) and len(above) < 3:
                yield from _fields(part, (*above, *key), place)


def _beside(item: Item, captions: str, names: Iterable[str]) -> Iterator[Part]:
    """What lies beside the text and is published with it."""
    if captions:
        yield "\n\n", captions, ("captions", "text"), "captions", item.lines.get("captions")
    yield from (("\n\n", name, ("attachments", at, "name"), "", None) for at, name in enumerate(names))


def _body(document: Document) -> Iterator[Part]:
    """The body's runs of text; a row of a table is one line, "| one | two", since columns tell what their cells are."""
    line, cells = document.first_line, 0
    aside: list[Part] = []
    for number, token in enumerate(document.tokens):
        if token.map:
            line = document.first_line + token.map[0]
        if token.type in ("th_open", "td_open"):
            cells += 1
        elif token.type in ("tr_close", "table_close"):
            cells = 0
        elif token.type in ("fence", "code_block"):
            yield "\n", token.content, ("document", number, -1, "content"), "", line
        elif token.type == "inline":
            yield from _inline(token, number, line, "\n" if not cells else "\n| " if cells == 1 else " | ")
            aside += _aside(token, number, line)
        if not cells:
            yield from aside
            aside = []


def _inline(token: Token, number: int, line: int, separator: str) -> Iterator[Part]:
    if "|" in separator and not token.content:
        yield separator, "", ("document", number, -1, "content"), "", line
    for place, child in enumerate(token.children or ()):
        if child.type in ("text", "code_inline"):
            yield separator, child.content, ("document", number, place, "content"), "", line
            separator = ""
        elif child.type in ("softbreak", "hardbreak"):
            separator, line = " ", line + 1


def _aside(token: Token, number: int, line: int) -> Iterator[Part]:
    """What is read beside the text: targets that reach a person, descriptions and names of pictures."""
    for place, child in enumerate(token.children or ()):
        line += child.type in ("softbreak", "hardbreak")
        key: Key = ("document", number, place)
        parts: list[tuple[str, str]] = []
        if child.type == "link_open":
            href = str(child.attrGet("href") or "")
            parts = [("href", href)] if href.lower().startswith(_REACHED) else []
        elif child.type == "image":
            parts = [("alt", child.content), *((name, str(child.attrGet(name) or "")) for name in ("src", "title"))]
        yield from (("\n\n", text, (*key, name), "", line) for name, text in parts if text)


def masked(item: Item) -> tuple[Item, tuple[Place, ...]]:
    """The item with all personal data masked, everywhere a channel looks, and what was masked."""
    reading = read(item)
    if not reading.hits:
        return item, ()
    new = item
    in_body: dict[int, list[tuple[Key, str]]] = {}
    for key, text in reading.edits().items():
        if FILE_KEYS.intersection(key):
            continue  # a name that leads to a file or a page: masking would lose it, so the finding stays
        if key[0] == "document":
            in_body.setdefault(int(key[1]), []).append((key, text))
        else:
            new = _with(new, key, text)
    return replace(new, document=_masked_body(item.document, in_body)), reading.places


def _with(holder: Any, key: Key, text: str) -> Any:
    name, rest = str(key[0]), key[1:]
    value = getattr(holder, name)
    if not rest:
        return replace(holder, **{name: text})
    at = int(rest[0])
    inner = text if len(rest) == 1 else _with(value[at], rest[1:], text)
    return replace(holder, **{name: (*value[:at], inner, *value[at + 1 :])})


def _masked_body(document: Document, edits: dict[int, list[tuple[Key, str]]]) -> Document:
    if not edits:
        return document
    tokens = tuple(_token(token, edits.get(number, ())) for number, token in enumerate(document.tokens))
    images = tuple(replace(one, alt=masked_text(one.alt), title=masked_text(one.title)) for one in document.images)
    links = tuple(
        replace(one, href="" if find(one.href) else one.href, text=masked_text(one.text)) for one in document.links
    )
    return replace(
        document, tokens=tokens, text=masked_text(document.text), source=masked_text(document.text),
        headings=tuple(masked_text(one) for one in document.headings), links=links, images=images,
    )  # fmt: skip


def _token(token: Token, edits: Iterable[tuple[Key, str]]) -> Token:
    """A copy with the new texts; the parser's own tokens are shared and stay as they are."""
    todo = list(edits)
    if not todo:
        return token
    children = list(token.children) if token.children else None
    for (_document, _number, child, what), text in todo:
        if child == -1:
            return _changed(token, "content", text)
        assert children
        children[int(child)] = _changed(children[int(child)], str(what), text)
    words = "".join(one.content for one in children or () if one.type in ("text", "code_inline"))
    return token.copy(children=children, content=words)


def _changed(token: Token, what: str, text: str) -> Token:
    if what == "content":
        return token.copy(content=text)
    if what == "alt":
        return token.copy(content=text, children=[Token("text", "", 0, content=text)])
    return token.copy(attrs={**token.attrs, what: text})
