"""One delivery → one attempt; every error of a channel becomes the next step."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import repeat
from typing import Protocol

from channels.base import Channel, Pending, Post, Receipt, Together
from channels.errors import ChannelError, NotAuthorized, Refused, TryLater, Unsure
from channels.lease import leave_by
from channels.registry import post_from_json
from pipeline.model import Attempt, Claim

_NO_POST = "there is no stored post for this edition"
log = logging.getLogger(__name__)
PENDING_LIFE = timedelta(days=1)  # how long a token is asked about before a person decides (zalo.md §2.2, P-TL)


class Own(Channel, Together, Protocol):
    """A channel that takes many posts at once."""


@dataclass(frozen=True)
class Patience:
    """How often and how long we wait; seconds.

    Args:
        tries: attempts that end in "later" before a person decides.
        first, longest: the first wait, doubled with each try up to the longest.
        jitter: share of a wait that is added at random, so that many workers do not come back at once.
        poll: the longest pause between two questions about a pending post.
        ready: tells why a post's portal page cannot be linked to yet, "" when it can.
    """

    tries: int = 8
    first: float = 60.0
    longest: float = 6 * 3600.0
    jitter: float = 0.25
    poll: float = 600.0
    ready: Callable[[Post], str] = lambda _post: ""
    chance: Callable[[], float] = random.random

    def wait(self, tries: int, least: float, longest: float | None = None) -> timedelta:
        """Exponential with jitter, never shorter than what the channel asked for (Retry-After)."""
        grown = min(self.first * 2 ** min(tries, 20), longest or self.longest)
        return timedelta(seconds=max(least, grown) * (1 + self.jitter * self.chance()))


ORDINARY = Patience()


def perform(claim: Claim, channel: Channel, now: datetime, patience: Patience = ORDINARY) -> Attempt:
    """Do what the claim says; returns how it ended and never raises a channel's error."""
    try:
        post = post_from_json(claim.channel, claim.post) if claim.post else None
        if post is None:
            return Attempt("refused", error=_NO_POST)
        if claim.op == "publish" and not channel.idempotent and (reason := patience.ready(post)):
            return Attempt("later", error=reason, retry_at=now + patience.wait(0, 0))
        with leave_by(claim.leave_by):
            done = _do(claim, channel, replace(post, edition=claim.edition), now, patience)
        return replace(done, rest=channel.rest())
    except ChannelError as error:
        return replace(_ended(error, claim, channel, now, patience), code=error.code, trace=error.trace)


def perform_all(claims: Sequence[Claim], channel: Own, now: datetime, patience: Patience = ORDINARY) -> list[Attempt]:
    """What `perform` does, for publications and revisions on a channel that takes many at once."""
    posts = [post_from_json(claim.channel, claim.post) if claim.post else None for claim in claims]
    sent = [replace(post, edition=claim.edition) for claim, post in zip(claims, posts, strict=True) if post]
    answers: Iterator[Receipt | ChannelError]
    try:
        answers = iter(channel.publish_all(sent) if sent else ())
    except ChannelError as error:
        answers = repeat(error)
    return [
        Attempt("refused", error=_NO_POST) if post is None else _answered(next(answers), claim, channel, now, patience)
        for claim, post in zip(claims, posts, strict=True)
    ]


def _answered(
    answer: Receipt | ChannelError, claim: Claim, channel: Channel, now: datetime, patience: Patience
) -> Attempt:
    if isinstance(answer, ChannelError):
        return replace(_ended(answer, claim, channel, now, patience), code=answer.code, trace=answer.trace)
    return replace(_taken(answer, channel, now), rest=channel.rest())


def _do(claim: Claim, channel: Channel, post: Post, now: datetime, patience: Patience) -> Attempt:
    match claim.op:
        case "publish":
            return _taken(channel.publish(post), channel, now)
        case "confirm":
            return _taken(channel.confirm(post, Pending(claim.pending)), channel, now)
        case "revise":
            if not channel.idempotent and claim.shown == claim.post:
                return Attempt("unchanged", claim.remote_id, claim.url)
            shown = post_from_json(claim.channel, claim.shown) if claim.shown else None
            return _taken(channel.revise(post, claim.remote_id, shown), channel, now)
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
    """Settle a doubt by reading back: one match is ours, several are for a person; none is believed at the last look."""
    matches = channel.find(post, claim.since)
    if len(matches) == 1:
        return Attempt("done", matches[0].remote_id, matches[0].url)
    if matches:
        found = tuple((match.remote_id, match.url) for match in matches)
        return Attempt("several", error=f"{len(found)} posts match", candidates=found)
    looked = claim.looked + 1
    if looked < len(channel.looks):
        wait = timedelta(seconds=channel.looks[looked])
        return Attempt("unsure", error=f"not found at look {looked} of {len(channel.looks)}", retry_at=now + wait)
    return Attempt("absent", error="not found on the channel at the last look", harmless=channel.idempotent)


def _ended(error: ChannelError, claim: Claim, channel: Channel, now: datetime, patience: Patience) -> Attempt:
    """What an error means for this delivery and for its channel."""
    text = str(error)
    if isinstance(error, Refused):
        return Attempt("refused", error=text)
    if isinstance(error, NotAuthorized):
        return Attempt("held", error=text, retry_at=now)
    if isinstance(error, TryLater):
        return _later(error, text, claim, channel, now, patience)
    assert isinstance(error, Unsure)
    if claim.op in ("publish", "confirm"):  # a token that the channel does not know is no answer either
        return Attempt("unsure", error=text, retry_at=now + timedelta(seconds=channel.looks[0]), trouble=True)
    return _again(text, claim, now, patience, channel.looks[0], unclear=True)


def _later(error: TryLater, text: str, claim: Claim, channel: Channel, now: datetime, patience: Patience) -> Attempt:
    rest = max(error.after, channel.rest())
    if claim.op == "confirm":  # the channel's own pace, slower with time, for up to a day
        if claim.accepted and now - claim.accepted > PENDING_LIFE:
            return Attempt("later", error=text, person=True)
        pace = min(error.after * 1.5 ** min(claim.tries, 40), max(patience.poll, error.after))
        return Attempt("later", error=text, retry_at=now + timedelta(seconds=pace), trouble=error.whole,
                       rest=rest if error.whole else 0.0)  # fmt: skip
    if error.whole:  # the channel waits, this delivery has done nothing wrong
        return Attempt("later", error=text, retry_at=now, trouble=True, rest=rest)
    return _again(text, claim, now, patience, error.after, unclear=False)


def _again(text: str, claim: Claim, now: datetime, patience: Patience, least: float, *, unclear: bool) -> Attempt:
    """The same once more, later; after so many times a person decides. A look is repeated for ever: it is harmless."""
    if claim.op != "find" and claim.tries + 1 >= patience.tries:
        return Attempt("refused", error=text)
    return Attempt("later", error=text, retry_at=now + patience.wait(claim.tries, least), trouble=unclear,
                   unclear=unclear)  # fmt: skip
