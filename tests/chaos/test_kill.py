"""Workers killed with SIGKILL at random moments: no item lost, none posted twice.

`make chaos CHAOS=long` runs the long form (7,200 deliveries and 210 kills each way); CI runs a short one.
"""

import os
import time

import pytest

from tests.chaos.town import Town

pytestmark = pytest.mark.chaos
LONG = os.environ.get("CHAOS") == "long"
# So many items that the work is not done before the last kill.
ITEMS, KILLS = (2400, 210) if LONG else (120, 12)
WAYS = [("sqlite", 1), ("sqlite", 2), ("postgres", 4)]


@pytest.fixture
def town(request, tmp_path, chaos_postgres):
    store, workers = request.param
    url = chaos_postgres.create(f"kill{workers}") if store == "postgres" else ""
    town = Town(tmp_path, ITEMS, url=url, seed=workers)
    town.workers = workers
    yield town
    town.stop()


@pytest.mark.parametrize("town", WAYS, indirect=True, ids=[f"{store}-{workers}" for store, workers in WAYS])
def test_no_item_is_lost_and_none_is_there_twice(town, tell):
    """Lost answers, refusals of the server and late lists on top of the kills."""
    town.switch(zalo_rate=1_000_000)
    began = time.monotonic()
    town.trade_token()
    town.start(town.workers)
    while town.kills < KILLS and town.open_deliveries():
        time.sleep(town.chance.uniform(0.3, 1.5))
        town.kill_one()
        call = town.chance.choice(["zalo.create", "facebook.feed", "zalo.verify", "facebook.photos"])
        town.fault(call, town.chance.choice(["lost", "502", "fail", "html200"]))
        town.fault(town.chance.choice(["zalo.create", "facebook.feed"]), "late", value=2)
    # Facebook asks for a minute after an unknown error, twice as long after the second.
    done = town.finish(1800 if LONG else 420)
    outcome, posts = town.outcome(), town.count()
    seconds = time.monotonic() - began
    tell(f"{town.workers} workers, {3 * ITEMS} deliveries, {town.kills} kills, {seconds:.0f} s: {dict(outcome)}")

    assert done, (outcome, town.channels())
    assert town.kills >= (KILLS if LONG else KILLS // 2), "too few kills to say anything"
    assert {} == {name: n for of in posts.values() for name, n in of.items() if n > 1}, "posted twice"
    for channel in ("zalo", "facebook"):
        public = outcome[channel, "published"]
        human = outcome[channel, "in_doubt"] + outcome[channel, "failed"]
        assert ITEMS == public + human
        assert public <= len(posts[channel]) <= public + human
    assert ITEMS == outcome["portal", "published"]
    assert ITEMS == len(list((town.folder / "public").glob("2026/11/*.html")))
