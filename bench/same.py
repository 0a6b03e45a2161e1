"""Whether all builders made the same pages: a ratio of speeds over different pages is void."""

from __future__ import annotations

import html
import random
import re
from collections.abc import Iterable
from pathlib import Path

from bench.corpus import Entry, corpus

SAMPLED = 200  # pages whose text is compared
_NAME = re.compile(r"(?<![a-z])tin-[a-z]{6}(?![a-z])")
_HIDDEN = re.compile(r"<(script|style|head)\b.*?</\1>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_MARKUP = re.compile(r"\]\([^)]*\)|[*#|\[\]>-]+|^\d+\. ", re.MULTILINE)
_WORD = re.compile(r"\w+")


def pages(folder: Path) -> dict[str, Path]:
    """Item pages of a built site by the item's name; lists, feeds and overviews are left out."""
    found: dict[str, Path] = {}
    for file in folder.rglob("*.html"):
        address = file.relative_to(folder).as_posix()
        named = _NAME.findall(address)
        if named and "/trang-" not in address:
            found[named[-1]] = file
    return found


def differences(sites: dict[str, Path], count: int) -> list[str]:
    """What is not the same: items without a page, or a text that is not the corpus's; empty when all is well."""
    wanted = {one.name: one for one in corpus(count)}
    said = []
    for name, folder in sites.items():
        made = pages(folder)
        if missing := wanted.keys() - made.keys():
            said.append(f"{name}: no page for {len(missing)} of {count} items, such as {min(missing)}")
        chosen = random.Random(1).sample(
            sorted(wanted.keys() & made.keys()), min(SAMPLED, len(wanted.keys() & made.keys()))
        )  # noqa: S311 - a sample
        wrong = [one for one in chosen if not told(made[one], wanted[one])]
        if wrong:
            said.append(f"{name}: the text of {len(wrong)} of {len(chosen)} pages differs, such as {wrong[0]}")
    return said


def told(file: Path, one: Entry) -> bool:
    """Whether a page tells title and body of its item, word by word."""
    shown = " ".join(_words([_TAG.sub(" ", _HIDDEN.sub(" ", file.read_text(encoding="utf-8")))]))
    body = " ".join(_words(_MARKUP.sub(" ", one.body).split("\n")))
    return body in shown and " ".join(_words([one.title])) in shown


def _words(texts: Iterable[str]) -> list[str]:
    return [word for text in texts for word in _WORD.findall(html.unescape(text).lower())]
