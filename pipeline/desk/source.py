"""The source file of an item with its findings at their lines, as far as it may be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.parse import encoding, word
from pipeline.parse.metadata import Unreadable

SECRET = ("SAFE001", "SAFE002")
PERSONAL = tuple(f"SAFE{number:03}" for number in range(3, 12))
_HIDDEN = (*PERSONAL, "SAFE014")  # their messages do not repeat what was found, so the line must not either
REPAIRABLE = ("TXT001", "TXT002", "FILE006")
_AROUND, _MOST_BYTES, _LONGEST = 2, 2_000_000, 600


@dataclass(frozen=True)
class Line:
    """One line of the file; `findings` begin here; `text` is None where personal data may stand."""

    number: int
    text: str | None
    findings: tuple[Mapping[str, Any], ...]
    place: str = ""  # of a Word document, in words: it has no line numbers


def passages(content: Path, path: str, findings: Iterable[Mapping[str, Any]]) -> list[list[Line]]:
    """Lines with findings and two around each, as runs of neighbours; nothing of a file with a secrecy mark, no personal data."""
    at: dict[int, list[Mapping[str, Any]]] = {}
    findings = list(findings)
    if any(one["code"] in SECRET for one in findings):
        return []
    rows, places = _lines(content, path) if findings else ([], [])
    for one in findings:
        if line := one["line"] or _line_of(one["message"], places):
            at.setdefault(line, []).append(one)
        elif one["code"] in _HIDDEN:  # somewhere in the file, so every line may be the one
            return []
    hidden = _hidden(rows, at)
    wanted = sorted(
        {near for line in at for near in range(line - _AROUND, line + _AROUND + 1) if 1 <= near <= len(rows)}
    )
    runs: list[list[Line]] = []
    for number in wanted:
        if not runs or runs[-1][-1].number != number - 1:
            runs.append([])
        text = None if number in hidden else rows[number - 1][:_LONGEST]
        runs[-1].append(Line(number, text, tuple(at.get(number, ())), places[number - 1] if places else ""))
    return runs


def _line_of(message: str, places: list[str]) -> int:
    """The line of a Word document that a finding's message begins with, 0 when it names none."""
    fits = [number for number, place in enumerate(places, 1)
            if place and message.startswith(f"{place[:1].upper()}{place[1:]}: ")]  # fmt: skip
    return fits[0] if fits else 0


def _hidden(rows: list[str], at: Mapping[int, list[Mapping[str, Any]]]) -> set[int]:
    """Numbers of the lines of every paragraph about which a guard of personal data spoke."""
    found: set[int] = set()
    for line, said in at.items():
        if any(one["code"] in _HIDDEN for one in said):
            end = next((n for n in range(line + 1, len(rows) + 1) if not rows[n - 1].strip()), len(rows) + 1)
            found.update(range(line, end))
    return found


def _lines(content: Path, path: str) -> tuple[list[str], list[str]]:
    """The lines as intake counts them, and for a Word document where each stands; none of what is no text in the folder."""
    file = content / path
    kind = file.suffix.lower()
    if kind not in (".md", ".docx") or file.is_symlink() or not file.is_file():
        return [], []
    try:
        most = _MOST_BYTES if kind == ".md" else word.MOST_BYTES
        if not file.resolve().is_relative_to(content.resolve()) or file.stat().st_size > most:
            return [], []
        data = file.read_bytes()
        if kind == ".md":
            return encoding.read(data).text.split("\n"), []
        found = [(place, text) for place, text in word.lines(data) if text.strip()]
        return [text for _place, text in found], [place for place, _text in found]
    except (OSError, Unreadable):
        return [], []
