"""The headings of a long text as a list at its beginning, so that a reader sees what is in it and gets there at once."""

from __future__ import annotations

import html
import re
from typing import Final, NamedTuple

LONG: Final = 450  # words; a shorter text is read faster than its list of contents
FEWEST: Final = 3  # headings
_HEADING: Final = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
_TAG: Final = re.compile(r"<[^>]*>")


class Heading(NamedTuple):
    """A heading's place on the page and its words."""

    id: str
    text: str


def with_contents(body: str, words: int) -> tuple[str, tuple[Heading, ...]]:
    """Clean HTML with a place at each heading, and the headings; both as they were when the text needs no list."""
    if words < LONG or body.count("<h2>") < FEWEST:
        return body, ()
    found = tuple(Heading(f"phan-{number}", html.unescape(_TAG.sub("", text)).strip())
                  for number, text in enumerate(_HEADING.findall(body), 1))  # fmt: skip
    if len(found) < FEWEST or not all(one.text for one in found):
        return body, ()
    places = iter(found)
    return _HEADING.sub(lambda match: f'<h2 id="{next(places).id}">{match[1]}</h2>', body), found
