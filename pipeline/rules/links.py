"""Rules on links that pretend: look-alike hosts, hidden characters, words that name another address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import SplitResult, unquote, urlsplit

from pipeline.i18n import _
from pipeline.model import Item, Link, Severity
from pipeline.patterns import lazy
from pipeline.repair import ALPHABET
from pipeline.rules.passages import MOST
from pipeline.rules.registry import Context, Flaw, rule
from pipeline.text import quote, strip_invisible

_NATIVE_HOST = lazy(rf"[a-z0-9.{ALPHABET}-]+", re.IGNORECASE)
_NAMED_HOST = lazy(
    r"(?<![\w.@-])(?:https?://)?((?:[a-z0-9-]{1,63}\.){1,5}(?:vn|com|net|org|gov|edu|info))(?![\w-])", re.IGNORECASE
)


def _web(link: Link) -> SplitResult | None:
    try:
        parts = urlsplit(link.href)
        return parts if parts.scheme.lower() in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def _host(parts: SplitResult) -> str:
    """The host as a reader's browser shows it; what cannot be read stays in its xn-- form."""
    host = unquote(parts.hostname or "").rstrip(".").lower()
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


@rule("LINK003", Severity.REVIEW)
def pretending_host(item: Item, context: Context) -> Iterator[Flaw]:
    """The address of a link is what it looks like.

    Why: "hаnoi.gov.vn" with a Cyrillic а is another site, which asks citizens for their passwords.

    Instead: type the address by hand, or copy it from the browser after you have seen the page.
    """
    yield from islice(_pretending(item), MOST)


def _pretending(item: Item) -> Iterator[Flaw]:
    for link in item.document.links:
        parts = _web(link)
        if parts is None:
            continue
        host = _host(parts)
        if not _NATIVE_HOST.fullmatch(host) or host.startswith("xn--") or ".xn--" in host:
            message = _('The host "{host}" on line {line} uses letters of other alphabets.')
            yield Flaw(message.format(host=quote(parts.hostname or "", 80), line=link.line), "", link.line)
        elif parts.username is not None:
            message = _('The link on line {line} leads to "{host}", not to what stands before the @.')
            yield Flaw(message.format(host=quote(host, 80), line=link.line), "", link.line)
        elif strip_invisible(unquote(link.href)) != unquote(link.href):
            message = _("The link on line {line} holds characters that nobody sees.")
            yield Flaw(message.format(line=link.line), "", link.line)


@rule("LINK004", Severity.REVIEW)
def other_address(item: Item, context: Context) -> Iterator[Flaw]:
    """A link whose words are an address leads to that address.

    Why: people read "dichvucong.gov.vn", tap, and are somewhere else.

    Instead: let words and address agree, or write plain words.
    """
    yield from islice(_elsewhere(item), MOST)


def _elsewhere(item: Item) -> Iterator[Flaw]:
    for link in item.document.links:
        parts, named = _web(link), _NAMED_HOST.search(link.text[:300])
        if parts is None or named is None:
            continue
        shown, host = named[1].lower().removeprefix("www."), _host(parts).removeprefix("www.")
        if host != shown and not host.endswith("." + shown):
            message = _('The link on line {line} says "{shown}" and leads to "{host}".')
            yield Flaw(message.format(line=link.line, shown=quote(shown, 80), host=quote(host, 80)), "", link.line)
