"""The newsroom's own hidden set: hostile and awkward drops, written anew for each run, never kept as files.

A case is a few files of one unit, the first of which is the text. What it wants to smuggle in carries a canary: the call
`alert(4711)`, the host evil.example, or the words of a file outside of the unit's folder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

CALL = "alert(4711)"
HOST = "evil.example"
OUTSIDE = "CHUYEN-RIENG-NGOAI-THU-MUC"
SCRIPT = f"<script>{CALL}</script>"
Bytes = bytes | str | Callable[[Path], object]


@dataclass(frozen=True)
class Case:
    """One drop: `files` by path below the unit's folder, `expect` outcomes or codes of which one must be met."""

    name: str
    files: Mapping[str, Bytes] = field(default_factory=dict)
    expect: frozenset[str] = frozenset()

    def write(self, unit: Path) -> Path:
        """Put the files down; the text."""
        for path, data in self.files.items():
            file = unit / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if callable(data):
                data(file)
            else:
                file.write_bytes(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data)
        return unit / next(iter(self.files))


CASES: dict[str, Case] = {}


def case(name: str, files: Mapping[str, Bytes], *expect: str) -> None:
    if name in CASES:
        raise ValueError(name)
    CASES[name] = Case(name, files, frozenset(expect))


def later(data: Bytes | Callable[[], bytes]) -> Bytes:
    """Bytes as they are; what a function makes is made when its case is written, because all of it takes seconds."""
    return (lambda file: file.write_bytes(data())) if callable(data) else data


def md(body: str = "Nội dung của tin.", more: str = "", **keys: str) -> str:
    """A Markdown drop in order, but for what is given."""
    values = {"kind": "article", "title": '"Phường mở thêm hai quầy tiếp nhận"', "summary": '"Người dân chờ ít hơn."',
              "date": "2026-11-20", "author": "Minh Anh", "source": "Sở Nội vụ"} | keys  # fmt: skip
    rows = [f"{key}: {value}" for key, value in values.items() if value]
    return "---\n" + "\n".join(rows) + f"\n{more}---\n{body}\n"
