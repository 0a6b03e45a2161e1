"""The Zalo adapter: what it sends, and what it makes of the answers."""

import json
from typing import Any

import pytest
from wire import LINK, NOW, Wire, store, zalo, zalo_post

from channels.base import Pending, Receipt
from channels.errors import ChannelError, NotAuthorized, Refused, TryLater, Unsure
from channels.zalo.adapter import payload

FRESH = {"access_token": "access-2", "refresh_token": "refresh-2", "expires_in": "90000"}


def ok(data: Any) -> tuple[int, Any]:
    return 200, {"error": 0, "message": "Success", "data": data}


def bad(code: int, message: str = "no") -> tuple[int, Any]:
    return 200, {"error": code, "message": message}


def test_publish_sends_the_payload_and_waits() -> None:
    """A create answers with a token; the access token travels in a header only."""
    wire = Wire(ok({"token": "t1"}))

    assert Pending("t1") == zalo(wire).publish(zalo_post())
    assert payload(zalo_post()) == json.loads(wire.seen[0].body or b"")
    assert "access-1" == wire.seen[0].headers["access_token"]
    assert "access-1" not in str(wire.seen[0].url)


def test_confirm_gives_the_receipt() -> None:
    """A verified article has its public link from getdetail."""
    wire = Wire(ok({"id": "a1"}), ok({"status": "show", "link_view": "https://post.oa.zalo.me/d?id=a1&pageId=7"}))

    assert Receipt("a1", "https://post.oa.zalo.me/d?id=a1&pageId=7") == zalo(wire).confirm(zalo_post(), Pending("t1"))


@pytest.mark.parametrize(
    ("code", "message", "error", "after"),
    [
        (-214, "Media is being processed", TryLater, 3),
        (-32, "Your application reached limit call api", TryLater, 60),
        (-32, "Your OA reached limit call api", TryLater, 300),
        (-223, "Your OA has reach the limit quota create article", TryLater, 21600),
        (-223, "Official Account has not authorized this API", NotAuthorized, None),
        (-201, "title is invalid!", Refused, None),
        (-200, "Upload media failed", Refused, None),
        (-221, "The OA needs to be verified", NotAuthorized, None),
        (-9999, "never heard of", NotAuthorized, None),
    ],
)
def test_codes(code: int, message: str, error: type[ChannelError], after: float | None) -> None:
    """Each code and message has one next step."""
    with pytest.raises(error) as caught:
        zalo(Wire(bad(code, message))).publish(zalo_post())
    assert str(code) == caught.value.code
    assert after == getattr(caught.value, "after", None)


def test_token_fault_renews_once_then_stops() -> None:
    """-220 renews and repeats once; a second -220 is for a person."""
    wire = Wire(bad(-220), (200, FRESH), bad(-220))

    with pytest.raises(NotAuthorized):
        zalo(wire).publish(zalo_post())
    assert 2 == wire.paths.count("POST /v2.0/article/create")
    assert "access-2" == wire.seen[2].headers["access_token"]


def test_success_without_token_is_unsure() -> None:
    """Success that names nothing is never taken for success."""
    with pytest.raises(Unsure):
        zalo(Wire(ok({}))).publish(zalo_post())


@pytest.mark.parametrize(
    ("changes", "field"), [({"title": "a" * 151}, "title"), ({"author": ""}, "author"), ({"body": ()}, "body")]
)
def test_refuses_by_name_before_sending(changes: dict[str, Any], field: str) -> None:
    """What an article cannot carry is refused with the name of the field."""
    wire = Wire()

    with pytest.raises(Refused, match=f"^{field}: "):
        zalo(wire).publish(zalo_post(**changes))
    assert [] == wire.seen


def test_find_reads_back_by_title_and_marker() -> None:
    """Only a listed article of this title that holds our marker is ours."""
    millis = int(NOW.timestamp() * 1000)
    listed = [{"id": name, "title": title, "create_date": millis} for name, title in (("a", "Một cửa"), ("b", "Khác"))]
    body = [{"type": "text", "content": f"<p>{LINK}</p>"}]
    wire = Wire(ok({"medias": listed}), ok({"body": body}))

    assert ["a"] == [one.remote_id for one in zalo(wire).find(zalo_post(), NOW)]


def test_withdraw_of_a_gone_article_is_done() -> None:
    """If remove is refused and the article is not there, it is done."""
    wire = Wire(bad(-201, "id is invalid"), bad(-201, "id is invalid"))
    zalo(wire).withdraw(zalo_post(), "a1")

    assert 2 == len(wire.seen)


def test_health_names_the_account() -> None:
    """A working account is healthy; a missing token is told, not raised."""
    dead = store()
    dead.pair = None

    assert zalo(Wire(ok({"name": "HN", "package_name": "P", "is_verified": True}))).health().ok
    assert not zalo(Wire(), dead).health().ok
