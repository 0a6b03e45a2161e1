"""Accounts and the audit on the command line."""

import json
import re
import sqlite3

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.passwords import SHORTEST, fits, hashed, problem

GOOD = "chín con rồng bay"


@pytest.fixture
def bantin(tmp_path):
    """Run a command in an empty newsroom: its exit code and output."""
    (tmp_path / "config.toml").write_text("[simulator]\nenabled = true\n", encoding="utf-8")

    def run(*words, given=None):
        result = CliRunner().invoke(main, [*words, "--config", str(tmp_path / "config.toml")], input=given)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        return result.exit_code, result.output

    run.ledger = tmp_path / "state" / "ledger.sqlite"
    return run


def add(bantin, login="bich", *more, given=f"{GOOD}\n", role="editor"):
    words = ["account", "add", login, "--name", "Nguyễn Thị Bích", "--role", role, "--password-stdin", *more]
    return bantin(*words, given=given)


def rows(bantin):
    return json.loads(bantin("account", "list", "--json")[1])


def test_an_account_is_made_listed_changed_and_closed(bantin):
    """Each step is in the audit, and no password or hash is anywhere but in its column."""
    assert 0 == add(bantin)[0]
    assert 0 == bantin("account", "role", "bich", "contributor", "--unit", "so-y-te", "--by", "an")[0]
    assert [{"login": "bich", "name": "Nguyễn Thị Bích", "role": "contributor", "unit": "so-y-te", "email": "",
             "disabled": False, "password": True}] == rows(bantin)  # fmt: skip
    assert 0 == bantin("account", "password", "bich", "--password-stdin", given="mười con rồng bay\n")[0]
    assert 0 == bantin("account", "disable", "bich")[0]
    assert rows(bantin)[0]["disabled"]
    assert 0 == bantin("account", "disable", "bich", "--enable")[0]
    assert 0 == bantin("account", "logout", "bich")[0]
    told = bantin("audit", "--json")[1]
    assert ["end sessions", "enable account", "disable account", "password", "role", "add account"] == [
        row["what"] for row in json.loads(told)]  # fmt: skip
    assert "rồng" not in told
    assert "argon2" not in told


def test_the_password_is_asked_for_twice_and_never_shown(bantin):
    """When it is not piped in; it is no option, so it never stands in the shell's history."""
    words = ["account", "add", "bich", "--name", "B", "--role", "editor"]
    code, output = bantin(*words, given=f"{GOOD}\n{GOOD}\n")

    assert (0, True) == (code, "rồng" not in output)
    assert [] == [option for command in main.commands["account"].commands.values() for parameter in command.params
                  for option in parameter.opts if re.fullmatch("--password|-p", option)]  # fmt: skip


@pytest.mark.parametrize(("words", "said"), [
    (["Bích"], "Tên đăng nhập"), (["-x"], ""), (["a\nb"], "Tên đăng nhập"), (["../x"], "Tên đăng nhập"),
    (["bich", "--unit", "so-y-te"], "đơn vị"), (["bich", "--email", "x y@z"], "e-mail"),
])  # fmt: skip
def test_what_does_not_fit_is_refused(bantin, words, said):
    """One sentence, nothing made."""
    code, output = add(bantin, *words)

    assert code != 0
    assert said in output or "thư điện tử" in output
    assert [] == rows(bantin)


def test_a_contributor_needs_a_unit_that_exists(bantin):
    """Nobody else has one."""
    assert 1 == add(bantin, "an", role="contributor")[0]
    assert 1 == add(bantin, "an", "--unit", "khong-co", role="contributor")[0]
    assert 0 == add(bantin, "an", "--unit", "so-y-te", role="contributor")[0]
    assert 1 == add(bantin, "an", "--unit", "so-y-te", role="contributor")[0]


@pytest.mark.parametrize("weak", ["", "ngắn", "x" * 300, "aaaaaaaaaaaaaaaa", "bich bich bich 1234"])
def test_weak_passwords_are_refused(bantin, weak):
    """Too short, too long, one letter, or the login itself."""
    assert 1 == add(bantin, given=f"{weak}\n")[0]
    assert [] == rows(bantin)


def test_a_password_is_the_same_however_it_is_typed():
    """Composed or in pieces; and each hash has a salt of its own."""
    import unicodedata

    one, two = (hashed(unicodedata.normalize(form, GOOD)) for form in ("NFC", "NFD"))

    assert one != two
    assert {True} == {fits(unicodedata.normalize(form, GOOD), kept) for form in ("NFC", "NFD") for kept in (one, two)}
    assert [False] * 4 == [fits(GOOD + "x", one), fits(GOOD, ""), fits(GOOD, "odd"), fits("\ud800", one)]
    assert "" == problem(GOOD)
    assert problem("x" * (SHORTEST - 1))


def test_a_hash_costs_who_guesses_64_mib_and_three_rounds(real_hashes):
    """The low-memory choice of RFC 9106."""
    assert hashed(GOOD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_token_is_printed_once(bantin):
    """The ledger's file does not hold it."""
    add(bantin)
    words = ["account", "token", "bich", "--name", "cổng"]
    code, output = bantin(*words)
    token = re.search(r"^bantin_[\w-]{43}$", output, re.MULTILINE)[0]

    assert 0 == code
    assert token.encode() not in b"".join(file.read_bytes() for file in bantin.ledger.parent.glob("ledger.sqlite*"))
    assert 1 == bantin(*words)[0]
    assert 0 == bantin(*words, "--revoke")[0]
    assert 1 == bantin(*words, "--revoke")[0]


def test_the_audit_is_verified_and_the_first_broken_row_named(bantin):
    """Exit code 1; a shortened audit is found by the value noted down."""
    add(bantin)
    bantin("account", "logout", "bich")
    code, output = bantin("audit", "verify")
    kept = re.search("[0-9a-f]{64}", output)[0]
    assert (0, True) == (code, "2 dòng" in output)
    with sqlite3.connect(bantin.ledger) as connection:
        connection.execute("DELETE FROM audit WHERE id = 2")
    connection.close()
    assert 0 == bantin("audit", "verify")[0]
    assert "cắt bớt" in bantin("audit", "verify", "--kept", kept)[1]
    with sqlite3.connect(bantin.ledger) as connection:
        connection.execute("UPDATE audit SET who = 'khác'")
    connection.close()
    code, output = bantin("audit", "verify")
    assert (1, True) == (code, "dòng 1 không khớp" in output)
