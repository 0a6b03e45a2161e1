"""The way back to living Zalo tokens, against the simulator: begin, agree, finish; nothing is released by a foreign answer."""

import re
from datetime import datetime
from html import unescape

import pytest
import requests

from channels.simulator.server import Simulator
from pipeline import config as settings
from pipeline import consent
from pipeline.errors import ConfigError, NotPossible
from pipeline.ledger import Ledger
from pipeline.ledger.engine import open_engine
from pipeline.openers import zalo_tokens

CALLBACK = "https://bantin.example.vn/zalo/callback"


@pytest.fixture
def newsroom(tmp_path, sqlite_url, monkeypatch):
    simulator = Simulator(tmp_path / "simulator", port=0)
    simulator.start()
    text = (f'[channels.zalo]\noauth_base = "{simulator.url}/zalo-oauth"\napi_base = "{simulator.url}/zalo-api"\n'
            f'redirect_uri = "{CALLBACK}"\n')  # fmt: skip
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    config = settings.load(tmp_path / "config.toml")
    known = simulator.credentials()
    for name in ("zalo_app_id", "zalo_app_secret"):
        monkeypatch.setenv(f"BANTIN_{name.upper()}", known[name])
    monkeypatch.setenv("BANTIN_LEDGER_KEY", "JkoOdnMcMDsCyqGXrmL-7-zTf6ShGbWcAk5Ih4EYgDE=")
    engine = open_engine(sqlite_url)
    yield config, Ledger(engine), simulator
    engine.dispose()
    simulator.stop()


def agreed(address):
    """Where the administrator's browser ends after a click on "Đồng ý"."""
    page = requests.get(address, timeout=5).text
    return unescape(re.search(rf'href="({re.escape(CALLBACK)}[^"]*)"', page).group(1))


def test_an_agreed_consent_gives_new_tokens_and_releases_the_channel(newsroom):
    """The pair is durable before anything is released."""
    config, ledger, _simulator = newsroom
    now = datetime.now(config.zone)
    ledger.hold_channel("zalo", "bantin", "token expired", now)
    consent.finish(config, ledger, agreed(consent.begin(config)), "quản trị", now)

    assert zalo_tokens(config, ledger).load().refresh
    assert not ledger.channels()["zalo"].hold


@pytest.mark.parametrize("answer", ["?code=abc&state=khac", "?error_code=-14003", "", "một mã lạ"])
def test_a_foreign_or_broken_answer_changes_nothing(newsroom, answer):
    """Neither tokens nor the hold."""
    config, ledger, _simulator = newsroom
    now = datetime.now(config.zone)
    ledger.hold_channel("zalo", "bantin", "token expired", now)
    consent.begin(config)
    with pytest.raises(NotPossible):
        consent.finish(config, ledger, answer, "ai đó", now)

    assert ledger.channels()["zalo"].hold
    assert zalo_tokens(config, ledger).load() is None


def test_an_answer_without_a_beginning_is_refused(newsroom):
    """Nobody asked."""
    config, ledger, _simulator = newsroom
    with pytest.raises(NotPossible):
        consent.finish(config, ledger, "?code=a&state=b", "x", datetime.now(config.zone))


def test_the_callback_address_must_be_known(tmp_path):
    """One message that names the key."""
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    with pytest.raises(ConfigError, match="redirect_uri"):
        consent.begin(settings.load(tmp_path / "config.toml"))
