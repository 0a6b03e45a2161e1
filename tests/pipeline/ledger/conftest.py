"""A ledger on a real database: SQLite, or PostgreSQL with `pytest --postgres`."""

from __future__ import annotations

from itertools import count

import pytest

from pipeline.ledger import Ledger
from pipeline.ledger.engine import open_engine
from pipeline.ledger.verbs import By

_numbers = count()


@pytest.fixture
def bare_url(tmp_path, postgres_server):
    """The address of a new database without tables."""
    if postgres_server is None:
        return f"sqlite:///{tmp_path / 'bare.sqlite'}"
    return postgres_server.create(f"t{next(_numbers)}")


@pytest.fixture
def url(request, postgres_server):
    """The address of a new ledger."""
    if postgres_server is None:
        return request.getfixturevalue("sqlite_url")
    return postgres_server.create_ledger(f"t{next(_numbers)}")


@pytest.fixture
def ledger(url):
    engine = open_engine(url)
    yield Ledger(engine, "test")
    engine.dispose()


@pytest.fixture
def by(now):
    return By("Nguyễn Thị Biên", now, "kiểm thử")
