"""Zalo's single-use refresh token under races and deaths: never used twice, never lost, and a person is told."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from channels.base import TokenPair
from channels.errors import NotAuthorized
from channels.simulator.server import Simulator
from channels.zalo.adapter import Zalo
from pipeline.ledger import Ledger
from pipeline.ledger.engine import open_engine
from pipeline.ledger.tokens import Tokens
from tests.chaos.town import _SPAWN

pytestmark = pytest.mark.chaos
KEY = "JkoOdnMcMDsCyqGXrmL-7-zTf6ShGbWcAk5Ih4EYgDE="  # every process has to know it


class DyingTokens(Tokens):
    """A process that dies after Zalo's answer came and before it is written."""

    def save(self, pair):
        os._exit(9)


def opened(url, keys, base, folder, kind=Tokens):
    seed = TokenPair("", keys["zalo_refresh_token"], datetime(2000, 1, 1, tzinfo=UTC))
    ledger = Ledger(open_engine(url), "race")
    tokens = kind(ledger, "zalo", KEY, Path(folder) / "lock", seed)
    return tokens, Zalo(f"{base}/zalo-api", f"{base}/zalo-oauth", keys["zalo_app_id"], keys["zalo_app_secret"], tokens,
                        clock=lambda: datetime.now(UTC))  # fmt: skip


def ask(url, keys, base, folder, dying=False):
    _tokens, channel = opened(url, keys, base, folder, DyingTokens if dying else Tokens)
    health = channel.health()
    print(health, flush=True)
    os._exit(0 if health.ok else 1)


@pytest.fixture(params=["sqlite", "postgres"])
def place(request, tmp_path, chaos_postgres):
    """Address of the ledger, credentials, the simulator and its folder."""
    url = f"sqlite:///{tmp_path / 'l.sqlite'}"
    if request.param == "postgres":
        url = chaos_postgres.create(f"tokens_{request.node.name.split('[')[0][-40:]}")
    open_engine(url).dispose()
    simulator = Simulator(tmp_path / "sim", port=0)
    simulator.start()
    yield url, simulator, tmp_path
    simulator.stop()


def run(count, place, **more):
    url, simulator, folder = place
    processes = [_SPAWN.Process(target=ask, args=(url, simulator.credentials(), simulator.url, folder), kwargs=more)
                 for _number in range(count)]  # fmt: skip
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    return [process.exitcode for process in processes]


def test_many_processes_refresh_at_once_and_one_does_it(place):
    """The others take over its pair."""
    assert [0] * 4 == run(4, place)
    assert 1 == place[1].refreshes()["used"]
    assert [] == list(place[1].refreshes()["twice"])


def test_a_process_that_dies_before_it_writes_leaves_a_person_to_ask(place):
    """The refresh token is spent: nobody sends it again, nothing is wiped, the channel says what to do."""
    url, simulator, folder = place
    assert [9] == run(1, place, dying=True)
    assert [1, 1] == run(2, place)
    assert 1 == simulator.refreshes()["used"]
    tokens, channel = opened(url, simulator.credentials(), simulator.url, folder)
    assert simulator.credentials()["zalo_refresh_token"] == tokens.load().refresh
    assert "consent" in channel.health().remedy
    with pytest.raises(NotAuthorized, match="consent"):
        channel._tokens.current()
    tokens._ledger.engine.dispose()


def test_a_lost_answer_is_never_asked_for_again(place):
    """It is the same as a death: only consent helps."""
    place[1].faults.add("zalo.token", "lost")

    assert [1] == run(1, place)
    assert [1] == run(1, place)
    assert 1 == place[1].refreshes()["used"]
