"""Plain text of an item's tokens, for channels that take no markup."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from markdown_it.token import Token

from pipeline.render.markup import safe_link


@dataclass(frozen=True)
class Shot:
    """A picture between two lines of text."""

    src: str
    caption: str


def plain_lines(tokens: Iterable[Token]) -> list[str | Shot]:
    """Paragraphs, list entries ("– …", "1. …") and table rows ("a; b; c") as lines, pictures between them."""
    lines: list[str | Shot] = []
    marks: list[list[Any]] = []
    cells: list[str] | None = None
    fresh = False
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            marks.append([token.type == "ordered_list_open", int(str(token.attrGet("start") or 1))])
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            marks.pop()
        elif token.type == "list_item_open":
            fresh = True
        elif token.type == "list_item_close" and marks:
            marks[-1][1] += 1
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close" and cells is not None:
            lines.append("; ".join(cell for cell in cells if cell))
            cells = None
        elif token.type in ("fence", "code_block"):
            lines.append(token.content.rstrip())
        elif token.type == "inline":
            text, shots = _inline(token)
            if cells is not None:
                cells.append(text)
                continue
            if text:
                lines.append(_bullet(marks, fresh) + text)
                fresh = False
            lines += shots
    return lines


def _bullet(marks: list[list[Any]], fresh: bool) -> str:
    if not marks or not fresh:
        return ""
    numbered, number = marks[-1]
    return f"{number}. " if numbered else "– "


def _inline(token: Token) -> tuple[str, list[Shot]]:
    parts, shots, address = [], [], ""
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type == "softbreak" or (child.type == "html_inline" and child.content.lower().startswith("<br")):
            parts.append(" ")
        elif child.type == "hardbreak":
            parts.append("\n")
        elif child.type == "image":
            shots.append(Shot(str(child.attrGet("src") or ""), str(child.attrGet("title") or child.content)))
        elif child.type == "link_open":
            address = str(child.attrGet("href") or "")
        elif child.type == "link_close":
            shown = "".join(parts)
            bare = address.removeprefix("https://").removeprefix("http://").rstrip("/")
            if safe_link(address) and address.startswith("http") and bare not in shown:
                parts.append(f" ({address})")
    return "".join(parts).strip(), shots
