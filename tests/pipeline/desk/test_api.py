"""The API over HTTP: pages of everything, typed, with tokens; what is wrong is a problem detail."""

import html
from datetime import datetime, timedelta

import pytest
import requests

from pipeline.ledger import sessions, views
from pipeline.ledger.verbs import By
from pipeline.model import Attempt

ITEM = "2026-10-20-tra-quy-hoach-truoc-khi-xin-phep.md"
API = "/api/v1"


@pytest.fixture
def ask(desk, staff):
    """ask(path, role="operator", write=False, method="GET", **request): the answer that a token gets."""
    tokens = {}

    def go(path, role="operator", *, write=False, method="GET", **more):
        if (role, write) not in tokens:
            by = By("test", desk.now)
            tokens[role, write] = sessions.make_token(desk.ledger, role, f"t{write}", read_only=not write, by=by)
        headers = {"Authorization": f"Bearer {tokens[role, write]}"}
        return requests.request(method, f"{desk.address}{API}{path}", headers=headers, timeout=10, **more)

    return go


def walked(ask, path, limit):
    """Every row of a list, page by page."""
    rows, after = [], ""
    while True:
        page = ask(path, params={"limit": limit, "after": after}).json()
        assert len(page["rows"]) <= limit
        rows += page["rows"]
        after = page["next"]
        if not after:
            return rows


@pytest.mark.parametrize(("path", "key"), [("/items", "id"), ("/deliveries", "id"), ("/files", "path"),
                                           ("/attempts", "number")])  # fmt: skip
def test_a_list_comes_in_pages_that_lose_and_repeat_nothing(desk, ask, path, key):
    """Whatever the size of a page."""
    for number in range(3):
        desk.now += timedelta(minutes=1)
        desk.send("portal", Attempt("later", error=f"bận {number}", retry_at=desk.now))
    whole = ask(path, params={"limit": 200}).json()

    assert "" == whole["next"]
    assert len(whole["rows"]) > 1
    for limit in (1, 2):
        assert [one[key] for one in whole["rows"]] == [one[key] for one in walked(ask, path, limit)]


def test_an_item_tells_what_its_page_tells(desk, ask):
    """Editions, findings, stored posts, deliveries with their states, receipts."""
    desk.send("portal")
    desk.send("portal")
    item = views.item(desk.ledger, ITEM)["id"]
    found = ask(f"/items/{item}").json()

    assert (f"so-xay-dung/{ITEM}", 1) == (found["file"], found["editions"][0]["number"])
    assert {"portal", "zalo", "facebook"} == {one["channel"] for one in found["posts"]}
    assert found["title"] in str(found["posts"][0]["body"])
    assert {"published", "planned"} == {one["view"] for one in found["deliveries"]}
    assert ["https://portal.example/1"] == [one["url"] for one in found["receipts"]]
    assert found["url"].startswith("http://127.0.0.1:9/2026/")


def test_filters_of_the_monitor_narrow_here_too(desk, ask):
    """State, channel, unit, words without marks, period of the attempts."""
    desk.send("portal")

    def count(path, **asked):
        return len(ask(path, params=asked).json()["rows"])

    assert (1, 2, 3, 0) == (count("/deliveries", view="published"), count("/deliveries", channel="zalo"),
                            count("/deliveries", q="quy hoach"), count("/deliveries", unit="so-y-te"))  # fmt: skip
    assert (1, 0) == (count("/items", kind="qa"), count("/items", kind="clip"))
    assert (1, 0) == (count("/attempts", since=desk.now.isoformat()), count("/attempts", until=desk.now.isoformat()))
    assert (1, 0) == (count("/attempts", channel="portal"), count("/attempts", item="khong-co"))


@pytest.mark.parametrize("asked", ["view=odd", "limit=0", "limit=201", "after=x", "don_vi=so-y-te", "since=2026-11-24", "q=" + "x" * 201,
                                   "since=2026-11-24T08:00:00", "unit=a&limit=%00"])  # fmt: skip
def test_a_wrong_or_unknown_filter_is_refused_and_not_left_unread(ask, asked):
    """A program would take the whole list for the narrowed one."""
    answer = ask(f"/deliveries?{asked}")

    assert answer.status_code in (400, 422)
    if answer.status_code == 422:
        found = answer.json()
        assert "application/problem+json" == answer.headers["content-type"]
        assert (422, f"query.{asked.partition('=')[0]}") == (found["status"], found["errors"][0]["where"])


@pytest.mark.parametrize(("status", "path", "method", "role"), [
    (404, "/items/khong-co", "GET", "operator"), (404, "/nothing", "GET", "operator"), (405, "/items", "PUT", "operator"),
    (403, "/deliveries/1", "GET", "contributor"), (403, "/items?unit=so-xay-dung", "GET", "contributor")])  # fmt: skip
def test_what_is_wrong_is_said_as_a_problem_detail(ask, status, path, method, role):
    """With the status, in the language of the office."""
    answer = ask(path, role, method=method, write=True)

    assert (status, status) == (answer.status_code, answer.json()["status"])
    assert "application/problem+json" == answer.headers["content-type"]


def test_without_a_token_programs_are_told_so_and_led_nowhere(desk, staff):
    """A login page would be taken for an answer."""
    for headers in ({}, {"Authorization": "Bearer bantin_x"}):
        answer = requests.get(f"{desk.address}{API}/items", headers=headers, allow_redirects=False, timeout=20)
        assert (401, "Bearer", "application/problem+json") == (
            answer.status_code, answer.headers["www-authenticate"], answer.headers["content-type"])  # fmt: skip


def test_a_contributors_token_sees_the_own_unit_only(ask):
    """In every list."""
    for path in ("/items", "/deliveries", "/attempts", "/files"):
        assert [] == ask(path, "contributor").json()["rows"]
    assert [] == [
        cell for day in ask("/calendar", "contributor").json() for one in day["channels"] for cell in one["planned"]
    ]


def test_a_token_reads_unless_it_was_made_to_write(desk, ask):
    """The verb is done, noted in the audit, and answered with the item as it is then."""
    item = views.item(desk.ledger, ITEM)["id"]
    place, verb = f"/items/{item}/actions", {"verb": "hold", "channel": "zalo", "why": "chờ số liệu"}
    assert 403 == ask(place, method="POST", json=verb).status_code
    answer = ask(place, write=True, method="POST", json=verb)

    assert 200 == answer.status_code
    assert {"zalo"} == {one["channel"] for one in answer.json()["deliveries"] if one["view"] == "held"}
    assert ("operator", "chờ số liệu") == [(one["who"], one["note"]) for one in answer.json()["deeds"]][-1]
    assert 403 == ask(place, "contributor", write=True, method="POST", json=verb).status_code
    assert 403 == ask(place, "editor", write=True, method="POST", json={"verb": "withdraw", "why": "x"}).status_code


@pytest.mark.parametrize(("status", "verb"), [
    (409, {"verb": "retry", "channel": "portal"}), (409, {"verb": "withdraw", "channel": "portal"}),
    (409, {"verb": "move", "channel": "portal", "when": "2020-01-01T00:00:00+07:00"}), (409, {"verb": "adopt", "channel": "portal"}),
    (409, {"verb": "move"}), (409, {"verb": "approve", "channel": "portal"}), (422, {"verb": "nothing"}), (422, {"verb": "hold", "channel": "portal", "state": "idle"}),
    (422, {"verb": "hold", "channel": "portal", "have": 1}), (422, []), (422, "hold")])  # fmt: skip
def test_a_verb_that_does_not_fit_changes_nothing(desk, ask, status, verb):
    """Nor do further keys of a row that a program would like to set (mass assignment)."""
    before = views.item(desk.ledger, ITEM)
    answer = ask(f"/items/{before['id']}/actions", write=True, method="POST", json=verb)

    assert status == answer.status_code
    assert before == views.item(desk.ledger, ITEM)


def test_a_delivery_moves_to_the_time_that_was_given(desk, ask):
    """With any offset."""
    item = views.item(desk.ledger, ITEM)["id"]
    verb = {"verb": "move", "channel": "zalo", "when": "2026-11-30T01:30:00Z"}
    answer = ask(f"/items/{item}/actions", write=True, method="POST", json=verb)

    assert ["2026-11-30T01:30:00Z"] == [
        one["not_before"] for one in answer.json()["deliveries"] if one["channel"] == "zalo"
    ]


def test_health_calendar_and_log_say_what_the_pages_say(desk, ask):
    """Channels, the week with today's deliveries, every attempt a line."""
    desk.send("portal", Attempt("refused", error="Ảnh quá lớn", code="100"))
    health, week = ask("/health").json(), ask("/calendar").json()
    portal = next(one for one in health["channels"] if one["name"] == "portal")

    assert (False, 1, ["persons"]) == (
        health["ok"],
        portal["persons"],
        [one for one in portal["troubles"] if one == "persons"],
    )
    assert 7 == len(week)
    assert "2026-11-23" == week[0]["day"]
    assert 5 == sum(len(one["planned"]) for day in week for one in day["channels"])
    assert 1 == len(ask("/log").text.splitlines())
    assert "Ảnh quá lớn" in ask("/log?form=csv").text
    assert "bantin_waiting_for_person" in ask("/metrics").text
    assert "so-xay-dung" in {one["id"] for one in ask("/units").json()}


def test_the_description_is_complete_and_needs_no_outside_request(desk, ask):
    """Every address has a summary in Vietnamese; the page is drawn here."""
    document = ask("/openapi.json").json()
    operations = [one for methods in document["paths"].values() for one in methods.values()]
    page = html.unescape(requests.get(f"{desk.address}/api", headers=_as(ask), timeout=20).text)

    assert "3.1.0" == document["openapi"]
    assert [] == [one["operationId"] for one in operations if one["summary"] not in page]
    assert [] == [path for path in document["paths"] if f"{API}{path}" not in page]
    assert "Mã truy cập" in document["components"]["securitySchemes"]["token"]["description"]
    assert not {"http://", "https://"} & {part for part in page.split('"') if part.endswith("//")}
    assert "cdn" not in page.lower()


def _as(ask):
    return {"Authorization": ask("/units").request.headers["Authorization"]}


def test_times_are_utc_with_their_sign(desk, ask):
    """So that nobody has to guess a zone."""
    desk.send("portal")
    row = ask("/attempts").json()["rows"][0]

    assert row["started"].endswith("Z")
    assert desk.now == datetime.fromisoformat(row["started"])


def test_readiness_asks_the_ledger(desk):
    """For whatever starts and watches the desk."""
    assert (200, {"ok": True}) == (desk.get("/readyz").status_code, desk.get("/readyz").json())
