"""One fetch of all feeds: units' stories become drafts, press stories are counted. One failing feed never stops another."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Protocol

from pipeline import classify, lexicon, reference
from pipeline.errors import BantinError
from pipeline.feeds import draft
from pipeline.feeds.files import put
from pipeline.feeds.keys import keys_of
from pipeline.fetch import Fetched, FetchError
from pipeline.ledger import Ledger, feeds
from pipeline.model import Unit
from pipeline.parse.feed import BadFeed, Story, parse

log = logging.getLogger(__name__)
_MOST_WAIT = 4  # a feed that fails is asked half as often each time, down to a sixteenth


class Client(Protocol):
    """Whatever fetches: pipeline.fetch.Fetcher."""

    def get(self, url: str, *, etag: str = "", modified: str = "") -> Fetched: ...


@dataclass(frozen=True)
class Source:
    """One feed; `owner` is a unit's folder or the name of a press outlet, `every` is in minutes."""

    name: str
    url: str
    kind: Literal["unit", "press"]
    owner: str
    every: int


@dataclass(frozen=True)
class Result:
    """What one feed brought.

    Args:
        state: fetched, unchanged or failed.
        reason: one word of FetchError or BadFeed when it failed.
        new: stories taken for the first time; of the press those that concern the plan's areas.
        known: stories that were there already, in this feed or in another.
        beside: press stories that concern no area.
    """

    name: str
    state: str
    reason: str = ""
    new: int = 0
    known: int = 0
    beside: int = 0


def due(sources: Iterable[Source], ledger: Ledger, now: datetime) -> Iterator[Source]:
    """Those whose time has come."""
    for source in sources:
        last = feeds.remembered(ledger, source.name, source.url)
        wait = timedelta(minutes=source.every) * 2 ** min(last.failures, _MOST_WAIT) if last else timedelta()
        if last is None or last.asked + wait <= now:
            yield source


def collect(sources: Iterable[Source], client: Client, ledger: Ledger, content: Path, now: datetime) -> list[Result]:
    """Ask every feed, one after the other."""
    results = []
    for source in sources:
        try:
            result = _collect_one(source, client, ledger, content, now)
        except (FetchError, BadFeed) as error:
            status = getattr(error, "status", 0)
            result = Result(source.name, "failed", f"{error.reason} {status}" if status else error.reason)
        except (OSError, BantinError) as error:  # the unit's folder cannot be written
            result = Result(source.name, "failed", getattr(error, "strerror", None) or type(error).__name__)
        if result.state == "failed":
            feeds.failed(ledger, source.name, source.url, result.reason, now)
            log.info("feed failed", extra={"feed": source.name, "reason": result.reason})
        results.append(result)
    return results


def _collect_one(source: Source, client: Client, ledger: Ledger, content: Path, now: datetime) -> Result:
    last = feeds.remembered(ledger, source.name, source.url)
    got = client.get(source.url, etag=last.etag if last else "", modified=last.modified if last else "")
    if got.unchanged:
        feeds.answered(ledger, source.name, source.url, now, etag=None, modified=None)
        return Result(source.name, "unchanged")
    assert now.tzinfo
    counts: Counter[str] = Counter()
    for story in parse(got.body, source.url, now.tzinfo, now):
        taker = _take_draft if source.kind == "unit" else _count_press
        counts[taker(story, source, ledger, content, now)] += 1
    feeds.answered(ledger, source.name, source.url, now, etag=got.etag, modified=got.modified)
    return Result(source.name, "fetched", "", counts["new"], counts["known"], counts["beside"])


def _take_draft(story: Story, source: Source, ledger: Ledger, content: Path, now: datetime) -> str:
    """A unit's story, once among all units: a district's portal often repeats the department's."""
    unit = reference.units().find(source.owner, now.date())
    assert unit  # the configuration was checked
    published = story.published or now
    day = published.astimezone(now.tzinfo).date()
    row = _row(story, source, "unit", published, now) | {
        "title": story.title, "link": story.link, "areas": list(_areas(story, unit)), "state": "new"}  # fmt: skip

    def write() -> tuple[str, str]:
        data = draft.text_of(story, unit.name, day).encode()
        names = (draft.name_of(story, day, number) for number in range(1, 100))
        path = put(content, f"{source.owner}/{draft.FOLDER}", names, data)
        return path, hashlib.sha256(data).hexdigest()

    return "new" if feeds.take(ledger, row, write) else "known"


def _count_press(story: Story, source: Source, ledger: Ledger, content: Path, now: datetime) -> str:
    """A press story, once an outlet. Of its text nothing is kept; of one that is not ours only that it was seen."""
    areas = _areas(story, None)
    kept = {"title": story.title, "link": story.link, "state": "counted"} if areas else {
        "title": "", "link": "", "state": "beside"}  # fmt: skip
    published = story.published or now
    row = _row(story, source, f"press {source.owner}", published, now) | kept | {"areas": list(areas)}
    taken = feeds.take(ledger, row, lambda: ("", ""))
    return "known" if not taken else "new" if areas else "beside"


def _row(story: Story, source: Source, scope: str, published: datetime, now: datetime) -> dict[str, Any]:
    keys = keys_of(story, published.astimezone(now.tzinfo).date())
    return {"feed": source.name, "scope": scope, "id_key": keys.id, "link_key": keys.link, "title_key": keys.title,
            "kind": source.kind, "owner": source.owner, "published": published, "seen": now}  # fmt: skip


def _areas(story: Story, unit: Unit | None) -> tuple[str, ...]:
    words = classify.Words(story.title, story.summary)
    return classify.classify(words, "article", unit=unit.id if unit else "", lexicon=lexicon.load()).areas
