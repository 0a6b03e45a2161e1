"""The verbs of people for programs whose token may write: the same rights, the same words, the same audit."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, BackgroundTasks, HTTPException, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from pipeline.desk import doing, items
from pipeline.desk.actions import DELIVERY, ITEM
from pipeline.desk.api import models as m
from pipeline.desk.api.asking import TEXT, Channel, ItemId
from pipeline.desk.api.reading import in_full
from pipeline.desk.pages import Desk
from pipeline.desk.people import need
from pipeline.errors import NotPossible
from pipeline.i18n import N_, _

Verb = Literal["approve", "send_back", "take_back", "accept_masking", "accept_repair", "release", "withdraw", "retry",
               "adopt", "absent", "hold", "publish_now", "move", "cancel", "plan"]  # fmt: skip
_ONE_CHANNEL = N_("This is done on one channel; say which.")
_ALL_CHANNELS = N_("This is done to the item as a whole; leave the channel out.")
_Short = Annotated[str, Field(max_length=500, pattern=TEXT)]


class Wanted(BaseModel):
    """One verb; without a channel it means the item as a whole."""

    model_config = ConfigDict(extra="forbid")

    verb: Verb
    channel: Channel | None = None
    edition: Annotated[
        int | None,
        Field(ge=1, le=2**31 - 1, description=N_("Number that was looked at; a newer one is never approved unseen.")),
    ] = None
    why: Annotated[
        _Short, Field(description=N_("Reason; it is kept in the audit. send_back and withdraw need one."))
    ] = ""
    when: Annotated[
        AwareDatetime | None, Field(description=N_("For move: the new earliest time, with its offset."))
    ] = None
    remote_id: Annotated[_Short, Field(description=N_("For adopt: the post's id on the channel."))] = ""
    url: Annotated[str, Field(max_length=2000, pattern=TEXT, description=N_("For adopt: the post's address."))] = ""


def routes(desk: Desk) -> APIRouter:
    """The one address that changes something."""
    router = APIRouter()

    @router.post("/items/{item}/actions", summary=N_("Do one verb; needs a token that may write"))
    def act(request: Request, later: BackgroundTasks, item: ItemId, wanted: Wanted) -> m.ItemInFull:
        need(request, "read")
        found = items.facts(desk, item)
        action = (DELIVERY if wanted.channel else ITEM).get(wanted.verb)
        if found is None:
            raise HTTPException(404)
        if action is None:
            raise NotPossible(_(_ONE_CHANNEL if wanted.verb in DELIVERY else _ALL_CHANNELS))
        person = need(request, action.right, found["unit"])
        doing.act(
            desk, found, wanted.verb, action, wanted.channel or "", wanted.edition, _given(desk, wanted), person, later
        )
        return m.ItemInFull.model_validate(in_full(desk, item))

    return router


def _given(desk: Desk, wanted: Wanted) -> dict[str, str]:
    """As the form on the item's page gives it."""
    when = doing.shown(desk, wanted.when) if wanted.when else ""
    return {"why": wanted.why.strip(), "when": when, "remote_id": wanted.remote_id, "url": wanted.url}
