"""Every call × every fault, through the whole of it: ledger, claim, adapter, simulator, settle, read back, adopt.

Each cell publishes, corrects and withdraws one item while one call goes wrong once, and prints what the log says.
"""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
import requests
from cryptography.fernet import Fernet

from channels.base import Picture, TokenPair
from channels.facebook.adapter import Facebook
from channels.facebook.post import FacebookPost
from channels.http import Http, HttpOptions
from channels.registry import post_to_json
from channels.simulator.faults import effects
from channels.simulator.server import Simulator
from channels.zalo import consent
from channels.zalo.adapter import Zalo
from channels.zalo.post import TextBlock, ZaloPost
from pipeline import flow
from pipeline.deliver import Patience
from pipeline.ledger import Ledger, Prepared, views
from pipeline.ledger.engine import open_engine
from pipeline.ledger.tokens import Tokens
from pipeline.ledger.verbs import By
from pipeline.model import Identity, Outcome, Slot
from tests.channels.simulator.conftest import Clock, Web
from tests.ledgers import empty_ledger

pytestmark = pytest.mark.chaos
CALLS = {
    "zalo": ("zalo.token", "zalo.create", "zalo.verify", "zalo.getdetail", "zalo.getslice", "zalo.update", "zalo.remove"),
    "facebook": ("facebook.photos", "facebook.feed", "facebook.read", "facebook.published_posts", "facebook.update",
                 "facebook.delete"),
}  # fmt: skip
READS_BACK = ("zalo.getslice", "facebook.published_posts")  # only called after a publication without an answer
SECONDS = {
    "timeout": 1.8,
    "hang": 1.8,
    "drip": 3,
    "late": 40,
    "late-lost": 40,
    "processing": 100,
    "blocked": 60,
    "limit": 60,
}
# Long enough for a call without a fault on a busy machine: the office's clock jumps, so a call that is stored after it was
# given up would be later than all looks.
PATIENCE = HttpOptions(connect=1.2, read=1.2)
CELLS = [(platform, call, effect) for platform, calls in CALLS.items() for call in calls for effect in effects(call)]
ITEM = "k3f9a2xq"


class Office:
    """One item, one channel, a ledger on disk, and a clock that only we move."""

    def __init__(self, folder, platform, png):
        self.platform, self.web, self.clock = platform, Web(), Clock()
        self.sim = Simulator(folder / "sim", port=0, public_hosts=(self.web.place,), clock=self.clock)
        self.sim.start()
        self.engine = open_engine(f"sqlite:///{empty_ledger(folder / 'ledger.sqlite')}")
        self.ledger = Ledger(self.engine, "matrix")
        self.png = png
        keys = self.sim.credentials()
        if platform == "zalo":
            seed = TokenPair("", keys["zalo_refresh_token"], datetime(2000, 1, 1, tzinfo=UTC))
            tokens = self.tokens = Tokens(self.ledger, "zalo", Fernet.generate_key().decode(), folder / "lock", seed)
            self.channel = Zalo(f"{self.sim.url}/zalo-api", f"{self.sim.url}/zalo-oauth", keys["zalo_app_id"],
                                keys["zalo_app_secret"], tokens, clock=self.now, http=PATIENCE)  # fmt: skip
        else:
            self.channel = Facebook(f"{self.sim.url}/graph", "v26.0", keys["facebook_page_id"],
                                    keys["facebook_page_token"], clock=self.now, http=PATIENCE)  # fmt: skip

    def now(self):
        return datetime.fromtimestamp(self.clock.now, UTC)

    def post(self, text):
        if self.platform == "zalo":
            link = f"https://tin.vn/2026/11/mot-cua-{ITEM}.html?tu=zalo"
            cover = Picture(Path("c.png"), f"{self.web.url}/anh.png", "image/png", 500, 320, "Một cửa")
            body = (TextBlock(f"<p>{text}<br>{link}</p>"),)
            return ZaloPost(ITEM, 1, "Một cửa", link, f"mot-cua-{ITEM}.html?tu=zalo", "VP", text, cover, body)
        link = f"{self.web.url}/tin.html?{ITEM}.html?tu=facebook"
        photo = Picture(self.png, "", "image/png", 500, 320, "Một cửa")
        return FacebookPost(ITEM, 1, "Một cửa", link, f"{ITEM}.html?tu=facebook", f"{text} {link}", photo)

    def want(self, text):
        """A new edition of the item."""
        body = post_to_json(self.post(text))
        self.ledger.record([Prepared("u/a.md", "u", text, (), text, Outcome.PUBLISH, identity=Identity(ITEM, "a.html", self.now()),
                                     kind="article", title="Tin", slots=(Slot(self.platform, self.now()),),
                                     posts={self.platform: (body, text)})], self.now())  # fmt: skip

    def settle(self):
        """Deliver until nothing is due for a day; the view of the delivery then."""
        for _step in range(300):
            sent = flow.deliver_due(self.ledger, {self.platform: self.channel}, self.now, patience=Patience(jitter=0.0))
            if sent.items:
                continue
            state = self.ledger.channels().get(self.platform)
            wakes = [self.ledger.next_due([self.platform], self.now()), state and state.rest_until]
            later = [moment for moment in wakes if moment and moment > self.now()]
            if not later or min(later) - self.now() > timedelta(days=2):
                break
            self.clock.now += (min(later) - self.now()).total_seconds() + 0.01
        return views.deliveries(self.ledger)[0]["view"]

    def mend(self):
        """What a person does after a hold or a refusal: mends the channel, releases it, and says: try again."""
        by = By("người trực", self.now())
        self.clock.now += 100
        self.sim.faults.clear()
        state = self.ledger.channels().get(self.platform)
        if state and state.hold:
            if self.platform == "zalo":
                self._consent()
            self.ledger.release_channel(self.platform, by.who, by.now)
        if views.deliveries(self.ledger)[0]["view"] == "failed":
            self.ledger.retry(ITEM, "", by)

    def _consent(self):
        """An administrator agrees in a browser; the new pair is stored."""
        keys, base = self.sim.credentials(), f"{self.sim.url}/zalo-oauth"
        begun = consent.begin(base, keys["zalo_app_id"], "https://bantin.vn/zalo")
        page = requests.get(begun.address, timeout=5).text
        answer = unescape(re.search(r'href="(https://bantin.vn/zalo[^"]*)"', page).group(1))
        code = consent.read_callback(answer, begun.state)
        secret = keys["zalo_app_secret"]
        self.tokens.save(consent.redeem(Http(base), keys["zalo_app_id"], secret, code, begun.verifier, self.now()))

    def live(self):
        posts = self.sim.items()["items"].get(ITEM, {}).get(self.platform, [])
        return [post for post in posts if post["state"] in ("published", "held")]

    def log(self):
        rows = reversed(views.attempts(self.ledger))
        return " ".join(f"{row['op']}:{row['outcome']}" for row in rows)

    def close(self):
        self.sim.stop()
        self.engine.dispose()


@pytest.mark.parametrize(
    ("platform", "call", "effect"), CELLS, ids=[f"{call}-{effect}" for _platform, call, effect in CELLS]
)
def test_one_fault_leaves_one_post_and_then_none(platform, call, effect, tmp_path, root, tell):
    """Published once, corrected, withdrawn; a person is asked only where the fault is a person's to mend."""
    png = next((root / "content").rglob("*.jpg"))
    office = Office(tmp_path, platform, png)
    try:
        if call in READS_BACK:
            office.sim.faults.add({"zalo": "zalo.create", "facebook": "facebook.feed"}[platform], "lost")
        late = call in ("zalo.update", "facebook.update", "zalo.remove", "facebook.delete")
        if not late:
            office.sim.faults.add(call, effect, SECONDS.get(effect, 0))
        office.want("Bản một")
        asked = _publish(office)
        assert 1 == len(office.live()), office.log()
        if late:
            office.sim.faults.add(call, effect, SECONDS.get(effect, 0))
        office.want("Bản hai")
        office.settle()
        asked |= _again(office)
        assert 1 == len(office.live()), office.log()
        office.ledger.withdraw(ITEM, "", By("x", office.now()))
        office.settle()
        asked |= _again(office)
        assert [] == office.live(), office.log()
        assert {} == office.sim.items()["twice"]
        assert [] == list(office.sim.refreshes()["twice"])
        assert 0 == office.sim.counts()["facebook_writes_while_blocked"]
        tell(f"{call:26} {effect:14} {'person ' if asked else '       '}{office.log()}")
    finally:
        office.close()


def _publish(office):
    view = office.settle()
    return False if view == "published" else _again(office)


def _again(office):
    """Whether a person had to do something; the item is as wanted afterwards."""
    row = views.deliveries(office.ledger)[0]
    state = office.ledger.channels()[office.platform]
    if row["want"] == row["have"] and row["state"] == "idle" and not state.hold:
        return False
    if row["person"]:
        raise AssertionError(f"a person would have to look at the channel: {office.log()}")
    office.mend()
    office.settle()
    return True


@pytest.mark.parametrize("platform", ["zalo", "facebook"])
def test_a_platform_that_is_away_holds_everything_and_loses_nothing(platform, tmp_path, root):
    """Connection refused for hours: the circuit opens, nothing is counted as tried, all goes out when it is back."""
    office = Office(tmp_path, platform, next((root / "content").rglob("*.jpg")))
    port = office.sim._port
    office.sim.stop()
    office.want("Bản một")
    for _hour in range(6):
        flow.deliver_due(office.ledger, {platform: office.channel}, office.now, patience=Patience(jitter=0.0))
        office.clock.now += 3600
    row, state = views.deliveries(office.ledger)[0], office.ledger.channels()[platform]
    assert ("planned", 0, True) == (row["view"], row["have"], state.open_circuit)
    office.sim = Simulator(tmp_path / "sim", port=port, public_hosts=(office.web.place,), clock=office.clock)
    office.sim.start()

    assert "published" == office.settle()
    assert 1 == len(office.live())
    office.close()
