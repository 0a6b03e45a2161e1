"""Profiles of hypothesis: "quick" with the suite, "long" by `make fuzz`; and a desk to be fuzzed in this very process."""

import shutil
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, settings

from pipeline import config as settings_of
from pipeline.desk.app import build
from pipeline.ledger import Ledger, sessions, views
from pipeline.ledger.accounts import Account, add
from pipeline.ledger.engine import open_engine
from pipeline.ledger.verbs import By
from pipeline.model import Attempt
from tests.pipeline.desk.conftest import CHEAP, ROLES, root_of_session, taken_in  # noqa: F401 - fixtures

ITEM = "2026-10-20-tra-quy-hoach-truoc-khi-xin-phep.md"

settings.register_profile("quick", max_examples=40, deadline=None, derandomize=True, database=None,
                          suppress_health_check=[HealthCheck.too_slow])  # fmt: skip
settings.register_profile("long", max_examples=3000, deadline=None, print_blob=True,
                          suppress_health_check=[HealthCheck.too_slow])  # fmt: skip
settings.load_profile("quick")


@pytest.fixture(scope="module")
def newsroom(taken_in, tmp_path_factory):  # noqa: F811 - the fixture
    """app, tokens by role, item: over a copy of the ledger with attempts that went well, badly and unclearly."""
    folder = tmp_path_factory.mktemp("fuzz") / "office"
    shutil.copytree(taken_in, folder)
    office = settings_of.load(folder / "config.toml")
    engine = open_engine(f"sqlite:///{folder / 'ledger.sqlite'}")
    ledger, now = Ledger(engine, "test"), datetime(2026, 11, 24, 8, 0, tzinfo=office.zone)
    later = now + timedelta(days=1)
    for result in (Attempt("done", "r1", "https://portal.example/1"), Attempt("unsure", error="im", retry_at=later)):
        ledger.settle(ledger.claim("portal", now), result, now)
    tokens = {}
    for role in ROLES:
        unit = "so-xay-dung" if role == "contributor" else ""
        add(ledger, Account(role, role, role, unit, password=CHEAP), By("test", now))
        tokens[role] = sessions.make_token(ledger, role, "fuzz", read_only=role == "reader", by=By("test", now))
    item = views.item(ledger, ITEM)["id"]
    yield SimpleNamespace(app=build(ledger, office, lambda: now), tokens=tokens, item=item, office=office)
    engine.dispose()
