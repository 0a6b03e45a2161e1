"""The simulated Zalo Official Account keeps the rules of facts/zalo.md."""

import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from channels.simulator.server import Simulator


def test_refresh_gives_a_pair_and_kills_the_old_one(zalo):
    """A refresh answers with a new pair, and the old access and refresh tokens are dead at once."""
    first = zalo.refresh()
    zalo.access = first["access_token"]
    second = zalo.refresh(first["refresh_token"])

    assert "90000" == second["expires_in"]
    assert -220 == zalo.get("/v2.0/oa/getoa")["error"]
    assert -14014 == zalo.refresh(first["refresh_token"])["error"]
    assert -14014 == zalo.refresh()["error"]


def test_only_one_of_many_refreshes_wins(zalo):
    """Concurrent refreshes with one token give one pair."""
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: zalo.refresh(), range(6)))

    assert 1 == sum("access_token" in answer for answer in answers)


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"grant_type": "x"}, -14018), ({"app_id": "1"}, -14002), ({"refresh_token": "no"}, -14014)],
)
def test_oauth_errors_come_with_status_200(zalo, changes, code):
    """A wrong form is answered by a code without tokens and without an envelope."""
    answer = zalo.refresh(**changes)

    assert code == answer["error"]
    assert "access_token" not in answer


def test_a_wrong_secret_is_refused(zalo):
    """The secret_key header must be the app's."""
    zalo.keys = {**zalo.keys, "zalo_app_secret": "other"}

    assert -14004 == zalo.refresh()["error"]


def test_access_tokens_end_after_25_hours(zalo, clock):
    """An access token is good for 90,000 seconds."""
    assert 0 == zalo.get("/v2.0/oa/getoa")["error"]
    clock.now += 90_000

    assert -220 == zalo.get("/v2.0/oa/getoa")["error"]


@pytest.mark.parametrize("headers", [{"access_token": "unknown"}, {"access_token": ""}, {"Authorization": "Bearer x"}])
def test_the_token_travels_in_its_own_header(zalo, headers):
    """Unknown, missing and bearer tokens are -216."""
    assert -216 == zalo.call("GET", "/v2.0/oa/getoa", headers).json()["error"]


def test_a_wrong_appsecret_proof_is_refused(zalo):
    """A proof that is not the HMAC of the token is -242."""
    assert -242 == zalo.call("GET", "/v2.0/oa/getoa", {"appsecret_proof": "0" * 64}).json()["error"]


@pytest.mark.parametrize("path", ["/v3.0/article/create", "/v2.0/article/upload_image", "/v2.0/article/getlist"])
def test_removed_paths_are_404(zalo, path):
    """Paths that do not exist any more answer 404 with -209."""
    answer = zalo.call("POST", path, json={})

    assert (404, -209) == (answer.status_code, answer.json()["error"])


def test_an_article_gets_its_id_through_verify(zalo):
    """Create answers with a token only; verify says -214 first, then the same id every time."""
    created = zalo.post("create", zalo.article())
    token = created["data"]["token"]
    answers = [zalo.post("verify", {"token": token}) for _ in range(3)]

    assert {"token"} == set(created["data"])
    assert [-214, 0, 0] == [answer["error"] for answer in answers]
    assert 20 == len(answers[1]["data"]["id"])
    assert answers[1] == answers[2]


def test_the_same_article_twice_is_two_articles(zalo):
    """There is no guard against duplicates."""
    assert zalo.published() != zalo.published()
    assert 2 == zalo.get("getslice", offset=0, limit=10, type="normal")["data"]["total"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"type": "news"}, "type accept only 2 value normal and video."),
        ({"title": ""}, "title allow 1 to 150 characters"),
        ({"title": "a" * 151}, "title allow 1 to 150 characters"),
        ({"title": "a" * 150}, "title allow 1 to 150 characters"),
        ({"title": unicodedata.normalize("NFD", "ế" * 60)}, "title allow 1 to 150 characters"),
        ({"description": "a" * 301}, "description allow 1 to 300 characters"),
        ({"author": "a" * 51}, "author allow 1 to 50 characters"),
        ({"author": None}, "author allow 1 to 50 characters"),
        ({"cover": None}, "cover value is invalid"),
        ({"body": []}, "body is invalid!"),
        ({"body": [{"type": "html", "content": "x"}]}, "body type is invalid!"),
        ({"status": "public"}, "status is invalid!"),
    ],
)
def test_bad_fields_are_refused_by_name(zalo, changes, message):
    """A field that Zalo does not take is -201 with the field in the message."""
    answer = zalo.post("create", zalo.article(**changes))

    assert (-201, message) == (answer["error"], answer["message"])


def test_the_edge_of_a_length_can_be_allowed(sim, zalo):
    """With the edge switched off exactly 150 code points are taken."""
    sim.set("zalo_edge", 0)

    assert 0 == zalo.post("create", zalo.article(title="ế" * 150))["error"]


@pytest.mark.parametrize("html", ["<b>x</b>", '<p class="a">x</p>', "a < b", "<script>x</script>"])
def test_only_proven_html_is_taken(zalo, html):
    """Text blocks hold p and br without attributes, everything else escaped."""
    assert -201 == zalo.post("create", zalo.article(body=[{"type": "text", "content": html}]))["error"]


@pytest.mark.parametrize(
    "url",
    [
        "", "anh.png", "ftp://a.vn/a.png", "http://a.vn/ảnh.png", "http://a.vn/a b.png", "http://localhost/a.png",
        "http://127.0.0.1:1/a.png", "http://192.168.1.4/a.png", "http://[::1]/a.png", "http://may/a.png",
    ],
)  # fmt: skip
def test_cover_must_be_a_public_address(zalo, url):
    """Relative, unescaped, local and private addresses are refused at create."""
    cover = {"cover_type": "photo", "photo_url": url, "status": "show"}

    assert "photo_url is invalid" == zalo.post("create", zalo.article(cover=cover))["message"]


def test_unknown_fields_are_refused(zalo):
    """A field of another API is an error, not a silent drop."""
    assert "content is invalid!" in zalo.post("create", {**zalo.article(), "content": "x"})["message"]


def test_cover_needs_a_status(zalo):
    """A cover without status fails as observed."""
    cover = {"cover_type": "photo", "photo_url": f"{zalo.web.url}/anh.png"}

    assert "create media fail" == zalo.post("create", zalo.article(cover=cover))["message"]


@pytest.mark.parametrize("path", ["/nope.png", "/lon.png", "/tin.txt"])
def test_bad_pictures_show_at_verify(zalo, path):
    """A picture that is missing, over 1 MB or no picture is told by verify, and no article appears."""
    cover = {"cover_type": "photo", "photo_url": zalo.web.url + path, "status": "show"}
    created = zalo.post("create", zalo.article(cover=cover))
    answer = zalo.settle(created["data"]["token"])

    assert (-200, "Upload media failed") == (answer["error"], answer["message"])
    assert 0 == zalo.get("getslice", offset=0, limit=10, type="normal")["data"]["total"]


def test_update_replaces_under_the_same_id(zalo):
    """Update takes the full article and keeps the id."""
    article = zalo.published()
    token = zalo.post("update", {**zalo.article(title="Mới"), "id": article})["data"]["token"]

    assert article == zalo.settle(token)["data"]["id"]
    assert "Mới" == zalo.get("getdetail", id=article)["data"]["title"]
    assert -201 == zalo.post("update", {"id": article, "title": "Chỉ tên"})["error"]
    assert -201 == zalo.post("update", {**zalo.article(), "id": "0" * 20})["error"]


def test_remove_is_final(zalo):
    """A removed article is in no list and its detail is unknown."""
    article = zalo.published()

    assert 0 == zalo.post("remove", {"id": article})["error"]
    assert -201 == zalo.get("getdetail", id=article)["error"]
    assert -201 == zalo.post("remove", {"id": article})["error"]
    assert 0 == zalo.get("getslice", offset=0, limit=10, type="normal")["data"]["total"]


def test_getslice_pages_newest_first(zalo):
    """The list goes from new to old in pages, with dates in milliseconds and no body."""
    ids = [zalo.published(title=f"Tin {number}") for number in range(3)]
    first = zalo.get("getslice", offset=0, limit=2, type="normal")["data"]
    second = zalo.get("getslice", offset=2, limit=2, type="normal")["data"]

    assert ids[::-1] == [one["id"] for one in first["medias"] + second["medias"]]
    assert 3 == first["total"]
    assert 1_795_000_000_000 == first["medias"][0]["create_date"]
    assert "body" not in first["medias"][0]


@pytest.mark.parametrize(
    "query",
    [{"offset": 0, "limit": 10}, {"offset": 0, "limit": 11, "type": "normal"}, {"limit": 5, "type": "normal"},
     {"data": "{}"}],
)  # fmt: skip
def test_getslice_is_strict(zalo, query):
    """type and offset are required, limit is at most 10, nothing is wrapped."""
    assert -201 == zalo.get("getslice", **query)["error"]


def test_getdetail_takes_an_id_only(zalo):
    """A create token is not an id."""
    token = zalo.post("create", zalo.article())["data"]["token"]

    assert -201 == zalo.get("getdetail", token=token)["error"]


def test_status_is_hide_unless_asked(sim, zalo):
    """The default is hide, and the account may hide what was to be shown."""
    hidden = zalo.published(status=None)
    sim.set("zalo_show_as_hide", 1)
    forced = zalo.published()

    assert "hide" == zalo.get("getdetail", id=hidden)["data"]["status"]
    assert "hide" == zalo.get("getdetail", id=forced)["data"]["status"]


@pytest.mark.parametrize(
    ("switch", "value", "code"),
    [("zalo_verified", 0, -221), ("zalo_basic_tier", 1, -224), ("zalo_authorized", 0, -223), ("zalo_quota", 0, -223),
     ("zalo_rate", 0, -32)],
)  # fmt: skip
def test_account_limits(sim, zalo, switch, value, code):
    """Verification, tier, consent, quota and rate are said by their codes."""
    sim.set(switch, value)
    answer = zalo.call("POST", "create", json=zalo.article())

    assert code == answer.json()["error"]
    assert "X-RateLimit-Remain" in answer.headers


def test_json_calls_need_the_json_type(zalo):
    """A form body on a JSON call is refused."""
    assert "Params is invalid" == zalo.call("POST", "create", data={"type": "normal"}).json()["message"]


def test_a_lost_answer_leaves_the_article(sim, zalo):
    """After "lost" the connection closes and the article is there."""
    zalo.get("/v2.0/oa/getoa")
    sim.faults.add("zalo.create", "lost")
    with pytest.raises(requests.ConnectionError):
        zalo.post("create", zalo.article())

    assert 1 == len(sim.held()["zalo"])
    assert 0 == zalo.post("create", zalo.article())["error"]


@pytest.mark.parametrize(("effect", "status", "kept"), [("502", 502, 1), ("html200", 200, 1), ("fail", 500, 0)])
def test_answers_that_are_not_json(sim, zalo, effect, status, kept):
    """502 and html200 come after the article was stored, fail before."""
    zalo.get("/v2.0/oa/getoa")
    sim.faults.add("zalo.create", effect)
    answer = zalo.call("POST", "create", json=zalo.article())

    assert (status, kept) == (answer.status_code, len(sim.held()["zalo"]))
    assert "<h1>" in answer.text


@pytest.mark.parametrize(("effect", "code"), [("throttle", -32), ("expired", -220)])
def test_refusals_by_fault(sim, zalo, effect, code):
    """Throttle and expiry can be called up, and nothing is stored."""
    zalo.get("/v2.0/oa/getoa")
    sim.faults.add("zalo.*", effect)

    assert code == zalo.post("create", zalo.article())["error"]
    assert [] == sim.held()["zalo"]


def test_slow_failing_and_late_media(sim, zalo):
    """Processing can take many polls, fail, or show late in the list."""
    zalo.get("/v2.0/oa/getoa")
    for effect, value in (("slow", 4), ("bad-media", 0), ("late", 60)):
        sim.faults.add("zalo.create", effect, value)
    slow, bad, late = (zalo.post("create", zalo.article(title=name))["data"]["token"] for name in "abc")
    codes = [zalo.post("verify", {"token": slow})["error"] for _ in range(5)]

    assert [-214, -214, -214, -214, 0] == codes
    assert -200 == zalo.settle(bad)["error"]
    assert 0 == zalo.settle(late)["error"]
    assert ["a"] == [one["title"] for one in zalo.get("getslice", offset=0, type="normal")["data"]["medias"]]


def test_a_lost_refresh_has_rotated(sim, zalo):
    """When the answer to a refresh is lost, the old refresh token is dead."""
    sim.faults.add("zalo.token", "lost")
    with pytest.raises(requests.ConnectionError):
        zalo.refresh()

    assert -14014 == zalo.refresh()["error"]


def test_everything_survives_a_restart(make, zalo, sim):
    """Accounts, tokens and articles are the same after a restart."""
    article = zalo.published()
    sim.stop()
    zalo.sim = make()

    assert zalo.keys == zalo.sim.credentials()
    assert article == zalo.get("getdetail", id=article)["data"]["id"]


def test_faults_are_checked_and_come_over_http(sim, zalo):
    """The test's door takes faults as JSON and refuses what it does not know."""
    door = f"{sim.url}/_sim/faults"
    good = requests.post(door, json={"call": "zalo.create", "effect": "throttle"}, timeout=5)
    bad = requests.post(door, json={"call": "zalo.create", "effect": "rain"}, timeout=5)
    form = requests.post(door, data={"call": "zalo.create", "effect": "lost"}, timeout=5)

    assert (200, 400, 404) == (good.status_code, bad.status_code, form.status_code)
    assert -32 == zalo.post("create", zalo.article())["error"]


def test_only_loopback_is_served(tmp_path):
    """A public interface is refused before anything is opened."""
    with pytest.raises(ValueError, match="loopback only"):
        Simulator(tmp_path, host="0.0.0.0")
