"""A request and a reply as plain values, so that the platforms' rules can be read and tried without a socket."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl


@dataclass(frozen=True)
class Request:
    """One call.

    Args:
        path: below the platform's base, with its leading slash.
        headers: names in lower case.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @cached_property
    def json(self) -> dict[str, Any] | None:
        """The body as a JSON object; None when it is anything else."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return value if isinstance(value, dict) else None

    @cached_property
    def form(self) -> dict[str, Any]:
        """Fields of a urlencoded, multipart or JSON body."""
        if self.media_type == "application/json":
            return dict(self.json or {})
        if self.media_type == "multipart/form-data":
            return {name: data.decode(errors="replace") for name, (data, file) in self._parts.items() if file is None}
        return dict(parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))

    @cached_property
    def files(self) -> dict[str, bytes]:
        """Files of a multipart body by field name."""
        if self.media_type != "multipart/form-data":
            return {}
        return {name: data for name, (data, file) in self._parts.items() if file is not None}

    @cached_property
    def _parts(self) -> dict[str, tuple[bytes, str | None]]:
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        message: Message = BytesParser(policy=HTTP).parsebytes(head + self.body)
        parts = message.get_payload() if message.is_multipart() else []
        found: dict[str, tuple[bytes, str | None]] = {}
        for part in parts if isinstance(parts, list) else []:
            if isinstance(part, Message):
                name = part.get_param("name", header="content-disposition")
                data = part.get_payload(decode=True)
                found[str(name)] = (data if isinstance(data, bytes) else b"", part.get_filename())
        return found


@dataclass(frozen=True)
class Reply:
    """What goes back; a dict is sent as JSON.

    Args:
        manner: "" sends it properly; "cut" closes the connection instead, "silent" does so after `seconds`, "reset"
            resets it in the middle of the body, "drip" takes `seconds` over the body.
    """

    status: int
    body: dict[str, Any] | bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = "application/json; charset=utf-8"
    manner: str = ""
    seconds: float = 0.0

    @property
    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return json.dumps(self.body, ensure_ascii=False).encode()


def html(text: str, status: int = 200) -> Reply:
    return Reply(status, text.encode(), media_type="text/html; charset=utf-8")
