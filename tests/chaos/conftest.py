"""PostgreSQL with durable commits, as in the field."""

import pytest

from tests.postgres import Server


@pytest.fixture(scope="session")
def chaos_postgres():
    server = Server(durable=True)
    yield server
    server.stop()
