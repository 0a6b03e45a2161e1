"""What a post needs to be there before it: categories, tags and media, found again before anything is made."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Callable
from typing import Any, Literal

from channels.errors import Refused, TryLater
from channels.wordpress import answers
from channels.wordpress.payload import Placed
from channels.wordpress.post import Medium, Term

Taxonomy = Literal["categories", "tags"]
Call = Callable[..., Any]
_MEDIUM = "id,source_url,alt_text"


def listed(data: object, what: str) -> list[dict[str, Any]]:
    """The rows of a list.

    Raises:
        TryLater: it is none, so nothing can be concluded.
    """
    if not isinstance(data, list):
        raise TryLater(f"WordPress's list of {what} is no list", whole=True)
    return [row for row in data if isinstance(row, dict)]


class Library:
    """Finds or makes terms and media. None of it is public by itself, so a lost answer only means to look again.

    Args:
        call: sends a request: (method, path, **parts) → data.
    """

    def __init__(self, call: Call) -> None:
        self._call = call
        self._terms: dict[tuple[Taxonomy, str], int] = {}

    def term(self, taxonomy: Taxonomy, term: Term) -> int:
        """The id of a term, made when there is none of its slug; one of the same name under another slug is taken."""
        key = (taxonomy, term.slug)
        if key not in self._terms:
            self._terms[key] = self._found(taxonomy, term) or self._made(taxonomy, term)
        return self._terms[key]

    def forget(self) -> None:
        """Look for every term again from now on."""
        self._terms.clear()

    def medium(self, medium: Medium) -> Placed:
        """The medium in the library: uploaded once for its content; its alternative text is the newest one's.

        Raises:
            Refused: WordPress does not take the file; the message says why.
        """
        try:
            content = medium.file.read_bytes()
        except OSError as error:
            raise TryLater(f"media: {medium.title} cannot be read ({type(error).__name__})") from None
        slug = f"bantin-{hashlib.sha256(content).hexdigest()[:20]}"
        params = {"slug": slug, "context": "edit", "_fields": _MEDIUM}
        rows = listed(self._call("GET", "media", params=params), "media")
        row = rows[0] if rows else self._uploaded(medium, slug, content)
        if " ".join(str(row.get("alt_text") or "").split()) != " ".join(medium.alt.split()):
            self._call("POST", f"media/{_id(row)}", params={"_fields": "id"}, json={"alt_text": medium.alt})
        return Placed(_id(row), str(row.get("source_url") or ""))

    def _uploaded(self, medium: Medium, slug: str, content: bytes) -> dict[str, Any]:
        name = f"{slug}{medium.file.suffix.lower()}"
        data = {"slug": slug, "title": medium.title, "alt_text": medium.alt}
        files = {"file": (name, content, medium.mime)}
        row = self._call("POST", "media", params={"_fields": _MEDIUM}, data=data, files=files)
        return row if isinstance(row, dict) else {}

    def _found(self, taxonomy: Taxonomy, term: Term) -> int:
        params = {"slug": term.slug, "context": "edit", "_fields": "id"}
        rows = listed(self._call("GET", taxonomy, params=params), taxonomy)
        return _id(rows[0]) if rows else 0

    def _made(self, taxonomy: Taxonomy, term: Term) -> int:
        body = {"name": term.name, "slug": term.slug}
        try:
            return _id(self._call("POST", taxonomy, params={"_fields": "id"}, json=body))
        except Refused as refused:
            if refused.code != answers.TERM_EXISTS:
                raise
            params = {"search": term.name, "context": "edit", "per_page": 100, "_fields": "id,name"}
            for row in listed(self._call("GET", taxonomy, params=params), taxonomy):
                if html.unescape(str(row.get("name"))).casefold() == term.name.casefold():
                    return _id(row)
            raise


def _id(row: object) -> int:
    found = row.get("id") if isinstance(row, dict) else None
    if not isinstance(found, int) or found < 1:
        raise TryLater("WordPress answered without an id")
    return found
