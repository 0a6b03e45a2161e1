"""An item on its way to a channel: when it may go, who has it in hand, and how each try ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal


@dataclass(frozen=True)
class Slot:
    """Channel, earliest time and what must come first."""

    channel: str
    not_before: datetime
    after: str = ""


@dataclass(frozen=True)
class Delivery:
    """One item on one channel: what people want there and what is there (0 absent, n edition n)."""

    id: int
    item: str
    channel: str
    want: int
    have: int
    state: str
    remote_id: str = ""
    url: str = ""


@dataclass(frozen=True)
class Gate:
    """What a channel may begin at a moment: decided from its hours and limits, obeyed inside the claim.

    Only a first publication has to pass; corrections and withdrawals never wait, urgent notices neither.

    Args:
        open: posts may go out now.
        why: the reason when they may not, for people.
        since: aware time since which it has been open.
        quotas: at most `most` publications since an aware time.
        gap: least time between two publications.
        alone: one delivery of the channel at a time.
    """

    open: bool = True
    why: str = ""
    since: datetime | None = None
    quotas: tuple[tuple[datetime, int], ...] = ()
    gap: timedelta = timedelta(0)
    alone: bool = False


@dataclass(frozen=True)
class Claim:
    """A delivery that this worker may try now; `attempt` is the fence.

    Args:
        op: publish, revise, withdraw, confirm (a pending token) or find (an unsure publish).
        edition: the edition to bring about; 0 for a withdrawal.
        pending: the channel's token for a post that it took but has no id for.
        post: the stored post of the edition, as text.
        shown: the stored post that is on the channel now, as text; empty before the first publication.
        since: aware time of the first attempt, from which an unsure post is looked for.
        tries: attempts since the last success that ended in "later".
        looked: how often an unsure post was looked for in vain.
        accepted: aware time at which the channel took a pending post.
        leave_by: reading of `channels.http.ticks` after which no write may leave this worker.
    """

    delivery: int
    item: str
    channel: str
    op: Literal["publish", "revise", "withdraw", "confirm", "find"]
    edition: int
    attempt: int
    remote_id: str
    url: str
    pending: str
    post: str
    since: datetime
    tries: int
    shown: str = ""
    looked: int = 0
    accepted: datetime | None = None
    leave_by: float = float("inf")

    @property
    def brings(self) -> str:
        """What a confirmed token brings about."""
        return "revise" if self.remote_id else "publish"


@dataclass(frozen=True)
class Attempt:
    """How one try ended; kept for ever.

    Args:
        outcome: done, accepted, later, held, refused, unsure, absent, several or unchanged.
        retry_at: aware time before which the delivery is left alone.
        candidates: (remote id, address) of posts among which a person chooses.
        person: a person has to decide; nothing is tried until then.
        trace: the platform's trace id.
        rest: seconds to leave the whole channel alone.
        unclear: a revision or withdrawal got no clear answer, so it may have been done.
        trouble: the channel itself failed (no connection, throttle, no clear answer), which feeds its circuit.
        harmless: the channel may be asked twice (`idempotent`), so what is absent is simply done again.
    """

    outcome: str
    remote_id: str = ""
    url: str = ""
    pending: str = ""
    error: str = ""
    code: str = ""
    retry_at: datetime | None = None
    candidates: tuple[tuple[str, str], ...] = ()
    person: bool = False
    trace: str = ""
    rest: float = 0.0
    trouble: bool = False
    unclear: bool = False
    harmless: bool = False
