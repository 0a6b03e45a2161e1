"""A clip's captions: WebVTT or SubRip in, times and plain words kept, WebVTT written anew out.

What else a captions file may hold (styles, regions, notes, tags, settings, HTML) is never handed on.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pipeline.i18n import _
from pipeline.model import CaptionsReport
from pipeline.parse import encoding
from pipeline.parse.metadata import Unreadable
from pipeline.patterns import lazy
from pipeline.text import one_line, strip_invisible

MOST_BYTES: Final = encoding.MOST_BYTES  # two hours of speech take 150 KB
TYPES: Final = (".vtt", ".srt")
_MOST_LETTERS: Final = 1_000  # of one row; the rest is no caption
_TIMES: Final = lazy(
    r"\s{0,8}(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})\s{1,8}-->\s{1,8}(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})(?:\s.{0,500})?"
)
_ASIDE: Final = lazy(r"(?:STYLE|REGION|NOTE)(?:[ \t].*)?")
_SPEAKER: Final = lazy(r"<v(?:\.[\w.-]{1,60})?[ \t]+([^<>]{1,100})>")
_TAG: Final = lazy(r"<([^<>]{0,500})>")
_KNOWN: Final = lazy(r"/?(?:[ciubv]|lang|ruby|rt|font)(?:[. \t](?!.*\bon\w+\s*=).*)?|[\d:.]{5,13}")  # of both formats
_POSITION: Final = lazy(r"\{\\an?\d\}")  # of SubRip


@dataclass(frozen=True)
class Cue:
    """Seconds from the beginning, and rows of plain words."""

    start: float
    end: float
    rows: tuple[str, ...]


def read(data: bytes, name: str) -> CaptionsReport:
    """What a captions file says. Never raises for what it holds; `problem` says what is wrong and on which line."""
    try:
        found = encoding.read(data)
    except Unreadable as error:
        return CaptionsReport(problem=error.finding.message, line=error.finding.line or 0)
    if found.proposed:
        return CaptionsReport(problem=found.findings[-1].message, line=found.findings[-1].line or 0)
    rows = found.text.split("\n")
    if name.lower().endswith(".vtt") and not re.fullmatch(r"WEBVTT(?:[ \t].*)?", rows[0].lstrip("\ufeff")):
        return CaptionsReport(problem=_("the first line must be WEBVTT."), line=1)
    try:
        cues = tuple(_cues(rows))
    except _Broken as error:
        return CaptionsReport(problem=str(error), line=error.line)
    if not cues:
        return CaptionsReport(problem=_("it holds no words with times."), line=1)
    foreign = next((number for number, row in enumerate(rows, 1) if _is_foreign(row)), 0)
    words = "\n".join(row for cue in cues for row in cue.rows)
    return CaptionsReport(words, foreign=foreign, written=_written(cues))


class _Broken(Exception):
    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def _cues(rows: list[str]) -> Iterator[Cue]:
    number = 0
    while number < len(rows):
        row = rows[number]
        number += 1
        if _ASIDE.fullmatch(row.rstrip()):
            while number < len(rows) and rows[number].strip():
                number += 1
        elif "-->" in row:
            start, end = _times(row, number)
            words = []
            while number < len(rows) and rows[number].strip() and "-->" not in rows[number]:
                words.append(_plain(rows[number]))
                number += 1
            if number < len(rows) and "-->" in rows[number] and words and words[-1].isdecimal():
                words.pop()  # SubRip without an empty line between two cues
            if shown := tuple(filter(None, words)):
                yield Cue(start, end, shown)


def _times(row: str, number: int) -> tuple[float, float]:
    found = _TIMES.fullmatch(row.rstrip())
    if not found:
        raise _Broken(_("line {line} is no time such as 00:00:01.000 --> 00:00:04.000.").format(line=number), number)
    parts = [int(part or 0) for part in found.groups()]
    start, end = (h * 3600 + m * 60 + s + ms / 1000 for h, m, s, ms in (parts[:4], parts[4:]))
    if end <= start:
        raise _Broken(_("on line {line} a caption ends before it begins.").format(line=number), number)
    return start, end


def _plain(row: str) -> str:
    """The words of a row, who says them before them."""
    shown = _SPEAKER.sub(lambda found: f"{found[1].strip()}: ", row[:_MOST_LETTERS])
    shown = html.unescape(_TAG.sub("", _POSITION.sub("", shown)))
    return one_line(strip_invisible(shown))


def _is_foreign(row: str) -> bool:
    """Whether a row holds tags that no captions have, such as <script>."""
    return "-->" not in row and any(
        not _KNOWN.fullmatch(tag.strip()) for tag in _TAG.findall(row[: 10 * _MOST_LETTERS])
    )


def _written(cues: tuple[Cue, ...]) -> bytes:
    blocks = ["WEBVTT"]
    for cue in cues:
        rows = (html.escape(row, quote=False) for row in cue.rows)
        blocks.append("\n".join((f"{_clock(cue.start)} --> {_clock(cue.end)}", *rows)))
    return ("\n\n".join(blocks) + "\n").encode()


def _clock(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02}.{whole % 1000:03}"
