"""An empty ledger on SQLite: the migrations run once in a process, and everybody takes a copy."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.ledger.engine import open_engine


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder, "ledger.sqlite")
        open_engine(f"sqlite:///{file}").dispose()
        return file.read_bytes()


def empty_ledger(file: Path) -> Path:
    """The file, now an empty ledger with its tables."""
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(_migrated())
    return file
