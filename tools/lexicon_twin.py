"""pipeline/data/lexicon.json from lexicon.yaml, which people edit: a start reads it ten times as fast."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pipeline import lexicon

FILE = Path(__file__).resolve().parent.parent / "pipeline" / "data" / "lexicon.json"


def text() -> str:
    raw = FILE.with_suffix(".yaml").read_bytes()
    made = {
        "about": "Written by tools/lexicon_twin.py from lexicon.yaml, not for hands; without it that is read.",
        "of": hashlib.sha256(raw).hexdigest(),
        "says": lexicon.parsed(raw),
    }
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")) + "\n"


def problems() -> list[str]:
    same = FILE.exists() and FILE.read_text(encoding="utf-8") == text()
    return [] if same else ["pipeline/data/lexicon.json is not made from lexicon.yaml"]


def write() -> None:
    FILE.write_text(text(), encoding="utf-8")
