"""What a reader of the monitor asks for, read from the address; what makes no sense narrows nothing."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from urllib.parse import urlencode

from fastapi import Request

from pipeline import labels, reference
from pipeline.desk.people import Person
from pipeline.ledger.listing import Wish

ORDER = ("failed", "in_doubt", "held", "sending", "planned", "published", "withdrawn")  # a person's work comes first
FIELD = "%Y-%m-%dT%H:%M"  # a time as a form's field has it
_LONGEST = 200  # code points of a search


def wish(request: Request, person: Person, zone: tzinfo) -> Wish:
    """The wish of an address; a contributor sees the own unit only."""
    asked = {key: value[:_LONGEST].strip() for key, value in request.query_params.items()}
    first, last = day(asked.get("tu", "")), day(asked.get("den", ""))
    return Wish(
        unit=person.unit or asked.get("don_vi", ""),
        area=_one_of(asked.get("mang", ""), reference.area_names()),
        channel=_one_of(asked.get("channel", ""), labels.CHANNELS),
        view=_one_of(asked.get("view", ""), ORDER),
        since=midnight(first, zone) if first else None,
        until=midnight(last + timedelta(days=1), zone) if last else None,
        words=asked.get("q", ""),
    )


def address(found: Wish, zone: tzinfo, **more: str) -> str:
    """The wish as the part of an address after the question mark; `more` replaces or adds."""
    facts = {"q": found.words, "don_vi": found.unit, "mang": found.area, "channel": found.channel, "view": found.view,
             "tu": _shown(found.since, zone), "den": _shown(found.until - timedelta(days=1) if found.until else None, zone)}  # fmt: skip
    return urlencode({key: value for key, value in (facts | more).items() if value})


def narrowed(found: Wish) -> bool:
    """Whether it leaves anything out."""
    return found != Wish()


def of_day(found: Wish, chosen: date, zone: tzinfo) -> Wish:
    """The same wish for one day."""
    return replace(found, since=midnight(chosen, zone), until=midnight(chosen + timedelta(days=1), zone))


def day(text: str) -> date | None:
    """A date of an address, as a form's field sends it."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


def midnight(chosen: date, zone: tzinfo) -> datetime:
    return datetime(chosen.year, chosen.month, chosen.day, tzinfo=zone)


def _shown(moment: datetime | None, zone: tzinfo) -> str:
    return moment.astimezone(zone).date().isoformat() if moment else ""


def _one_of(value: str, known: Container[str]) -> str:
    return value if value in known else ""
