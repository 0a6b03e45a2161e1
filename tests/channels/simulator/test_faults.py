"""Faults reach the wire as they would in the world, by order or by chance, and what came of them is counted."""

import json
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from channels.simulator.faults import CALLS, effects
from channels.simulator.server import Simulator

QUICK = {"timeout": 0.3, "hang": 0.3, "drip": 0.3}


def door(sim, path, **wanted):
    return requests.post(f"{sim.url}/_sim/{path}", json=wanted, timeout=5)


def told(sim, path):
    return requests.get(f"{sim.url}/_sim/{path}", timeout=5).json()


def published(sim):
    return [post for post in sim.held()["facebook"] if post["status"] == "published"]


def heard(send):
    """What a caller hears: that it was cut, or the status and whether it is JSON."""
    try:
        answer = send()
    except requests.JSONDecodeError:
        return "not JSON"
    except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
        return "cut"
    try:
        return answer.status_code, bool(answer.json())
    except ValueError:
        return answer.status_code, "not JSON"


@pytest.mark.parametrize(
    ("effect", "expected", "kept"),
    [
        ("timeout", "cut", 0),
        ("reset-before", "cut", 0),
        ("fail", (500, True), 0),
        ("502-before", (502, "not JSON"), 0),
        ("429", (429, "not JSON"), 0),
        ("lost", "cut", 1),
        ("hang", "cut", 1),
        ("reset", "cut", 1),
        ("500", (500, True), 1),
        ("code1", (500, True), 1),
        ("502", (502, "not JSON"), 1),
        ("html200", (200, "not JSON"), 1),
        ("truncated", (200, "not JSON"), 1),
        ("drip", (200, True), 1),
    ],
)
def test_what_a_caller_hears(sim, graph, effect, expected, kept):
    """Each fault is heard in its own way, and the post is there or not."""
    sim.faults.add("facebook.feed", effect, QUICK.get(effect, 0))
    answer = heard(lambda: graph.call("POST", f"{graph.page}/feed", data={"message": "Tin"}))

    assert (expected, kept) == (answer, len(published(sim)))
    assert "id" in graph.feed(message="Tin sau")


@pytest.mark.parametrize("call", CALLS)
def test_every_call_has_its_faults(call):
    """Each call can be lost before and after, and every effect can happen to some call."""
    assert {"timeout", "hang", "lost", "reset", "fail", "500", "expired", "revoked", "truncated", "drip"} <= set(
        effects(call)
    )


def test_a_client_gives_up_on_a_silent_answer(sim, graph):
    """The post is stored while its caller waits in vain."""
    sim.faults.add("facebook.feed", "hang", 5)
    url, headers = f"{sim.url}/graph/v26.0/{graph.page}/feed", {"Authorization": f"Bearer {graph.token}"}
    with pytest.raises(requests.ReadTimeout):
        requests.post(url, data={"message": "Tin"}, headers=headers, timeout=0.1)

    assert 1 == len(published(sim))


@pytest.mark.parametrize(
    ("effect", "code", "sub"),
    [("throttle", 80001, 0), ("throttle-4", 4, 0), ("throttle-32", 32, 0), ("throttle-613", 613, 0),
     ("expired", 190, 463), ("revoked", 190, 460), ("code1", 1, 99), ("500", 2, 0)],
)  # fmt: skip
def test_codes_of_facebook(sim, graph, effect, code, sub):
    """Limits, tokens and unknown errors have their codes; a limit has its minutes."""
    sim.faults.add("facebook.*", effect, 7)
    answer = graph.call("POST", f"{graph.page}/feed", data={"message": "Tin"})
    error = answer.json()["error"]

    assert (code, sub) == (error["code"], error.get("error_subcode", 0))
    if effect.startswith("throttle"):
        usage = json.loads(answer.headers["x-business-use-case-usage"])[graph.page][0]
        assert 7 == usage["estimated_time_to_regain_access"]


@pytest.mark.parametrize(
    ("effect", "code", "words"),
    [
        ("throttle", -32, "application"),
        ("throttle-oa", -32, "OA"),
        ("quota", -223, "quota"),
        ("revoked", -216, "invalid"),
    ],
)
def test_codes_of_zalo(sim, zalo, effect, code, words):
    """Limits, the month's quota and a revoked token have their codes and texts."""
    zalo.get("/v2.0/oa/getoa")
    sim.faults.add("zalo.create", effect)
    answer = zalo.post("create", zalo.article())

    assert code == answer["error"]
    assert words in answer["message"]


def test_an_error_code_may_be_a_text(sim, zalo):
    """Zalo was seen to send `error` as a string."""
    zalo.get("/v2.0/oa/getoa")
    sim.faults.add("zalo.create", "error-text")

    assert "0" == zalo.post("create", zalo.article())["error"]


def test_a_block_counts_what_is_written_meanwhile(sim, graph, clock):
    """After a 368 every write is refused and counted until the time is over; reading goes on."""
    sim.faults.add("facebook.feed", "blocked-fast", 60)
    first, second = graph.feed(message="a"), graph.feed(message="b")
    reading = graph.posts()
    clock.now += 61

    assert [(368, 1390008)] * 2 == [(one["error"]["code"], one["error"]["error_subcode"]) for one in (first, second)]
    assert [] == reading["data"]
    assert "id" in graph.feed(message="c")
    assert 1 == told(sim, "counts")["facebook_writes_while_blocked"]


def test_calls_extend_a_limit(sim, graph, clock):
    """During a limit every call is refused, counted, and makes it a second longer."""
    sim.faults.add("facebook.page", "limit", 10)
    codes = [graph.get(graph.page)["error"]["code"] for _ in range(3)]
    clock.now += 11
    longer = graph.get(graph.page)["error"]["code"]
    clock.now += 3

    assert [80001] * 4 == [*codes, longer]
    assert "name" in graph.get(graph.page)
    assert 3 == told(sim, "counts")["facebook_calls_while_limited"]


def test_a_phantom_has_an_id_and_no_post(sim, graph):
    """It is in no list, reading it is code 10, and it counts as never shown."""
    sim.faults.add("facebook.feed", "phantom")
    made = graph.feed(message="Ma https://tin.vn/2026/11/a-k3f9a2xq.html?tu=facebook")

    assert 10 == graph.get(made["id"])["error"]["code"]
    assert [] == graph.posts()["data"]
    assert ["phantom"] == [post["state"] for post in sim.items()["items"]["k3f9a2xq"]["facebook"]]


def test_a_late_post_cannot_be_read_before(sim, graph, clock):
    """Late means late for every reader."""
    sim.faults.add("facebook.feed", "late", 30)
    made = graph.feed(message="Muộn")
    before = graph.get(made["id"])["error"]
    clock.now += 30

    assert (100, 33) == (before["code"], before["error_subcode"])
    assert made["id"] == graph.get(made["id"])["id"]


@pytest.mark.parametrize("listed_late", [0, 1])
def test_processing_by_the_clock(sim, zalo, clock, listed_late):
    """-214 lasts as many seconds as wanted; whether the article is in the list meanwhile is a switch."""
    zalo.get("/v2.0/oa/getoa")
    sim.set("zalo_polls", 0)
    sim.set("zalo_listed_late", listed_late)
    sim.faults.add("zalo.create", "processing", 60)
    token = zalo.post("create", zalo.article())["data"]["token"]
    before = zalo.post("verify", {"token": token})["error"]
    seen = zalo.get("getslice", offset=0, type="normal")["data"]["total"]
    clock.now += 60

    assert (-214, 1 - listed_late) == (before, seen)
    assert 0 == zalo.post("verify", {"token": token})["error"]


def test_usage_headers_say_what_they_are_told(sim, graph):
    """Share, minutes and the old header are switches."""
    for switch, value in (("usage_after", 0), ("usage_share", 96), ("usage_minutes", 12), ("page_usage", 1)):
        sim.set(f"facebook_{switch}", value)
    headers = graph.call("GET", graph.page).headers

    assert 96 == json.loads(headers["x-app-usage"])["call_count"] == json.loads(headers["x-page-usage"])["call_count"]
    assert 12 == json.loads(headers["x-business-use-case-usage"])[graph.page][0]["estimated_time_to_regain_access"]


RATES = {"facebook.feed": {"fail": 0.3, "500": 0.2}, "facebook.*": {"throttle": 1.0}}


def test_chance_is_the_same_in_every_run(sim, graph):
    """The same seed gives the same faults in the same order, near the rates, and ends when told."""
    fates = []
    for _ in range(2):
        assert 200 == door(sim, "chaos", seed=7, rates=RATES).status_code
        answers = [graph.call("POST", f"{graph.page}/feed", data={"message": f"Tin {at}"}) for at in range(60)]
        fates.append([answer.status_code for answer in answers])
    limited = graph.get(graph.page)["error"]["code"]
    happened = told(sim, "counts")["faults"]["facebook.feed"]
    requests.delete(f"{sim.url}/_sim/chaos", timeout=5)

    assert fates[0] == fates[1]
    assert 15 <= fates[0].count(500) <= 45
    assert happened["fail"] + happened["500"] == sum(fate.count(500) for fate in fates)
    assert 80001 == limited
    assert {} == told(sim, "chaos")
    assert "name" in graph.get(graph.page)


def test_another_seed_is_another_fate(sim):
    """Fates depend on the seed, and pass over what cannot happen to a call."""

    def fates(seed):
        sim.chaos(seed, {"*": {"lost": 0.3, "phantom": 0.3}}, {"lost": 4})
        return [sim.faults.chaos.take("zalo.create") for _ in range(40)]

    first = fates(1)

    assert first == fates(1)
    assert first != fates(2)
    assert {("", 0.0), ("lost", 4.0)} == set(first)


@pytest.mark.parametrize(
    "rates", [{"*": {"rain": 0.1}}, {"*": {"lost": 1.5}}, {"*": {"lost": 0.6, "500": 0.6}}, {"*": 1}, 7]
)
def test_bad_chances_are_refused(sim, rates):
    """Unknown effects and impossible rates are told."""
    assert 400 == door(sim, "chaos", seed=1, rates=rates).status_code


@pytest.mark.parametrize(
    ("call", "effect"), [("zalo.create", "phantom"), ("facebook.feed", "slow"), ("zalo.rain", "lost")]
)
def test_faults_that_cannot_happen_are_refused(sim, call, effect):
    """A fault that would wait for ever is an error."""
    assert 400 == door(sim, "faults", call=call, effect=effect).status_code


def test_items_count_what_was_posted_twice(sim, graph, zalo):
    """Every post is filed under its item, with its time; deleted ones still count, failed ones never did."""
    text = "Tin https://tin.vn/2026/11/mot-cua-k3f9a2xq.html?tu=facebook"
    first = graph.feed(message=text)["id"]
    graph.call("DELETE", first)
    graph.feed(message=f"{text} ")
    for name in ("a", "b"):
        body = [
            {"type": "text", "content": f"<p>Đọc thêm https://tin.vn/2026/11/khac-{name}999.html?tu=zalo&amp;x=1</p>"}
        ]
        zalo.published(body=body)
    sim.faults.add("zalo.create", "bad-media")
    zalo.post("create", zalo.article(body=body))
    found = told(sim, "items")

    assert ["k3f9a2xq"] == list(found["twice"])
    assert ["deleted", "published"] == [post["state"] for post in found["items"]["k3f9a2xq"]["facebook"]]
    assert ["held", "failed"] == [post["state"] for post in found["items"]["b999"]["zalo"]]
    assert 1_795_000_000 == found["items"]["a999"]["zalo"][0]["at"]


def test_refresh_tokens_that_were_used_twice_are_told(sim, zalo):
    """A second use is told with both outcomes; being turned away unread is no use."""
    sim.faults.add("zalo.token", "throttle")
    sim.faults.add("zalo.token", "fail")
    busy, failed = zalo.refresh(), heard(zalo.refresh)
    zalo.refresh()
    seen = told(sim, "refreshes")

    assert -32 == busy["error"]
    assert (1, 1) == (seen["used"], seen["pairs"])
    assert [["fail", "pair"]] == [[use["outcome"] for use in uses] for uses in seen["twice"].values()]
    assert "not JSON" == failed


def test_eight_clients_at_once(sim, graph):
    """Nothing is lost, doubled or refused when many write and read together."""

    def work(client):
        with requests.Session() as web:
            web.headers["Authorization"] = f"Bearer {graph.token}"
            base = f"{sim.url}/graph/v26.0"
            for at in range(15):
                text = f"Tin https://tin.vn/a-{client}{at:03d}x.html?tu=facebook"
                made = web.post(f"{base}/{graph.page}/feed", data={"message": text}, timeout=30).json()
                assert made["id"] == web.get(f"{base}/{made['id']}", timeout=30).json()["id"]

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))

    assert (120, {}) == (len(sim.items()["items"]), sim.items()["twice"])
    assert {"facebook.feed": 120, "facebook.read": 120} == sim.counts()["calls"]


def test_an_older_file_goes_on(tmp_path):
    """A file of the first version gets its new columns and keeps its posts."""
    with sqlite3.connect(tmp_path / "simulator.sqlite3") as db:
        db.execute(
            "CREATE TABLE post (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, message TEXT"
            " NOT NULL, link TEXT NOT NULL, preview TEXT NOT NULL, state TEXT NOT NULL, created REAL NOT NULL,"
            " updated REAL NOT NULL, visible REAL NOT NULL, edits INTEGER NOT NULL DEFAULT 0)"
        )
        db.execute("INSERT INTO post VALUES (1, '1_2', 'Cũ', '', '{}', 'published', 1, 1, 1, 0)")
    db.close()
    simulator = Simulator(tmp_path, port=0)
    simulator.start()

    assert ["Cũ"] == [post["message"] for post in simulator.held()["facebook"]]
    simulator.stop()


def test_it_runs_as_a_process_of_its_own(tmp_path):
    """The first line tells address and accounts; a signal ends it cleanly; the folder keeps the accounts."""
    told_lines = []
    for _ in range(2):
        command = [sys.executable, "-m", "channels.simulator", "--state", str(tmp_path), "--port", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
            line = json.loads(running.stdout.readline())
            assert {"bantin-simulator": 1} == requests.get(f"{line['url']}/_sim", timeout=5).json()
            running.terminate()
            assert 0 == running.wait(10)
        told_lines.append({name: value for name, value in line.items() if name != "url"})

    assert told_lines[0] == told_lines[1]
    assert {"facebook_page_token", "zalo_refresh_token"} <= set(told_lines[0])
