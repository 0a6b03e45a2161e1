"""Login by the office's OpenID Connect service: authorization code with PKCE, state and nonce.

What has to be remembered between going and coming back stays in a cookie of that browser: an answer that somebody else
began does not fit it.
"""

from __future__ import annotations

import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from pipeline.i18n import _

_SIGNED = ["RS256", "PS256", "ES256", "RS384", "ES384", "RS512", "ES512"]  # by the service's own key only
_WAIT = 10.0  # seconds
_SKEW = 120  # seconds by which the service's clock may differ


class NoLogin(Exception):
    """The service did not say who it is; the message is for the person."""


@dataclass(frozen=True)
class Client:
    """bantin as the service knows it; `back` is the registered address to come back to."""

    issuer: str
    id: str
    secret: str
    back: str

    def __repr__(self) -> str:
        return f"Client({self.issuer!r}, {self.id!r})"


@dataclass(frozen=True)
class Claims:
    """Who it is: the service's own id, and the address in lower case when the service has verified it."""

    subject: str
    email: str


def begin(client: Client, then: str) -> tuple[str, str]:
    """The service's address to go to, and what the browser keeps meanwhile.

    Raises:
        NoLogin: the service does not answer.
    """
    kept = {"state": secrets.token_urlsafe(24), "nonce": secrets.token_urlsafe(24),
            "verifier": secrets.token_urlsafe(48), "then": then}  # fmt: skip
    with _session(client) as session:
        way, _state = session.create_authorization_url(
            _metadata(session, client)["authorization_endpoint"], state=kept["state"], nonce=kept["nonce"],
            code_verifier=kept["verifier"])  # fmt: skip
    return str(way), urlsafe_b64encode(json.dumps(kept).encode()).decode()


def finish(client: Client, answer: Mapping[str, str], cookie: str, now: datetime) -> tuple[Claims, str]:
    """Who came back, and where they wanted to go.

    Raises:
        NoLogin: the answer was not asked for, was refused, or is not the service's.
    """
    kept = _kept(cookie)
    if not kept or not hmac.compare_digest(kept["state"].encode(), answer.get("state", "").encode()):
        raise NoLogin(_("This login was not begun in this browser, or took too long. Begin again."))
    if "error" in answer or not answer.get("code"):
        raise NoLogin(_("The login service has refused the login."))
    try:
        with _session(client) as session:
            known = _metadata(session, client)
            token = session.fetch_token(known["token_endpoint"], code=answer["code"], code_verifier=kept["verifier"],
                                        grant_type="authorization_code", timeout=_WAIT)  # fmt: skip
            found = _verified(session, client, known, token, kept["nonce"], now)
    except (requests.RequestException, AuthlibBaseError, JoseError, KeyError, TypeError, ValueError):
        raise NoLogin(_("The login service gave no valid answer. Try again, or ask an operator.")) from None
    return found, kept["then"]


def _verified(session: OAuth2Session, client: Client, known: Mapping[str, Any], token: Mapping[str, Any], nonce: str,
              now: datetime) -> Claims:  # fmt: skip
    keys = KeySet.import_key_set(session.get(known["jwks_uri"], withhold_token=True, timeout=_WAIT).json())
    read = jwt.decode(token["id_token"], keys, algorithms=_SIGNED)
    options = {"iss": {"essential": True, "value": known["issuer"]}, "aud": {"essential": True, "value": client.id}}
    claims = CodeIDToken(read.claims, read.header, options, {"nonce": nonce, "client_id": client.id,
                                                             "access_token": token.get("access_token")})  # fmt: skip
    claims.validate(now=int(now.timestamp()), leeway=_SKEW)
    told = dict(read.claims)
    if "email" not in told and "userinfo_endpoint" in known:
        more = session.get(known["userinfo_endpoint"], timeout=_WAIT).json()
        told |= more if more["sub"] == told["sub"] else {}
    verified = told.get("email_verified") is True and isinstance(told.get("email"), str)
    return Claims(str(told["sub"]), told["email"].lower() if verified else "")


def _session(client: Client) -> OAuth2Session:
    session = OAuth2Session(client.id, client.secret or None, scope="openid email", redirect_uri=client.back,
                            code_challenge_method="S256")  # fmt: skip
    session.trust_env = False  # only config reads the environment
    return session


def _metadata(session: OAuth2Session, client: Client) -> dict[str, Any]:
    try:
        answer = session.get(f"{client.issuer}/.well-known/openid-configuration", withhold_token=True, timeout=_WAIT)
        answer.raise_for_status()
        known: dict[str, Any] = answer.json()
        if str(known["issuer"]).rstrip("/") == client.issuer and known["authorization_endpoint"]:
            return known
    except (requests.RequestException, ValueError, KeyError, TypeError):
        pass
    raise NoLogin(_("The login service does not answer. Log in by password, or try again later."))


def _kept(cookie: str) -> dict[str, str]:
    """What `begin` gave to the browser, {} when this is something else."""
    try:
        found = json.loads(urlsafe_b64decode(cookie.encode()))
        return {key: str(found[key]) for key in ("state", "nonce", "verifier", "then")}
    except (ValueError, KeyError, TypeError):
        return {}
