"""Commands for people's accounts, their tokens, and the audit; a password never stands on the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.errors import NotPossible, RunError
from pipeline.i18n import _
from pipeline.options import Group, by_options, clock, config_option, json_option, load, print_json

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.ledger import Ledger
    from pipeline.ledger.verbs import By

_ROLES = ("reader", "contributor", "editor", "approver", "operator")  # as in desk.people; a test compares
_stdin = click.option("--password-stdin", is_flag=True, help=_("Read the password from standard input, one line."))


@click.group(cls=Group, help=_("Accounts of people who work at the desk."))
def account() -> None:
    pass


@account.command("add", help=_("Make an account; the password is asked for, or read from standard input."))
@click.argument("login")
@click.option("--name", required=True, help=_("Name of the person, as it is shown."))
@click.option("--role", required=True, type=click.Choice(_ROLES), help=_("What the person may do."))
@click.option("--unit", default="", help=_("Unit of a contributor, the name of its folder."))
@click.option("--email", default="", help=_("Address by which the login service knows the person."))
@click.option("--no-password", is_flag=True, help=_("The person logs in by the login service only."))
@_stdin
@by_options
@config_option
def account_add(login: str, name: str, role: str, unit: str, email: str, no_password: bool, password_stdin: bool,
                who: str, why: str, file: Path) -> None:  # fmt: skip
    from pipeline.ledger.accounts import Account, add, by_email
    from pipeline.passwords import hashed
    from pipeline.staffing import unit_of

    _config, ledger, by = _open(file, who, why)
    unit = unit_of(login, role, unit, email)
    if email and by_email(ledger, email):
        raise NotPossible(_("Another account has this e-mail address."))
    kept = "" if no_password else hashed(_new_password(login, stdin=password_stdin))
    add(ledger, Account(login, " ".join(name.split()), role, unit, email.lower(), password=kept), by)
    click.echo(_("Account made: {login}, {role}").format(login=login, role=role))


@account.command("list", help=_("All accounts."))
@config_option
@json_option
def account_list(file: Path, as_json: bool) -> None:
    from pipeline.ledger.accounts import accounts

    _config, ledger, _by = _open(file)
    rows = [{"login": one.login, "name": one.name, "role": one.role, "unit": one.unit, "email": one.email,
             "disabled": one.disabled, "password": bool(one.password)} for one in accounts(ledger)]  # fmt: skip
    if as_json:
        print_json(rows)
        return
    for row in rows:
        off = _("disabled") if row["disabled"] else ""
        click.echo(f"{row['login']:20} {row['role']:12} {row['unit']:14} {row['name']}  {off}".rstrip())


@account.command("disable", help=_("Close an account: its sessions and tokens end at once. --enable opens it again."))
@click.argument("login")
@click.option("--enable", is_flag=True, help=_("Open it again."))
@by_options
@config_option
def account_disable(login: str, enable: bool, who: str, why: str, file: Path) -> None:
    from pipeline.ledger.accounts import change

    _config, ledger, by = _open(file, who, why)
    change(ledger, login, by, "enable account" if enable else "disable account", disabled=not enable)
    text = _("Account opened again: {login}") if enable else _("Account closed: {login}")
    click.echo(text.format(login=login))


@account.command("password", help=_("Set a new password; the account's sessions end."))
@click.argument("login")
@_stdin
@by_options
@config_option
def account_password(login: str, password_stdin: bool, who: str, why: str, file: Path) -> None:
    from pipeline.ledger.accounts import change
    from pipeline.passwords import hashed

    _config, ledger, by = _open(file, who, why)
    _known(ledger, login)
    kept = hashed(_new_password(login, stdin=password_stdin))
    change(ledger, login, by, "password", password=kept)
    click.echo(_("The password is set: {login}").format(login=login))


@account.command("role", help=_("Give another role; the account's sessions end."))
@click.argument("login")
@click.argument("role", type=click.Choice(_ROLES))
@click.option("--unit", default="", help=_("Unit of a contributor, the name of its folder."))
@by_options
@config_option
def account_role(login: str, role: str, unit: str, who: str, why: str, file: Path) -> None:
    from pipeline.ledger.accounts import change
    from pipeline.staffing import unit_of

    _config, ledger, by = _open(file, who, why)
    unit = unit_of(login, role, unit)
    change(ledger, login, by, "role", role=role, unit=unit)
    click.echo(_("Role changed: {login}, {role}").format(login=login, role=role))


@account.command("logout", help=_("End all sessions of an account."))
@click.argument("login")
@by_options
@config_option
def account_logout(login: str, who: str, why: str, file: Path) -> None:
    from pipeline.ledger.sessions import end_all

    _config, ledger, by = _open(file, who, why)
    _known(ledger, login)
    click.echo(_("Sessions ended: {count}").format(count=end_all(ledger, login, by)))


@account.command("token", help=_("Make a token for another system, shown once; --revoke takes it back."))
@click.argument("login")
@click.option("--name", required=True, help=_("What the token is for."))
@click.option("--read-only/--write", default=True, show_default=True, help=_("Whether it may only read."))
@click.option("--revoke", is_flag=True, help=_("Take the token of this name back."))
@by_options
@config_option
def account_token(login: str, name: str, read_only: bool, revoke: bool, who: str, why: str, file: Path) -> None:
    from pipeline.ledger.sessions import end_token, make_token

    _config, ledger, by = _open(file, who, why)
    if revoke:
        end_token(ledger, login, name, by)
        click.echo(_("Token taken back: {name}").format(name=name))
        return
    secret = make_token(ledger, login, name, read_only=read_only, by=by)
    click.echo(_('The token is shown only now; send it as "Authorization: Bearer …":'), err=True)
    click.echo(secret)


@click.group("audit", cls=Group, invoke_without_command=True,
             help=_("What people and workers did, newest first. \"verify\" checks that nobody changed it."))  # fmt: skip
@click.option("--item", default="", help=_("Only this item."))
@click.option("--limit", default=50, show_default=True, help=_("How many lines."))
@config_option
@json_option
@click.pass_context
def audit(context: click.Context, item: str, limit: int, file: Path, as_json: bool) -> None:
    from pipeline.ledger import views

    if context.invoked_subcommand:
        return
    config, ledger, _by = _open(file)
    found = views.item(ledger, item) if item else None
    if item and found is None:
        raise NotPossible(_('There is no item "{item}".').format(item=item))
    rows = views.audit(ledger, subject=str(found["id"]) if found else "", limit=limit)
    if as_json:
        print_json(rows)
        return
    for row in rows:
        moment = row["at"].astimezone(config.zone)
        told = "  ".join((row["who"], row["what"], row["subject"], row["note"], row["where_from"]))
        click.echo(f"{moment:%d/%m/%Y %H:%M:%S}  {told}".rstrip())


@audit.command(
    "verify", help=_("Follow the hash chain; exit code 1 and the first broken row when somebody changed it.")
)
@click.option("--kept", default="", help=_("A chain value noted down earlier, which must still be there."))
@config_option
def audit_verify(kept: str, file: Path) -> None:
    from pipeline.ledger.chain import verify

    _config, ledger, _by = _open(file)
    found = verify(ledger.engine, kept)
    if found.broken is not None:
        raise RunError(_("The audit was changed: row {number} does not fit the {count} rows before it.").format(
            number=found.broken, count=found.rows))  # fmt: skip
    if not found.kept:
        raise RunError(_("The audit was shortened: the value that was noted down is not in it any more."))
    click.echo(_("The audit is whole: {count} rows. Note down its last value: {value}").format(
        count=found.rows, value=found.last or "–"))  # fmt: skip


def _open(file: Path, who: str = "", why: str = "") -> tuple[Config, Ledger, By]:
    from pipeline.ledger.verbs import By
    from pipeline.wiring import open_ledger

    config = load(file)
    return config, open_ledger(config), By(who, clock(config)(), why)


def _known(ledger: Ledger, login: str) -> None:
    from pipeline.ledger.accounts import find

    if find(ledger, login) is None:
        raise NotPossible(_('There is no account "{login}".').format(login=login))


def _new_password(login: str, *, stdin: bool) -> str:
    from pipeline.passwords import problem

    if stdin:
        given = sys.stdin.readline().rstrip("\r\n")
    else:
        given = click.prompt(_("New password"), hide_input=True, confirmation_prompt=True)
    wrong = problem(given, login)
    if wrong:
        raise NotPossible(wrong)
    return str(given)
