"""What a program may ask for: filters and places in a list, checked; an unknown name is refused, not left unread."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Literal, TypeVar

from fastapi import HTTPException, Path
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from pipeline.desk.api.models import View
from pipeline.desk.people import Person
from pipeline.i18n import N_
from pipeline.ledger import paging
from pipeline.ledger.listing import Wish

_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
TEXT = "^[^\x00]*$"  # PostgreSQL takes no NUL, and nobody means one
_CURSOR = N_("next of the page before.")

Channel = Literal["portal", "wordpress", "zalo", "facebook"]
Area = Literal["kstthc", "mot-cua", "de-an-06", "chuyen-doi-so"]
Kind = Literal["article", "clip", "qa"]
Outcome = Literal["publish", "review", "reject", "ignore"]
Text = Annotated[str, Field(max_length=200, pattern=TEXT)]
Limit = Annotated[int, Field(ge=1, le=200, description=N_("Rows of a page."))]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
ItemId = Annotated[str, Path(min_length=1, max_length=300, pattern=TEXT)]


def _held(moment: datetime) -> datetime:
    """Within the years that a ledger knows; beyond them a conversion to UTC may not be possible."""
    return min(max(moment, _FIRST), _LAST)


Moment = Annotated[AwareDatetime, AfterValidator(_held)]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OfUnit(_Asked):
    unit: Annotated[Text, Field(description=N_("Id of a unit."))] = ""


class OfItems(OfUnit):
    """Items; `q` as on the monitor."""

    kind: Kind | None = None
    area: Area | None = None
    q: Annotated[
        Text,
        Field(
            description=N_(
                "Words of title, text, unit, file, address or id, in any order, with or without marks; of the last one its beginning is enough."
            )
        ),
    ] = ""
    limit: Limit = 50
    after: Annotated[str, Field(description=_CURSOR, pattern=f"^$|{paging.OF_ITEMS}")] = ""

    @property
    def wish(self) -> Wish:
        return Wish(self.unit, self.area or "", words=self.q)


class Narrow(OfUnit):
    """The filters of the monitor."""

    area: Area | None = None
    channel: Channel | None = None
    view: View | None = None
    q: Annotated[
        Text,
        Field(
            description=N_(
                "Words of title, text, unit, file, address or id, in any order, with or without marks; of the last one its beginning is enough."
            )
        ),
    ] = ""
    since: Annotated[
        Moment | None, Field(description=N_("Changed, or tried, at this time or later; with its offset."))
    ] = None
    until: Annotated[Moment | None, Field(description=N_("Changed, or tried, before this time; with its offset."))] = (
        None
    )

    @property
    def wish(self) -> Wish:
        return Wish(self.unit, self.area or "", self.channel or "", self.view or "", self.since, self.until, self.q)


class OfDeliveries(Narrow):
    limit: Limit = 50
    after: Annotated[str, Field(description=_CURSOR, pattern=r"^$|^\d{1,17}-\d{1,9}$")] = ""


class OfAttempts(Narrow):
    item: Text = ""
    delivery: Annotated[int, Field(ge=0, le=2**31 - 1, description=N_("Number of a delivery, 0 for all."))] = 0
    limit: Limit = 50
    after: Annotated[str, Field(description=_CURSOR, pattern=f"^$|{paging.OF_ATTEMPTS}")] = ""


class OfFiles(OfUnit):
    outcome: Outcome | None = None
    limit: Limit = 50
    after: Annotated[str, Field(description=_CURSOR, max_length=1000, pattern=TEXT)] = ""


class OfLog(Narrow):
    form: Annotated[Literal["jsonl", "csv"], Field(description=N_("One object a line, or a table for Excel."))] = (
        "jsonl"
    )


class OfWeek(OfUnit):
    day: Annotated[date | None, Field(description=N_("A day of the week that is wanted; today's when left out."))] = (
        None
    )


Asked = TypeVar("Asked", bound=OfUnit)


def own(asked: Asked, person: Person) -> Asked:
    """The same question about what this person may see.

    Raises:
        HTTPException: 403, another unit was asked for by name.
    """
    if not person.unit or asked.unit == person.unit:
        return asked
    if asked.unit:
        raise HTTPException(403)
    return asked.model_copy(update={"unit": person.unit})
