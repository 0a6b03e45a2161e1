"""The simulated Graph API keeps the rules of facts/facebook.md."""

import hashlib
import hmac
import json
import re

import pytest
import requests

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 200


def code(answer):
    error = answer["error"]
    return error["code"], error.get("error_subcode", 0)


def test_a_link_post_can_be_read_back(graph, web):
    """A link is scraped, and the read gives the shim and the original address."""
    link = f"{web.url}/tin.html?utm_content=k3f9"
    created = graph.feed(message="Tin mới", link=link)
    fields = "id,message,created_time,permalink_url,attachments{unshimmed_url,title,url}"
    post = graph.posts(fields=fields, since=1_794_999_000, until=1_795_000_100, limit=50)["data"][0]
    attachment = post["attachments"]["data"][0]

    assert re.fullmatch(rf"{graph.page}_\d+", created["id"])
    assert created["id"] == post["id"]
    assert "2026-11-18T12:26:40+0000"[:10] == post["created_time"][:10]
    assert post["created_time"].endswith("+0000")
    assert {"unshimmed_url": link, "title": "Một cửa & nhanh"}.items() <= attachment.items()
    assert attachment["url"].startswith("https://l.facebook.com/l.php?u=http%3A")


def test_a_photo_post_is_made_in_two_steps(graph):
    """An unpublished photo gives an id only, the feed call makes it public, and it cannot be used again."""
    photo = graph.photo()
    media = json.dumps([{"media_fbid": photo["id"]}])
    post = graph.feed(message="Ảnh", attached_media=media)
    read = graph.get(post["id"], fields="attachments{media_type,target{id}},status_type")

    assert {"id"} == set(photo)
    assert {"media_type": "photo", "target": {"id": photo["id"]}} == read["attachments"]["data"][0]
    assert "added_photos" == read["status_type"]
    assert "Ảnh" == graph.get(photo["id"], fields="alt_text_custom")["alt_text_custom"]
    assert (100, 0) == code(graph.feed(message="Lại", attached_media=media))


def test_json_bodies_and_indexed_media_are_taken(graph):
    """The feed call takes JSON and indexed form fields; several photos are an album."""
    first, second = graph.photo()["id"], graph.photo()["id"]
    form = {f"attached_media[{at}]": json.dumps({"media_fbid": one}) for at, one in enumerate((first, second))}
    album = graph.feed(message="Hai ảnh", **form)
    plain = graph.call("POST", f"{graph.page}/feed", json={"message": "JSON", "published": True}).json()
    read = graph.get(album["id"], fields="attachments")["attachments"]["data"][0]

    assert "id" in plain
    assert "album" == read["type"]
    assert [first, second] == [one["target"]["id"] for one in read["subattachments"]["data"]]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, (100, 0)),
        ({"message": "  \n"}, (100, 0)),
        ({"message": "ạ" * 63_207}, (100, 0)),
        ({"message": "a", "link": "/tin.html"}, (1500, 0)),
        ({"message": "a", "link": "ftp://a.vn/x"}, (1500, 0)),
        ({"message": "a", "link": "https://www.facebook.com/x"}, (200, 1609008)),
        ({"message": "a", "link": "http://127.0.0.1:1/x"}, (1609005, 0)),
        ({"message": "a", "link": "http://10.0.0.1/x"}, (1609005, 0)),
        ({"message": "a", "attached_media": '[{"media_fbid":"1"}]'}, (100, 0)),
        ({"message": "a", "attached_media": "1"}, (100, 0)),
        ({"message": "a", "tags": "1"}, (100, 0)),
        ({"message": "a", "caption": "x"}, (100, 0)),
        ({"message": "a", "scheduled_publish_time": "1795003600"}, (100, 0)),
        ({"message": "a", "published": "maybe"}, (100, 0)),
        ({"message": "a", "fields": "likes"}, (100, 0)),
    ],
)
def test_bad_posts_are_refused(sim, graph, values, expected):
    """What Facebook does not take is refused by code, and nothing is posted."""
    assert expected == code(graph.feed(**values))
    assert [] == sim.held()["facebook"]


def test_the_longest_message_is_taken(graph):
    """63,206 code points are the limit."""
    assert "id" in graph.feed(message="ạ" * 63_206)


@pytest.mark.parametrize("path", ["/nope.html", "/tin.txt", "/anh.png"])
def test_links_that_cannot_be_scraped(graph, web, path):
    """A link must answer with a page that has a title."""
    assert (1609005, 0) == code(graph.feed(message="a", link=web.url + path))


def test_the_same_status_twice_in_a_row_is_506(graph):
    """Only the post just before is compared, with spaces and composition evened out."""
    graph.feed(message="Một  tin")
    again = graph.feed(message="Một tin ")
    graph.feed(message="Tin khác")

    assert (506, 0) == code(again)
    assert "id" in graph.feed(message="Một tin")


@pytest.mark.parametrize(
    ("content", "values", "expected"),
    [
        (b"khong phai anh", {}, (100, 1366046)),
        (PNG + b"0" * 4_000_000, {}, (100, 1366046)),
        (PNG, {"temporary": "true", "published": "true"}, (100, 0)),
        (PNG, {"url": "http://a.vn/a.png"}, (324, 0)),
    ],
)
def test_bad_photos_are_refused(graph, content, values, expected):
    """A photo is one picture file under 4 MB."""
    assert expected == code(graph.photo(content, **values))


def test_a_photo_needs_a_file(graph):
    """Without a file the answer is 324."""
    answer = graph.call("POST", f"{graph.page}/photos", data={"published": "false"}).json()

    assert (324, 0) == code(answer)


def test_a_published_photo_is_a_post(graph):
    """published=true answers with the post's id, too."""
    answer = graph.photo(published="true", caption="Chú thích")

    assert "Chú thích" == graph.get(answer["post_id"])["message"]


def test_unpublished_photos_live_a_day(graph, clock):
    """After 24 hours an unpublished photo is gone."""
    photo = graph.photo()["id"]
    clock.now += 86_401

    assert (100, 0) == code(graph.feed(message="a", attached_media=json.dumps([{"media_fbid": photo}])))


def test_a_post_without_version_or_token_is_refused(graph):
    """The version stands in the path and the token in the header."""
    in_the_address = graph.get(graph.page, access_token=graph.token)
    unversioned = graph.call("GET", graph.page, version="").json()
    graph.token = ""

    assert (100, 0) == code(in_the_address)
    assert (100, 0) == code(unversioned)
    assert (190, 0) == code(graph.get(graph.page))


def test_an_ended_version_is_served_by_the_oldest(graph):
    """The header tells which version answered; a version to come is unknown."""
    assert "v21.0" == graph.call("GET", graph.page, version="v18.0").headers["facebook-api-version"]
    assert "v26.0" == graph.call("GET", graph.page).headers["facebook-api-version"]
    assert (2500, 0) == code(graph.call("GET", graph.page, version="v99.0").json())


def test_publishing_needs_a_page_token(sim, graph):
    """User, app, other Page's and unknown tokens are told apart."""
    answers = {}
    for kind in ("user", "other_page"):
        graph.token = sim._store.secret(f"facebook_{kind}_token")
        answers[kind] = code(graph.feed(message="a"))
    graph.token = "unknown"

    assert {"user": (190, 2069032), "other_page": (200, 0)} == answers
    assert (190, 0) == code(graph.feed(message="a"))


@pytest.mark.parametrize("sub", [460, 463, 467, 492])
def test_a_dead_token_says_why(sim, graph, sub):
    """A Page token can be dead for several reasons."""
    sim.set("facebook_token_subcode", sub)

    assert (190, sub) == code(graph.feed(message="a"))


def test_missing_permissions(sim, graph):
    """Without the permissions the codes are 200 and 283."""
    sim.set("facebook_may_post", 0)
    posting = graph.feed(message="a")
    sim.set("facebook_may_read", 0)

    assert (200, 0) == code(posting)
    assert (283, 0) == code(graph.posts())


def test_a_wrong_proof_is_refused(graph):
    """appsecret_proof is checked when it is sent."""
    key, token = graph.keys["facebook_app_secret"].encode(), graph.token.encode()
    right = hmac.new(key, token, hashlib.sha256).hexdigest()

    assert graph.page == graph.get(graph.page, appsecret_proof=right)["id"]
    assert (100, 0) == code(graph.get(graph.page, appsecret_proof="0"))


def test_debug_token_wants_an_app_token(graph):
    """Only an app token may ask, and it learns the Page and the scopes."""
    page_token = graph.token
    refused = graph.get("debug_token", input_token=page_token)
    graph.token = f"{graph.keys['facebook_app_id']}|{graph.keys['facebook_app_secret']}"
    data = graph.get("debug_token", input_token=page_token)["data"]

    assert (100, 0) == code(refused)
    assert (True, graph.page, 0) == (data["is_valid"], data["profile_id"], data["expires_at"])
    assert graph.get("debug_token", input_token="x")["data"]["is_valid"] is False


def test_errors_carry_their_traces(graph):
    """Every error has its own trace id and the headers of the platform."""
    answers = [graph.call("GET", f"{graph.page}_1") for _ in range(2)]
    traces = {answer.json()["error"]["fbtrace_id"] for answer in answers}

    assert 2 == len(traces)
    assert answers[0].headers["www-authenticate"].startswith('OAuth "Facebook Platform" "invalid_request"')


def test_usage_headers_come_after_some_calls(graph):
    """The first calls have no usage headers, later ones are keyed by the Page."""
    answers = [graph.call("GET", graph.page) for _ in range(6)]

    assert "x-app-usage" not in answers[0].headers
    assert "pages" == json.loads(answers[5].headers["x-business-use-case-usage"])[graph.page][0]["type"]


def test_update_changes_the_message_only(sim, graph):
    """An edit changes the text; a link cannot be edited."""
    post = graph.feed(message="Cũ")["id"]
    edited = graph.call("POST", post, data={"message": "Mới"}).json()
    refused = graph.call("POST", post, data={"message": "Mới", "link": "https://a.vn"}).json()

    assert {"success": True} == edited
    assert (100, 0) == code(refused)
    assert ("Mới", 1) == (sim.held()["facebook"][0]["message"], sim.held()["facebook"][0]["edits"])


def test_a_deleted_post_is_gone(sim, graph):
    """Delete works once; afterwards every call says 100/33."""
    post = graph.feed(message="Xóa")["id"]
    first, second = (graph.call("DELETE", post).json() for _ in range(2))

    assert {"success": True} == first
    assert (100, 33) == code(second) == code(graph.get(post))
    assert (100, 33) == code(graph.call("POST", post, data={"message": "a"}).json())
    assert "deleted" == sim.held()["facebook"][0]["status"]
    assert [] == graph.posts()["data"]


def test_lists_are_paged_by_cursor(graph):
    """A page ends without `next`; a cursor goes on behind the last post."""
    ids = [graph.feed(message=f"Tin {number}")["id"] for number in range(3)]
    first = graph.posts(limit=2)
    second = graph.posts(limit=2, after=first["paging"]["cursors"]["after"])

    assert ids[::-1] == [post["id"] for post in first["data"] + second["data"]]
    assert "next" in first["paging"]
    assert "next" not in second["paging"]


@pytest.mark.parametrize("query", [{"limit": 101}, {"fields": "likes"}, {"after": "x"}, {"since": "today"}, {"q": "a"}])
def test_bad_reads_are_refused(graph, query):
    """Limit over 100, unknown fields and bad cursors are 100."""
    assert (100, 0) == code(graph.posts(**query))


def test_since_and_until_filter_by_time(graph, clock):
    """Only posts inside the window are listed."""
    graph.feed(message="Sớm")
    clock.now += 100
    late = graph.feed(message="Muộn")["id"]

    assert [late] == [post["id"] for post in graph.posts(since=int(clock.now))["data"]]


def test_a_lost_answer_leaves_the_post(sim, graph):
    """After "lost" the connection closes and the post is there."""
    sim.faults.add("facebook.feed", "lost")
    with pytest.raises(requests.ConnectionError):
        graph.feed(message="Mất trả lời")

    assert ["Mất trả lời"] == [post["message"] for post in graph.posts()["data"]]


def test_failures_before_the_post(sim, graph):
    """fail is 500 code 2, throttle 80001 with minutes, expired 190/463; nothing is stored."""
    for effect, value in (("fail", 0), ("throttle", 19), ("expired", 0)):
        sim.faults.add("facebook.feed", effect, value)
    answers = [graph.call("POST", f"{graph.page}/feed", data={"message": "a"}) for _ in range(3)]
    usage = json.loads(answers[1].headers["x-business-use-case-usage"])

    assert [(2, 0), (80001, 0), (190, 463)] == [code(answer.json()) for answer in answers]
    assert 500 == answers[0].status_code
    assert 19 == usage[graph.page][0]["estimated_time_to_regain_access"]
    assert [] == sim.held()["facebook"]


@pytest.mark.parametrize(("effect", "status"), [("502", 502), ("html200", 200)])
def test_answers_that_are_not_json(sim, graph, effect, status):
    """An HTML page may come although the post was stored."""
    sim.faults.add("facebook.feed", effect)
    answer = graph.call("POST", f"{graph.page}/feed", data={"message": "a"})

    assert (status, 1) == (answer.status_code, len(sim.held()["facebook"]))


def test_late_visibility(sim, graph, clock):
    """A post can appear in the list only after some seconds."""
    sim.faults.add("facebook.feed", "late", 30)
    graph.feed(message="Muộn")
    before = graph.posts()["data"]
    clock.now += 30

    assert [] == before
    assert 1 == len(graph.posts()["data"])
