"""Opening the database: durable commits, write transactions that begin at once, migrations when they are needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError

from pipeline.errors import RunError
from pipeline.i18n import _

HEAD = "0002"  # newest migration; a test compares it with the folder


def open_engine(url: str) -> Engine:
    """Connect and bring the tables up to date.

    Raises:
        RunError: the database cannot be opened, is damaged, or is newer than this program.
    """
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _durable)
        event.listen(engine, "begin", _begin)
    try:
        if _version(engine) != HEAD:
            _migrate(engine)
    except SQLAlchemyError as error:
        reason = str(error.__cause__ or error).splitlines()[0]
        raise RunError(_("The ledger cannot be opened: {reason}").format(reason=reason)) from error
    return engine


def _durable(connection: Any, _record: object) -> None:
    """An intent that is lost in a power cut is a duplicate post, so every commit reaches the disk (delivery.md)."""
    connection.isolation_level = None  # we begin our transactions ourselves
    for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {setting}")


def _begin(connection: Connection) -> None:
    """A write takes its lock at once; a read never does, so idle polling blocks nobody."""
    reads = connection.get_execution_options().get("reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _version(engine: Engine) -> str:
    try:
        with engine.execution_options(reads=True).connect() as connection:
            return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")
    except SQLAlchemyError:
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
