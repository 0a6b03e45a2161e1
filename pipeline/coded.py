"""Words that stand in a code made for machines: UTF-7, quoted-printable, percent signs, entities, \\u escapes, HZ.

They come from mail sources, addresses and program exports, and readers would see "Th=E1=BB=A7 t=E1=BB=A5c". What is
found must become Vietnamese letters (or marks of HTML) when it is decoded, so that phone numbers and addresses pass.
"""

from __future__ import annotations

import binascii
import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import unquote

from pipeline.patterns import lazy

Code = Literal["UTF-7", "quoted-printable", "percent", "HTML", "\\u", "HZ"]

_ADDRESS: Final = lazy(r"(?:https?://|www\.|(?<![\w.-])(?:[\w-]{1,63}\.){1,5}[a-z]{2,6}/)\S{1,2000}", re.IGNORECASE)
_LETTER: Final = lazy(r"[À-ỹ<>\"&]|[\u0300-\u0323]")
_WORD: Final = r"[^\s]{0,40}"


@dataclass(frozen=True)
class Coded:
    """A coded stretch at text[start:end]; `plain` is what it says."""

    code: Code
    start: int
    end: int
    plain: str


def _utf7(shown: str) -> str:
    """Runs of base64 of UTF-16 between "+" and "-"; a run that is none stays."""
    return _UTF7.sub(lambda found: _utf16(found[1]) or found[0], shown)


def _utf16(packed: str) -> str:
    try:
        data = binascii.a2b_base64(packed + "=" * (-len(packed) % 4), strict_mode=True)
        return data.decode("utf-16-be")
    except (binascii.Error, ValueError):
        return ""


def _quoted(shown: str) -> str:
    data = re.sub(rb"=([0-9A-F]{2})", lambda found: bytes([int(found[1], 16)]), shown.encode())
    return data.decode("utf-8", "replace")


def _escaped(shown: str) -> str:
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), shown)


def _hz(shown: str) -> str:
    try:
        return shown.encode("ascii").decode("hz")
    except UnicodeError:
        return shown


_UTF7: Final = lazy(r"\+([A-Za-z0-9/]{3,200})-")
_KINDS: Final[tuple[tuple[Code, re.Pattern[str], Callable[[str], str], re.Pattern[str]], ...]] = (
    ("UTF-7", lazy(rf"{_WORD}?{_UTF7.pattern}"), _utf7, _LETTER),
    ("quoted-printable", lazy(rf"{_WORD}?(?:=[0-9A-F]{{2}}){{2,60}}"), _quoted, _LETTER),
    ("percent", lazy(rf"{_WORD}?(?:%[0-9A-Fa-f]{{2}}){{2,60}}"), unquote, _LETTER),
    ("HTML", lazy(rf"{_WORD}?&(?:#\d{{2,6}}|#[xX][0-9A-Fa-f]{{2,5}}|[A-Za-z]{{2,8}});"), html.unescape,
     lazy(r"[À-ỹ<>\"&'\u00a0\u2010-\u2026]")),
    ("\\u", lazy(rf"{_WORD}?\\u[0-9a-fA-F]{{4}}"), _escaped, _LETTER),
    ("HZ", lazy(r"~\{[!-}]{2,400}?~\}"), _hz, lazy(r"[\u3400-\u9fff]")),
)  # fmt: skip
_SIGNS: Final = lazy(r"\+[A-Za-z0-9/]{3}|=[0-9A-F]{2}=|%[0-9A-Fa-f]{2}%|&[#A-Za-z]|\\u[0-9a-fA-F]{4}|~\{")


def find(text: str) -> Coded | None:
    """The first coded stretch, None when there is none; addresses are left alone."""
    if not _SIGNS.search(text):
        return None
    free = _ADDRESS.sub(lambda found: " " * len(found[0]), text)
    hits = (_first(free, *kind) for kind in _KINDS)
    return min((hit for hit in hits if hit), key=lambda hit: hit.start, default=None)


def _first(
    text: str, code: Code, pattern: re.Pattern[str], decode: Callable[[str], str], wanted: re.Pattern[str]
) -> Coded | None:
    for found in pattern.finditer(text):
        plain = decode(found[0])
        if plain != found[0] and "\ufffd" not in plain and wanted.search(plain):
            return Coded(code, found.start(), found.end(), plain)
    return None
