"""Login by OpenID Connect, against a real provider on loopback."""

import html
import warnings
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import uvicorn

from pipeline.config.desk import OidcSection
from pipeline.desk.app import build
from pipeline.ledger import accounts, views
from pipeline.ledger.verbs import By
from tests.pipeline.desk.conftest import Browser, Served

with warnings.catch_warnings():  # the mock still speaks to a part of authlib that its next version drops; ours does not
    warnings.simplefilter("ignore")
    import oidc_provider_mock
# As above, while the mock makes a token.
pytestmark = pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")


@pytest.fixture
def provider():
    with oidc_provider_mock.run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def service(desk, office, staff, provider, monkeypatch):
    """The desk with its login service: `known(sub, …)` makes a person there, `come_back(browser, sub)` logs in there."""
    monkeypatch.setenv("BANTIN_OIDC_SECRET", "geheim")
    section = office.desk.model_copy(
        update={"oidc": OidcSection(issuer=provider, client_id="bantin", name="SSO Hà Nội")}
    )
    app = build(desk.ledger, office.model_copy(update={"desk": section}), lambda: datetime.now(UTC))
    with Served(uvicorn.Config(app, port=0, log_level="warning")) as address:
        desk.address = address
        desk.known = lambda sub, **claims: requests.put(f"{provider}/users/{sub}", json=claims, timeout=5)
        desk.come_back = come_back
        yield desk


def come_back(person, sub, then="/"):
    """The address of the answer, as the provider sends the browser to it."""
    way = person.get("/dang-nhap/oidc", params={"tiep": then}).headers["location"]
    answer = requests.post(way, data={"sub": sub}, allow_redirects=False, timeout=5)
    parts = urlsplit(answer.headers["location"])
    return f"{parts.path}?{parts.query}"


def test_a_person_of_the_office_comes_in_without_a_password(service):
    """By the verified address the first time, by the service's id from then on."""
    service.known("u-1", email="Editor@hanoi.gov.vn", email_verified=True)
    with Browser(service.address) as person:
        assert "SSO Hà Nội" in person.get("/dang-nhap").text
        answer = person.get(service.come_back(person, "u-1", "/?view=held"))
        assert (303, "/?view=held") == (answer.status_code, answer.headers["location"])
        assert "Ông editor" in person.get("/").text
    assert "u-1" == accounts.find(service.ledger, "editor").subject
    service.known("u-1", email="new-name@hanoi.gov.vn", email_verified=True)
    with Browser(service.address) as person:
        person.get(service.come_back(person, "u-1"))
        assert "Ông editor" in person.get("/").text
    assert ["login", "login", "bind account"] == [row["what"] for row in views.audit(service.ledger)][:3]


@pytest.mark.parametrize(("page", "told"), [
    ("https://sso.example/doi-mat-khau?x=1", 'href="https://sso.example/doi-mat-khau?x=1"'), ("", "hãy hỏi người phụ trách SSO Hà Nội")])  # fmt: skip
def test_whose_password_the_service_keeps_is_told_so(service, by_service, page, told):
    """And where to change it, if that is known; never that the old one is wrong, also by a form sent by hand."""
    with by_service(page) as person:
        for answer in (
            person.get("/mat-khau"),
            person.post("/mat-khau", data={"cu": "gì", "moi": "m" * 20, "lai": "m" * 20}),
        ):
            shown = html.unescape(answer.text)
            assert "Mật khẩu do dịch vụ đó giữ" in shown
            assert told in shown
            assert 'type="password"' not in shown
            assert "không đúng" not in shown
        assert 422 == answer.status_code


@pytest.fixture
def by_service(service, office, provider):
    """A browser of somebody without a password here, who came in by the service with such a page for passwords."""
    accounts.add(
        service.ledger, accounts.Account("moi", "Bà Mới", "editor", email="moi@hanoi.gov.vn"), By("t", service.now)
    )
    service.known("u-9", email="moi@hanoi.gov.vn", email_verified=True)

    @contextmanager
    def come(page):
        section = office.desk.model_copy(
            update={"oidc": OidcSection(issuer=provider, client_id="bantin", name="SSO Hà Nội", password_page=page)}
        )
        app = build(service.ledger, office.model_copy(update={"desk": section}), lambda: datetime.now(UTC))
        with Served(uvicorn.Config(app, port=0, log_level="warning")) as address, Browser(address) as person:
            person.get(come_back(person, "u-9"))
            yield person

    return come


def test_who_has_a_password_here_changes_it_here(service):
    """Whatever else they log in by."""
    service.known("u-1", email="editor@hanoi.gov.vn", email_verified=True)
    with Browser(service.address) as person:
        person.get(service.come_back(person, "u-1"))
        assert 'name="cu"' in person.get("/mat-khau").text


def test_the_way_there_carries_a_challenge_a_state_and_a_nonce(service):
    """Fresh each time; the verifier stays here."""
    with Browser(service.address) as person:
        ways = [parse_qs(urlsplit(person.get("/dang-nhap/oidc").headers["location"]).query) for _turn in range(2)]

    assert {("code", "S256", "openid email", "bantin")} == {
        (way["response_type"][0], way["code_challenge_method"][0], way["scope"][0], way["client_id"][0]) for way in ways}  # fmt: skip
    for name in ("state", "nonce", "code_challenge"):
        assert 2 == len({way[name][0] for way in ways})
    assert "code_verifier" not in ways[0]


@pytest.mark.parametrize(("sub", "claims"), [
    ("u-2", {"email": "stranger@hanoi.gov.vn", "email_verified": True}),
    ("u-3", {"email": "editor@hanoi.gov.vn", "email_verified": False}),
    ("u-4", {"email": "editor@hanoi.gov.vn"}),
    ("u-5", {"email": "editor@hanoi.gov.vn", "email_verified": "true"}),
    ("u-6", {}),
])  # fmt: skip
def test_nobody_gets_an_account_by_having_a_login_there(service, sub, claims):
    """Nor by an address that the service has not verified."""
    service.known(sub, **claims)
    with Browser(service.address) as person:
        answer = person.get(service.come_back(person, sub))
        assert 403 == answer.status_code
        assert "chưa có tài khoản" in html.unescape(answer.text)
        assert 303 == person.get("/").status_code


def test_an_address_that_went_to_somebody_else_does_not_carry_the_account(service):
    """It is bound to the id that came first."""
    for sub, status in (("u-1", 303), ("u-7", 403)):
        service.known(sub, email="editor@hanoi.gov.vn", email_verified=True)
        with Browser(service.address) as person:
            assert status == person.get(service.come_back(person, sub)).status_code


def test_a_closed_account_stays_closed(service):
    """Whatever the service says."""
    from pipeline.ledger.verbs import By

    accounts.change(service.ledger, "editor", By("t", service.now), "disable account", disabled=True)
    service.known("u-1", email="editor@hanoi.gov.vn", email_verified=True)
    with Browser(service.address) as person:
        assert 403 == person.get(service.come_back(person, "u-1")).status_code


def test_an_answer_that_this_browser_did_not_begin_is_refused(service):
    """Login forgery: an attacker's answer in the victim's browser, no cookie, odd cookies, another state."""
    service.known("u-1", email="editor@hanoi.gov.vn", email_verified=True)
    with Browser(service.address) as attacker, Browser(service.address) as victim:
        answer = service.come_back(attacker, "u-1")
        assert 401 == victim.get(answer).status_code
        victim.get("/dang-nhap/oidc")
        assert 401 == victim.get(answer).status_code
        for odd in ("x", "e30=", "bnVsbA==", "\u00e9".encode().hex()):
            assert 401 == victim.get(answer, headers={"Cookie": f"bantin-oidc={odd}"}).status_code
        assert 401 == attacker.get("/dang-nhap/oidc/ve?error=access_denied").status_code
        assert 303 == attacker.get(answer).status_code


def test_a_code_is_worth_nothing_with_another_nonce_or_a_second_time(service):
    """The token must be the one that was asked for."""
    import json
    from base64 import urlsafe_b64decode, urlsafe_b64encode

    service.known("u-1", email="editor@hanoi.gov.vn", email_verified=True)
    with Browser(service.address) as person:
        answer = service.come_back(person, "u-1")
        kept = json.loads(urlsafe_b64decode(person.cookies["bantin-oidc"].strip('"')))
        forged = urlsafe_b64encode(json.dumps(kept | {"nonce": "other"}).encode()).decode()
        with Browser(service.address) as other:
            assert 401 == other.get(answer, headers={"Cookie": f"bantin-oidc={forged}"}).status_code
        assert 401 == person.get(answer).status_code


def test_a_service_that_is_away_or_another_one_is_said(service, office):
    """And logging in by password still works."""
    section = office.desk.model_copy(update={"oidc": OidcSection(issuer="http://localhost:9", client_id="bantin")})
    app = build(service.ledger, office.model_copy(update={"desk": section}), lambda: service.now)
    with Served(uvicorn.Config(app, port=0, log_level="warning")) as address, Browser(address) as person:
        answer = person.get("/dang-nhap/oidc")
        assert 502 == answer.status_code
        assert "không trả lời" in html.unescape(answer.text)
        assert 303 == person.enter("editor").status_code


def test_without_a_service_its_addresses_are_not_there(desk, staff, browser):
    """And the login page does not speak of it."""
    assert [404, 404] == [browser().get(path).status_code for path in ("/dang-nhap/oidc", "/dang-nhap/oidc/ve")]
    assert "oidc" not in browser().get("/dang-nhap").text
