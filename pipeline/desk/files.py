"""Files that every page loads: nothing private, so they are there before anybody has logged in."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fastapi import FastAPI
from fastapi.responses import FileResponse, Response

import channels.portal
from pipeline.desk.pages import HERE

_THEME: Final = Path(channels.portal.__file__).parent / "theme"
_OURS: Final = {"/desk.css": "text/css", "/desk.js": "text/javascript", "/mark.svg": "image/svg+xml"}
_FONTS: Final = {f"/fonts/{file.name}": file for file in sorted((_THEME / "fonts").glob("*.woff2"))}
FONT_RULES: Final = "/fonts.css"
OPEN: Final = frozenset({*_OURS, *_FONTS, FONT_RULES})
_ASKED_ANEW: Final = {"Cache-Control": "no-cache"}  # kept, and asked for again by its ETag
_KEPT: Final = {"Cache-Control": "public, max-age=604800"}  # a week; letters do not change


def add(app: FastAPI) -> None:
    """Their addresses; the letters are those of the portal."""
    for place, kind in _OURS.items():
        _serve(app, place, HERE / place[1:], kind, _ASKED_ANEW)
    for place, file in _FONTS.items():
        _serve(app, place, file, "font/woff2", _KEPT)
    style = (_THEME / "site.css").read_text("utf-8")
    rules = "\n".join(line for line in style.splitlines() if line.startswith("@font-face"))
    # Whoever works here comes back all day: a late letter may move the text once.
    rules = rules.replace("font-display: optional", "font-display: swap")

    @app.get(FONT_RULES)
    def font_rules() -> Response:
        return Response(rules, media_type="text/css", headers=_KEPT)


def _serve(app: FastAPI, place: str, file: Path, kind: str, headers: dict[str, str]) -> None:
    app.add_api_route(place, lambda: FileResponse(file, media_type=kind, headers=headers), methods=["GET"], name=place,
                      response_class=FileResponse)  # fmt: skip
