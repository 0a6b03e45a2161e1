"""The Facebook adapter: what it sends, and what it makes of the answers."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from wire import LINK, NOW, Clock, Wire, facebook, facebook_post

from channels.base import Pending, Picture, Receipt
from channels.errors import ChannelError, NotAuthorized, Refused, TryLater, Unsure
from channels.facebook.adapter import payload


def bad(code: int, sub: int | None = None, message: str = "no", **more: Any) -> tuple[int, Any]:
    return 400, {"error": {"message": message, "code": code, "error_subcode": sub, "fbtrace_id": "T", **more}}


def picture(folder: Path) -> Picture:
    file = folder / "p.jpg"
    file.write_bytes(b"jpeg")
    return Picture(file, "", "image/jpeg", 1200, 630, "Một cửa")


def test_link_post() -> None:
    """Without a photo the link is posted, the token in a header only."""
    wire = Wire((200, {"id": "42_1"}), (200, {"id": "42_1"}))

    assert Receipt("42_1", "https://www.facebook.com/42_1") == facebook(wire).publish(facebook_post())
    assert ["POST /graph/v26.0/42/feed", "GET /graph/v26.0/42_1"] == wire.paths
    assert "Bearer page-token" == wire.seen[0].headers["Authorization"]
    assert {"message": f"Một cửa {LINK}", "link": LINK} == payload(facebook_post())


def test_photo_post(tmp_path: Path) -> None:
    """A photo is uploaded unpublished, then attached."""
    wire = Wire((200, {"id": "9"}), (200, {"id": "42_1"}), (200, {"id": "42_1"}))
    facebook(wire).publish(facebook_post(photo=picture(tmp_path)))

    assert ["POST /graph/v26.0/42/photos", "POST /graph/v26.0/42/feed"] == wire.paths[:2]
    assert b'name="published"' in bytes(wire.seen[0].body or b"")
    assert "media_fbid" in str(wire.seen[1].body)


def test_lost_upload_is_try_later(tmp_path: Path) -> None:
    """Before the feed call nothing can be live."""
    with pytest.raises(TryLater):
        facebook(Wire(requests.ReadTimeout())).publish(facebook_post(photo=picture(tmp_path)))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (bad(1), Unsure),
        (bad(2, is_transient=True), Unsure),
        (bad(1, 2853006), NotAuthorized),
        (bad(506), Unsure),
        (bad(368, message="You've already posted this."), Unsure),
        (bad(368), NotAuthorized),
        (bad(368, 1390008), TryLater),
        (bad(80001), TryLater),
        (bad(190, 463), NotAuthorized),
        (bad(200), NotAuthorized),
        (bad(200, 1609008), Refused),
        (bad(100), Refused),
        (bad(100, 33), NotAuthorized),
        (bad(100, message="Invalid appsecret_proof provided"), NotAuthorized),
        (bad(777777), NotAuthorized),
        (bad(777777, is_transient=True), Unsure),
        ((200, bad(190)[1]), NotAuthorized),
        ((200, {}), Unsure),
    ],
)
def test_codes(answer: Any, error: type[ChannelError]) -> None:
    """Each code of a publish has one next step, whatever the HTTP status."""
    with pytest.raises(error):
        facebook(Wire(answer)).publish(facebook_post())


def test_throttle_waits_as_told() -> None:
    """The usage header counts minutes."""
    usage = '{"42":[{"type":"pages","estimated_time_to_regain_access":19}]}'

    page = facebook(Wire((*bad(80001), {"X-Business-Use-Case-Usage": usage})))
    with pytest.raises(TryLater) as caught:
        page.publish(facebook_post())
    assert [19 * 60, 19 * 60] == [caught.value.after, page.rest()]


def test_a_post_that_can_be_read_has_its_public_address() -> None:
    """The receipt holds the address that Facebook gives, when it is one."""
    seen = {"id": "42_1", "permalink_url": "https://www.facebook.com/tin/1"}
    odd = {"id": "42_1", "permalink_url": "javascript:alert(1)"}

    assert "https://www.facebook.com/tin/1" == facebook(Wire((200, seen), (200, seen))).publish(facebook_post()).url
    assert "https://www.facebook.com/42_1" == facebook(Wire((200, seen), (200, odd))).publish(facebook_post()).url


@pytest.mark.parametrize("answer", [bad(10), bad(100, 33), bad(803)])
def test_an_id_without_a_post_is_pending(answer: Any) -> None:
    """A post with an id that cannot be read is only ever asked for, and never sent again."""
    assert Pending(f"42_1@{int(NOW.timestamp())}") == facebook(Wire((200, {"id": "42_1"}), answer)).publish(
        facebook_post()
    )


@pytest.mark.parametrize("answer", [bad(4), bad(190), (502, b"<html>"), requests.ReadTimeout()])
def test_a_read_back_without_an_answer_changes_nothing(answer: Any) -> None:
    """The id is Facebook's word as long as nothing clear speaks against it."""
    assert "42_1" == facebook(Wire((200, {"id": "42_1"}), answer)).publish(facebook_post()).remote_id


def test_a_pending_post_comes_late_or_goes_to_a_person() -> None:
    """It is asked for in growing steps; after an hour the list is read, and then a person looks."""
    clock, listed = (
        Clock(),
        {"id": "42_1", "created_time": "2026-11-24T09:00:01+0000", "message": facebook_post().message},
    )
    wire = Wire(
        bad(10), bad(10), (200, {"id": "42_1"}), bad(10), (200, {"data": []}), bad(10), (200, {"data": [listed]})
    )
    page, pending = facebook(wire, clock), Pending(f"42_1@{int(NOW.timestamp())}")
    waits = []
    for _ in range(2):
        with pytest.raises(TryLater) as caught:
            page.confirm(facebook_post(), pending)
        waits.append(caught.value.after)
        clock.wait(60)

    assert [5, 60] == waits
    assert "42_1" == page.confirm(facebook_post(), pending).remote_id
    clock.wait(3600)
    with pytest.raises(Refused, match="look at the Page"):
        page.confirm(facebook_post(), pending)
    assert "42_1" == page.confirm(facebook_post(), pending).remote_id


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"X-App-Usage": '{"call_count":79}'}, 0),
        ({"x-app-usage": '{"call_count":28,"total_time":80,"total_cputime":1}'}, 180),
        ({"X-Page-Usage": '{"call_count":95}'}, 3600),
        ({"X-Business-Use-Case-Usage": '{"42":[{"type":"pages","call_count":99,"estimated_time_to_regain_access":19}]}'},
         19 * 60),
        ({"X-Business-Use-Case-Usage": '{"42":[{"call_count":100,"estimated_time_to_regain_access":1}]}'}, 300),
        ({"X-App-Usage": "{", "X-Page-Usage": "[1]", "X-Business-Use-Case-Usage": '{"42":7}'}, 0),
    ],
)  # fmt: skip
def test_rest_follows_the_usage_headers(headers: dict[str, str], seconds: float) -> None:
    """80 % is a short rest, 95 % a long one, told in minutes or an hour when untold; nonsense is nothing."""
    page = facebook(Wire((200, {"data": []}, headers)))
    page.find(facebook_post(), NOW)

    assert seconds == page.rest()


def test_rest_follows_the_newest_answer_and_the_clock() -> None:
    """A later answer with less use ends the rest, time does too; a limit that was reached stays."""
    clock, busy, calm = Clock(), {"X-App-Usage": '{"call_count":85}'}, {"X-App-Usage": '{"call_count":10}'}
    wire = Wire((200, {"data": []}, busy), (200, {"data": []}, calm), bad(613), (200, {"data": []}, calm))
    page = facebook(wire, clock)
    page.find(facebook_post(), NOW)
    clock.wait(100)
    first = page.rest()
    page.find(facebook_post(), NOW)
    second = page.rest()
    with pytest.raises(TryLater):
        page.find(facebook_post(), NOW)
    page.find(facebook_post(), NOW)

    assert (80, 0, 3600) == (first, second, page.rest())


def test_the_spam_guard_rests_the_whole_page_for_a_day() -> None:
    """368/1390008 means all posting, not this post."""
    page = facebook(Wire(bad(368, 1390008)))
    with pytest.raises(TryLater):
        page.publish(facebook_post())

    assert 24 * 3600 == page.rest()


def test_an_edit_changes_the_message_only(tmp_path: Path) -> None:
    """A new message goes out; a new link or picture is refused by name before anything is sent."""
    shown, photo = facebook_post(), picture(tmp_path)
    page = facebook(wire := Wire((200, {"success": True}), (200, {"success": True})))
    page.revise(replace(shown, message="Mới"), "42_1", shown)
    page.revise(replace(shown, message=f"Mới {LINK}", photo=photo), "42_1", replace(shown, photo=photo))

    assert ["message=M%E1%BB%9Bi", 2] == [wire.seen[0].body, len(wire.seen)]
    for changed, before, part in (
        (replace(shown, link=f"{LINK}?x"), shown, "link"),
        (replace(shown, photo=photo), shown, "photo"),
        (replace(shown, photo=replace(photo, file=Path("q.jpg"))), replace(shown, photo=photo), "photo"),
        (replace(shown, photo=replace(photo, alt="Khác")), replace(shown, photo=photo), "photo"),
    ):
        with pytest.raises(Refused, match=f"^{part}: .*by hand"):
            page.revise(changed, "42_1", before)
    assert 2 == len(wire.seen)


@pytest.mark.parametrize("code", [200, 10, 283])
def test_a_missing_right_for_one_post_is_for_an_editor(code: int) -> None:
    """Edit and delete that this app may not do are done by hand; the channel goes on."""
    with pytest.raises(Refused, match="by hand"):
        facebook(Wire(bad(code))).withdraw(facebook_post(), "42_1")
    with pytest.raises(Refused, match="by hand"):
        facebook(Wire(bad(code))).revise(facebook_post(), "42_1")


@pytest.mark.parametrize(
    ("one", "ours"),
    [
        ({"attachments": {"data": [{"type": "share", "unshimmed_url": LINK}]}}, True),
        ({"attachments": {"data": [{"unshimmed_url": "https://a.vn"}]}, "message": "Khác"}, False),
        ({"message": f"Mo\u0323\u0302t  cửa\r\n{LINK} "}, True),
        ({"message": f"Đã bị rút gọn… {LINK}"}, True),
        ({"message": f"Xem thêm {LINK}", "attachments": {"data": [{"type": "share", "unshimmed_url": "https://a.vn/2"}]}},
         False),
        ({"message": f"Một cửa {LINK}", "created_time": "2026-11-24T08:57:59+0000",
          "attachments": {"data": [{"media_type": "link", "unshimmed_url": "https://a.vn/2"}]}}, False),
    ],
)  # fmt: skip
def test_what_counts_as_ours(one: dict[str, Any], ours: bool) -> None:
    """The link decides, then the same words since then, then the marker in a post that links nowhere else."""
    seen = {"id": "1", "created_time": "2026-11-24T09:00:01+0000", **one}

    assert ours == bool(facebook(Wire((200, {"data": [seen]}))).find(facebook_post(), NOW))


@pytest.mark.parametrize(("answer", "error"), [(bad(10), TryLater), (bad(100), NotAuthorized), ((200, {}), TryLater)])
def test_a_list_that_cannot_be_read_settles_nothing(answer: Any, error: type[ChannelError]) -> None:
    """A read-back never says "not there" and never blames the item when it could not read."""
    with pytest.raises(error):
        facebook(Wire(answer)).find(facebook_post(), NOW)


def test_an_empty_page_of_the_list_is_not_its_end() -> None:
    """A page may be empty and go on; the cursor is then taken out of the address."""
    found = {"id": "1", "created_time": "2026-11-24T09:00:01+0000", "message": LINK}
    more = {"data": [], "paging": {"next": "http://fb.test/x?after=c&access_token=page-token"}}
    wire = Wire((200, more), (200, {"data": [found]}))

    assert ["1"] == [one.remote_id for one in facebook(wire).find(facebook_post(), NOW)]
    assert "page-token" not in str(wire.seen[1].url)


def test_find_pages_by_cursor() -> None:
    """Reading back follows cursors, matches the marker, and gives the oldest first."""
    new = {"id": "2", "created_time": "2026-11-24T09:00:02+0000", "message": f" Một  cửa {LINK}\r\n"}
    old = {"id": "1", "created_time": "2026-11-24T09:00:01+0000", "attachments": {"data": [{"unshimmed_url": LINK}]}}
    paging = {"next": "http://fb.test/?access_token=page-token", "cursors": {"after": "c"}}
    wire = Wire((200, {"data": [new, {"id": "3"}], "paging": paging}), (200, {"data": [old]}))

    assert ["1", "2"] == [one.remote_id for one in facebook(wire).find(facebook_post(), NOW)]
    assert "after=c" in str(wire.seen[1].url)
    assert "page-token" not in str(wire.seen[1].url)


def test_gone_is_withdrawn_but_cannot_be_revised() -> None:
    """100/33 ends a withdrawal and refuses a revision."""
    facebook(Wire(bad(100, 33))).withdraw(facebook_post(), "42_1")

    with pytest.raises(Refused):
        facebook(Wire(bad(100, 33))).revise(facebook_post(), "42_1")


GOOD = {
    "is_valid": True, "type": "PAGE", "profile_id": "42", "expires_at": 0,
    "scopes": ["pages_manage_posts", "pages_read_engagement", "pages_show_list"],
    "granular_scopes": [{"scope": "pages_manage_posts", "target_ids": ["42"]}, {"scope": "pages_show_list"}],
}  # fmt: skip


def test_health_tells_the_tokens_end() -> None:
    """With an app token the end, the Page and the rights are known; the Page's token stays out of the header."""
    wire = Wire((200, {"data": {**GOOD, "expires_at": 1_800_000_000}}), (200, {"id": "42", "name": "Hà Nội"}))
    health = facebook(wire, app_token="app|secret-s").health()

    assert (True, "Hà Nội, token until 2027-01-15", "") == (health.ok, health.message, health.remedy)
    assert 1_800_000_000 == health.expires_at.timestamp()
    assert "Bearer app|secret-s" == wire.seen[0].headers["Authorization"]


@pytest.mark.parametrize(
    ("change", "words", "remedy"),
    [
        (
            {"is_valid": False, "error": {"code": 190, "subcode": 460, "message": "password"}},
            "password",
            "new long-lived",
        ),
        ({"is_valid": False, "error": {"code": 190, "subcode": 459}}, "not valid", "facebook.com"),
        ({"is_valid": False, "error": "odd"}, "not valid", "new long-lived"),
        ({"profile_id": "43"}, "not of Page 42", "this very Page"),
        ({"type": "USER"}, "not of Page 42", "this very Page"),
        ({"scopes": ["pages_show_list"]}, "lacks pages_manage_posts, pages_read_engagement", "tick"),
        (
            {"granular_scopes": [{"scope": "pages_manage_posts", "target_ids": ["43"]}]},
            "lacks pages_manage_posts",
            "tick",
        ),
        ({"tasks": ["ANALYZE"]}, "may not create", "role"),
    ],
)
def test_health_says_what_to_do(change: dict[str, Any], words: str, remedy: str) -> None:
    """A token that would fail is told before it does, with the steps that mend it."""
    health = facebook(Wire((200, {"data": {**GOOD, **change}})), app_token="app|s").health()

    assert not health.ok
    assert words in health.message
    assert remedy in health.remedy


def test_health_without_an_app_token() -> None:
    """The Page's own answer is all there is; a dead token and an unpublished Page have their remedies."""
    hidden = facebook(Wire((200, {"name": "Hà Nội", "is_published": False}))).health()
    dead = facebook(Wire(bad(190, 463, "expired"))).health()

    assert facebook(Wire((200, {"name": "Hà Nội", "is_published": True}))).health().ok
    assert (False, False) == (hidden.ok, dead.ok)
    assert "publish it" in hidden.remedy
    assert "new long-lived Page token" in dead.remedy
    assert "app token was refused" in facebook(Wire(bad(190)), app_token="x|y").health().message
