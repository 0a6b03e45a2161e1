"""The Zalo adapter: what it sends, and what it makes of the answers."""

import json
from datetime import timedelta
from typing import Any

import pytest
from wire import LINK, NOW, Clock, Wire, store, zalo, zalo_post

from channels.base import Pending, Receipt
from channels.errors import ChannelError, NotAuthorized, Refused, TryLater, Unsure
from channels.zalo.adapter import payload

LAST = {"X-RateLimit-Limit": "4000", "X-RateLimit-Remain": "0"}
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
    assert str(code) == caught.value.code.removesuffix("/quota")
    assert ("quota" in message) == caught.value.code.endswith("/quota")
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


def test_a_missing_right_is_no_proof_that_it_is_gone() -> None:
    """When neither remove nor detail is allowed, the article may still be there."""
    with pytest.raises(Refused, match="lack a right"):
        zalo(Wire(bad(-201, "Params is invalid"), bad(-201, "Params is invalid"))).withdraw(zalo_post(), "a1")


MILLIS = int(NOW.timestamp() * 1000)
BODY = [{"type": "text", "content": f"<p>{LINK}</p>"}]


def medias(*found: tuple[str, str, int]) -> tuple[int, Any]:
    return ok({"medias": [{"id": name, "title": title, "create_date": date} for name, title, date in found]})


def test_find_reads_back_by_title_and_marker() -> None:
    """Only a listed article of this title that holds our marker is ours."""
    wire = Wire(medias(("a", "Một cửa", MILLIS), ("b", "Khác", MILLIS)), ok({"body": BODY}))

    assert ["a"] == [one.remote_id for one in zalo(wire).find(zalo_post(), NOW)]


def test_find_gives_all_oldest_first() -> None:
    """Several are all given; composition, spaces and entities of a title do not count, and neither does an old one."""
    listed = medias(
        ("c", "Mo\u0323\u0302t  cửa &amp; nhanh", MILLIS + 5), ("b", "Một cửa & nhanh", MILLIS - 300_000),
        ("a", "Một cửa & nhanh", MILLIS - 300_001), ("d", "Một cửa & nhanh", MILLIS),
    )  # fmt: skip
    wire = Wire(listed, ok({"body": BODY}), ok({"body": BODY}), ok({"body": [{"type": "text", "content": "khác"}]}))

    assert ["b", "c"] == [one.remote_id for one in zalo(wire).find(zalo_post(title="Một cửa & nhanh"), NOW)]


def test_find_overlaps_its_pages() -> None:
    """An article that moves up while we page is still seen; a page that is old as a whole ends the search."""
    new = [(f"n{at}", "Khác", MILLIS) for at in range(10)]
    wire = Wire(medias(*new), medias(*[(f"o{at}", "Một cửa", MILLIS - 400_000) for at in range(10)]))

    assert [] == zalo(wire).find(zalo_post(), NOW)
    assert ["offset=0", "offset=8"] == [one.url.partition("?")[2].partition("&")[0] for one in wire.seen]


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ([bad(-201, "offset is invalid!")], NotAuthorized),
        ([medias(("a", "Một cửa", MILLIS)), bad(-201, "id is invalid!")], TryLater),
        ([ok({})], TryLater),
        ([(502, b"<html>")], TryLater),
    ],
)
def test_a_list_that_cannot_be_read_settles_nothing(answers: list[Any], error: type[ChannelError]) -> None:
    """A read-back never says "not there" and never blames the item when it could not read."""
    with pytest.raises(error):
        zalo(Wire(*answers)).find(zalo_post(), NOW)


@pytest.mark.parametrize(
    ("answer", "error"), [(bad(-200, "Upload media failed"), Refused), (bad(-201, "token is invalid!"), Unsure)]
)
def test_a_token_that_zalo_forgot_is_in_doubt(answer: Any, error: type[ChannelError]) -> None:
    """Failed pictures are a refusal; a forgotten token says nothing about the article."""
    with pytest.raises(error):
        zalo(Wire(answer)).confirm(zalo_post(), Pending("t1"))


def test_rest_after_a_limit() -> None:
    """-32 rests the account as long as its window; the last call of a minute rests until the next."""
    clock = Clock()
    account = zalo(
        Wire(bad(-32, "Your application reached limit call api"), bad(-214), (*ok({"id": "a"}), LAST)), clock=clock
    )
    with pytest.raises(TryLater):
        account.publish(zalo_post())
    clock.wait(20)
    first = account.rest()
    clock.wait(40)
    with pytest.raises(TryLater):
        account.confirm(zalo_post(), Pending("t"))
    second = account.rest()
    account.withdraw(zalo_post(), "a")

    assert (40, 0, 60) == (first, second, account.rest())


def test_withdraw_of_a_gone_article_is_done() -> None:
    """If remove is refused and the article is not there, it is done."""
    wire = Wire(bad(-201, "id is invalid"), bad(-201, "id is invalid"))
    zalo(wire).withdraw(zalo_post(), "a1")

    assert 2 == len(wire.seen)


GOOD = {"name": "HN", "package_name": "P", "package_valid_through_date": "01/02/2027", "is_verified": True}


def test_health_names_the_account() -> None:
    """A working account is healthy, with its package and the refresh token's end."""
    health = zalo(Wire(ok(GOOD))).health()

    assert (True, "HN, P, until 01/02/2027", "") == (health.ok, health.message, health.remedy)
    assert NOW + timedelta(hours=20 - 25, days=90) == health.expires_at


@pytest.mark.parametrize(
    ("answer", "remedy"),
    [
        (ok({**GOOD, "is_verified": False}), "verified"),
        (bad(-221), "verified"),
        (bad(-224), "package"),
        (bad(-223, "Official Account has not authorized this API"), "tick the right"),
        (bad(-219), "support desk"),
        (bad(-242), "appsecret_proof"),
    ],
)
def test_health_says_what_to_do(answer: Any, remedy: str) -> None:
    """Each trouble of the account has its remedy."""
    health = zalo(Wire(answer)).health()

    assert not health.ok
    assert remedy in health.remedy


def test_health_without_a_living_token_asks_for_consent() -> None:
    """No token, and one that cannot be renewed, are told and not raised; one that works on says until when."""
    dead = store()
    dead.pair = None
    refused = (200, {"error": -14014, "error_name": "Invalid refresh token."})
    ended = zalo(Wire(refused), store(hours=-1)).health()
    working = zalo(Wire(refused, ok(GOOD)), store(hours=2)).health()

    assert [False, False, True] == [zalo(Wire(), dead).health().ok, ended.ok, working.ok]
    assert all("consent" in one.remedy for one in (zalo(Wire(), dead).health(), ended, working))
    assert NOW + timedelta(hours=2) == working.expires_at
