"""The role matrix: every address × role × method. A new address fails until it is listed here with its right."""

import html

import pytest
from fastapi.routing import APIRoute
from starlette.routing import Mount

from pipeline.cli_people import _ROLES
from pipeline.desk import files
from pipeline.desk.api import guide
from pipeline.desk.app import PARTS, build
from pipeline.desk.guard import OPEN
from pipeline.desk.pages import Desk, environment
from pipeline.desk.people import LOCAL, NOBODY, RIGHTS, ROLES, Person
from pipeline.desk.problems import API
from pipeline.ledger import views
from pipeline.model import Attempt

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ITEM = "2026-10-20-tra-quy-hoach-truoc-khi-xin-phep.md"  # of so-xay-dung; the contributor is of so-y-te
PICTURE = "/anh/" + "0" * 20 + ".jpg"

JSON = '{"verb": "hold", "channel": "portal"}'

# (method, address as routed): (the right it needs, "" for anybody who is logged in, None for everybody; the address to
# try, and the form that goes with it; whether it is about the unit so-xay-dung)
LISTED = {
    ("GET", "/"): ("read", "/", None, False),
    ("GET", "/tin/{item}"): ("read", "/tin/ITEM", None, True),
    ("GET", "/anh/{name}"): ("read", PICTURE, None, False),
    ("GET", "/metrics"): ("read", "/metrics", None, False),
    ("POST", "/tin/{item}/lam"): ("edit", "/tin/ITEM/lam", {"verb": "hold", "channel": "portal", "why": "x"}, True),
    ("GET", "/im-lang"): ("read", "/im-lang", None, False),
    ("POST", "/im-lang"): ("operate", "/im-lang", {"verb": "bat", "why": "x"}, False),
    ("GET", "/nhat-ky"): ("read", "/nhat-ky", None, False),
    ("GET", "/nhat-ky.csv"): ("read", "/nhat-ky.csv", None, False),
    ("GET", "/nhat-ky.jsonl"): ("read", "/nhat-ky.jsonl", None, False),
    ("GET", "/dong-su-kien"): ("read", "/dong-su-kien", None, False),
    ("GET", "/lich"): ("read", "/lich", None, False),
    ("GET", "/duyet"): ("read", "/duyet", None, False),
    ("GET", "/tro-giup"): ("read", "/tro-giup", None, False),
    ("GET", "/phim.js"): ("", "/phim.js", None, False),
    ("GET", "/tai-khoan"): ("operate", "/tai-khoan", None, False),
    ("POST", "/tai-khoan"): ("operate", "/tai-khoan", {"verb": "thoat", "login": "khong-co"}, False),
    ("GET", "/mat-khau"): ("read", "/mat-khau", None, False),
    ("POST", "/mat-khau"): ("read", "/mat-khau", {}, False),
    ("GET", "/lich.js"): ("", "/lich.js", None, False),
    ("GET", "/gui-tin"): ("write", "/gui-tin", None, False),
    ("GET", "/gui-tin/{unit}"): ("write", "/gui-tin/so-xay-dung", None, True),
    ("POST", "/gui-tin/{unit}"): ("write", "/gui-tin/so-xay-dung", {}, True),
    ("GET", "/gui-tin/{unit}/ket-qua"): ("write", "/gui-tin/so-xay-dung/ket-qua", None, True),
    ("POST", "/gui-tin/{unit}/cho/{token}"): ("write", "/gui-tin/so-xay-dung/cho/" + "0" * 32, {}, True),
    ("GET", "/soan"): ("write", "/soan?unit=so-xay-dung", None, True),
    ("GET", "/soan/{kind}"): ("write", "/soan/article?unit=so-xay-dung", None, True),
    ("POST", "/soan/{kind}"): ("write", "/soan/article?unit=so-xay-dung", {}, True),
    ("POST", "/kiem-tra"): ("write", "/kiem-tra", {"unit": "so-xay-dung", "kind": "article"}, True),
    ("GET", "/gui-tin.js"): ("", "/gui-tin.js", None, False),
    ("GET", "/soan.js"): ("", "/soan.js", None, False),
    ("POST", "/dang-xuat"): ("", "/dang-xuat", {}, False),
    ("GET", "/dang-nhap"): (None, "/dang-nhap", None, False),
    ("POST", "/dang-nhap"): (None, "/dang-nhap", {}, False),
    ("GET", "/dang-nhap/oidc"): (None, "/dang-nhap/oidc", None, False),
    ("GET", "/dang-nhap/oidc/ve"): (None, "/dang-nhap/oidc/ve", None, False),
    ("GET", "/api"): ("read", "/api", None, False),
    ("GET", "/api/v1/openapi.json"): ("", "/api/v1/openapi.json", None, False),
    ("GET", "/api/v1/items"): ("read", "/api/v1/items", None, False),
    ("GET", "/api/v1/items/{item}"): ("read", "/api/v1/items/ITEM", None, True),
    ("POST", "/api/v1/items/{item}/actions"): ("edit", "/api/v1/items/ITEM/actions", JSON, True),
    ("GET", "/api/v1/files"): ("read", "/api/v1/files?unit=so-xay-dung", None, True),
    ("GET", "/api/v1/units"): ("read", "/api/v1/units", None, False),
    ("GET", "/api/v1/deliveries"): ("read", "/api/v1/deliveries?unit=so-xay-dung", None, True),
    ("GET", "/api/v1/deliveries/{number}"): ("read", "/api/v1/deliveries/1", None, True),
    ("GET", "/api/v1/attempts"): ("read", "/api/v1/attempts?unit=so-xay-dung", None, True),
    ("GET", "/api/v1/log"): ("read", "/api/v1/log?unit=so-xay-dung", None, True),
    ("GET", "/api/v1/calendar"): ("read", "/api/v1/calendar?unit=so-xay-dung", None, True),
    ("GET", "/api/v1/health"): ("read", "/api/v1/health", None, False),
    ("GET", "/api/v1/metrics"): ("read", "/api/v1/metrics", None, False),
    ("GET", "/healthz"): (None, "/healthz", None, False),
    ("GET", "/readyz"): (None, "/readyz", None, False),
    ("GET", "/zalo/callback"): (None, "/zalo/callback", None, False),
    **{("GET", place): (None, place, None, False) for place in files.OPEN},
}


def addresses(desk, office):
    """(method, address) of everything that is served."""
    whole = Desk(desk.ledger, office, lambda: desk.now, environment(office))
    found = [*build(desk.ledger, office, lambda: desk.now).routes]
    for part in PARTS:
        found += part(whole).routes
    found += guide.routes(whole, dict).routes
    programs = next(one for one in found if isinstance(one, Mount))
    told = {
        (method.upper(), API + path)
        for path, methods in programs.app.state.described()["paths"].items()
        for method in methods
    }
    found += [
        APIRoute(API + one.path, one.endpoint, methods=one.methods)
        for one in programs.routes
        if isinstance(one, APIRoute)
    ]
    return told | {(method, one.path) for one in found if isinstance(one, APIRoute) for method in one.methods}


def test_every_address_is_listed_with_its_right(desk, office):
    """So that nobody adds a page without deciding who may open it."""
    assert set(LISTED) == addresses(desk, office)


def test_what_is_open_to_everybody_is_what_the_guard_lets_through(desk, office):
    """And nothing is open that is not there."""
    open_ones = {path for (_method, path), (right, *_rest) in LISTED.items() if right is None}

    assert OPEN == open_ones


def expected(role, method, path):
    """Whether a role gets through: nobody only where it is open, a contributor not to another unit's."""
    if (method, path) not in LISTED:
        return False
    right, _address, _form, theirs = LISTED[method, path]
    if right is None or role == "nobody":
        return right is None
    return right == "" or (right in RIGHTS[role] and not (role == "contributor" and theirs))


def passed(answer):
    """Whether the address itself answered: not the guard, not `need`, not "no such method"."""
    to_login = answer.headers.get("location", "").startswith("/dang-nhap?tiep=")
    if answer.headers.get("content-type", "").startswith("text/event-stream"):
        answer.close()  # it never ends by itself
        return True
    text = answer.text  # read to its end, or the connection cannot serve the next request
    refused = answer.status_code in (403, 405) or answer.headers.get("www-authenticate") == "Bearer"
    return not refused and not to_login and not text.startswith("Bạn chưa đăng nhập")


@pytest.mark.parametrize("role", ("nobody", *ROLES))
def test_each_role_gets_exactly_what_is_listed(desk, browser, staff, role):
    """Every address by every method; a method that is not listed never works, and nothing breaks."""
    item, person, wrong = views.item(desk.ledger, ITEM)["id"], browser(), []
    for path in sorted({path for _method, path in LISTED}):
        address = next(one[1] for (_method, known), one in LISTED.items() if known == path).replace("ITEM", item)
        for method in METHODS:
            if role != "nobody" and not person.cookies:
                person.enter(role)
            form = LISTED[method, path][2] if (method, path) in LISTED else None
            headers = {"Content-Type": "application/json"} if isinstance(form, str) else {}
            answer = person.request(method, address, data=form, stream=True, headers=headers)
            if passed(answer) != expected(role, method, path) or answer.status_code >= 500:
                wrong.append((method, path, answer.status_code))

    assert [] == wrong


def test_a_contributor_sees_only_what_is_the_own_units(desk, office, browser, staff):
    """Lists, counts, what is stuck and what was refused; an editor sees all of it."""
    (office.content / "so-xay-dung" / "hong.md").write_text("---\nkind: article\ntitle: x\n---\nz", encoding="utf-8")
    desk.look()
    desk.send("portal", Attempt("refused", error="Ảnh quá lớn", code="100"))
    shown = {}
    for role in ("editor", "contributor"):
        person = browser()
        person.enter(role)
        shown[role] = html.unescape(person.get("/").text)

    for words in ("hong.md", "Ảnh quá lớn", "/tin/"):
        assert (True, False) == (words in shown["editor"], words in shown["contributor"])
    assert "Không có gì bị kẹt" in shown["contributor"]


def test_a_reader_with_a_unit_sees_only_that_unit(desk, browser, staff):
    """As a token that may only read makes of a contributor."""
    from pipeline.ledger.sessions import make_token
    from pipeline.ledger.verbs import By

    item = views.item(desk.ledger, ITEM)["id"]
    token = make_token(desk.ledger, "contributor", "x", read_only=True, by=By("t", desk.now))
    person = browser()
    person.headers["Authorization"] = f"Bearer {token}"

    assert 403 == person.get(f"/tin/{item}").status_code


def test_the_command_line_knows_the_same_roles():
    """They stand in two places because commands start without the web."""
    assert ROLES == _ROLES


def test_who_was_not_looked_at_may_nothing():
    """The default is nobody, not the operator of this machine."""
    from types import SimpleNamespace

    from pipeline.desk.people import who

    assert NOBODY == who(SimpleNamespace(state=SimpleNamespace()))
    assert [] == [right for right in ("read", "write", "edit", "approve", "operate") if NOBODY.may(right)]
    assert (False, False, True) == (NOBODY.logged_in, LOCAL.logged_in, Person("a", "A", "reader").logged_in)
