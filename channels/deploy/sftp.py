"""SFTP: files go up side by side under a spare name and are renamed into place."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Final, Self, TypeVar

import asyncssh

from channels.deploy import remedies
from channels.deploy.carrier import PARTS, STAMP, DeployError, File, Told
from channels.deploy.target import Target

_AT_ONCE: Final = 16  # files under way: on a line of 30 ms one after the other would be 8 files a second
_CHUNK: Final = 256  # files after which those that arrived are told
_T = TypeVar("_T")
logging.getLogger("asyncssh").setLevel(logging.WARNING)  # it tells every packet's worth at "info"


class Sftp:
    """One connection for as long as it is open.

    Args:
        key: private key, or "".
        password: used when the key is not enough, or "".
        known_hosts: file with the server's key; no other is accepted.
        time_out: seconds of silence.
    """

    hidden = True

    def __init__(self, target: Target, *, key: str = "", password: str = "", known_hosts: Path, time_out: int) -> None:
        self._target, self._key, self._password = target, key, password
        self._known_hosts, self._time_out = known_hosts, time_out
        self._root = PurePosixPath(target.path)
        self._folders: set[PurePosixPath] = set()

    def __enter__(self) -> Self:
        self._loop = asyncio.Runner()
        try:
            self._run(self._connect())
        except BaseException:
            self._loop.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.abort() if kind else self._connection.close()
        self._loop.close()

    def stamp(self) -> str:
        async def read() -> str:
            try:
                async with self._sftp.open(self._root / STAMP, "r", errors="replace") as file:
                    return str(await file.read())
            except asyncssh.SFTPNoSuchFile:
                return ""

        return self._run(read())

    def mark(self, stamp: str) -> None:
        self._run(self._put(STAMP, stamp.encode()))

    def send(self, root: Path, files: Sequence[File], told: Told) -> None:
        for first in range(0, len(files), _CHUNK):
            part = files[first : first + _CHUNK]
            self._run(self._side_by_side([(self._put, one) for one in part]))
            told(part)

    def remove(self, root: Path, addresses: Sequence[str]) -> None:
        self._run(self._side_by_side([(self._take_away, one) for one in addresses]))

    def names(self) -> Iterable[str]:
        async def walk() -> list[str]:
            found, todo = [], [self._root]
            while todo:
                folder = todo.pop()
                try:
                    entries = [entry async for entry in self._sftp.scandir(folder)]
                except asyncssh.SFTPNoSuchFile:
                    continue
                for entry in entries:
                    name = (
                        entry.filename if isinstance(entry.filename, str) else entry.filename.decode("utf-8", "replace")
                    )
                    if name in (".", ".."):
                        continue
                    if entry.attrs.type == asyncssh.FILEXFER_TYPE_DIRECTORY:
                        todo.append(folder / name)
                    elif entry.attrs.type == asyncssh.FILEXFER_TYPE_REGULAR:
                        found.append((folder / name).relative_to(self._root).as_posix())
            return found

        return self._run(walk())

    async def _connect(self) -> None:
        try:
            keys = [asyncssh.import_private_key(self._key.strip() + "\n")] if self._key else []
        except (asyncssh.KeyImportError, ValueError):
            raise DeployError(
                "the private key cannot be read (a key without passphrase is expected)", remedies.LOG_IN
            ) from None
        to = self._target
        # Nothing of the account that runs us takes part: no ~/.ssh/config, no agent, no other known hosts.
        self._connection = await asyncssh.connect(
            to.host, to.port or 22, username=to.user, client_keys=keys or None, password=self._password or None,
            known_hosts=str(self._known_hosts), config=(), agent_path=None, connect_timeout=self._time_out,
            login_timeout=self._time_out, keepalive_interval=max(1, self._time_out // 3), keepalive_count_max=3,
        )  # fmt: skip
        self._sftp = await self._connection.start_sftp_client()

    async def _put(self, address: File | str, data: bytes | None = None) -> None:
        name = address if isinstance(address, str) else address.address
        target, spare = self._root / name, self._root / PARTS / name.replace("/", "+")
        await self._folder(target.parent)
        await self._folder(spare.parent)
        if isinstance(address, File):
            await self._sftp.put(address.source, spare)
        else:
            async with self._sftp.open(spare, "wb") as file:
                await file.write(data or b"")
        await self._sftp.chmod(spare, 0o644)
        await self._sftp.posix_rename(spare, target)  # the plain rename of SFTP replaces nothing

    async def _folder(self, folder: PurePosixPath) -> None:
        if folder not in self._folders:
            await self._sftp.makedirs(folder, exist_ok=True)
            self._folders.add(folder)

    async def _take_away(self, address: str) -> None:
        target = self._root / address
        try:
            await self._sftp.remove(target)
        except asyncssh.SFTPNoSuchFile:
            return
        for folder in target.parents:
            if folder == self._root:
                return
            try:
                await self._sftp.rmdir(folder)
            except asyncssh.SFTPError:  # something else is in it
                return
            self._folders.discard(folder)

    async def _side_by_side(self, calls: Sequence[tuple[Callable[..., Awaitable[None]], object]]) -> None:
        gate = asyncio.Semaphore(_AT_ONCE)

        async def one(call: Callable[..., Awaitable[None]], what: object) -> None:
            async with gate:
                await call(what)

        async with asyncio.TaskGroup() as group:
            for call, what in calls:
                group.create_task(one(call, what))

    def _run(self, work: Coroutine[object, object, _T]) -> _T:
        try:
            return self._loop.run(work)
        except* (asyncssh.Error, OSError) as group:
            problem = _problem(_first(group))
        raise problem


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _problem(error: BaseException) -> DeployError:
    text = f"SFTP: {str(error)[:300] or type(error).__name__}"
    if isinstance(error, asyncssh.HostKeyNotVerifiable):
        return DeployError(text, remedies.HOST_KEY)
    if isinstance(error, asyncssh.PermissionDenied):
        return DeployError(text, remedies.LOG_IN)
    if isinstance(error, asyncssh.SFTPPermissionDenied | asyncssh.SFTPWriteProtect):
        return DeployError(text, remedies.RIGHTS)
    if isinstance(error, asyncssh.SFTPNoSpaceOnFilesystem | asyncssh.SFTPQuotaExceeded):
        return DeployError(text, remedies.SPACE)
    lost = isinstance(
        error, asyncssh.DisconnectError | asyncssh.SFTPConnectionLost | asyncssh.SFTPNoConnection | OSError
    )
    return DeployError(text, remedies.UNREACHED if lost else "")
