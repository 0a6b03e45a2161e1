"""The operator's page of accounts: who may log in, who is logged in, and how that is taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from pipeline.desk.doing import Short, Word
from pipeline.desk.guard import cookie_name, life
from pipeline.desk.pages import Desk
from pipeline.desk.people import ROLE_NAMES, ROLES, Person, need
from pipeline.desk.sending import open_units
from pipeline.errors import NotPossible
from pipeline.i18n import N_, _
from pipeline.ledger import accounts, sessions
from pipeline.ledger.accounts import Account
from pipeline.ledger.verbs import By
from pipeline.passwords import hashed
from pipeline.staffing import first_password, unit_of

DONE = {
    "vai-tro": N_("The role was changed; the person logs in again."),
    "khoa": N_("The account is closed; its sessions and tokens have ended."),
    "mo": N_("The account is open again."),
    "thoat": N_("All sessions of the account have ended."),
    "phien": N_("The session has ended."),
    "ma": N_("The token was taken back."),
}


@dataclass(frozen=True)
class Given:
    """What a form of the page says; `what` is the id of a session or the name of a token."""

    login: str = ""
    name: str = ""
    role: str = ""
    unit: str = ""
    email: str = ""
    what: str = ""
    why: str = ""


def routes(desk: Desk) -> APIRouter:
    """The page and its forms."""
    router = APIRouter()

    @router.get("/tai-khoan")
    def listed(request: Request, xong: str = "") -> Response:
        need(request, "operate")
        return _page(desk, request, notice=DONE.get(xong, ""))

    @router.post("/tai-khoan")
    def change(request: Request, verb: Word, login: Word = "", name: Short = "", role: Word = "", unit: Word = "",
               email: Annotated[str, Form(max_length=320)] = "",
               what: Annotated[str, Form(max_length=200)] = "", why: Short = "") -> Response:  # fmt: skip
        person = need(request, "operate")
        given = Given(
            login.strip().lower(), " ".join(name.split()), role, unit, email.strip().lower(), what, why.strip()
        )
        if verb not in (*DONE, "them", "mat-khau") or (role and role not in ROLES):
            raise HTTPException(404)
        try:
            if verb in ("them", "mat-khau"):
                password = first_password()
                _with_password(desk, verb, given, password, _by(desk, person, given))
                return _page(desk, request, made=(given.login, password))
            _change(desk, verb, given, person)
        except NotPossible as error:
            return _page(desk, request, 409, problem=str(error), given=given)
        return RedirectResponse(f"/tai-khoan?xong={verb}", 303)

    return router


def _by(desk: Desk, person: Person, given: Given) -> By:
    return By(person.login, desk.clock(), given.why, person.name)


def _with_password(desk: Desk, verb: str, given: Given, password: str, by: By) -> None:
    """Make an account, or give it a new password; either is told once to the operator who asked."""
    if verb == "mat-khau":
        accounts.change(desk.ledger, given.login, by, "password", password=hashed(password))
        return
    unit = unit_of(given.login, given.role, given.unit, given.email)
    if not given.name:
        raise NotPossible(_("Please give the person's name."))
    if given.email and accounts.by_email(desk.ledger, given.email):
        raise NotPossible(_("Another account has this e-mail address."))
    made = Account(given.login, given.name, given.role, unit, given.email, password=hashed(password))
    accounts.add(desk.ledger, made, by)


def _change(desk: Desk, verb: str, given: Given, person: Person) -> None:
    """Take something back or give another role. Nobody locks out themselves: the desk would be left without an operator."""
    ledger, by, login = desk.ledger, _by(desk, person, given), given.login
    if verb in ("vai-tro", "khoa") and login == person.login:
        raise NotPossible(_("Another operator has to do this to your own account."))
    if verb == "vai-tro":
        unit = unit_of(login, given.role, given.unit)
        accounts.change(ledger, login, by, "role", role=given.role, unit=unit)
    elif verb == "khoa":
        accounts.change(ledger, login, by, "disable account", disabled=True)
    elif verb == "mo":
        accounts.change(ledger, login, by, "enable account", disabled=False)
    elif verb == "thoat":
        sessions.end_all(ledger, login, by)
    elif verb == "phien":
        sessions.end_one(ledger, given.what, by)
    else:
        sessions.end_token(ledger, login, given.what, by)


def _page(desk: Desk, request: Request, status: int = 200, *, notice: str = "", problem: str = "",
          made: tuple[str, str] | None = None, given: Given | None = None) -> Response:  # fmt: skip
    now = desk.clock()
    alive: dict[str, list[dict[str, object]]] = {}
    for row in sessions.alive(desk.ledger, life(desk.config), now):
        alive.setdefault(row["login"], []).append(row)
    own = sessions.digest_of(request.cookies.get(cookie_name(request, desk.config), ""))
    return desk.page(request, "accounts.html", status, rows=accounts.accounts(desk.ledger), alive=alive, own=own,
                     tokens=sessions.tokens(desk.ledger), role_names=ROLE_NAMES, made=made, given=given or Given(),
                     units=open_units(now.date(), need(request, "operate")), notice=notice, problem=problem)  # fmt: skip
