"""The Facebook adapter: what it sends, and what it makes of the answers."""

from pathlib import Path
from typing import Any

import pytest
import requests
from wire import LINK, NOW, Wire, facebook, facebook_post

from channels.base import Picture, Receipt
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
    wire = Wire((200, {"id": "42_1"}))

    assert Receipt("42_1", "https://www.facebook.com/42_1") == facebook(wire).publish(facebook_post())
    assert ["POST /graph/v26.0/42/feed"] == wire.paths
    assert "Bearer page-token" == wire.seen[0].headers["Authorization"]
    assert {"message": f"Một cửa {LINK}", "link": LINK} == payload(facebook_post())


def test_photo_post(tmp_path: Path) -> None:
    """A photo is uploaded unpublished, then attached."""
    wire = Wire((200, {"id": "9"}), (200, {"id": "42_1"}))
    facebook(wire).publish(facebook_post(photo=picture(tmp_path)))

    assert ["POST /graph/v26.0/42/photos", "POST /graph/v26.0/42/feed"] == wire.paths
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

    with pytest.raises(TryLater) as caught:
        facebook(Wire((*bad(80001), {"X-Business-Use-Case-Usage": usage}))).publish(facebook_post())
    assert 19 * 60 == caught.value.after


def test_find_pages_by_cursor() -> None:
    """Reading back follows cursors, matches the marker, and gives the oldest first."""
    new = {"id": "2", "created_time": "2026-11-24T09:00:02+0000", "message": LINK}
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
