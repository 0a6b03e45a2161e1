"""The guard: forged requests, foreign hosts, tokens of other systems, and a desk that others can reach."""

import pytest
import requests

from pipeline.desk.guard import local, network
from pipeline.desk.sharing import may_serve
from pipeline.errors import ConfigError
from pipeline.ledger import sessions
from pipeline.ledger.accounts import Account, add
from pipeline.ledger.verbs import By

FORGED = [
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "odd"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "HERE"}, {"Origin": "https://evil.example"}, {"Origin": "null"},
    {"Origin": "HERE.evil.example"}, {"Origin": "http://127.0.0.1"}, {"Referer": "HERE/"}, {},
]  # fmt: skip
OWN = [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "HERE"}]


def sent(desk, headers, cookies, method="POST"):
    headers = {name: value.replace("HERE", desk.address) for name, value in headers.items()}
    return requests.request(method, f"{desk.address}/dang-xuat", headers=headers, cookies=cookies,
                            allow_redirects=False, timeout=20)  # fmt: skip


@pytest.mark.parametrize("headers", FORGED, ids=str)
def test_a_page_elsewhere_changes_nothing(desk, browser, staff, headers):
    """The browser sends the cookie of the person along, and still nobody is logged out."""
    person = browser()
    person.enter("editor")

    assert {403} == {sent(desk, headers, person.cookies, method).status_code for method in ("POST", "PUT", "DELETE")}
    assert 200 == person.get("/").status_code


@pytest.mark.parametrize("headers", OWN, ids=str)
def test_a_page_of_the_desk_may_change_things(desk, browser, staff, headers):
    """By fetch metadata where browsers send it, else by Origin."""
    person = browser()
    person.enter("editor")

    assert 303 == sent(desk, headers, person.cookies).status_code
    assert 303 == person.get("/").status_code


def test_a_forged_login_is_refused_too(desk, staff):
    """Nobody works unknowingly in somebody else's name."""
    data = {"ten": "editor", "mat_khau": "x"}

    assert 403 == requests.post(f"{desk.address}/dang-nhap", data, timeout=20).status_code


def test_without_accounts_forged_requests_are_refused_too(desk):
    """The open desk of `make run` is reachable by every page in the browser of this machine."""
    assert 403 == sent(desk, {"Sec-Fetch-Site": "cross-site"}, {}).status_code


def with_token(desk, token, method="GET", path="/"):
    headers = {"Authorization": f"Bearer {token}"}
    return requests.request(method, desk.address + path, headers=headers, allow_redirects=False, timeout=20)


def test_a_token_reads_and_its_owner_is_told(desk, staff):
    """With no browser's headers; metrics too, for Prometheus."""
    by = By("test", desk.now)
    token = sessions.make_token(desk.ledger, "operator", "cổng", read_only=True, by=by)

    assert [200, 200] == [with_token(desk, token, path=path).status_code for path in ("/", "/metrics")]
    assert "Ông operator" in with_token(desk, token).text
    assert 403 == with_token(desk, token, "POST", "/dang-xuat").status_code
    sessions.end_token(desk.ledger, "operator", "cổng", by)
    assert 401 == with_token(desk, token).status_code


def test_a_token_that_may_write_needs_no_origin(desk, staff):
    """No browser sends it by itself."""
    token = sessions.make_token(desk.ledger, "operator", "cổng", read_only=False, by=By("test", desk.now))

    assert 303 == with_token(desk, token, "POST", "/dang-xuat").status_code


@pytest.mark.parametrize("token", ["", "x", "bantin_", "bantin_" + "A" * 43, "\u00e9"])
def test_an_invalid_token_is_refused_even_with_a_session(desk, browser, staff, token):
    """And it does not excuse from the check of origin."""
    person = browser()
    person.enter("operator")
    person.headers["Authorization"] = f"Bearer {token}".encode()
    del person.headers["Sec-Fetch-Site"]

    assert [401, 401] == [person.get("/").status_code, person.post("/dang-xuat").status_code]


def test_a_script_without_login_is_told_so_instead_of_a_page(desk, browser, staff):
    """htmx would put the login page into the middle of the monitor."""
    person = browser()
    person.headers["Sec-Fetch-Mode"] = "cors"

    assert 401 == person.get("/").status_code


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "[::1", "localhost@evil.example", "x" * 300]
)
def test_a_foreign_host_gets_nothing_not_even_the_login(desk, host):
    """DNS rebinding."""
    assert 403 == desk.get("/dang-nhap", Host=host).status_code


def reachable(office, **values):
    return office.model_copy(update={"desk": office.desk.model_copy(update=values)})


@pytest.mark.parametrize("values", [{"host": "10.0.0.5"}, {"public_url": "https://bantin.hanoi.gov.vn"}])
def test_a_desk_that_others_reach_does_not_start_without_an_account(desk, office, values):
    """Neither by its own address nor through a proxy; the message says what to do."""
    shared = reachable(office, **values)
    with pytest.raises(ConfigError, match="bantin account add"):
        may_serve(shared, desk.ledger)
    may_serve(office, desk.ledger)
    add(desk.ledger, Account("an", "An", "operator"), By("test", desk.now))

    may_serve(shared, desk.ledger)


def test_without_accounts_nobody_gets_in_where_others_reach_it(desk, office):
    """Should it run all the same."""
    import uvicorn

    from pipeline.desk.app import build
    from tests.pipeline.desk.conftest import Served

    app = build(desk.ledger, reachable(office, public_url="https://bantin.hanoi.gov.vn"), lambda: desk.now)
    with Served(uvicorn.Config(app, port=0, log_level="warning")) as address:
        answers = [requests.get(address, headers={"Host": host}, allow_redirects=False, timeout=20)
                   for host in ("bantin.hanoi.gov.vn", "127.0.0.1")]  # fmt: skip

    assert [303, 303] == [one.status_code for one in answers]


@pytest.mark.parametrize(("given", "found"), [("10.1.2.3", "10.1.2.3"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
                                              ("odd", "odd"), ("", "")])  # fmt: skip
def test_failed_logins_of_one_line_count_together(given, found):
    """A provider gives a household 2^64 addresses."""
    assert found == network(given)


def test_own_paths_are_kept_whole():
    """With their question."""
    assert "/tin/a1?x=%20y#z" == local("/tin/a1?x=%20y#z")
