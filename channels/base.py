"""The words that every channel shares: Post, Receipt, Pending, Limits and the Channel protocol."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Literal, Protocol, runtime_checkable

from channels.errors import ChannelError

Unit = Literal["code points", "utf-16 units", "bytes"]


@dataclass(frozen=True)
class Limit:
    """How long a text may be on a channel, and who says so.

    Args:
        most: the platform's limit, in `unit`.
        aim: what we shorten to; smaller where the platform is known to refuse exact lengths.
        unit: what the platform counts.
        source: where the number comes from, with the date it was seen.
    """

    most: int
    aim: int
    unit: Unit
    source: str


@dataclass(frozen=True)
class Limits:
    """What a channel can carry; sizes in bytes. None means that the channel has no such part."""

    title: Limit | None = None
    summary: Limit | None = None
    text: Limit | None = None
    author: Limit | None = None
    picture_bytes: int | None = None
    picture_types: tuple[str, ...] = ("image/jpeg",)


@dataclass(frozen=True)
class Picture:
    """One encoded picture that a post carries.

    Args:
        file: the encoded file on this machine (content-addressed, never changes).
        url: its public address; empty where the channel needs none.
        mime: "image/jpeg", "image/webp" …
        width, height: pixels.
        alt: text for those who do not see it.
    """

    file: Path
    url: str
    mime: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True)
class Post:
    """What one channel will show: rendered once, stored, previewed, sent. Subclasses add a channel's own parts.

    Args:
        item: id of the item; `marker` is what `find` looks for and is derived from it.
        edition: number of the edition that this post shows.
        title: the headline as the channel will show it.
        link: canonical portal address, which carries the item's id.
        marker: the text by which the post is recognised on the channel (part of `link`).
    """

    item: str
    edition: int
    title: str
    link: str
    marker: str


@dataclass(frozen=True)
class Receipt:
    """A channel's word that it shows a post."""

    remote_id: str
    url: str


@dataclass(frozen=True)
class Pending:
    """A channel took a post but has no id for it yet: only ever confirm this token, never send again."""

    token: str


@dataclass(frozen=True)
class Health:
    """Whether a channel could send now.

    Args:
        ok: it answered and may publish.
        message: what a person should know, in the channel's words.
        expires_at: when the credentials end (aware), None when they do not or it is unknown.
        remedy: what a person does about it, step by step; empty when all is well.
    """

    ok: bool
    message: str = ""
    expires_at: datetime | None = None
    remedy: str = ""


class Channel(Protocol):
    """What the pipeline asks of a channel. Each call may raise Refused, NotAuthorized, TryLater or Unsure.

    `idempotent` channels (our own portal) may be asked again without looking; the others are read back by `find`.
    """

    name: ClassVar[str]
    limits: ClassVar[Limits]
    idempotent: ClassVar[bool]
    looks: tuple[float, ...]  # seconds before each look for an unsure post; absent only when the last finds nothing

    def publish(self, post: Post) -> Receipt | Pending:
        """Put the post on the channel."""

    def confirm(self, post: Post, pending: Pending) -> Receipt:
        """Ask what became of a pending post; TryLater while the channel is still working."""

    def revise(self, post: Post, remote_id: str, shown: Post | None = None) -> Receipt | Pending:
        """Make what stands under `remote_id` show this post; `shown` is the post that was last brought there.

        Raises:
            Refused: also when the channel cannot edit what has changed; the message says what a person can do.
        """

    def withdraw(self, post: Post, remote_id: str) -> None:
        """Take it off the channel; gone already counts as done."""

    def find(self, post: Post, since: datetime) -> Sequence[Receipt]:
        """All that the channel holds for this post's marker since a moment, oldest first."""

    def flush(self) -> None:
        """Finish what is better done once for a batch (lists, feeds)."""

    def health(self) -> Health:
        """Look at credentials and account without changing anything; raises nothing."""

    def rest(self) -> float:
        """Seconds to leave the whole channel alone after what it last said of its own limits; 0 to go on."""


@runtime_checkable
class Together(Protocol):
    """A channel of our own that takes many posts at once, each kept whole or not at all; `flush` shows them."""

    def publish_all(self, posts: Sequence[Post]) -> list[Receipt | ChannelError]:
        """Publish or revise; for each post, in order, a receipt or the error that `publish` would have raised.

        Raises:
            ChannelError: nothing of the batch was kept.
        """


@runtime_checkable
class Kept(Protocol):
    """A channel that keeps something open between calls."""

    def close(self) -> None:
        """Let go of it; another call opens it again."""


@dataclass(frozen=True)
class TokenPair:
    """Credentials that a platform rotates; `expires_at` is the access token's end (aware)."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime


class TokenStore(Protocol):
    """Where rotating credentials live: durable before they are used, refreshed by one owner at a time."""

    def load(self) -> TokenPair | None:
        """The newest pair, None when there has never been one."""

    def lock(self) -> AbstractContextManager[object]:
        """Exclusive right to refresh, as a context manager."""

    def spend(self, pair: TokenPair) -> bool:
        """Note durably that this pair's refresh token is being used; False when it already was (somebody died)."""

    def unspend(self, pair: TokenPair) -> None:
        """The request with this refresh token never left, so it may be used again."""

    def save(self, pair: TokenPair) -> None:
        """Make the pair durable; returns only when it is."""
