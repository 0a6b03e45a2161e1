"""docs/openapi.json from the code, in Vietnamese as the desk serves it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

from pipeline.desk.api.app import build, describe
from pipeline.desk.pages import Desk

FILE = Path(__file__).resolve().parent.parent / "docs" / "openapi.json"


def text() -> str:
    """The document; to be described, the API needs no open desk."""
    return json.dumps(describe(build(cast(Desk, None))), ensure_ascii=False, indent=1) + "\n"


def problems() -> list[str]:
    same = FILE.exists() and FILE.read_text(encoding="utf-8") == text()
    return [] if same else ["docs/openapi.json is not made from the code"]


def write() -> None:
    FILE.write_text(text(), encoding="utf-8")
