"""The desk's guard: who asks, whether their own page asked, and where people go who have not logged in.

A request that changes something must come from a page of the desk itself: browsers say so in Sec-Fetch-Site (on https
and on this machine) and in Origin. Only a token needs neither, because no browser sends it by itself.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta
from urllib.parse import quote, urlsplit

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from pipeline.config import Config
from pipeline.config.desk import LOOPBACK
from pipeline.desk import files
from pipeline.desk.pages import Desk
from pipeline.desk.people import LOCAL, NOBODY, Person, person
from pipeline.desk.problems import API, problem
from pipeline.i18n import _
from pipeline.ledger import chain
from pipeline.ledger.accounts import any_account
from pipeline.ledger.sessions import Life, owner_of, person_of, still

Next = Callable[[Request], Awaitable[Response]]
LOGIN = "/dang-nhap"
# What is there before anybody has logged in; Zalo's callback proves by its state that it was begun here.
OPEN = files.OPEN | {LOGIN, "/dang-nhap/oidc", "/dang-nhap/oidc/ve", "/healthz", "/readyz", "/zalo/callback"}
_SAFE = ("GET", "HEAD", "OPTIONS")
_FORM = 16_384  # bytes of a login form
_HOST = re.compile(r"([a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?")


def guard(desk: Desk) -> Callable[[Request, Next], Awaitable[Response]]:
    """The middleware over an open desk."""

    async def guarded(request: Request, call_next: Next) -> Response:
        secret = _bearer(request)
        if request.method not in _SAFE and secret is None and not from_here(request, desk.config):
            return _answer(request, 403, _("The request did not come from a page of the desk; nothing was changed."))
        found = await run_in_threadpool(_who, desk, request, secret)
        if found is NOBODY and secret is not None:
            return _answer(request, 401, _("This token is not valid."), {"WWW-Authenticate": "Bearer"})
        if isinstance(found, str):
            return _answer(request, 403, found)
        if found is NOBODY and request.url.path not in OPEN:
            return _to_login(request)
        if request.url.path == LOGIN and not 0 <= _length(request) <= _FORM:
            return _answer(request, 413, _("The form is too large."))
        request.state.person = found
        request.state.proof = secret or (cookie(request, desk.config) if found is not LOCAL else "")
        with chain.coming_from(address(request)):
            return await call_next(request)

    return guarded


def _who(desk: Desk, request: Request, secret: str | None) -> Person | str:
    """The person, nobody, or why a token does not do."""
    if secret is not None:
        owner = owner_of(desk.ledger, secret)
        if owner and owner[1] and request.method not in _SAFE:
            return _("This token may only read.")
        return person(owner[0], read_only=owner[1]) if owner else NOBODY
    begun = cookie(request, desk.config)
    account = person_of(desk.ledger, begun, life(desk.config), desk.clock()) if begun else None
    if account:
        return person(account)
    return LOCAL if alone(desk) else NOBODY


def alone(desk: Desk) -> bool:
    """Whether this machine needs no login yet."""
    return not desk.config.desk.shared and not any_account(desk.ledger)


def standing(desk: Desk, proofs: Collection[str]) -> set[str]:
    """Those of some requests' proofs that still open the desk; "" stands for a machine that needs no login."""
    found = still(desk.ledger, [one for one in proofs if one], life(desk.config), desk.clock())
    return found | ({""} if "" in proofs and alone(desk) else set())


def from_here(request: Request, config: Config) -> bool:
    """Whether a page of the desk sent this."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin", "")
    here = f"{request.url.scheme}://{request.headers.get('host', '')}"
    return bool(origin) and origin.lower() in (here.lower(), config.desk.public_url)


def known_host(request: Request, config: Config) -> bool:
    """Whether the request names the desk; a foreign name is DNS rebinding, and an odd one would be left unread."""
    named = _HOST.fullmatch(request.headers.get("host", "").lower())
    ours = (*LOOPBACK, "testserver", config.desk.host, urlsplit(config.desk.public_url).hostname)
    return named is not None and named[1].strip("[]") in ours


def unreadable(request: Request) -> bool:
    """Whether the address holds a NUL, which no person types and PostgreSQL does not take."""
    return "\x00" in request.url.path or b"%00" in request.scope["query_string"]


def secure(request: Request, config: Config) -> bool:
    return config.desk.public_url.startswith("https:") or request.url.scheme == "https"


def cookie_name(request: Request, config: Config) -> str:
    """With this prefix browsers take the cookie from this very host over https only."""
    return "__Host-bantin" if secure(request, config) else "bantin"


def cookie(request: Request, config: Config) -> str:
    """The session's id as the browser sent it."""
    return request.cookies.get(cookie_name(request, config), "")


def life(config: Config) -> Life:
    return Life(timedelta(minutes=config.desk.idle), timedelta(hours=config.desk.longest))


def address(request: Request) -> str:
    """The network address that asks; a proxy's word counts only as [desk] allows (see serving)."""
    return request.client.host if request.client else ""


def network(found: str) -> str:
    """What failed logins are counted by: an IPv4 address, or the /64 that one line has of IPv6."""
    try:
        parsed = ipaddress.ip_address(found)
    except ValueError:
        return found[:64]
    return str(ipaddress.ip_network((found, 64), strict=False)) if parsed.version == 6 else found


def local(path: str) -> str:
    """The path when it is one of the desk's own, else the first page: a login must lead nowhere else."""
    plain = path.startswith("/") and not path.startswith("//") and len(path) <= 1000
    if not plain or "\\" in path or any(ord(sign) <= 32 or ord(sign) == 127 for sign in path):
        return "/"
    try:
        parts = urlsplit(path)
    except ValueError:
        return "/"
    return "/" if parts.scheme or parts.netloc or parts.path.startswith(LOGIN) else path


def _bearer(request: Request) -> str | None:
    kind, _space, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" else None


def _to_login(request: Request) -> Response:
    """People are led to the login page and back; what a script or a form asked for is only refused."""
    script = request.headers.get("sec-fetch-mode", "navigate") != "navigate" or request.url.path.startswith(f"{API}/")
    if request.method not in _SAFE or script:
        text = _("You are not logged in, or your login has ended: open the page again.")
        return _answer(request, 401, text, {"WWW-Authenticate": "Bearer"})
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"{LOGIN}?tiep={quote(wanted, safe='')}", 303)


def _length(request: Request) -> int:
    """Bytes to come by the request's own word; -1 when it does not say."""
    said = request.headers.get("content-length", "0" if "transfer-encoding" not in request.headers else "")
    return int(said) if said.isascii() and said.isdigit() else -1


def _answer(request: Request, status: int, text: str, headers: dict[str, str] | None = None) -> Response:
    if request.url.path.startswith(f"{API}/"):
        return problem(status, text, headers)
    return Response(text, status, headers, "text/plain; charset=utf-8")
