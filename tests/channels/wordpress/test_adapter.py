"""The WordPress adapter: what it sends, and what it makes of the answers."""

import base64
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from wire import LINK, NOW, Clock, Wire, wordpress, wordpress_post

from channels.base import Receipt
from channels.errors import ChannelError, NotAuthorized, Refused, TryLater, Unsure
from channels.wordpress import remedies
from channels.wordpress.payload import Placed, payload
from channels.wordpress.post import Medium, Term

MADE = (201, {"id": 7, "link": LINK})
RIGHTS = dict.fromkeys(
    ("publish_posts", "edit_published_posts", "delete_published_posts", "upload_files", "manage_categories"), True
)


def rows(*found: Any) -> tuple[int, Any]:
    return 200, {"body": list(found), "status": 200, "headers": {}}


def one(body: Any) -> tuple[int, Any]:
    return 200, {"body": body, "status": 200, "headers": {}}


def no(code: str, status: int) -> tuple[int, Any]:
    return status, {"code": code, "message": "no", "data": {"status": status}}


def sent(wire: Wire, at: int) -> Any:
    return json.loads(wire.seen[at].body or b"")


def asked(wire: Wire, at: int) -> dict[str, list[str]]:
    return parse_qs(urlsplit(str(wire.seen[at].url)).query)


@pytest.fixture
def picture(tmp_path: Path) -> Medium:
    file = tmp_path / "a.jpg"
    file.write_bytes(b"jpeg")
    return Medium("a.jpg", file, "image/jpeg", "Một cửa", "Quầy một cửa")


def test_publish_sends_the_payload() -> None:
    """A create answers with id and address; the password travels in a header only."""
    wire = Wire(MADE)

    assert Receipt("7", LINK) == wordpress(wire).publish(wordpress_post())
    assert payload(wordpress_post(), NOW, {}, [], []) == sent(wire, 0)
    assert "POST /wp-json/wp/v2/posts" == wire.paths[0]
    assert b"editor:app-password" == base64.b64decode(wire.seen[0].headers["Authorization"].removeprefix("Basic "))
    assert "app-password" not in str(wire.seen[0].url)


def test_the_time_decides_between_now_and_scheduled() -> None:
    """A post of a later time is scheduled; times go out as UTC whatever WordPress's zone is."""
    later = payload(wordpress_post(published=NOW + timedelta(days=1)), NOW, {}, [], [])

    assert ("future", "2026-11-25T09:00:00") == (later["status"], later["date_gmt"])
    assert "publish" == payload(wordpress_post(), NOW, {}, [], [])["status"]


def test_terms_are_looked_up_then_made_and_remembered() -> None:
    """A category that is there is used, a tag that is missing is made, and neither is asked for twice."""
    wire = Wire(rows({"id": 3}), rows(), (201, {"id": 9}), MADE, MADE)
    post = wordpress_post(categories=(Term("mot-cua", "Một cửa"),), tags=(Term("cchc", "#CCHC"),))
    channel = wordpress(wire)
    channel.publish(post)
    channel.publish(post)

    assert ([3], [9]) == (sent(wire, 3)["categories"], sent(wire, 3)["tags"])
    assert {"name": "#CCHC", "slug": "cchc"} == sent(wire, 2)
    assert 5 == len(wire.seen)


def test_a_batch_looks_for_its_terms_anew() -> None:
    """WordPress leaves a term that somebody removed out of a post without a word."""
    wire = Wire(rows({"id": 3}), MADE, rows({"id": 4}), MADE)
    channel, post = wordpress(wire), wordpress_post(categories=(Term("mot-cua", "Một cửa"),))
    channel.publish(post)
    channel.flush()
    channel.publish(post)

    assert [4] == sent(wire, 3)["categories"]


def test_a_term_of_the_same_name_is_used() -> None:
    """Where an editor made the category under another slug, WordPress refuses a second one of its name."""
    wire = Wire(rows(), no("term_exists", 400), rows({"id": 4, "name": "Hỏi &amp; đáp"}), MADE)
    wordpress(wire).publish(wordpress_post(categories=(Term("hoi-dap", "Hỏi & đáp"),)))

    assert [4] == sent(wire, 3)["categories"]


def test_a_picture_is_uploaded_once_for_its_content(picture: Medium) -> None:
    """The first time it is sent with its alternative text; later it is found by the hash in its slug."""
    row = {"id": 5, "source_url": "http://wp.test/u/a.jpg", "alt_text": "Quầy một cửa"}
    post = wordpress_post(media=(picture,), featured="a.jpg", body_html='<p><img src="media/a.jpg" alt=""></p>')
    wire = Wire(rows(), (201, row), MADE, rows(row), MADE)
    channel = wordpress(wire)
    channel.publish(post)
    channel.publish(post)

    assert 1 == wire.paths.count("POST /wp-json/wp/v2/media")
    assert asked(wire, 0)["slug"] == asked(wire, 3)["slug"]
    assert "Quầy một cửa".encode() in (wire.seen[1].body or b"")
    assert 5 == sent(wire, 2)["featured_media"]
    assert '<img class="wp-image-5" src="http://wp.test/u/a.jpg" alt="">' in sent(wire, 2)["content"]


def test_a_new_alternative_text_is_brought_to_the_picture(picture: Medium) -> None:
    """The picture stays, its words change."""
    wire = Wire(rows({"id": 5, "source_url": "http://wp.test/u/a.jpg", "alt_text": "cũ"}), (200, {"id": 5}), MADE)
    wordpress(wire).publish(wordpress_post(media=(picture,)))

    assert ("POST /wp-json/wp/v2/media/5", {"alt_text": "Quầy một cửa"}) == (wire.paths[1], sent(wire, 1))


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (no("rest_upload_unknown_error", 500), Refused),
        (no("rest_upload_no_content_disposition", 400), Refused),
        (no("internal_server_error", 500), TryLater),
        ((502, b"<html>"), TryLater),
        (no("rest_cannot_create", 403), NotAuthorized),
    ],
)
def test_an_upload_is_never_in_doubt(picture: Medium, said: Any, error: type[ChannelError]) -> None:
    """It shows nothing to readers by itself, so a lost answer is no doubt about the post."""
    with pytest.raises(error):
        wordpress(Wire(rows(), said)).publish(wordpress_post(media=(picture,)))


def test_a_text_calls_nothing_in_wordpress() -> None:
    """Shortcodes and embeds are WordPress's own language; in a text they are only words."""
    body = "<p>[gallery]</p><p>https://youtu.be/x</p>\nhttp://evil.test/a"
    content = payload(wordpress_post(title="A < B [c]", body_html=body), NOW, {}, [], [])["content"]

    assert "&#91;gallery&#93;" in content
    assert "<p>https&#58;//youtu.be/x</p>" in content
    assert "\nhttp&#58;//evil.test" in content


def test_a_place_becomes_the_address_that_wordpress_gave() -> None:
    """Only whole names of media are replaced, and an address cannot leave its attribute."""
    body = '<a href="media/a.pdf">media/a.pdf</a><video src="media/video"></video>'
    places = {"a.pdf": Placed(1, 'http://wp.test/"><script>'), "video": Placed(2, "http://wp.test/v.mp4")}
    content = payload(wordpress_post(body_html=body), NOW, places, [], [])["content"]

    assert '<a href="http://wp.test/&quot;&gt;&lt;script&gt;">media/a.pdf</a>' in content
    assert '<video src="http://wp.test/v.mp4">' in content


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"title": " "}, "title"), ({"slug": "Một"}, "slug"), ({"slug": "a" * 201}, "slug"),
     ({"body_html": "ử" * 2_000_000}, "body"), ({"excerpt": "ử" * 30_000}, "excerpt")],
)  # fmt: skip
def test_refuses_by_name_before_sending(changes: dict[str, Any], field: str) -> None:
    """What a post cannot carry is refused with the name of the part."""
    wire = Wire()

    with pytest.raises(Refused, match=f"^{field}: "):
        wordpress(wire).publish(wordpress_post(**changes))
    assert [] == wire.seen


def test_success_without_an_id_is_unsure() -> None:
    """A plugin may answer anything."""
    with pytest.raises(Unsure):
        wordpress(Wire((200, {"ok": True}))).publish(wordpress_post())


def test_find_knows_ours_by_slug_and_a_second_one_by_its_mark() -> None:
    """WordPress numbers a slug that is taken; only with our mark is such a post ours."""
    ours = {"id": 7, "link": LINK, "slug": "mot-cua-k3f9a2xq", "content": {"raw": "edited by hand"}}
    second = {"id": 8, "link": LINK, "slug": "mot-cua-k3f9a2xq-2", "content": {"raw": '<div data-bantin="k3f9a2xq">'}}
    other = {"id": 9, "link": LINK, "slug": "mot-cua-k3f9a2xq-3", "content": {"raw": '<div data-bantin="k3f9a2xq-3">'}}
    wire = Wire(rows(ours, second, other))

    assert ["7", "8"] == [found.remote_id for found in wordpress(wire).find(wordpress_post(), NOW)]
    assert ["edit"] == asked(wire, 0)["context"]


def test_find_believes_only_a_list() -> None:
    """Nothing may be concluded from anything else, or a post would be sent twice."""
    with pytest.raises(TryLater):
        wordpress(Wire(one({"posts": []}))).find(wordpress_post(), NOW)
    assert [] == wordpress(Wire(rows())).find(wordpress_post(), NOW)


@pytest.mark.parametrize("said", [no("rest_post_invalid_id", 404), no("rest_already_trashed", 410), (200, {"id": 7})])
def test_gone_counts_as_withdrawn(said: Any) -> None:
    """Whoever took it away, it is away."""
    wire = Wire(said)
    wordpress(wire).withdraw(wordpress_post(), "7")

    assert ["DELETE /wp-json/wp/v2/posts/7"] == wire.paths


def test_without_a_trash_it_goes_for_ever() -> None:
    """EMPTY_TRASH_DAYS = 0: a notice that must go is worth more than a copy of it."""
    wire = Wire(no("rest_trash_not_supported", 501), (200, {"deleted": True}))
    wordpress(wire).withdraw(wordpress_post(), "7")

    assert ["true"] == asked(wire, 1)["force"]


def test_a_missing_route_is_not_a_missing_post() -> None:
    """A 404 of a switched-off API must not count as withdrawn."""
    with pytest.raises(NotAuthorized):
        wordpress(Wire(no("rest_no_route", 404))).withdraw(wordpress_post(), "7")


def test_a_pause_is_kept() -> None:
    """What a gateway asks for holds for the whole channel."""
    clock = Clock()
    channel = wordpress(Wire((429, {"code": "slow"}, {"Retry-After": "120"})), clock=clock)
    with pytest.raises(TryLater):
        channel.publish(wordpress_post())

    assert 120 == channel.rest()
    clock.wait(121)
    assert 0 == channel.rest()


@pytest.mark.parametrize(
    ("answers", "remedy"),
    [
        ([no("rest_not_logged_in", 401)], remedies.CREDENTIAL),
        ([no("rest_forbidden", 403)], remedies.RIGHTS),
        ([no("rest_no_route", 404)], remedies.ADDRESS),
        ([one({"name": "bt", "capabilities": {**RIGHTS, "upload_files": False}})], remedies.RIGHTS),
        ([one({"name": "bt", "capabilities": RIGHTS}), one({"gmt_offset": 0})], remedies.PERMALINKS),
        ([one({"name": "bt", "capabilities": RIGHTS}), one({"gmt_offset": 7}),
          rows({"permalink_template": "http://wp.test/%postname%/"})], remedies.PERMALINKS),
    ],
)  # fmt: skip
def test_health_names_the_remedy(answers: list[Any], remedy: str) -> None:
    """Each trouble has one thing that a person does."""
    health = wordpress(Wire(*answers), canonical=True).health()

    assert (False, remedy) == (health.ok, health.remedy)


def test_health_is_well() -> None:
    """An editor with the section's permalinks; where readers are sent elsewhere, addresses do not matter."""
    me = one({"name": "bt", "capabilities": RIGHTS})
    template = rows({"permalink_template": "http://wp.test/2026/11/%postname%.html"})

    assert wordpress(Wire(me, one({"gmt_offset": 7}), template), canonical=True).health().ok
    assert wordpress(Wire(me)).health().ok
