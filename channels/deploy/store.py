"""Object storage, and any mounted folder, through fsspec; each object gets its content type and its caching."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import fsspec

from channels.deploy import remedies
from channels.deploy.carrier import PARTS, STAMP, DeployError, File, Told
from channels.deploy.headers import headers_of

_CHUNK: Final = 256  # files after which those that arrived are told


class Store:
    """A bucket, or a folder that this machine has mounted.

    Args:
        protocol: of fsspec: "s3", "file" ("memory" in tests).
        root: bucket with prefix, or folder.
        options: how fsspec opens it: credentials, endpoint.
    """

    def __init__(self, protocol: str, root: str, **options: Any) -> None:
        self._protocol, self._root, self._options = protocol, root.rstrip("/"), options
        self.hidden = protocol != "s3"  # a bucket shows every name

    def __enter__(self) -> Self:
        try:
            self._files = fsspec.filesystem(self._protocol, **self._options)
        except ImportError as error:
            raise DeployError(f"a library is missing: {error}") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._files.invalidate_cache()

    def stamp(self) -> str:
        try:
            return bytes(self._files.cat_file(self._at(STAMP))).decode("utf-8", "replace")
        except FileNotFoundError:
            return ""
        except Exception as error:  # fsspec's file systems raise what their libraries do
            raise _problem(error) from None

    def mark(self, stamp: str) -> None:
        try:
            if self._protocol != "s3":
                self._files.makedirs(self._root, exist_ok=True)
            self._files.pipe_file(self._at(STAMP), stamp.encode())
        except Exception as error:  # as above
            raise _problem(error) from None

    def send(self, root: Path, files: Sequence[File], told: Told) -> None:
        for headers, same in groupby(
            sorted(files, key=lambda one: headers_of(one.address)), lambda one: headers_of(one.address)
        ):
            group = list(same)
            for first in range(0, len(group), _CHUNK):
                part = group[first : first + _CHUNK]
                try:
                    if self._protocol == "s3":  # an object is there whole or not at all
                        said = {"ContentType": headers.content_type, "CacheControl": headers.cache_control}
                        self._files.put(
                            [str(one.source) for one in part], [self._at(one.address) for one in part], **said
                        )
                    else:
                        self._put(part)
                except Exception as error:  # as above
                    raise _problem(error) from None
                told(part)

    def remove(self, root: Path, addresses: Sequence[str]) -> None:
        for address in addresses:
            try:
                self._files.rm_file(self._at(address))
            except FileNotFoundError:
                continue
            except Exception as error:  # as above
                raise _problem(error) from None

    def names(self) -> Iterable[str]:
        try:
            found = self._files.find(self._root)
        except FileNotFoundError:
            return []
        except Exception as error:  # as above
            raise _problem(error) from None
        return [name.split(f"{self._root}/", 1)[1] for name in found]

    def _put(self, files: Sequence[File]) -> None:
        """A reader must not see a file that is still being written: a spare name first."""
        spare = self._at(f"{PARTS}/deploy")
        self._files.makedirs(self._at(PARTS), exist_ok=True)
        for one in files:
            self._files.makedirs(self._at(one.address).rpartition("/")[0], exist_ok=True)
            self._files.put_file(str(one.source), spare)
            if self._protocol == "file":
                Path(spare).chmod(0o644)
                Path(spare).replace(self._at(one.address))
            else:
                self._files.mv(spare, self._at(one.address))

    def _at(self, address: str) -> str:
        return f"{self._root}/{address}"


def _problem(error: Exception) -> DeployError:
    text = f"{type(error).__name__}: {str(error)[:300]}"
    if isinstance(error, PermissionError):
        return DeployError(text, remedies.RIGHTS)
    if "No space left" in text:
        return DeployError(text, remedies.SPACE)
    if "NoCredentials" in text or "NoSuchBucket" in text or isinstance(error, FileNotFoundError):
        return DeployError(text, remedies.BUCKET)
    return DeployError(text, remedies.UNREACHED if isinstance(error, OSError) or "Connect" in text else "")
