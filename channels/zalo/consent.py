"""The way back to a living token: an administrator agrees in a browser and Zalo gives a code (facts: zalo.md §1.1).

A command line and a web callback use it alike: `begin`, show `address`, keep the rest, `read_callback`, `redeem`.
"""

from __future__ import annotations

import hashlib
import secrets
import string
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from channels.base import TokenPair
from channels.errors import NotAuthorized, Unsure
from channels.http import Http
from channels.zalo.oauth import exchange, read_pair, told
from channels.zalo.remedies import AGAIN, CALLBACK, by_code

PERMISSION = "/v4/oa/permission"  # without /oa/ it would be the login of users, another product (§1.1)
VERIFIER_LENGTH = 43
_LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True)
class Consent:
    """A consent that was begun; whoever began it keeps it until the answer comes, at most ten minutes after "agree".

    Args:
        address: what the administrator opens.
        state: comes back with the code, and shows that the answer belongs to this consent.
        verifier: proves that whoever redeems the code began the consent; a secret.
    """

    address: str
    state: str
    verifier: str = field(repr=False)


def begin(oauth_base: str, app_id: str, redirect_uri: str, *, verifier: str = "") -> Consent:
    """Make the address to open.

    Args:
        redirect_uri: byte-equal to the callback in the app's settings, or Zalo answers -14003.
        verifier: given when the app's settings hold a fixed code challenge; sources disagree whether one made for
            each consent works there (§1.1). A new one is made otherwise.
    """
    verifier = verifier or "".join(secrets.choice(_LETTERS) for _ in range(VERIFIER_LENGTH))
    state = secrets.token_urlsafe(24)
    query = {
        "app_id": app_id, "redirect_uri": redirect_uri, "code_challenge": challenge(verifier), "state": state,
    }  # fmt: skip
    return Consent(f"{oauth_base.rstrip('/')}{PERMISSION}?{urlencode(query)}", state, verifier)


def challenge(verifier: str) -> str:
    """S256 of the verifier, without padding; Zalo knows no other method (§1.1)."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).decode().rstrip("=")


def read_callback(text: str, state: str) -> str:
    """The code out of what came back: the whole address of the page after "agree", its query, or the bare code.

    A bare code carries no state; only a person who pastes it can vouch that it is his own.

    Raises:
        NotAuthorized: Zalo refused, the answer belongs to another consent, or there is no code in it.
    """
    text = text.strip()
    query = urlsplit(text).query if "?" in text else text
    values = dict(parse_qsl(query, keep_blank_values=True)) if "=" in query else {"code": query, "state": state}
    refused = values.get("error_code") or values.get("error") or ""
    if refused:
        raise NotAuthorized(f"Zalo refused the consent. {by_code(refused) or AGAIN}", code=refused[:20])
    if not secrets.compare_digest(values.get("state", "").encode(), state.encode()):
        raise NotAuthorized(f"This answer belongs to another consent. {AGAIN}")
    code = values.get("code", "")
    if not code or any(sign.isspace() for sign in code):
        raise NotAuthorized(f"There is no code in the answer. {AGAIN}")
    return code


def redeem(http: Http, app_id: str, app_secret: str, code: str, verifier: str, now: datetime) -> TokenPair:
    """Change the code for a pair; the old pair is dead from then on, so store the new one at once.

    Args:
        http: for the OAuth base address.

    Raises:
        NotAuthorized: refused, or the answer was lost: a code is good once, so the consent begins anew.
        TryLater: nothing was sent; the same code may be tried within its ten minutes.
    """
    form = {"grant_type": "authorization_code", "code": code, "app_id": app_id, "code_verifier": verifier}
    try:
        answer = exchange(http, app_secret, form)
    except Unsure as error:
        raise NotAuthorized(f"Zalo: the answer was lost ({error}). {AGAIN}") from None
    pair = read_pair(answer, now)
    if pair is None:
        refused, name = told(answer)
        remedy = by_code(refused) or CALLBACK
        raise NotAuthorized(f"Zalo: {name}. {remedy}", code=refused)
    return pair
