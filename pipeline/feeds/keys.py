"""When two stories are the same: by id, by canonical address, by title on a day."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, urlencode, urlsplit

from pipeline.parse.feed import Story
from pipeline.patterns import lazy
from pipeline.text import fold_tones, nfc

_TRACKERS = lazy(r"^(?:utm_\w+|fbclid|gclid|zarsrc|zalo\w*|ref|source|from|mc_[ce]id|_ga|igshid)$", re.IGNORECASE)
_FEW = 4  # syllables; a shorter title ("Thông báo") is shared by different stories of a day


@dataclass(frozen=True)
class Keys:
    """Three digests, each unique among the stories of a scope."""

    id: str
    link: str
    title: str


def keys_of(story: Story, day: date) -> Keys:
    """A bare number as id says nothing outside its site; a very short title says nothing without its address."""
    link = canonical(story.link)
    host = urlsplit(link).netloc
    own = story.id if ":" in story.id else f"{host} {story.id}"
    words = plain_title(story.title)
    title = f"{words}|{day.isoformat()}" if len(words.split()) >= _FEW else f"{words}|{link}"
    return Keys(_digest(own if story.id else link), _digest(link), _digest(title))


def plain_title(title: str) -> str:
    """The words alone: lower case, one way to place tones, no punctuation."""
    return " ".join(re.findall(r"\w+", fold_tones(nfc(title)).lower()))


def canonical(link: str) -> str:
    """The address without what does not change the page: scheme, www., m., trackers, fragment, last slash."""
    parts = urlsplit(link)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removesuffix(".")
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    query = urlencode(
        sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKERS.match(pair[0]))
    )
    return f"//{host}{port}{parts.path.rstrip('/')}{'?' + query if query else ''}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:40]
