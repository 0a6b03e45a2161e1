"""Finding items by words: what of an item is searched, and the question in each database's own full-text search.

The words are folded here, in Python, and stored so; SQLite's FTS5 and PostgreSQL's tsvector only split them at blanks. So
both find the same, PostgreSQL needs no extension, and what a person types is words and never syntax.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, cast, column, exists, literal, literal_column, select, table

from pipeline import reference
from pipeline.ledger import schema as t
from pipeline.patterns import lazy
from pipeline.text import folded

_LONGEST, _MOST = 40, 4_000  # code points of a word, words of a text: PostgreSQL takes 1 MB
_ASKED = 12  # words of a question
_TOLD_BY = ("portal", "wordpress", "zalo", "facebook")  # the post that has the most of the text comes first
# Fields of a stored post that people read; the others are addresses, file names, types and digests.
_READ = frozenset({"title", "summary", "description", "message", "body_html", "html", "text", "caption", "transcript", "alt",
                   "name", "program", "hashtags", "asker", "answered_by", "legal_basis", "procedure", "corrections", "source",
                   "author"})  # fmt: skip
_INDEX = table("search_index", column("rowid"))
_TAG = lazy(r"<[^<>]*>")
_PLACE = lazy(r"\b[a-z]+://[^/\s]*", re.IGNORECASE)


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: no marks, lower case, đ as d."""
    return [word[:_LONGEST] for word in folded(text).replace("_", " ").split()]


def facts(item: str, title: str, unit: str, paths: Iterable[str], address: str, more: str = "") -> str:
    """What is known of an item without its text: title, id, unit with its name, files, address of the page."""
    office = reference.units().get(unit)
    return _each_once([title, item, unit, office.name if office else "", *paths, address, more])


def body(posts: Mapping[str, str]) -> str:
    """The words of an item's text, from its stored posts by channel; nothing that the ledger does not keep anyway."""
    shown = next((posts[channel] for channel in _TOLD_BY if channel in posts), "")
    try:
        return _each_once(_readable(json.loads(shown), "", [])) if shown else ""
    except ValueError:
        return ""


def _readable(post: Any, key: str, found: list[str]) -> list[str]:
    """The texts of a post that people read, put to those that were found."""
    if isinstance(post, dict):
        for name, value in post.items():
            _readable(value, name, found)
    elif isinstance(post, list):
        for value in post:
            _readable(value, key, found)
    elif isinstance(post, str) and key in _READ:
        found.append(html.unescape(_TAG.sub(" ", post)) if "html" in key else post)
    return found


def _each_once(texts: Iterable[str]) -> str:
    runs = dict.fromkeys(" ".join(texts).split())  # most words stand several times, and folding them is what costs
    return " ".join(list(dict.fromkeys(words_of(" ".join(runs))))[:_MOST])


def asked(text: str) -> list[str]:
    """The words that somebody looks for; of a pasted address only what follows the host."""
    return words_of(_PLACE.sub(" ", text))[:_ASKED]


def hits(connection: Connection, words: list[str], most: int) -> list[str]:
    """Up to `most` items with all of the words; it stops looking there."""
    found = select(t.search.c.item).limit(most)
    if _postgres(connection):
        return list(connection.scalars(found.where(_in_document(words))))
    return list(connection.scalars(found.join(_INDEX, _INDEX.c.rowid == t.search.c.id).where(_in_index(words))))


def matches(connection: Connection, words: list[str]) -> ColumnElement[bool]:
    """A condition on items: all of the words."""
    if _postgres(connection):
        found = _in_document(words)
    else:
        found = t.search.c.id.in_(select(_INDEX.c.rowid).where(_in_index(words)))
    return exists().where(t.search.c.item == t.item.c.id, found)


def _in_index(words: list[str]) -> ColumnElement[bool]:
    """FTS5: all of the words, the last one as the beginning of a word."""
    query = " ".join(f'"{word}"' for word in words) + "*"
    return literal_column("search_index").op("MATCH", is_comparison=True)(literal(query))


def _in_document(words: list[str]) -> ColumnElement[bool]:
    """The same for PostgreSQL."""
    from sqlalchemy.dialects.postgresql import TSQUERY

    query = " & ".join(f"'{word}'" for word in words) + ":*"
    return literal_column("search.document").op("@@", is_comparison=True)(cast(literal(query), TSQUERY))


def _postgres(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"
