"""The known limit of "not twice", stated exactly: when a platform that gave no answer stores the post, and who hears of it.

The platforms are the simulator's, at the wire; the looks are those that are shipped.
"""

from collections import Counter
from datetime import timedelta

import pytest

from pipeline.afterwards import DAYS, look_for_seconds
from pipeline.config import load
from pipeline.ledger import views
from pipeline.ledger.verbs import By
from tests.chaos.test_matrix import ITEM, Office

CALLS = {"zalo": "zalo.create", "facebook": "facebook.feed"}


@pytest.fixture
def looks(root):
    """Seconds before each look, as config.toml ships them."""
    channels = load(root / "config.toml").channels
    return {"zalo": tuple(channels.zalo.looks), "facebook": tuple(channels.facebook.looks)}


@pytest.fixture
def office(request, tmp_path, root, looks):
    office = Office(tmp_path, request.param, next((root / "content").rglob("*.jpg")))
    office.channel.looks = looks[request.param]
    yield office
    office.close()


def publish(office, shown_after):
    """One item whose only answer is lost and whose post shows so many seconds after it was sent; the delivery then."""
    office.sim.faults.add(CALLS[office.platform], "late-lost", shown_after)
    office.want("Bản một")
    office.settle()
    return views.deliveries(office.ledger)[0]


def outcomes(office):
    return [f"{row['op']}:{row['outcome']}" for row in reversed(views.attempts(office.ledger))]


def test_the_last_look_is_where_the_limit_stands(looks):
    """450 s on Facebook, 9,300 s (2 h 35 min) on Zalo, as docs/decisions/041 says."""
    assert {"facebook": 450, "zalo": 9_300} == {name: sum(seconds) for name, seconds in looks.items()}


@pytest.mark.parametrize("office", ["facebook", "zalo"], indirect=True)
def test_stored_before_the_last_look_there_is_one_post(office, looks):
    """Found at that look and taken over; nothing was sent twice, and a later look finds nothing more."""
    row = publish(office, sum(looks[office.platform]) - 10)

    assert "published" == row["view"]
    assert ["publish:unsure", "find:unsure", "find:unsure", "find:done"] == outcomes(office)
    assert 1 == len(office.live())
    assert 0 == look_for_seconds(office.ledger, office.channel, office.now())


@pytest.mark.parametrize("office", ["facebook", "zalo"], indirect=True)
def test_stored_after_the_last_look_there_are_two_and_a_person_hears_of_it(office, looks):
    """One new attempt, never more; once the first shows, the later look names both and nothing more is done there."""
    row = publish(office, sum(looks[office.platform]) + 7_200)
    counted = Counter(outcomes(office))
    assert ("published", 2, 1) == (row["view"], counted["publish:unsure"] + counted["publish:done"] + counted["publish:accepted"],
                                   counted["find:absent"])  # fmt: skip
    assert 0 == look_for_seconds(office.ledger, office.channel, office.now())
    office.clock.now += 7_200
    assert 2 == len(office.live())

    assert 1 == look_for_seconds(office.ledger, office.channel, office.now())
    row = views.deliveries(office.ledger)[0]
    assert ("in_doubt", True, 2) == (row["view"], row["person"], len(row["candidates"]))
    assert row["remote_id"] in {found[0] for found in row["candidates"]}
    assert "find:several" == outcomes(office)[-1]
    assert ["second post"] == [one["what"] for one in views.audit(office.ledger, subject=f"{ITEM} {office.platform}")]
    assert [row["id"]] == [one["id"] for one in views.stuck(office.ledger, office.now())]
    assert 0 == look_for_seconds(office.ledger, office.channel, office.now())
    office.want("Bản hai")
    office.settle()
    assert 2 == views.deliveries(office.ledger)[0]["want"]
    assert 1 == views.deliveries(office.ledger)[0]["have"]


@pytest.mark.parametrize("office", ["facebook", "zalo"], indirect=True)
def test_a_person_takes_one_off_and_says_which_one_stays(office, looks):
    """From then on it is corrected and withdrawn like any other, and no later look asks again."""
    row = publish(office, sum(looks[office.platform]) + 7_200)
    office.clock.now += 7_200
    look_for_seconds(office.ledger, office.channel, office.now())
    kept = row["remote_id"]
    other = next(one for one in views.deliveries(office.ledger)[0]["candidates"] if one[0] != kept)
    office.channel.withdraw(office.post("Bản một"), other[0])
    office.ledger.adopt(ITEM, office.platform, kept, row["url"], By("người trực", office.now()))

    assert 0 == look_for_seconds(office.ledger, office.channel, office.now())
    office.want("Bản hai")
    assert "published" == office.settle()
    assert 1 == len(office.live())
    office.ledger.withdraw(ITEM, "", By("người trực", office.now()))
    office.settle()
    assert [] == office.live()


@pytest.mark.parametrize("office", ["facebook"], indirect=True)
def test_a_post_that_shows_later_than_two_days_is_not_looked_for_any_more(office, looks):
    """The check does not grow with the years."""
    publish(office, sum(looks["facebook"]) + DAYS / timedelta(seconds=1))
    office.clock.now += DAYS / timedelta(seconds=1) + 3_600

    assert 2 == len(office.live())
    assert 0 == look_for_seconds(office.ledger, office.channel, office.now())
