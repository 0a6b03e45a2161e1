"""One delivery → one attempt; every error of a channel becomes the next step."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from channels.base import Channel, Pending, Post, Receipt
from channels.errors import NotAuthorized, Refused, TryLater, Unsure
from channels.registry import post_from_json
from pipeline.model import Attempt, Claim

log = logging.getLogger(__name__)
MOST_TRIES = 8
_FIRST_WAIT = 60.0  # seconds
_LONGEST_WAIT = 6 * 3600.0  # seconds


def perform(claim: Claim, channel: Channel, now: datetime, same_post: Callable[[Claim], bool]) -> Attempt:
    """Do what the claim says; returns how it ended and never raises a channel's error."""
    try:
        post = post_from_json(claim.channel, claim.post) if claim.post else None
        if post is None:
            return Attempt("refused", error="there is no stored post for this edition")
        return _do(claim, channel, replace(post, edition=claim.edition), now, same_post)
    except Refused as error:
        return Attempt("refused", error=str(error), code=error.code)
    except NotAuthorized as error:
        return Attempt("held", error=str(error), code=error.code, retry_at=now)
    except TryLater as error:
        return _later(claim, error, now)
    except Unsure as error:
        wait = timedelta(seconds=channel.looks[0])
        outcome = "unsure" if claim.op in ("publish", "find") else "later"
        return Attempt(outcome, error=str(error), code=error.code, retry_at=now + wait)


def _do(claim: Claim, channel: Channel, post: Post, now: datetime, same_post: Callable[[Claim], bool]) -> Attempt:
    match claim.op:
        case "publish":
            return _taken(channel.publish(post), channel, now)
        case "confirm":
            return _taken(channel.confirm(post, Pending(claim.pending)), channel, now)
        case "revise":
            if not channel.idempotent and same_post(claim):
                return Attempt("unchanged", claim.remote_id, claim.url)
            return _taken(channel.revise(post, claim.remote_id), channel, now)
        case "withdraw":
            channel.withdraw(post, claim.remote_id)
            return Attempt("done", claim.remote_id, claim.url)
    return _found(claim, channel, post, now)


def _taken(answer: Receipt | Pending, channel: Channel, now: datetime) -> Attempt:
    if isinstance(answer, Pending):
        wait = timedelta(seconds=getattr(channel, "verify_after", 3.0))
        return Attempt("accepted", pending=answer.token, retry_at=now + wait)
    return Attempt("done", answer.remote_id, answer.url)


def _found(claim: Claim, channel: Channel, post: Post, now: datetime) -> Attempt:
    """Settle a doubt by reading back: one match is ours, none means due again, several are for a person."""
    matches = channel.find(post, claim.since)
    if len(matches) == 1:
        return Attempt("done", matches[0].remote_id, matches[0].url)
    if not matches:
        return Attempt("absent", error="not found on the channel; due again")
    ids = ", ".join(match.remote_id for match in matches)
    return Attempt("several", error=f"several posts match: {ids}", retry_at=now + timedelta(days=3650))


def _later(claim: Claim, error: TryLater, now: datetime) -> Attempt:
    """Back off exponentially; a confirmation keeps the channel's own pace for up to a day."""
    wait = error.after
    if claim.op != "confirm":
        wait = max(wait, min(_FIRST_WAIT * 2**claim.tries, _LONGEST_WAIT))
        if claim.tries + 1 >= MOST_TRIES:
            return Attempt("refused", error=str(error), code=error.code)
    elif now - claim.since > timedelta(days=1):
        return Attempt("refused", error=str(error), code=error.code)
    return Attempt("later", error=str(error), code=error.code, retry_at=now + timedelta(seconds=wait))
