"""What the ways to a server have in common: files go up whole, names go away, and a stamp says what was brought last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Protocol, Self

STAMP: Final = ".bantin-deploy"  # a name with a dot, which no web server shows
PARTS: Final = ".parts"  # half-sent files; never served either


class DeployError(Exception):
    """The server did not take what it was sent; the message is safe to show and to log.

    Args:
        remedy: what a person does about it; empty when waiting may be enough.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class File(NamedTuple):
    """One file to bring: where it stands on the site and where its bytes are; they do not change meanwhile."""

    address: str
    source: Path


Told = Callable[[Sequence[File]], None]


class Carrier(Protocol):
    """A way to one server, open within `with`. Every call may raise DeployError and may be repeated.

    A reader gets a file's old bytes or its new ones, never a part of them.
    """

    hidden: bool  # whether the server can keep names with a dot from readers (a web server can, an object store cannot)

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def stamp(self) -> str:
        """What `mark` left there last; empty when nothing was."""

    def mark(self, stamp: str) -> None:
        """Leave a stamp."""

    def send(self, root: Path, files: Sequence[File], told: Told) -> None:
        """Bring files that lie below `root` under their addresses; `told` hears of those that have arrived."""

    def remove(self, root: Path, addresses: Sequence[str]) -> None:
        """Take files away; those that are not there count as done. None of them lies below `root`."""

    def names(self) -> Iterable[str]:
        """Every address that holds a file."""
