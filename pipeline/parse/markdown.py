"""Markdown with markdown-it-py: parsed once into tokens, with all that rules and channels need to know of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from pipeline.model import Document, Image, Link, RawHtml
from pipeline.patterns import lazy

# More signs than any news text has, fewer than make the parser slow: 20,000 "[" take it seconds (libraries.md §2).
MOST_SIGNS = {
    "[": 3_000, "<": 3_000, "`": 4_000, "*": 6_000, "_": 6_000, "~": 4_000, "|": 12_000, "&": 6_000, "://": 1_500,
    "\n": 15_000,
}  # fmt: skip


# A name such as "hanoi.gov.vn" or "an@b.vn" becomes a link without being written as one: 40,000 took 9 s (measured).
_DOTTED = lazy(r"[.@](?<=\w.)(?=[^\W\d_]{2})")
_MOST_DOTTED = 4_000


def tangled(source: str) -> str:
    """A sign that stands too often in a text, "" when it may be parsed."""
    sign = next((sign for sign, most in MOST_SIGNS.items() if source.count(sign) > most), "")
    dotted = sum(1 for _found in islice(_DOTTED.finditer(source), _MOST_DOTTED + 1))
    return sign or ("a.vn" if dotted > _MOST_DOTTED else "")


# Without one of these nothing is a bare link, and looking for them costs a third of the parsing.
_LINKLIKE = lazy(r"//|@|mailto:|\.[^\W\d_]")  # of small letters; each way begins with a sign that is rare

_TARGET = lazy(r"\]\(<?[^\s()<>]*")  # of a written link; it is none of the text


# Without one of these signs in a text the rule finds nothing there, and need not be asked at every line or sign.
_SIGNS_OF = {
    "table": ("|",), "fence": ("```", "~~~"), "blockquote": (">",), "footnote_def": ("[^",), "reference": ("]:",),
    "html_block": ("<",), "escape": ("\\",), "backticks": ("`",), "strikethrough": ("~",), "emphasis": ("*", "_"), "link": ("[",),
    "image": ("![",), "footnote_inline": ("^[",), "footnote_ref": ("[^",), "autolink": ("<",), "html_inline": ("<",), "entity": ("&",),
}  # fmt: skip


def _idle(source: str) -> frozenset[str]:
    """The rules that find nothing in a text."""
    signs = {sign for sign in _SIGNS if sign in source}
    return frozenset(rule for rule, some in _SIGNS_OF.items() if signs.isdisjoint(some))


_SIGNS = sorted({sign for some in _SIGNS_OF.values() for sign in some})


@lru_cache(maxsize=32)
def engine(*, links: bool = True, idle: frozenset[str] = frozenset()) -> MarkdownIt:
    """CommonMark with tables, strikethrough, footnotes and bare links; `idle` rules are left out.

    HTML stays visible as tokens so that rules can name it; no renderer of ours lets it through. Links of every scheme
    are kept as tokens for the same reason, and dropped by the renderers.
    """
    parser = MarkdownIt("commonmark", {"html": True, "linkify": True, "typographer": False, "maxNesting": 30})
    parser.enable(["table", "strikethrough", *(["linkify"] if links else [])])
    parser.use(footnote_plugin)
    parser.disable(list(idle))
    parser.core.ruler.at("inline", _inlines)
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # judged by rules, dropped by renderers
    return parser


def _inlines(state: StateCore) -> None:
    """The parser's own rule, but for runs of words without a sign, which are most: they need not be asked sign by sign."""
    sign = state.md.inline.terminator_re
    for token in state.tokens:
        if token.type == "inline":
            token.children = token.children or []
            if token.content and not sign.search(token.content):
                token.children.append(Token("text", "", 0, content=token.content))
            else:
                state.md.inline.parse(token.content, state.md, state.env, token.children)


def document(source: str, first_line: int, *, swift: bool = False) -> Document:
    """Parse NFC Markdown whose first line is line `first_line` (1-based) of its file.

    Args:
        swift: by markdown-it-pyrs where it is known to read alike.
    """
    bare = bool(_LINKLIKE.search(_TARGET.sub("", source).lower()))
    tokens = (_swift(source) if swift and not bare else None) or tuple(
        engine(links=bare, idle=_idle(source)).parse(source)
    )
    links, images, html = [], [], []
    for line, token, label in _walk(tokens, first_line):
        if token.type == "link_open":
            links.append(Link(str(token.attrGet("href") or ""), label, line))
        elif token.type == "image":
            images.append(Image(str(token.attrGet("src") or ""), token.content, _title(token), line))
        elif token.type in ("html_inline", "html_block"):
            html.append(RawHtml(token.content.strip(), line))
    return Document(
        source=source,
        first_line=first_line,
        tokens=tokens,
        text="\n".join(_texts(tokens)),
        headings=tuple(_headings(tokens)),
        links=tuple(links),
        images=tuple(images),
        html=tuple(html),
    )


def _swift(source: str) -> tuple[Token, ...] | None:
    from pipeline.parse.swift import tokens  # here, because it needs the extra "swift"

    return tokens(source)


def _title(token: Token) -> str:
    return str(token.attrGet("title") or "")


def _walk(tokens: Iterable[Token], first_line: int) -> Iterator[tuple[int, Token, str]]:
    """Every token, inline ones included, with the 1-based line of its block and, for a link, its words."""
    line = first_line
    for token in tokens:
        if token.map:
            line = first_line + token.map[0]
        yield line, token, ""
        row = line
        children = token.children or []
        for place, child in enumerate(children):
            if child.type in ("softbreak", "hardbreak"):
                row += 1
            yield row, child, _label(children, place) if child.type == "link_open" else ""


def _label(children: list[Token], place: int) -> str:
    words = []
    for child in children[place + 1 :]:
        if child.type == "link_close":
            break
        words.append(child.content)
    return "".join(words)


def inline_text(token: Token) -> str:
    """The words of an inline token as a reader sees them."""
    parts = []
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak") or is_break(child):
            parts.append(" ")
    return "".join(parts)


def is_break(token: Token) -> bool:
    """A <br>, which a table cell needs, since Markdown has no line break there."""
    return token.type == "html_inline" and token.content.lower().startswith("<br")


def _texts(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield inline_text(token)
        elif token.type in ("fence", "code_block"):
            yield token.content


def _headings(tokens: tuple[Token, ...]) -> Iterator[str]:
    for before, token in zip(tokens, tokens[1:], strict=False):
        if before.type == "heading_open" and token.type == "inline":
            yield inline_text(token)
