"""A ledger on a real database: SQLite, or PostgreSQL with `pytest --postgres`."""

from __future__ import annotations

from itertools import count

import pytest

from pipeline.ledger.verbs import By
from tests.ledgers import opened

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
    with opened(url) as ledger:
        yield ledger


@pytest.fixture
def by(now):
    return By("Nguyễn Thị Biên", now, "kiểm thử")
