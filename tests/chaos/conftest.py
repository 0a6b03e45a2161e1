"""PostgreSQL with durable commits, as in the field; and what a test tells the log."""

import pytest

from tests.postgres import Server


@pytest.fixture(scope="session")
def chaos_postgres():
    server = Server(durable=True)
    yield server
    server.stop()


@pytest.fixture
def tell(record_property):
    """tell(text): a line of the log."""
    return lambda text: record_property("told", text)


def pytest_report_teststatus(report):
    """What a test told stands in the log in place of its dot, whichever process ran it."""
    told = [text for name, text in report.user_properties if name == "told"]
    if told and report.when == "call":
        return report.outcome, f"{told[-1]}{' ' if report.passed else ' F'}", report.outcome.upper()
    return None
