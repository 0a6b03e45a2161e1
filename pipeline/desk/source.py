"""The source file of an item with its findings at their lines, as far as it may be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.parse import encoding
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


def passages(content: Path, path: str, findings: Iterable[Mapping[str, Any]]) -> list[list[Line]]:
    """Lines with findings and two around each, as runs of neighbours; nothing of a file with a secrecy mark, no personal data."""
    at: dict[int, list[Mapping[str, Any]]] = {}
    for one in findings:
        if one["code"] in SECRET:
            return []
        if one["line"]:
            at.setdefault(one["line"], []).append(one)
    rows = _rows(content, path) if at else []
    hidden = _hidden(rows, at)
    wanted = sorted(
        {near for line in at for near in range(line - _AROUND, line + _AROUND + 1) if 1 <= near <= len(rows)}
    )
    runs: list[list[Line]] = []
    for number in wanted:
        if not runs or runs[-1][-1].number != number - 1:
            runs.append([])
        text = None if number in hidden else rows[number - 1][:_LONGEST]
        runs[-1].append(Line(number, text, tuple(at.get(number, ()))))
    return runs


def _hidden(rows: list[str], at: Mapping[int, list[Mapping[str, Any]]]) -> set[int]:
    """Numbers of the lines of every paragraph about which a guard of personal data spoke."""
    found: set[int] = set()
    for line, said in at.items():
        if any(one["code"] in _HIDDEN for one in said):
            end = next((n for n in range(line + 1, len(rows) + 1) if not rows[n - 1].strip()), len(rows) + 1)
            found.update(range(line, end))
    return found


def _rows(content: Path, path: str) -> list[str]:
    """The lines as intake counts them; none of what is no plain text file inside the folder."""
    file = content / path
    if file.suffix.lower() != ".md" or file.is_symlink() or not file.is_file():
        return []
    try:
        if not file.resolve().is_relative_to(content.resolve()) or file.stat().st_size > _MOST_BYTES:
            return []
        return encoding.read(file.read_bytes()).text.split("\n")
    except (OSError, Unreadable):
        return []
