"""Consent on the simulated Zalo, walked by the code that a command line and the desk use."""

from datetime import UTC, datetime
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from channels.errors import NotAuthorized
from channels.http import Http
from channels.zalo.consent import begin, read_callback, redeem

BACK = "http://127.0.0.1:9/zalo"
NOW = datetime(2026, 11, 24, tzinfo=UTC)


class Walk:
    """One consent: begun by us, agreed to in a browser."""

    def __init__(self, sim, **changes):
        keys = sim.credentials()
        self.base, self.app, self.secret = f"{sim.url}/zalo-oauth", keys["zalo_app_id"], keys["zalo_app_secret"]
        self.consent = begin(self.base, changes.get("app", self.app), changes.get("back", BACK))

    def open(self):
        return requests.get(self.consent.address, timeout=5)

    def agree(self):
        """The address behind the page's link."""
        return unescape(self.open().text.split('id="agree" href="')[1].split('"')[0])

    def redeem(self, code, verifier=""):
        return redeem(Http(self.base), self.app, self.secret, code, verifier or self.consent.verifier, NOW)


@pytest.fixture
def walk(sim):
    return Walk(sim)


def test_agreeing_gives_a_pair_that_works(walk, zalo):
    """The link hands back code, account and state, and the code becomes a pair."""
    back = walk.agree()
    pair = walk.redeem(read_callback(back, walk.consent.state))
    zalo.access = pair.access

    assert {"code", "oa_id", "state"} == set(parse_qs(urlsplit(back).query))
    assert back.startswith(f"{BACK}?")
    assert 0 == zalo.get("/v2.0/oa/getoa")["error"]
    assert "access_token" in zalo.refresh(pair.refresh)


def test_consent_is_the_way_back_after_a_revocation(sim, walk, zalo):
    """Revoked tokens stay dead, and a new consent brings living ones."""
    access = zalo.refresh()
    zalo.access = access["access_token"]
    sim.revoke("zalo")
    dead = (zalo.get("/v2.0/oa/getoa")["error"], zalo.refresh(access["refresh_token"])["error"])
    zalo.access = walk.redeem(read_callback(walk.agree(), walk.consent.state)).access

    assert (-216, -14014) == dead
    assert 0 == zalo.get("/v2.0/oa/getoa")["error"]


def test_a_code_is_good_once_and_for_ten_minutes(walk, clock):
    """A second use, a late use and a use with another verifier are -14005."""
    used, wrong, late = (read_callback(walk.agree(), walk.consent.state) for _ in range(3))
    walk.redeem(used)
    with pytest.raises(NotAuthorized) as mistaken:
        walk.redeem(wrong, "another-verifier")
    clock.now += 601
    for code in (used, wrong, late, "unknown"):
        with pytest.raises(NotAuthorized, match="ten minutes") as caught:
            walk.redeem(code)

    assert "-14005" == mistaken.value.code == caught.value.code


@pytest.mark.parametrize(("changes", "code"), [({"app": "1"}, "-14002"), ({"back": "javascript:x"}, "-14003")])
def test_a_wrong_address_ends_on_the_error_page(sim, changes, code):
    """Zalo shows its own page, whose address says why."""
    answer = Walk(sim, **changes).open()

    assert answer.url.endswith(f"/permission/error?error_code={code}")
    assert code in answer.text
    with pytest.raises(NotAuthorized):
        read_callback(answer.url, "s")
