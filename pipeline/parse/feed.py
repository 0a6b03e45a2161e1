"""From the bytes of an RSS or Atom feed to its stories. Pure; whatever the bytes are, the answer is stories or BadFeed."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate
from typing import Any
from urllib.parse import urlsplit

import feedparser
import nh3

from pipeline.patterns import lazy
from pipeline.text import nfc, one_line, shorten, strip_invisible

MOST_BYTES = 1_000_000
_MOST_MARKS = {
    b"<": 40_000,
    b"&": 120_000,
}  # beyond it feedparser's lenient parser needs more than five seconds (measured)
_MOST_DOCTYPES = 5  # feedparser searches from each of them to the end of the feed: 30,000 took 27 seconds (measured)
_MOST_STORIES = 200
_MOST_BODY = 60_000  # characters
_ENCODINGS = {"utf-8", "utf8", "us-ascii", "ascii", "utf-16", "iso-8859-1", "windows-1252", "windows-1258"}
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"'>]{1,40})["']""")
_BLOCK_END = lazy(r"<(?:/(?:p|div|li|h\d|td|th|tr|ul|ol|blockquote|table)|br\s*/?)\s*>", re.IGNORECASE)
_LOCAL_DATE = lazy(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:\D+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(SA|CH|AM|PM)?)?", re.I)
_ZONE = lazy(r"(?:Z|[A-Z]{3,4}|[+-]\d{2}:?\d{2})\s*$", re.IGNORECASE)
_GMT_PLUS = lazy(r"\s*(?:GMT|UTC)\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?\s*$", re.IGNORECASE)
_SOONEST = datetime(2000, 1, 1, tzinfo=UTC)


class BadFeed(Exception):
    """The bytes are no feed that we read; `reason` is one of size, heavy, encoding, entities, feed."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Story:
    """One entry of a feed; all texts are NFC.

    Args:
        id: as the feed names it, else empty.
        link: http or https.
        summary: plain text.
        body: HTML as the feed sent it, not yet cleaned by us; empty when there is only a summary.
        published: aware; None when the feed gives none that can be true.
    """

    id: str
    link: str
    title: str
    summary: str
    body: str
    author: str
    published: datetime | None


def parse(data: bytes, base: str, zone: tzinfo, now: datetime) -> tuple[Story, ...]:
    """The stories of a feed, in its order; those without a title or a link are left out.

    Args:
        base: the feed's address, for links that are relative.
        zone: of times that name none.
        now: aware; a time more than a day ahead of it is not believed.

    Raises:
        BadFeed: the bytes are too many or too costly, declare entities or an odd encoding, or are no feed.
    """
    _guard(data)
    headers = {"content-location": base, "content-type": "application/xml"}
    try:
        # Never the bytes themselves: feedparser would take them for a file's name or an address.
        found = feedparser.parse(io.BytesIO(data), response_headers=headers)
    except Exception as error:  # its lenient parser fails on garbage in many ways; none of them is ours
        raise BadFeed("feed") from error
    if not found.get("version") and not found.entries:
        raise BadFeed("feed")
    stories = (_story(entry, zone, now) for entry in found.entries[:_MOST_STORIES])
    return tuple(story for story in stories if story)


def _guard(data: bytes) -> None:
    """Refuse before parsing: NUL bytes are dropped first, so that UTF-16 hides nothing."""
    if len(data) > MOST_BYTES:
        raise BadFeed("size")
    flat = data.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    declared = _DECLARED.match(flat)
    if declared and declared.group(1).decode("ascii", "replace").strip().lower() not in _ENCODINGS:
        raise BadFeed("encoding")
    if re.search(rb"<!\s*(?:ENTITY|ELEMENT|ATTLIST)|<!DOCTYPE[^>\[]{0,500}\[", flat, re.IGNORECASE):
        raise BadFeed("entities")
    if len(re.findall(rb"<!\s*DOCTYPE", flat, re.IGNORECASE)) > _MOST_DOCTYPES:
        raise BadFeed("heavy")
    if any(flat.count(mark) > most for mark, most in _MOST_MARKS.items()):
        raise BadFeed("heavy")


def _story(entry: Mapping[str, Any], zone: tzinfo, now: datetime) -> Story | None:
    title = shorten(_text(entry.get("title_detail") or entry.get("title")), 300)
    link = _link(entry)
    if not title or not link:
        return None
    content = [one for one in entry.get("content") or () if _is_html(one)]
    detail = entry.get("summary_detail") or entry.get("summary")
    body = str(content[0].get("value") or "") if content else ""
    if not body and isinstance(detail, Mapping) and _is_html(detail):
        body = str(detail.get("value") or "")
    summary = _text(detail) or _text({"value": body, "type": "text/html"})
    author = shorten(_text(entry.get("author")), 120)
    return Story(one_line(str(entry.get("id") or ""))[:500], link, title, shorten(summary, 300), nfc(body[:_MOST_BODY]), author,
                 _published(entry, zone, now))  # fmt: skip


def _is_html(detail: Any) -> bool:
    return isinstance(detail, Mapping) and detail.get("type") in ("text/html", "application/xhtml+xml")


def _text(detail: Any) -> str:
    """Plain words on one line; markup goes, and what was escaped once too often is opened."""
    value = str((detail.get("value") if isinstance(detail, Mapping) else detail) or "")[: _MOST_BODY * 2]
    if _is_html(detail) or "<" in value:
        value = nh3.clean(_BLOCK_END.sub(" ", value), tags=set(), clean_content_tags={"script", "style"})
    words = html.unescape(html.unescape(value))
    return one_line(strip_invisible(nfc("".join(c if c.isprintable() or c.isspace() else " " for c in words))))


def _link(entry: Mapping[str, Any]) -> str:
    candidates: Iterable[Any] = (entry.get("link"), entry.get("id"))
    return next((link for link in map(safe_link, candidates) if link), "")


def safe_link(value: Any) -> str:
    """The address, if it is a plain web address that can be shown and stored; else empty."""
    link = str(value or "").strip()
    if not 10 <= len(link) <= 2000 or re.search(r"[\s<>\"'`\\\x00-\x1f\x7f]", link):
        return ""
    try:
        parts = urlsplit(link)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return ""
    return link if parts.scheme in ("http", "https") and host and "@" not in parts.netloc else ""


def _published(entry: Mapping[str, Any], zone: tzinfo, now: datetime) -> datetime | None:
    plain = dict(entry)  # feedparser's own mapping answers for keys that are not there, with a warning
    for key in ("published", "updated", "created"):
        moment = _moment(str(plain.get(key) or "")[:100].strip(), plain.get(f"{key}_parsed"), zone)
        if moment and _SOONEST < moment < now + timedelta(days=1):
            return moment
    return None


def _moment(raw: str, parsed: Any, zone: tzinfo) -> datetime | None:
    """What the feed wrote: Vietnamese order of day and month first, then the mail form, then what feedparser reads.

    A time without a zone is the city's. "GMT+7" means seven hours ahead, as its writers mean it.
    """
    try:
        if found := _LOCAL_DATE.search(raw):
            return _local(found, zone)
        ahead = _GMT_PLUS.search(raw)
        plain = parsedate(raw[: ahead.start()] if ahead else raw) if ahead or not parsed else None
        if ahead and plain:
            shift = timedelta(hours=int(ahead.group(2)), minutes=int(ahead.group(3) or 0))
            return _utc(plain) - (shift if ahead.group(1) == "+" else -shift)
        moment = _utc(parsed or plain) if parsed or plain else None
        return moment if moment is None or _ZONE.search(raw) else moment.replace(tzinfo=zone)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _local(found: re.Match[str], zone: tzinfo) -> datetime:
    """Day before month, unless only the other order is a date; SA and CH are morning and afternoon."""
    day, month, year, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    if month > 12 >= day:
        day, month = month, day
    late = 12 if (found.group(7) or "").upper() in ("CH", "PM") and hour < 12 else 0
    return datetime(year, month, day, hour + late, minute, second, tzinfo=zone)


def _utc(parts: Any) -> datetime:
    year, month, day, hour, minute, second = parts[:6]
    return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
