"""An editor's yes to a proposal, written into the file itself, so that the folder stays the truth."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

from pipeline import flow, intake
from pipeline.desk.pages import Desk
from pipeline.errors import NotPossible
from pipeline.i18n import _
from pipeline.text import without_marks
from pipeline.wiring import workshop

MASKING, REPAIR = b"che_thong_tin", b"sua_chu"
_NAMES = {MASKING: ("che_thong_tin", "masking"), REPAIR: ("sua_chu", "text_repair")}
_BOM = b"\xef\xbb\xbf"


def accept(desk: Desk, path: str, key: bytes) -> None:
    """Write `key: dong_y` into a file's metadata and look at the file again.

    Raises:
        NotPossible: the file is gone, was changed since it was looked at, has no metadata, or says something already.
    """
    file = _file_of(desk, path)
    try:
        data = with_yes(file.read_bytes(), key)
        replace(file, data)
    except OSError as error:
        raise NotPossible(_("The file cannot be changed: {reason}").format(reason=error.strerror)) from error
    look_again(desk, path)


def look_again(desk: Desk, path: str) -> None:
    """Work one file through at once, without waiting for the next look at the folder."""
    flow.look_at(desk.config.content, desk.ledger, workshop(desk.config, desk.clock()), path,
                 desk.config.intake.ignore)  # fmt: skip


def _file_of(desk: Desk, path: str) -> Path:
    """The file of a drop, which is as it was when it was looked at."""
    root = desk.config.content
    found, known = intake.walk(root, names=desk.config.intake.ignore), desk.ledger.known_drops().get(path)
    drop, file = found.drops.get(path), root / path
    if drop is None or known is None or file.is_symlink() or not file.is_file():
        raise NotPossible(_("The file is not in the folder any more."))
    if file.suffix.lower() != ".md":
        raise NotPossible(_("This can be written into a text file only; change the document in Word."))
    if intake.stamp_of(drop, known.assets, found.stamps) != known.stamp:
        raise NotPossible(_("The file was changed meanwhile; it is looked at first."))
    return file


def with_yes(data: bytes, key: bytes) -> bytes:
    """The same bytes with one more line at the end of the metadata.

    Raises:
        NotPossible: there is no metadata, or it has the key already.
    """
    rows = data.removeprefix(_BOM).split(b"\n")
    end = next((n for n, row in enumerate(rows[1:], 1) if row.rstrip() in (b"---", b"...")), 0)
    if rows[0].rstrip() != b"---" or not end:
        raise NotPossible(_("The file has no metadata that a line could be added to."))
    if any(_name(row) in _NAMES[key] for row in rows[1:end]):
        raise NotPossible(_("The file says something about it already; change it there."))
    ending = b"\r" if rows[0].endswith(b"\r") else b""
    rows.insert(end, key + b": dong_y" + ending)
    return (_BOM if data.startswith(_BOM) else b"") + b"\n".join(rows)


def _name(row: bytes) -> str:
    """The key of a line as the parser compares it."""
    key = row.partition(b":")[0].decode("utf-8", "replace").strip().strip("\"'")
    return re.sub(r"[\s-]+", "_", without_marks(key).lower())


def replace(file: Path, data: bytes) -> None:
    """Put new content in place as a whole, with the permissions of the old.

    Raises:
        OSError: the folder cannot be written.
    """
    handle, temporary = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        shutil.copymode(file, temporary)
        os.replace(temporary, file)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
