"""Logging in and out over HTTP: what an attacker tries, and what a person sees."""

import html
import re
import time
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
import requests

from pipeline.ledger import accounts, views
from pipeline.ledger.verbs import By
from pipeline.passwords import hashed
from tests.pipeline.desk.conftest import PASSWORD


def noted(desk):
    return [(row["who"], row["what"], row["subject"], row["where_from"]) for row in views.audit(desk.ledger)]


def test_without_accounts_this_machine_needs_no_login(desk, browser):
    """As `make run` shows it; the first account closes the door at once."""
    assert 200 == browser().get("/").status_code
    accounts.add(desk.ledger, accounts.Account("an", "An", "reader"), By("test", desk.now))

    answer = browser().get("/?view=planned&channel=zalo")
    assert (303, "/dang-nhap?tiep=%2F%3Fview%3Dplanned%26channel%3Dzalo") == (
        answer.status_code, answer.headers["location"])  # fmt: skip


def test_closing_the_last_account_does_not_open_the_desk(desk, browser, staff):
    """Everybody is closed: nobody comes in."""
    for login in staff:
        accounts.change(desk.ledger, login, By("test", desk.now), "disable account", disabled=True)

    assert 303 == browser().get("/").status_code
    assert 401 == browser().enter("operator").status_code


def test_a_person_logs_in_goes_where_they_wanted_and_out_again(desk, browser, staff):
    """The page shows who it is; the audit tells the address."""
    person = browser()
    answer = person.enter("editor", tiep="/?view=planned")
    assert (303, "/?view=planned") == (answer.status_code, answer.headers["location"])
    assert "Ông editor" in person.get("/").text
    assert "/" == person.get("/dang-nhap").headers["location"]
    assert "/dang-nhap" == person.post("/dang-xuat").headers["location"]
    assert 303 == person.get("/").status_code
    assert [("editor", "logout", "editor", "127.0.0.1"), ("editor", "login", "editor", "127.0.0.1")] == noted(desk)[:2]


def test_the_name_may_be_typed_in_capitals_and_the_password_in_pieces(browser, staff):
    """NFD is what a Mac sends."""
    import unicodedata

    assert 303 == browser().enter(" Editor ", unicodedata.normalize("NFD", PASSWORD)).status_code


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(browser, staff):
    """And lives as long as the browser is open."""
    cookie = SimpleCookie(browser().enter("editor").headers["set-cookie"])["bantin"]

    assert (True, "lax", "/", "", "") == (
        cookie["httponly"], cookie["samesite"].lower(), cookie["path"], cookie["domain"], cookie["max-age"])  # fmt: skip


def test_an_id_that_was_planted_before_the_login_is_worth_nothing(browser, staff):
    """Session fixation: the id is always a new one, and the old session ends."""
    person, planted = browser(), "planted-by-somebody"
    person.cookies.set("bantin", planted)
    person.cookies.set("bantin", planted, domain="127.0.0.1")
    given = SimpleCookie(person.enter("editor").headers["set-cookie"])["bantin"].value
    thief = browser()
    thief.headers["Cookie"] = f"bantin={planted}"
    assert planted != given
    assert 303 == thief.get("/").status_code

    again = browser()
    again.headers["Cookie"] = f"bantin={given}"
    assert 200 == again.get("/").status_code
    assert 303 == again.enter("editor").status_code
    assert 303 == again.get("/").status_code


def test_a_logged_out_id_stays_logged_out(browser, staff):
    """Revocation is on the server: a copy of the cookie is worth nothing."""
    person, copy = browser(), browser()
    person.enter("editor")
    copy.cookies.update(person.cookies)
    assert 200 == copy.get("/").status_code
    person.post("/dang-xuat")

    assert 303 == copy.get("/").status_code


def test_a_new_role_or_password_and_a_closed_account_end_the_session_at_once(desk, browser, staff):
    """Not at the next login."""
    by = By("test", desk.now)
    for values in ({"role": "reader"}, {"password": "x"}, {"disabled": True}):
        person = browser()
        accounts.change(desk.ledger, "editor", by, "set", password=accounts.find(desk.ledger, "reader").password)
        assert 303 == person.enter("editor").status_code
        assert 200 == person.get("/").status_code
        accounts.change(desk.ledger, "editor", by, "set", **values)
        assert 303 == person.get("/").status_code


def test_an_unused_login_ends(desk, browser, staff):
    """After [desk] idle."""
    person = browser()
    person.enter("editor")
    desk.now += timedelta(minutes=61)

    assert 303 == person.get("/").status_code


def test_nobody_learns_which_accounts_there_are(desk, browser, staff):
    """Wrong password, unknown name and closed account get the same page, byte by byte."""
    accounts.change(desk.ledger, "reader", By("test", desk.now), "disable account", disabled=True)
    tries = [("editor", "wrong"), ("nobody", "wrong"), ("reader", PASSWORD)]
    answers = [browser().enter(*one) for one in tries]

    assert [401] * 3 == [one.status_code for one in answers]
    assert 1 == len({one.text for one in answers})
    assert "Tên đăng nhập hoặc mật khẩu không đúng" in html.unescape(answers[0].text)
    assert not {"nobody"} & {subject for _who, _what, subject, _from in noted(desk)}


def test_an_unknown_name_takes_as_long_as_a_known_one(desk, browser, staff, real_hashes):
    """The password is hashed either way; with a real hash, because a cheap one would hide it."""
    accounts.change(desk.ledger, "editor", By("test", desk.now), "password", password=hashed("ba con gà trống choai"))
    browser().enter("nobody")  # makes the hash that stands for nobody's

    def taken(login):
        began = time.monotonic()
        browser().enter(login, "wrong")
        return time.monotonic() - began

    known, unknown = (min(taken(login) for _turn in range(3)) for login in ("editor", "nobody-else"))
    assert 0.3 < unknown / known < 3


@pytest.mark.parametrize("login", ["editor", "nobody"])
def test_guessing_is_stopped_and_said_the_same_way(desk, browser, staff, login):
    """Five tries in a quarter of an hour; then even the right password waits."""
    assert [401] * 5 + [429] == [browser().enter(login, f"guess {turn}").status_code for turn in range(6)]
    answer = browser().enter(login)
    assert (429, "900") == (answer.status_code, answer.headers["retry-after"])
    desk.now += timedelta(minutes=15)

    assert (303 if login == "editor" else 401) == browser().enter(login).status_code


def test_one_address_cannot_try_one_password_on_everybody(browser, staff):
    """Twenty names, then it waits."""
    assert [401] * 20 + [429] == [browser().enter(f"name{turn}", "Hanoi2026!").status_code for turn in range(21)]


ELSEWHERE = ["https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
             "///evil.example", "javascript:alert(1)", "https:evil.example", "evil.example", "", " /", "/\r\nX-Evil: 1",
             "/\x00", "//[", "/dang-nhap?tiep=/", "/" + "x" * 2000]  # fmt: skip


@pytest.mark.parametrize("path", ELSEWHERE)
def test_a_login_leads_to_the_desk_only(browser, staff, path):
    """Open redirect and header injection: anything odd leads to the first page."""
    answer = browser().enter("editor", tiep=path)

    assert (303, "/") == (answer.status_code, answer.headers["location"])
    assert "x-evil" not in answer.headers
    shown = browser().get("/dang-nhap", params={"tiep": path})
    assert ([] if "\x00" in path else ["/"]) == re.findall('name="tiep" value="([^"]*)"', shown.text)


def test_hostile_words_in_the_form_come_back_as_nothing(desk, browser, staff):
    """Neither name nor password is shown again, or written anywhere."""
    evil = '"><script>alert(1)</script>'
    answer = browser().enter(evil, evil + " mật khẩu", tiep=f"/tin/{evil}")

    assert "<script" not in answer.text
    assert not [row for row in views.audit(desk.ledger) if "script" in str(row)]


def test_a_huge_form_is_not_read(browser, staff):
    """Nobody has to be logged in to send one."""
    assert 413 == browser().enter("editor", "x" * 20_000).status_code
    assert 413 == browser().post("/dang-nhap", data=iter([b"ten=x"])).status_code


def test_odd_forms_are_no_fault_of_ours(browser, staff):
    """Bad bytes, files and doubled fields are refused or ignored, never 5xx, and the password is not echoed."""
    sent = [{"data": b"\xff\xfe=%zz&ten=%ff"}, {"files": {"mat_khau": ("a", b"geheim")}, "data": {"ten": "editor"}},
            {"data": b"ten=editor&mat_khau=geheim&mat_khau=y"}, {"json": {"ten": "editor", "mat_khau": "geheim"}},
            {"data": {"ten": "\ud83d", "mat_khau": "\x00"} and b"ten=%ED%A0%BD&mat_khau=%00"}]  # fmt: skip
    answers = [browser().post("/dang-nhap", **one) for one in sent]

    assert not [one.status_code for one in answers if one.status_code >= 500]
    assert not [one for one in answers if "geheim" in one.text]


def test_the_login_page_says_nothing_of_the_newsrooms_work(browser, staff):
    """And is as strict as every page."""
    answer = browser().get("/dang-nhap")

    assert 200 == answer.status_code
    assert "form-action 'self'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "so-xay-dung" not in answer.text


def test_behind_https_the_cookie_is_bound_to_the_host(desk, office, staff):
    """With public_url of https: Secure, and the prefix that keeps other hosts from setting it."""
    import uvicorn

    from pipeline.desk.app import build
    from tests.pipeline.desk.conftest import Served

    section = office.desk.model_copy(update={"public_url": "https://bantin.hanoi.gov.vn"})
    app = build(desk.ledger, office.model_copy(update={"desk": section}), lambda: desk.now)
    with Served(uvicorn.Config(app, port=0, log_level="warning")) as address:
        headers = {"Host": "bantin.hanoi.gov.vn", "Origin": "https://bantin.hanoi.gov.vn"}
        data = {"ten": "editor", "mat_khau": PASSWORD}
        answer = requests.post(f"{address}/dang-nhap", data, headers=headers, allow_redirects=False, timeout=5)

    assert 303 == answer.status_code
    assert re.match(r"__Host-bantin=[\w-]{43}; HttpOnly; Path=/; SameSite=lax; Secure$", answer.headers["set-cookie"])
