"""What the commands print for people."""

from datetime import timedelta

import pytest

from pipeline import config as settings
from pipeline.ledger import Ledger, views
from pipeline.ledger.engine import open_engine
from pipeline.model import Attempt
from pipeline.summary import print_item
from tests.pipeline.ledger.making import prepared, send


@pytest.fixture
def shown(tmp_path, sqlite_url, now, capsys):
    """What `bantin show` prints of an item whose publication nobody can tell about."""
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    engine = open_engine(sqlite_url)
    ledger = Ledger(engine)
    ledger.record([prepared(now, channels=("portal",))], now)
    send(ledger, "portal", now, Attempt("unsure", retry_at=now))
    found = Attempt("several", candidates=(("42_1", "https://fb/1"), ("42_2", "u")))
    send(ledger, "portal", now + timedelta(hours=1), found)
    print_item(settings.load(tmp_path / "config.toml"), views.item(ledger, "a1"))
    engine.dispose()
    return capsys.readouterr().out


def test_an_unsure_post_shows_its_candidates_and_the_two_ways_out(shown):
    """This is it, or it is not there."""
    assert "42_1 https://fb/1" in shown
    assert "42_2" in shown
    assert "bantin adopt a1 portal" in shown
    assert "bantin absent a1 portal" in shown
