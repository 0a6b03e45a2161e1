"""The client turns what happens on the wire into answers or our errors."""

import ssl
from contextlib import suppress

import pytest
import requests
from wire import Clock, Wire, unreachable

from channels.errors import NotAuthorized, TryLater, Unsure
from channels.http import Http, HttpOptions
from channels.pause import Pause


def client(*answers: object, most: int = 1000) -> tuple[Http, Wire]:
    wire = Wire(*answers)
    return Http("http://x.test/graph", HttpOptions(transport=wire, most=most)), wire


def test_path_prefix_is_kept() -> None:
    """A base address with a path keeps it."""
    http, wire = client((200, {"a": 1}))

    assert {"a": 1} == http.send("GET", "/v1/me", writes=False).body
    assert ["GET /graph/v1/me"] == wire.paths


@pytest.mark.parametrize("writes", [True, False])
@pytest.mark.parametrize(
    "failure", [unreachable(), requests.ConnectTimeout(), requests.exceptions.SSLError(ssl.SSLCertVerificationError())]
)
def test_never_sent_is_try_later(failure: Exception, writes: bool) -> None:
    """What was never sent may be sent again."""
    http, _ = client(failure)

    with pytest.raises(TryLater):
        http.send("POST", "/", writes=writes)


@pytest.mark.parametrize(("writes", "error"), [(True, Unsure), (False, TryLater)])
@pytest.mark.parametrize(
    "answer",
    [
        requests.ReadTimeout(),
        requests.ConnectionError("reset"),
        (502, b"<html>"),
        (200, [1]),
        (200, b"x" * 2000),
        (302, b"", {"Location": "http://elsewhere.test"}),
    ],
)
def test_lost_answer(answer: object, writes: bool, error: type[Exception]) -> None:
    """A lost answer is Unsure after a write and TryLater after a read."""
    http, wire = client(answer)

    with pytest.raises(error):
        http.send("POST", "/", writes=writes)
    assert 1 == len(wire.seen)


def test_bad_header_does_not_leak() -> None:
    """A token that cannot be a header is never in the error."""
    http, _ = client()

    with pytest.raises(NotAuthorized) as caught:
        http.send("GET", "/", writes=False, headers={"access_token": "tok\nen"})
    assert "tok" not in str(caught.value)


@pytest.mark.parametrize(
    ("told", "seconds"), [("7", 7), ("0", 1), ("999999", 86400), ("Wed, 21 Oct 2026", 60), (None, 60)]
)
def test_429_waits_as_told(told: str | None, seconds: float) -> None:
    """Retry-After is read in seconds and kept within a day; without it a minute is waited."""
    http, _ = client((429, b"<html>", {"Retry-After": told} if told else {}))

    with pytest.raises(TryLater) as caught:
        http.send("POST", "/", writes=True)
    assert seconds == caught.value.after


def test_the_longest_pause_counts_until_it_is_over() -> None:
    """A shorter pause does not end a longer one, and time does."""
    clock = Clock()
    pause = Pause(clock)
    before = pause.left()
    pause.ask(60)
    pause.ask(5)
    clock.wait(20)
    during = pause.left()
    clock.wait(60)

    assert (0, 40, 0) == (before, during, pause.left())


LOST = [requests.ReadTimeout(), requests.ConnectionError("reset"), (502, b"<html>"), (200, b"{")]


@pytest.mark.parametrize("lost", LOST)
def test_a_read_is_repeated_at_once(lost: object) -> None:
    """A GET whose answer was lost twice is read the third time; a fourth time is not tried."""
    http, wire = client(lost, lost, (200, {"a": 1}))
    again, seen = client(lost, lost, (502, b"<html>"), (200, {}))

    assert {"a": 1} == http.send("GET", "/", writes=False).body
    assert 3 == len(wire.seen)
    with pytest.raises(TryLater):
        again.send("GET", "/", writes=False)
    assert 3 == len(seen.seen)


@pytest.mark.parametrize("lost", LOST)
@pytest.mark.parametrize(("method", "writes"), [("POST", True), ("DELETE", True), ("POST", False), ("GET", True)])
def test_nothing_else_is_repeated(method: str, writes: bool, lost: object) -> None:
    """A write is sent once, and so is whatever is no GET."""
    http, wire = client(lost, (200, {}))

    with pytest.raises((Unsure, TryLater)):
        http.send(method, "/", writes=writes)
    assert 1 == len(wire.seen)


@pytest.mark.parametrize("final", [unreachable(), (429, b"<html>"), (404, {"error": 1}), (500, {"error": 1})])
def test_a_clear_answer_is_not_repeated(final: object) -> None:
    """No connection, a limit and a clear error are told at once."""
    http, wire = client(final, (200, {}))
    with suppress(TryLater):
        http.send("GET", "/", writes=False)

    assert 1 == len(wire.seen)


def test_a_read_is_not_repeated_when_its_time_is_over() -> None:
    """The whole call has its seconds, repeats included."""
    wire = Wire(requests.ReadTimeout(), (200, {}))
    http = Http("http://x.test", HttpOptions(transport=wire, connect=0, read=0))

    with pytest.raises(TryLater):
        http.send("GET", "/", writes=False)
    assert 1 == len(wire.seen)
