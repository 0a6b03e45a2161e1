"""Renew the table of states in docs/deliveries.md from the code; `tools.catalog` calls it, a test compares."""

from __future__ import annotations

from pathlib import Path

from pipeline.ledger.states import STATES, WAYS

PAGE = Path(__file__).resolve().parent.parent / "docs/deliveries.md"


def main() -> None:
    rows = [f"| {way.start} | {way.end} | {way.who} | {way.when} |" for way in WAYS]
    lines: list[str] = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if not (line.startswith("| ") and line.split(" | ")[0][2:] in STATES):
            lines.append(line)
        elif rows:
            lines += rows
            rows = []
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
