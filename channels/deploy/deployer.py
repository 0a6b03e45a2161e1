"""Brings what changed to the server, in an order in which every state on the way is a sound one."""

from __future__ import annotations

import hashlib
import logging
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from channels.base import Health
from channels.deploy.carrier import Carrier, DeployError, File
from channels.deploy.memory import Memory, alone, remembered

_log = logging.getLogger(__name__)
_MEMORY: Final = "deploy.sqlite"
_LOCK: Final = "deploy.lock"
_FIRST_WAIT: Final = 60.0  # seconds after a failure; doubled with each, up to …
_LONGEST_WAIT: Final = 900.0
_LAST: Final = 1_000
_BUSY: Final = "another deployment is under way"


@dataclass(frozen=True)
class Batch:
    """What one deployment has to bring, as it stood at one moment.

    Args:
        root: folder that holds nothing but these files and keeps their bytes whatever happens to the site.
        files: addresses of the files.
        gone: addresses at which nothing must stand any more.
        mark: by which the local side knows what it handed over.
    """

    root: Path
    files: tuple[str, ...]
    gone: tuple[str, ...]
    mark: object = None


class Local(Protocol):
    """The site on this machine: notes what changed until a server has it."""

    def waits(self) -> bool:
        """Whether anything changed since it was last brought; cheap."""

    def batch(self, *, whole: bool) -> AbstractContextManager[Batch]:
        """What changed, or all there is; kept apart from later changes while it is open."""

    def settle(self, batch: Batch) -> None:
        """A batch has arrived; what changed meanwhile stays noted."""

    def rank(self, address: str) -> int | None:
        """When an address is brought (low first); None when it is none of the site's own."""


@dataclass(frozen=True)
class Report:
    """What one deployment did, or would do; `error` is empty when all arrived."""

    sent: tuple[str, ...] = ()
    same: int = 0
    removed: tuple[str, ...] = ()
    size: int = 0
    whole: bool = False
    error: str = ""
    remedy: str = ""


@dataclass
class _Plan:
    files: list[tuple[File, str]] = field(default_factory=list)
    same: int = 0
    gone: list[str] = field(default_factory=list)


class Deployer:
    """Carries a site to one server; remembers in `state` what arrived there.

    Args:
        carrier: opens the way to the server.
        target: its address, by which another server is noticed.
        tell: hears how a deployment ended that had something to do.
    """

    def __init__(self, local: Local, carrier: Callable[[], Carrier], target: str, state: Path, *,
                 clock: Callable[[], datetime], tell: Callable[[Health], None] = lambda _health: None) -> None:  # fmt: skip
        self._local, self._carrier, self._target = local, carrier, target
        self._state, self._clock, self._tell = state, clock, tell

    def bring(self) -> None:
        """After each change: brings it, or notes why not and tries again after a while. Raises nothing."""
        with remembered(self._state / _MEMORY) as memory:
            if memory.fact("done for") == self._target and not self._local.waits():
                return
            if memory.fact("tried") == self._target and memory.fact("after") > _text(self._clock()):
                return
        if self.run().error != _BUSY:
            self._tell(self.health())

    def run(self, *, whole: bool = False, dry: bool = False) -> Report:
        """Bring what changed now.

        Args:
            whole: look at every file, and at what else stands on the server.
            dry: only say what would be done.
        """
        with alone(self._state / _LOCK) as free, remembered(self._state / _MEMORY) as memory:
            if not free:
                return Report(error=_BUSY)
            try:
                report = self._run(memory, whole=whole, dry=dry)
            except DeployError as error:
                report = Report(error=str(error), remedy=error.remedy)
            except (OSError, sqlite3.Error) as error:  # our own disk
                report = Report(error=f"{type(error).__name__}: {error}")
            if not dry:
                self._note(memory, report)
        return report

    def health(self) -> Health:
        """How the last deployment ended."""
        with remembered(self._state / _MEMORY) as memory:
            error, since = memory.fact("error"), memory.fact("since")
            if not error:
                return Health(True)
            return Health(False, f"not on {self._target} since {since}: {error}", remedy=memory.fact("remedy"))

    def _run(self, memory: Memory, *, whole: bool, dry: bool) -> Report:
        with self._carrier() as there:
            stamp = there.stamp()
            ours = memory.fact("target") == self._target and stamp in (memory.fact("stamp"), memory.fact("next"))
            fresh = whole or not ours or not stamp  # somebody else was there, or it is another server
            every = fresh or bool(memory.fact("begun"))
            with self._local.batch(whole=every) as batch:
                if fresh and not dry:
                    memory.note(begun="yes")
                    memory.forget()
                    self._stamp(memory, there, begun="yes")  # what arrives from now on counts, also after a crash
                plan = self._plan(memory, batch, there, every=every, trust=not fresh)
                report = Report(tuple(file.address for file, _hash in plan.files), plan.same, tuple(plan.gone),
                                sum(file.source.stat().st_size for file, _hash in plan.files), every)  # fmt: skip
                if dry:
                    return report
                self._carry(memory, there, batch, plan)
                if every or report.sent or report.removed:
                    self._stamp(memory, there, begun="")
                self._local.settle(batch)
        return report

    def _plan(self, memory: Memory, batch: Batch, there: Carrier, *, every: bool, trust: bool) -> _Plan:
        plan = _Plan()
        for address in batch.files:
            if not there.hidden and address.startswith("."):
                continue
            file = File(address, batch.root / address)
            digest = _digest(file.source)
            if trust and memory.hash(address) == digest:
                plan.same += 1
            else:
                plan.files.append((file, digest))
        if every:  # what stands there and is no longer shown here must go, whoever brought it
            strange = set(there.names()) - set(batch.files)
            plan.gone = sorted(name for name in strange if self._local.rank(name) is not None)
        else:
            plan.gone = [name for name in batch.gone if memory.hash(name)]
        return plan

    def _carry(self, memory: Memory, there: Carrier, batch: Batch, plan: _Plan) -> None:
        """What is new first, since nobody links to it yet, then what changed; each time pages before what lists them.

        A mark of withdrawal goes with its page, all else that goes is last.
        """
        hashes = {file.address: digest for file, digest in plan.files}
        waves: dict[tuple[bool, int], tuple[list[File], list[str]]] = {}
        for address in hashes:
            place = (bool(memory.hash(address)), self._local.rank(address) or 0)
            waves.setdefault(place, ([], []))[0].append(File(address, batch.root / address))
        for name in plan.gone:
            place = (True, (self._local.rank(name) or 0) if name.startswith(".") else _LAST)
            waves.setdefault(place, ([], []))[1].append(name)
        for _place, (files, gone) in sorted(waves.items()):
            if files:
                there.send(
                    batch.root, files, lambda part: memory.arrived((one.address, hashes[one.address]) for one in part)
                )
            if gone:
                there.remove(batch.root, gone)
                memory.went(gone)

    def _stamp(self, memory: Memory, there: Carrier, *, begun: str) -> None:
        """Noted before and after, so that a crash in between leaves a stamp that we know."""
        stamp = secrets.token_hex(16)
        memory.note(next=stamp, target=self._target, begun=begun or memory.fact("begun"))
        there.mark(stamp)
        memory.note(stamp=stamp, begun=begun)

    def _note(self, memory: Memory, report: Report) -> None:
        now = self._clock()
        memory.note(tried=self._target)
        if report.error:
            failures = int(memory.fact("failures") or 0) + 1
            wait = min(_FIRST_WAIT * 2 ** min(failures - 1, 10), _LONGEST_WAIT)
            memory.note(error=report.error, remedy=report.remedy, since=memory.fact("since") or f"{now:%H:%M %d/%m/%Y}",
                        failures=str(failures), after=_text(now + timedelta(seconds=wait)))  # fmt: skip
            _log.warning("the portal was not brought to %s: %s", self._target, report.error)
            return
        memory.note(
            error="", remedy="", since="", failures="0", after="", done=_text(now), **{"done for": self._target}
        )
        if report.sent or report.removed:
            _log.info("the portal was brought to %s: %d files (%d bytes), %d removed%s", self._target, len(report.sent),
                      report.size, len(report.removed), ", whole" if report.whole else "")  # fmt: skip


def forget(state: Path) -> None:
    """Deploying is switched off: changes are no longer noted, so what was known will be wrong."""
    for name in (_MEMORY, f"{_MEMORY}-wal", f"{_MEMORY}-shm"):
        (state / name).unlink(missing_ok=True)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
