"""Accounts, sessions, tokens and failed logins, as the ledger keeps them."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from pipeline.errors import NotPossible
from pipeline.ledger import accounts, sessions, views
from pipeline.ledger import schema as t
from pipeline.ledger.accounts import Account
from pipeline.ledger.sessions import Life
from pipeline.ledger.verbs import By
from pipeline.model import Outcome
from tests.pipeline.ledger.making import prepared

LIFE = Life(timedelta(hours=1), timedelta(hours=12))
BICH = Account("bich", "Nguyễn Thị Bích", "editor", email="bich@hanoi.gov.vn", password="hash")


@pytest.fixture
def bich(ledger, by):
    accounts.add(ledger, BICH, by)
    return BICH


def later(by, **time):
    return By(by.who, by.now + timedelta(**time))


def test_an_account_is_found_by_login_and_address(ledger, by, bich):
    """And by nothing that is empty."""
    assert BICH == accounts.find(ledger, "bich") == accounts.by_email(ledger, "Bich@Hanoi.gov.vn")
    assert [None] * 3 == [accounts.find(ledger, ""), accounts.by_email(ledger, ""), accounts.by_subject(ledger, "")]
    with pytest.raises(NotPossible, match="bich"):
        accounts.add(ledger, BICH, by)


def test_two_accounts_of_one_address_are_found_by_neither(ledger, by, bich):
    """Nobody is let in as somebody else."""
    accounts.add(ledger, replace(BICH, login="bich2"), by)

    assert accounts.by_email(ledger, BICH.email) is None


def test_the_hash_shows_in_no_log(bich):
    """A frozen value prints itself."""
    assert "hash" not in repr(bich)


def test_a_session_lives_until_it_is_unused_or_old(ledger, by, bich):
    """Each use lengthens the first, nothing the second."""
    secret = sessions.begin(ledger, "bich", "10.0.0.1", by)
    for minutes in range(50, 12 * 60, 50):
        assert BICH == sessions.person_of(ledger, secret, LIFE, by.now + timedelta(minutes=minutes))
    assert sessions.person_of(ledger, secret, LIFE, by.now + timedelta(hours=12)) is None
    other = sessions.begin(ledger, "bich", "10.0.0.1", by)
    assert sessions.person_of(ledger, other, LIFE, by.now + timedelta(minutes=60)) is None


def test_the_ledger_keeps_no_secret_that_opens_the_desk(ledger, by, bich):
    """Only their digests."""
    secret = sessions.begin(ledger, "bich", "10.0.0.1", by)
    token = sessions.make_token(ledger, "bich", "cổng", read_only=True, by=by)
    with ledger.reads.connect() as connection:
        kept = [*connection.scalars(select(t.session.c.id)), *connection.scalars(select(t.api_token.c.id))]

    assert {64} == {len(one) for one in kept}
    assert not {secret, token} & set(kept)
    assert [None, None] == [sessions.person_of(ledger, one, LIFE, by.now) for one in kept]
    assert [None, None] == [sessions.owner_of(ledger, one) for one in kept]


@pytest.mark.parametrize("what", [{"role": "reader"}, {"password": "other"}, {"disabled": True}])
def test_what_changes_an_account_ends_its_sessions(ledger, by, bich, what):
    """And only its own."""
    accounts.add(ledger, replace(BICH, login="an", email=""), by)
    hers, his = (sessions.begin(ledger, login, "", by) for login in ("bich", "an"))
    accounts.change(ledger, "bich", by, "change", **what)

    assert sessions.person_of(ledger, hers, LIFE, by.now) is None
    assert sessions.person_of(ledger, his, LIFE, by.now)


def test_a_closed_account_has_no_token_any_more(ledger, by, bich):
    """Opening it again does not bring it back."""
    token = sessions.make_token(ledger, "bich", "cổng", read_only=True, by=by)
    assert (BICH, True) == sessions.owner_of(ledger, token)
    accounts.change(ledger, "bich", by, "disable account", disabled=True)
    accounts.change(ledger, "bich", by, "enable account", disabled=False)

    assert sessions.owner_of(ledger, token) is None


def test_a_token_is_taken_back_by_its_name(ledger, by, bich):
    """One name, one token."""
    token = sessions.make_token(ledger, "bich", "cổng", read_only=False, by=by)
    with pytest.raises(NotPossible, match="cổng"):
        sessions.make_token(ledger, "bich", "cổng", read_only=False, by=by)
    sessions.end_token(ledger, "bich", "cổng", by)

    assert sessions.owner_of(ledger, token) is None
    with pytest.raises(NotPossible):
        sessions.end_token(ledger, "bich", "cổng", by)
    with pytest.raises(NotPossible):
        sessions.make_token(ledger, "none", "cổng", read_only=False, by=by)


def test_failed_logins_close_a_name_and_an_address_for_a_while(ledger, by):
    """Also a name that nobody has; the quarter of an hour counts from each failure."""
    assert [True] * 5 + [False] == [sessions.try_login(ledger, "bich", f"n{turn}", by.now) for turn in range(6)]
    of_one = [sessions.try_login(ledger, f"x{turn}", "10.0.0.1", by.now) for turn in range(21)]
    assert [True] * 20 + [False] == of_one
    assert sessions.try_login(ledger, "bich", "10.0.0.1", by.now + timedelta(minutes=15))


def test_a_login_that_succeeds_forgets_its_failures(ledger, by, bich):
    """So that four slips before and after do not add up."""
    for _turn in range(3):
        for _slip in range(4):
            assert sessions.try_login(ledger, "bich", "10.0.0.1", by.now)
        sessions.begin(ledger, "bich", "10.0.0.1", by)


def test_tries_at_the_same_time_do_not_pass_the_limit_together(ledger, by):
    """Each is counted before its password is looked at."""
    start, allowed = threading.Barrier(12), []

    def work(number):
        start.wait()
        allowed.append(sessions.try_login(ledger, "bich", f"n{number}", by.now))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert 5 == sum(allowed)


def test_the_audit_tells_every_change_but_no_secret(ledger, by, bich):
    """Who, what, whom."""
    accounts.change(ledger, "bich", by, "role", role="approver", unit="")
    accounts.change(ledger, "bich", by, "password", password="$argon2id$x")
    sessions.end_all(ledger, "bich", by)
    told = [(row["what"], row["subject"], row["note"]) for row in reversed(views.audit(ledger))]

    assert [("add account", "bich", "editor kiểm thử"), ("role", "bich", "approver kiểm thử"),
            ("password", "bich", "kiểm thử"), ("end sessions", "bich", "0 kiểm thử")] == told  # fmt: skip


def test_nobody_approves_their_own_item_by_logging_in(ledger, by, bich):
    """The file names the author, the desk the login: both are the same person."""
    ledger.record([prepared(by.now, outcome=Outcome.REVIEW, author="Nguyễn Thị BÍCH")], by.now)
    with pytest.raises(NotPossible, match="hai người"):
        ledger.approve("a1", By("bich", by.now))

    assert 1 == ledger.approve("a1", By("an", by.now))


def test_an_account_is_bound_to_the_login_service_once(ledger, by, bich):
    """A second id of the same address does not take it over."""
    assert accounts.bind(ledger, "bich", "sub-1", by)
    assert not accounts.bind(ledger, "bich", "sub-2", by)
    assert "bich" == accounts.by_subject(ledger, "sub-1").login
