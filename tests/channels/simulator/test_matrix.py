"""The adapters against the simulator: whatever happens to a call, an item ends up once, or with a person."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from wire import Store

from channels.base import Pending, Picture, TokenPair
from channels.errors import NotAuthorized, Refused, TryLater, Unsure
from channels.facebook.adapter import Facebook
from channels.facebook.post import FacebookPost
from channels.http import HttpOptions
from channels.simulator.faults import effects
from channels.zalo.adapter import Zalo
from channels.zalo.post import TextBlock, ZaloPost

PATIENCE = HttpOptions(connect=1.0, read=1.0)  # seconds; a busy machine is no platform that keeps an answer back
SECONDS = {"timeout": 1.6, "hang": 1.6, "drip": 2.5, "late": 40, "processing": 100, "blocked": 60, "limit": 60}
MARK = "2026/11/mot-cua-k3f9a2xq.html?tu="


class Desk:
    """A channel, a post for it, and the few rules by which the ledger deals with what comes of it."""

    def __init__(self, sim, channel, post, clock):
        self.sim, self.channel, self.post, self.clock = sim, channel, post, clock
        self.attempts = 0

    def now(self):
        return datetime.fromtimestamp(self.clock.now, UTC)

    def deliver(self):
        """Until the post is known to be there, or a person has to act: its id, or that error."""
        began = self.now()
        for _ in range(20):
            self.attempts += 1
            try:
                return self.settled(self.channel.publish(self.post))
            except (Refused, NotAuthorized) as error:
                return error
            except TryLater as error:
                self.clock.now += max(error.after, self.channel.rest())
            except Unsure:
                found = self.looked(began)
                if found:
                    return found
        raise AssertionError("it never ended")

    def settled(self, answer):
        """Confirm what is pending; Unsure there means to look, as after a publish."""
        for _ in range(200):
            if not isinstance(answer, Pending):
                return answer.remote_id
            try:
                answer = self.channel.confirm(self.post, answer)
            except TryLater as error:
                self.clock.now += error.after
        raise AssertionError("it was never confirmed")

    def looked(self, began):
        for wait in self.channel.looks:
            self.clock.now += wait
            for _ in range(5):
                try:
                    matches = self.channel.find(self.post, began)
                    break
                except TryLater as error:
                    self.clock.now += error.after
            assert len(matches) < 2
            if matches:
                return matches[0].remote_id
        return ""


@pytest.fixture
def page(sim, web, clock):
    keys = sim.credentials()
    link = f"{web.url}/tin.html?k3f9a2xq.html?tu=facebook"
    post = FacebookPost("k3f9a2xq", 1, "Một cửa", link, "k3f9a2xq.html?tu=facebook", f"Một cửa {link}")
    when = lambda: datetime.fromtimestamp(clock.now, UTC)  # noqa: E731 - a clock
    channel = Facebook(
        f"{sim.url}/graph", "v26.0", keys["facebook_page_id"], keys["facebook_page_token"], clock=when, http=PATIENCE,
        app_token=f"{keys['facebook_app_id']}|{keys['facebook_app_secret']}",
    )  # fmt: skip
    return Desk(sim, channel, post, clock)


@pytest.fixture
def account(sim, web, clock):
    keys = sim.credentials()
    link = f"https://tin.vn/{MARK}zalo"
    cover = Picture(Path("c.png"), f"{web.url}/anh.png", "image/png", 500, 320, "Một cửa")
    body = (TextBlock(f"<p>Một cửa<br>{link}</p>"),)
    post = ZaloPost("k3f9a2xq", 1, "Một cửa", link, f"{MARK}zalo", "VP", "Tóm tắt", cover, body)
    when = lambda: datetime.fromtimestamp(clock.now, UTC)  # noqa: E731 - a clock
    store = Store(TokenPair("", keys["zalo_refresh_token"], datetime(2000, 1, 1, tzinfo=UTC)))
    channel = Zalo(
        f"{sim.url}/zalo-api", f"{sim.url}/zalo-oauth", keys["zalo_app_id"], keys["zalo_app_secret"], store, clock=when,
        http=PATIENCE,
    )  # fmt: skip
    channel.health()  # takes the first pair
    return Desk(sim, channel, post, clock)


def shown(sim, platform):
    """Ids of what citizens can see, or will."""
    posts = sim.items()["items"].get("k3f9a2xq", {}).get(platform, [])
    return [post["id"] for post in posts if post["state"] in ("published", "held")]


PERSON = {
    "facebook.feed": {"expired", "revoked", "blocked", "phantom"},
    "zalo.create": {"bad-media"},
}


@pytest.mark.parametrize("effect", effects("facebook.feed"))
def test_facebook_publish(sim, page, effect):
    """One post for every fate of the feed call, or a person and none."""
    sim.faults.add("facebook.feed", effect, SECONDS.get(effect, 0))
    ended = page.deliver()

    if effect in PERSON["facebook.feed"]:
        assert isinstance(ended, NotAuthorized | Refused)
        assert [] == shown(sim, "facebook")
    else:
        assert [ended] == shown(sim, "facebook")
    assert {} == sim.items()["twice"]
    assert 0 == sim.counts()["facebook_writes_while_blocked"]
    assert 0 == sim.counts()["facebook_calls_while_limited"]


@pytest.mark.parametrize("effect", effects("facebook.published_posts"))
def test_facebook_look(sim, page, effect):
    """A lost answer is settled although the look meets a fate of its own."""
    sim.faults.add("facebook.feed", "lost")
    sim.faults.add("facebook.published_posts", effect, SECONDS.get(effect, 0))
    if effect in ("expired", "revoked"):
        with pytest.raises(NotAuthorized):
            page.deliver()
    else:
        assert [page.deliver()] == shown(sim, "facebook")
    assert {} == sim.items()["twice"]


@pytest.mark.parametrize("effect", effects("facebook.read"))
def test_facebook_read_back(sim, page, effect):
    """The read after a publish may meet any fate: the post stays one and known."""
    sim.faults.add("facebook.read", effect, SECONDS.get(effect, 0))

    assert [page.deliver()] == shown(sim, "facebook")
    assert 1 == page.attempts


@pytest.mark.parametrize("effect", effects("facebook.update"))
def test_facebook_edit_and_delete_may_be_repeated(sim, page, effect):
    """Repeated until it is said to be done, an edit is there and a deleted post is gone."""
    remote_id = page.deliver()
    for call, work in (
        ("update", lambda: page.channel.revise(page.post, remote_id, page.post)),
        ("delete", lambda: page.channel.withdraw(page.post, remote_id)),
    ):
        sim.faults.add(f"facebook.{call}", effect, SECONDS.get(effect, 0))
        for _ in range(3):
            try:
                work()
                break
            except NotAuthorized:
                assert effect in ("expired", "revoked", "blocked")
                page.clock.now += 61
            except (TryLater, Unsure) as error:
                page.clock.now += max(getattr(error, "after", 60), page.channel.rest())

    assert ["deleted"] == [post["status"] for post in sim.held()["facebook"]]
    assert sim.held()["facebook"][0]["edits"] in (1, 2)


@pytest.mark.parametrize("effect", effects("zalo.create"))
def test_zalo_publish(sim, account, effect):
    """One article for every fate of the create call, or a person and none."""
    sim.faults.add("zalo.create", effect, SECONDS.get(effect, 3))
    ended = account.deliver()

    if effect in PERSON["zalo.create"]:
        assert isinstance(ended, Refused)
    else:
        assert [ended] == shown(sim, "zalo")
    assert {} == sim.items()["twice"]
    assert {} == sim.refreshes()["twice"]


@pytest.mark.parametrize("call", ["zalo.verify", "zalo.getdetail", "zalo.getslice"])
@pytest.mark.parametrize("effect", effects("zalo.verify"))
def test_zalo_settling(sim, account, call, effect):
    """Verify, list and detail may meet any fate on the way to the id."""
    sim.faults.add(call, effect, SECONDS.get(effect, 0))
    if call != "zalo.verify":
        sim.faults.add("zalo.create", "lost")

    assert [account.deliver()] == shown(sim, "zalo")
    assert {} == sim.items()["twice"]


@pytest.mark.parametrize("effect", effects("zalo.token"))
def test_zalo_refresh(sim, account, effect):
    """No fate of a refresh makes us send one refresh token twice; what cannot be known goes to a person."""
    account.clock.now += 90_001
    sim.faults.add("zalo.token", effect, SECONDS.get(effect, 0))
    ended = account.deliver()

    if effect in ("throttle", "throttle-oa", "429", "drip", "error-text"):
        whole = isinstance(ended, str) or effect == "drip"
        assert whole
    else:
        assert isinstance(ended, NotAuthorized)
        assert "consent" in account.channel.health().remedy
    assert {} == sim.refreshes()["twice"]
    assert len(shown(sim, "zalo")) == isinstance(ended, str)


@pytest.mark.parametrize("call", ["update", "remove"])
@pytest.mark.parametrize("effect", effects("zalo.remove"))
def test_zalo_edit_and_remove_may_be_repeated(sim, account, call, effect):
    """Repeated until it is said to be done, an edit is there and a removed article is gone."""
    remote_id = account.deliver()
    sim.faults.add(f"zalo.{call}", effect, SECONDS.get(effect, 0))
    for _ in range(3):
        try:
            if call == "remove":
                account.channel.withdraw(account.post, remote_id)
            else:
                assert remote_id == account.settled(account.channel.revise(account.post, remote_id, account.post))
            break
        except (TryLater, Unsure) as error:
            account.clock.now += getattr(error, "after", 60)

    assert ["show" if call == "update" else "removed"] == [one["status"] for one in sim.held()["zalo"]]
    assert {} == sim.refreshes()["twice"]


def test_health_against_the_simulator(sim, page, account):
    """Both channels are well, and say what to do when their tokens were revoked."""
    before = [page.channel.health(), account.channel.health()]
    sim.revoke("facebook")
    sim.revoke("zalo")
    after = [page.channel.health(), account.channel.health()]

    assert [(True, ""), (True, "")] == [(one.ok, one.remedy) for one in before]
    assert [False, False] == [one.ok for one in after]
    assert all(one.remedy for one in after)
