"""When a file is complete, and which names are silently left alone."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import translate
from functools import cache, cached_property

from pipeline.patterns import lazy

# What nobody wants to hear of: hidden files (.DS_Store, .~lock.…#), Office's lock files and safety copies, thumbnails, the
# folders that servers and wastebaskets make, copies under way. Whatever else cannot be taken in is told to its sender.
IGNORED = (".*", "~*", "*~", "thumbs.db", "ehthumbs*.db", "desktop.ini", "icon\r", "readme.md", "*.tmp", "*.temp", "*.part",
           "*.partial", "*.crdownload", "*.opdownload", "*.download", "*.filepart", "*.bak", "*.wbk", "*.asd", "*.swp",
           "@eadir", "#recycle", "$recycle.bin", "system volume information", "__macosx", "lost+found")  # fmt: skip
OURS = ("ket-qua.html", "ket-qua.txt")
STAGE = ".gui-tin-"  # folders in which uploads of the desk grow; left alone whatever the patterns say
_DAY = 86_400.0  # seconds; no clock of a file server is that wrong, so a time beyond it was set on purpose
WORKING_DAY = 12 * 3600.0  # seconds; an older lock file was left behind by a crash


@dataclass(frozen=True)
class Patience:
    """When a file counts as complete.

    Args:
        now: aware time of the look.
        settle: seconds for which size and mtime must not have changed; 0 takes everything at once.
    """

    now: datetime
    settle: float

    @cached_property
    def moment(self) -> float:
        """`now` in seconds since 1970."""
        return self.now.timestamp()


@dataclass(frozen=True)
class _Names:
    """Patterns sorted by what they cost: a walk asks for every file, and most patterns are a start, an end or a whole name."""

    starts: tuple[str, ...]
    ends: tuple[str, ...]
    whole: frozenset[str]
    rest: re.Pattern[str] | None

    def match(self, name: str) -> bool:
        lower = name.lower()
        if lower.startswith(self.starts) or lower.endswith(self.ends) or lower in self.whole:
            return True
        return self.rest is not None and self.rest.match(lower) is not None


@cache
def _names(patterns: tuple[str, ...]) -> _Names:
    lower = [pattern.lower() for pattern in (*patterns, *OURS, f"{STAGE}*")]
    starts = tuple(one[:-1] for one in lower if re.fullmatch(r"[^*?\[]+\*", one))
    ends = tuple(one[1:] for one in lower if re.fullmatch(r"\*[^*?\[]+", one))
    whole = frozenset(one for one in lower if re.fullmatch(r"[^*?\[]+", one))
    rest = [translate(one) for one in lower if one[:-1] not in starts and one[1:] not in ends and one not in whole]
    return _Names(starts, ends, whole, lazy("|".join(rest)) if rest else None)


def is_noise(name: str, names: Sequence[str] = IGNORED) -> bool:
    """Whether a name is silently left alone: our own reports, and whatever the patterns say (any letter case)."""
    return noise_in(names)(name)


def noise_in(names: Sequence[str]) -> Callable[[str], bool]:
    """As `is_noise`, for whoever asks for many names."""
    return _names(tuple(names)).match


def locked(lock: str, names: Iterable[str]) -> Iterator[str]:
    """The documents that a lock file may stand for: Word puts "~$" before a short name or over a long one's start."""
    if lock.startswith(".~lock."):
        yield lock.removeprefix(".~lock.").removesuffix("#")
        return
    rest = lock.removeprefix("~$")
    yield from (name for name in names if name != lock and len(name) - len(rest) in (0, 1, 2) and name.endswith(rest))


def is_young(stat: os.stat_result, patience: Patience) -> bool:
    """Whether the file changed within the time to settle.

    ctime counts too, because copying programs set an old mtime on a file that they have only just written. A time that
    lies ahead of us says nothing: one of the two is believed that does not, and when both do, the server's clock is a
    little fast and the file has to wait until ours catches up.
    """
    now = patience.moment
    past = [moment for moment in (stat.st_mtime, stat.st_ctime) if moment <= now]
    if past:
        return now - max(past) < patience.settle
    return min(stat.st_mtime, stat.st_ctime) - now < _DAY
