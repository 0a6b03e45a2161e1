"""Takes a form with files off the wire, piece by piece onto the disk: counted while it comes, never whole in memory."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import parse_qs

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from pipeline.config.hosting import UploadSection
from pipeline.desk.refusals import TooMuch, too_long
from pipeline.errors import NotPossible
from pipeline.i18n import _
from pipeline.placing import Stage, safe_name, same_names

_MOST_FIELD: Final = 300_000  # bytes of one field: a text of 256 KB, and a little
_MOST_FIELDS: Final = 80
_MOST_HEAD: Final = 4_096  # bytes of the headers of one part
_DRAIN: Final = 32 * 1024 * 1024  # bytes read and thrown away so that a browser that still sends gets its answer
_DRAIN_SECONDS: Final = 5.0


@dataclass(frozen=True)
class Sent:
    """One file as it came: the form's field, its safe name, and where it lies for now."""

    field: str
    name: str
    file: Path


@dataclass
class Form:
    """Fields as text (a field that came several times keeps all) and the files that were not left empty."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    files: list[Sent] = field(default_factory=list)

    def get(self, name: str) -> str:
        return self.fields.get(name, [""])[0]


async def small_form(request: Request, most: int = 700_000) -> Form:
    """The fields of a form without files.

    Raises:
        TooMuch: it has more than `most` bytes or fields than are taken.
    """
    if request.headers.get("content-type", "").startswith("multipart/"):
        raise TooMuch(415, _("This form takes no files."))
    data = bytearray()
    async for piece in _pieces(request, UploadSection()):
        data += piece
        if len(data) > most:
            raise TooMuch(413, _("The form is too large."))
    try:
        found = parse_qs(data.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise TooMuch(400, _("The form cannot be read.")) from None
    return Form(found)


async def receive(request: Request, stage: Stage, limits: UploadSection, most: Callable[[str], int]) -> Form:
    """Read a multipart form; its files go into the stage, which is gone again when anything is wrong.

    Args:
        most: the largest file of a name, in bytes; raises NotPossible for a type that is not taken.

    Raises:
        NotPossible: a name, a type or the form itself is not taken (TooMuch when it is too large or too slow).
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise TooMuch(415, _("The form cannot be read."))
    pieces = _pieces(request, limits)
    reader = _Reader(stage, limits, most)
    try:
        parser = MultipartParser(options[b"boundary"], reader.callbacks())  # type: ignore[arg-type]  # its TypedDict names more
        if int(request.headers.get("content-length") or 0) > limits.total_bytes:
            raise _too_large(limits)
        async for piece in pieces:
            reader.count(len(piece))
            parser.write(piece)
        parser.finalize()
        if not reader.ended:
            raise TooMuch(400, _("The upload was cut off; send it again."))
    except BaseException as error:
        reader.close()
        stage.drop()
        if isinstance(error, NotPossible):
            await _drain(pieces)
        if isinstance(error, ClientDisconnect):
            raise TooMuch(400, _("The upload was cut off; send it again.")) from None
        if isinstance(error, (FormParserError, UnicodeDecodeError)):
            raise TooMuch(400, _("The form cannot be read.")) from None
        raise
    return reader.form


async def _pieces(request: Request, limits: UploadSection) -> AsyncIterator[bytes]:
    """The body as it comes; a sender that falls silent or takes for ever is let go."""
    end = time.monotonic() + limits.minutes * 60
    stream = request.stream()
    while True:
        wait = min(limits.idle, end - time.monotonic())
        try:
            yield await asyncio.wait_for(anext(stream), max(wait, 0.001))
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise TooMuch(
                408, _("The connection was silent for too long; nothing was stored. Send it again.")
            ) from None


async def _drain(pieces: AsyncIterator[bytes]) -> None:
    left, end = _DRAIN, time.monotonic() + _DRAIN_SECONDS
    try:
        async for piece in pieces:
            left -= len(piece)
            if left < 0 or time.monotonic() > end:
                return
    except (NotPossible, RuntimeError):
        return


def _too_large(limits: UploadSection) -> TooMuch:
    return TooMuch(413, _("All files together may have {most} MB; send them in several parts.").format(
        most=limits.total_mb))  # fmt: skip


class _Reader:
    """What the parser calls; one part at a time is open."""

    def __init__(self, stage: Stage, limits: UploadSection, most: Callable[[str], int]) -> None:
        self.form, self.ended = Form(), False
        self._stage, self._limits, self._most_of = stage, limits, most
        self._total = self._parts = self._head = self._size = self._most = 0
        self._key, self._value, self._headers = b"", b"", dict[bytes, bytes]()
        self._field, self._text = "", bytearray()
        self._out: BinaryIO | None = None

    def callbacks(self) -> dict[str, Callable[..., None]]:
        return {"on_part_begin": self._begin, "on_header_field": self._on_key, "on_header_value": self._on_value,
                "on_header_end": self._header_end, "on_headers_finished": self._headers_end,
                "on_part_data": self._data, "on_part_end": self._end, "on_end": self._all}  # fmt: skip

    def count(self, size: int) -> None:
        self._total += size
        if self._total > self._limits.total_bytes:
            raise _too_large(self._limits)

    def close(self) -> None:
        if self._out:
            self._out.close()

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > self._limits.files + _MOST_FIELDS:
            raise TooMuch(413, _("The form has too many parts."))
        self._headers, self._head, self._size, self._text = {}, 0, 0, bytearray()

    def _on_key(self, data: bytes, start: int, end: int) -> None:
        self._grow_head(end - start)
        self._key += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._grow_head(end - start)
        self._value += data[start:end]

    def _grow_head(self, size: int) -> None:
        self._head += size
        if self._head > _MOST_HEAD:
            raise TooMuch(400, _("The form cannot be read."))

    def _header_end(self) -> None:
        self._headers[self._key.lower()] = self._value
        self._key = self._value = b""

    def _headers_end(self) -> None:
        _disposition, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._field = options.get(b"name", b"").decode()[:100]
        if b"filename" not in options:
            self._most = _MOST_FIELD
            return
        name = options[b"filename"].decode()
        if not name:  # a file field that was left empty
            self._most = 0
            return
        self._open(safe_name(name))

    def _open(self, name: str) -> None:
        if len(self.form.files) >= self._limits.files:
            raise TooMuch(413, _("At most {most} files are taken at once.").format(most=self._limits.files))
        if twice := same_names([*(one.name for one in self.form.files), name]):
            raise NotPossible(_('Two files have the name "{name}".').format(name=twice))
        self._most = self._most_of(name)
        if not self.form.files:
            self._stage.open()
        file = self._stage.file(name)
        self._out = file.open("xb")
        self.form.files.append(Sent(self._field, name, file))

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._size += end - start
        if self._size > self._most:
            name = self.form.files[-1].name if self._out else self._field
            raise TooMuch(413, too_long(name, self._most))
        if self._out:
            self._out.write(data[start:end])
        else:
            self._text += data[start:end]

    def _end(self) -> None:
        if self._out:
            self._out.close()
            self._out = None
        elif self._most:
            self.form.fields.setdefault(self._field, []).append(self._text.decode())

    def _all(self) -> None:
        self.ended = True
