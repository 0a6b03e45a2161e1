"""Opening the database: durable commits, write transactions that begin at once, migrations when they are needed."""

from __future__ import annotations

import atexit
from pathlib import Path
from typing import Any
from weakref import WeakSet

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from channels.journal import write_ahead
from pipeline.errors import LedgerDamaged, LedgerError, RunError
from pipeline.i18n import N_, _
from pipeline.ledger import chain

_opened: WeakSet[Engine] = WeakSet()
HEAD = "0012"  # newest migration; a test compares it with the folder


def open_engine(url: str, wait: float = 30.0) -> Engine:
    """Connect and bring the tables up to date.

    Args:
        wait: seconds to wait for a lock that another program holds.

    Raises:
        RunError: the database cannot be opened, is damaged, or is newer than this program.
    """
    try:
        engine = create_engine(url, pool_pre_ping=url.startswith("postgresql"))
    except (SQLAlchemyError, ImportError) as error:
        raise RunError(_("The ledger cannot be opened: {reason}").format(reason=error)) from None
    event.listen(engine, "handle_error", _explain)
    chain.attach(engine)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _record: _durable(connection, wait))
        event.listen(engine, "begin", _begin)
    _opened.add(engine)
    version = _version(engine)
    if version > HEAD:
        raise RunError(_("The ledger was written by a newer bantin (tables {version}); update this program.").format(
            version=version))  # fmt: skip
    if version != HEAD:
        _migrate(engine)
    return engine


@atexit.register
def _let_go() -> None:
    """SQLite puts its write-ahead log into the file when the last connection ends, so that a copy of the file is whole."""
    for engine in _opened:
        engine.dispose()


def _explain(context: ExceptionContext) -> None:
    """Turn the database's own words into an error that says what to do; a broken constraint stays what it is."""
    reason = str(context.original_exception).strip().splitlines()[0] if str(context.original_exception) else ""
    lower = reason.lower()
    if (
        isinstance(context.sqlalchemy_exception, IntegrityError)
        or "no such table" in lower
        or "does not exist" in lower
    ):
        return
    for signs, damaged, advice in _ADVICE:
        if any(sign in lower for sign in signs):
            raise (LedgerDamaged if damaged else LedgerError)(_(advice).format(reason=reason)) from None
    if context.is_disconnect or context.connection is None:
        raise LedgerError(_(_UNREACHABLE).format(reason=reason)) from None


_UNREACHABLE = N_(
    "The ledger's database cannot be reached ({reason}). Check that it runs; nothing is lost, the next run goes on."
)
_ADVICE = (
    (("database is locked", "lock timeout", "canceling statement due to lock"), False,
     N_("Another program keeps the ledger locked ({reason}). Wait, or end that program; nothing is lost.")),
    (("disk is full", "no space left", "disk i/o error", "disk full"), False,
     N_("The disk of the ledger is full ({reason}). Free some space; what was recorded is safe, the next run goes on.")),
    (("readonly", "read-only", "permission denied"), False,
     N_("The ledger cannot be written ({reason}). Give this program the right to write its file and folder.")),
    (("malformed", "not a database", "corrupt"), True,
     N_("The ledger is damaged ({reason}). Stop all programs of bantin, keep the file, restore the last backup, and run "
        "\"bantin ledger restored\" before anything else, so that what went out after it is not sent twice.")),
    (("no such module: fts5",), False,
     N_("SQLite was built without full-text search here ({reason}). Use a Python whose SQLite has FTS5 (Debian's has).")),
    (("unable to open",), False,
     N_("The ledger cannot be opened ({reason}). Check that its folder exists and may be written.")),
)  # fmt: skip


def _durable(connection: Any, wait: float) -> None:
    """An intent that is lost in a power cut is a duplicate post, so every commit reaches the disk (delivery.md)."""
    connection.isolation_level = None  # we begin our transactions ourselves
    write_ahead(connection, wait)
    for setting in ("synchronous=FULL", "foreign_keys=ON", f"busy_timeout={int(wait * 1000)}"):
        connection.execute(f"PRAGMA {setting}")


def _begin(connection: Connection) -> None:
    """A write takes its lock at once; a read never does, so idle polling blocks nobody."""
    reads = connection.get_execution_options().get("reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _version(engine: Engine) -> str:
    try:
        with engine.execution_options(reads=True).connect() as connection:
            return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")
    except SQLAlchemyError:  # there is no such table yet
        return ""


def _migrate(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
