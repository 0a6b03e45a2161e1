"""Consent in a browser: the address, what comes back, and the code that becomes a pair."""

import re
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
import requests
from wire import NOW, Wire, unreachable

from channels.errors import NotAuthorized, TryLater
from channels.http import Http, HttpOptions
from channels.zalo.consent import begin, challenge, read_callback, redeem

BACK = "https://tin.example.vn/zalo"


def redeemed(*answers: Any) -> tuple[Any, Wire]:
    wire = Wire(*answers)
    http = Http("http://oauth.test", HttpOptions(transport=wire))
    return redeem(http, "app", "secret-s", "code-1", "verifier-1", NOW), wire


def test_the_challenge_is_s256() -> None:
    """The example of RFC 7636, appendix B."""
    assert "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" == challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")


def test_begin_makes_the_address_to_open() -> None:
    """The address holds app, callback, challenge and state, and the verifier nowhere."""
    consent, other = begin("https://oauth.zaloapp.com/", "app", BACK), begin("https://oauth.zaloapp.com", "app", BACK)
    query = dict(parse_qsl(urlsplit(consent.address).query))

    assert consent.address.startswith("https://oauth.zaloapp.com/v4/oa/permission?")
    assert re.fullmatch(r"[A-Za-z0-9]{43}", consent.verifier)
    assert query == {
        "app_id": "app", "redirect_uri": BACK, "state": consent.state, "code_challenge": challenge(consent.verifier),
    }  # fmt: skip
    assert consent.verifier not in consent.address + repr(consent)
    assert (consent.state, consent.verifier) != (other.state, other.verifier)


def test_a_verifier_of_the_apps_settings_is_kept() -> None:
    """When the console holds a fixed challenge, its verifier is given."""
    consent = begin("https://x", "app", BACK, verifier="a" * 43)

    assert [challenge("a" * 43)] == parse_qs(urlsplit(consent.address).query)["code_challenge"]


@pytest.mark.parametrize("text", [f" {BACK}?oa_id=7&code=c1&state=s ", "oa_id=7&code=c1&state=s", " c1\n"])
def test_the_code_is_read_from_what_people_paste(text: str) -> None:
    """The whole address, its query and the bare code are all taken."""
    assert "c1" == read_callback(text, "s")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{BACK}?code=c1&state=other", "another consent"),
        (f"{BACK}?code=c1", "another consent"),
        (f"{BACK}?state=s", "no code"),
        ("", "no code"),
        ("https://oauth.zaloapp.com/v4/oa/permission/error?error_code=-14003", "callback address"),
        (f"{BACK}?error=access_denied", "anew"),
    ],
)
def test_other_answers_say_what_to_do(text: str, words: str) -> None:
    """A refusal, another consent's answer and nothing at all are told apart."""
    with pytest.raises(NotAuthorized, match=words):
        read_callback(text, "s")


def test_a_code_becomes_a_pair() -> None:
    """The code goes out with its verifier in a form, the secret in a header."""
    pair, wire = redeemed((200, {"access_token": "a", "refresh_token": "r", "expires_in": "90000"}))
    form = dict(parse_qsl(str(wire.seen[0].body)))

    assert ("a", "r") == (pair.access, pair.refresh)
    assert "secret-s" == wire.seen[0].headers["secret_key"]
    assert form == {
        "grant_type": "authorization_code", "code": "code-1", "app_id": "app", "code_verifier": "verifier-1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        ((200, {"error": -14005, "error_name": "Invalid code"}), NotAuthorized, "ten minutes"),
        ((200, {"error": -14004, "error_name": "Invalid secret key"}), NotAuthorized, "secret key"),
        ((200, {"error": -14012, "error_name": "x"}), NotAuthorized, "administrator"),
        ((200, {"error": -1, "error_name": "x"}), NotAuthorized, "callback"),
        (requests.ReadTimeout(), NotAuthorized, "lost"),
        ((502, b"<html>"), NotAuthorized, "lost"),
        (unreachable(), TryLater, "no connection"),
    ],
)
def test_a_code_that_fails_says_what_to_do(answer: Any, error: type[Exception], words: str) -> None:
    """Each refusal has its remedy, and a code whose answer was lost is not sent twice."""
    with pytest.raises(error, match=words) as caught:
        redeemed(answer)
    assert "secret-s" not in str(caught.value)
