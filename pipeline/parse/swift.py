"""The tokens of markdown-it-py made by markdown-it-pyrs, in a fraction of the time, for texts that both read alike.

Promise: the same tokens in every field that anybody here reads (but for empty texts beside emphasis), or None. A text with anything that the two may read
differently (HTML, entities, escapes, code, footnotes, bare links) is left to markdown-it-py; tests/pipeline/test_swift.py
compares both on all content and on the bench's corpus.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final

from markdown_it.token import Token

from pipeline.patterns import lazy

_UNLIKE: Final = lazy(r"[<&\\`~\t]|\[\^|^ {0,3}\[|\]\[|\]:", re.MULTILINE)
_BLOCKS: Final = {
    "paragraph": "p",
    "blockquote": "blockquote",
    "bullet_list": "ul",
    "ordered_list": "ol",
    "list_item": "li",
}
_SPANS: Final = {"em": "em", "strong": "strong"}
_BREAKS: Final = ("softbreak", "hardbreak")


class _Unknown(Exception):
    """A kind of node that has not been compared."""


def tokens(source: str) -> tuple[Token, ...] | None:
    """The tokens of a Markdown text without bare links, None when markdown-it-py must read it."""
    if _UNLIKE.search(source):
        return None
    try:
        return tuple(_Reader(source).blocks(_engine().tree(source).children))
    except _Unknown:
        return None


@cache
def _engine() -> Any:
    from markdown_it_pyrs import MarkdownIt

    return MarkdownIt("commonmark").enable_many(["table"])


class _Reader:
    """Walks the tree; places are bytes there and lines here."""

    def __init__(self, source: str) -> None:
        data = source.encode()
        self._ends = [place for place, byte in enumerate(data) if byte == 0x0A]

    def _map(self, node: Any) -> list[int]:
        first, last = node.srcmap
        return [bisect_right(self._ends, first - 1), bisect_right(self._ends, max(first, last - 1)) + 1]

    def blocks(self, nodes: Sequence[Any]) -> Iterator[Token]:
        for node in nodes:
            yield from self._block(node)

    def _block(self, node: Any) -> Iterator[Token]:
        name, where = node.name, self._map(node)
        if name in ("heading", "lheading"):
            tag = f"h{node.meta['level']}"
            yield Token("heading_open", tag, 1, map=where, block=True)
            yield _inline(node.children, where)
            yield Token("heading_close", tag, -1, block=True)
        elif name == "paragraph":
            yield from _paragraph(node.children, where, hidden=False)
        elif name == "hr":
            yield Token("hr", "hr", 0, map=where, block=True)
        elif name == "table":
            yield from self._table(node, where)
        elif name in _BLOCKS:
            start = node.meta.get("start", 1) if name == "ordered_list" else 1
            yield Token(f"{name}_open", _BLOCKS[name], 1, {"start": start} if start != 1 else {}, map=where, block=True)
            yield from self._inside(node.children, where)
            yield Token(f"{name}_close", _BLOCKS[name], -1, block=True)
        else:
            raise _Unknown

    def _inside(self, nodes: Sequence[Any], where: list[int]) -> Iterator[Token]:
        """Blocks; the words of a tight list's entry stand in it without a paragraph, which is hidden here."""
        run: list[Any] = []
        for node in nodes:
            if node.name in ("text", *_SPANS, *_BREAKS, "link", "image"):
                run.append(node)
                continue
            if run:
                yield from _paragraph(run, self._map(run[0]), hidden=True)
                run = []
            yield from self._block(node)
        if run:
            yield from _paragraph(run, self._map(run[0]), hidden=True)

    def _table(self, node: Any, where: list[int]) -> Iterator[Token]:
        aligned = node.meta["alignments"]
        yield Token("table_open", "table", 1, map=where, block=True)
        for part in node.children:
            cell = "th" if part.name == "thead" else "td"
            yield Token(f"{part.name}_open", part.name, 1, map=self._map(part), block=True)
            for row in part.children:
                line = self._map(row)
                yield Token("tr_open", "tr", 1, map=line, block=True)
                for place, one in enumerate(row.children):
                    side = aligned[place] if place < len(aligned) else "none"
                    style: dict[str, str | int | float] = {"style": f"text-align:{side}"} if side != "none" else {}
                    yield Token(f"{cell}_open", cell, 1, style, block=True)
                    yield _inline(one.children, line)
                    yield Token(f"{cell}_close", cell, -1, block=True)
                yield Token("tr_close", "tr", -1, block=True)
            yield Token(f"{part.name}_close", part.name, -1, block=True)
        yield Token("table_close", "table", -1, block=True)


def _paragraph(nodes: Sequence[Any], where: list[int], *, hidden: bool) -> Iterator[Token]:
    yield Token("paragraph_open", "p", 1, map=where, block=True, hidden=hidden)
    yield _inline(nodes, where)
    yield Token("paragraph_close", "p", -1, block=True, hidden=hidden)


def _inline(nodes: Sequence[Any], where: list[int]) -> Token:
    return Token("inline", "", 0, map=where, children=list(_spans(nodes)), block=True)


def _spans(nodes: Sequence[Any]) -> Iterator[Token]:
    for node in nodes:
        name = node.name
        if name == "text":
            yield Token("text", "", 0, content=node.meta["content"])
        elif name in _BREAKS:
            yield Token(name, "br", 0)
        elif name in _SPANS:
            yield Token(f"{name}_open", _SPANS[name], 1)
            yield from _spans(node.children)
            yield Token(f"{name}_close", _SPANS[name], -1)
        elif name == "link":
            yield Token("link_open", "a", 1, _titled({"href": node.meta["url"]}, node))
            yield from _spans(node.children)
            yield Token("link_close", "a", -1)
        elif name == "image":
            inner = list(_spans(node.children))
            if any(one.type not in ("text", "softbreak") for one in inner):
                raise _Unknown
            alt = "".join(one.content or "\n" for one in inner)
            yield Token(
                "image", "img", 0, _titled({"src": node.meta["url"], "alt": ""}, node), children=inner, content=alt
            )
        else:
            raise _Unknown


def _titled(attributes: dict[str, str | int | float], node: Any) -> dict[str, str | int | float]:
    title = node.meta.get("title")
    return attributes | {"title": title} if title else attributes
