"""The operator's page of accounts, and everybody's own password."""

import html
import re

import pytest

from pipeline.ledger import accounts, sessions, views
from pipeline.ledger.sessions import make_token
from pipeline.ledger.verbs import By
from tests.pipeline.desk.conftest import PASSWORD


@pytest.fixture
def operator(desk, browser, staff):
    person = browser()
    person.enter("operator")
    return person


def told(answer):
    return html.unescape(answer.text)


def test_the_page_lists_people_their_sessions_and_tokens(desk, operator):
    """Nothing by which somebody could log in stands there."""
    make_token(desk.ledger, "editor", "báo cáo", read_only=True, by=By("t", desk.now))
    page = told(operator.get("/tai-khoan"))

    for words in ("Ông contributor", "Sở Y tế", "báo cáo", "trình duyệt này", "người vận hành"):
        assert words in page
    assert not re.search(r"argon2|bantin_", page)
    assert operator.cookies["bantin"] not in page


def test_a_session_that_is_ended_is_at_its_end(desk, browser, operator):
    """One of several, by its button."""
    editor = browser()
    editor.enter("editor")
    page = told(operator.get("/tai-khoan"))
    place = page.index("Ông editor")
    session = re.search(r'name="what" value="([0-9a-f]{64})"', page[place:])[1]
    assert 303 == operator.post("/tai-khoan", data={"verb": "phien", "login": "editor", "what": session}).status_code
    assert 303 == editor.get("/").status_code
    assert 409 == operator.post("/tai-khoan", data={"verb": "phien", "login": "editor", "what": session}).status_code


def test_a_role_is_changed_and_a_contributor_needs_a_unit(desk, operator):
    """The same rules as at the command line; the audit tells who did it."""
    wrong = operator.post("/tai-khoan", data={"verb": "vai-tro", "login": "editor", "role": "contributor"})
    assert (409, True) == (wrong.status_code, "phải có đơn vị" in told(wrong))
    data = {"verb": "vai-tro", "login": "editor", "role": "contributor", "unit": "so-xay-dung", "why": "chuyển việc"}
    assert 303 == operator.post("/tai-khoan", data=data).status_code

    assert ("contributor", "so-xay-dung") == (
        accounts.find(desk.ledger, "editor").role, accounts.find(desk.ledger, "editor").unit)  # fmt: skip
    assert ("operator", "role", "editor", "contributor so-xay-dung chuyển việc") == tuple(
        views.audit(desk.ledger, limit=1)[0][key] for key in ("who", "what", "subject", "note"))  # fmt: skip


def test_a_closed_account_logs_in_no_more_until_it_is_opened(desk, browser, operator):
    """And its token is gone."""
    assert 303 == operator.post("/tai-khoan", data={"verb": "khoa", "login": "editor"}).status_code
    assert 401 == browser().enter("editor").status_code
    assert 303 == operator.post("/tai-khoan", data={"verb": "mo", "login": "editor"}).status_code
    assert 303 == browser().enter("editor").status_code


def test_nobody_locks_out_themselves(operator):
    """The desk would be left without an operator."""
    for form in ({"verb": "khoa"}, {"verb": "vai-tro", "role": "reader"}):
        assert 409 == operator.post("/tai-khoan", data={"login": "operator", **form}).status_code
    assert 200 == operator.get("/tai-khoan").status_code


def test_a_new_account_has_a_password_that_is_told_once(browser, operator):
    """It works at once, and stands on no page afterwards."""
    answer = operator.post(
        "/tai-khoan", data={"verb": "them", "login": "thu.nv", "name": "Nguyễn Văn Thư", "role": "editor"}
    )
    password = re.search(r'class="secret">([^<]+)<', answer.text)[1]
    assert password not in operator.get("/tai-khoan").text
    assert 303 == browser().enter("thu.nv", password).status_code
    again = operator.post("/tai-khoan", data={"verb": "them", "login": "thu.nv", "name": "Khác", "role": "editor"})
    assert (409, True) == (again.status_code, 'value="Khác"' in told(again))
    assert 404 == operator.post("/tai-khoan", data={"verb": "__class__", "login": "thu.nv"}).status_code


def test_everybody_changes_the_own_password(browser, staff):
    """With the old one; all sessions end, and the old password does no more."""
    editor = browser()
    editor.enter("editor")
    new = "mười hai con giáp"
    for form in ({"cu": "sai", "moi": new, "lai": new}, {"cu": PASSWORD, "moi": new, "lai": new + "x"},
                 {"cu": PASSWORD, "moi": "ngắn", "lai": "ngắn"}):  # fmt: skip
        assert 422 == editor.post("/mat-khau", data=form).status_code
    assert 303 == editor.post("/mat-khau", data={"cu": PASSWORD, "moi": new, "lai": new}).status_code
    assert 303 == editor.get("/").status_code
    assert 401 == browser().enter("editor").status_code
    assert 303 == browser().enter("editor", new).status_code


def test_the_old_password_is_guessed_at_as_seldom_as_at_the_login(browser, staff):
    """Somebody at a browser that was left open does not try for ever."""
    editor = browser()
    editor.enter("editor")
    answers = [editor.post("/mat-khau", data={"cu": f"sai {number}"}) for number in range(6)]

    assert "Mật khẩu hiện tại không đúng" in told(answers[0])
    assert "Mật khẩu hiện tại không đúng" not in told(answers[-1])


def test_where_nobody_logs_in_there_is_no_password_to_change(desk):
    """The page says so instead of asking for one."""
    page = told(desk.get("/mat-khau"))

    assert "Máy này chưa ai phải đăng nhập" in page
    assert 'type="password"' not in page


def test_whose_account_has_no_password_is_told_whom_to_ask(desk, browser, staff):
    """Somebody who came in by a login service that is switched off since."""
    accounts.change(desk.ledger, "editor", By("t", desk.now), "password", password="")
    editor = browser()
    editor.cookies["bantin"] = sessions.begin(desk.ledger, "editor", "127.0.0.1", By("editor", desk.now))

    assert "Người vận hành có thể cấp" in told(editor.get("/mat-khau"))
