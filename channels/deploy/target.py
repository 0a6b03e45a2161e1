"""Where the portal is brought to, as one address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

SCHEMES: Final = ("rsync+ssh", "rsync", "sftp", "s3", "file")
_HOST: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.:-]*[A-Za-z0-9])?")
_USER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Target:
    """A folder on a server, a bucket with a prefix, or a folder that is mounted here.

    Args:
        scheme: one of SCHEMES.
        host: server or bucket; empty for a folder.
        path: absolute, but for a bucket's prefix and an rsync module, which have no slash in front.
    """

    scheme: str
    host: str
    path: str
    user: str = ""
    port: int | None = None

    def __str__(self) -> str:
        at = f"{self.user}@" if self.user else ""
        port = f":{self.port}" if self.port else ""
        between = "/" if self.host and not self.path.startswith("/") and self.path else ""
        return f"{self.scheme}://{at}{self.host}{port}{between}{self.path}"


def target_of(text: str) -> Target:
    """Read an address such as "sftp://web@cchc.example.vn/srv/cchc".

    Raises:
        ValueError: it names no place that we can bring files to; also when it holds a password.
    """
    parts = urlsplit(text)
    if parts.scheme not in SCHEMES or parts.query or parts.fragment or parts.password is not None:
        raise ValueError(text)
    path = unquote(parts.path).rstrip("/")
    if ".." in path.split("/") or re.search(r"[\x00-\x1f\x7f]", path):
        raise ValueError(text)
    if parts.scheme == "file":
        if parts.netloc or not path:
            raise ValueError(text)
        return Target("file", "", path)
    user, host = parts.username or "", parts.hostname or ""
    if not _HOST.fullmatch(host) or (user and not _USER.fullmatch(user)):  # neither may look like an option of ssh
        raise ValueError(text)
    if parts.scheme == "s3":
        return Target("s3", host, path.lstrip("/"))
    if not path or (parts.scheme in ("rsync+ssh", "sftp") and not user):
        raise ValueError(text)
    return Target(parts.scheme, host, path.lstrip("/") if parts.scheme == "rsync" else path, user, parts.port)
