"""Who asks, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import HTTPException, Request

from pipeline.i18n import N_
from pipeline.ledger.accounts import Account

# Each role may do all that stands before it in its row; a contributor sees and writes only the own unit.
ROLES = ("reader", "contributor", "editor", "approver", "operator")
ROLE_NAMES = {
    "reader": N_("reader"), "contributor": N_("contributor"), "editor": N_("editor"), "approver": N_("approver"),
    "operator": N_("operator"),
}  # fmt: skip
RIGHTS: dict[str, frozenset[str]] = {
    "nobody": frozenset(),
    "reader": frozenset({"read"}),
    "contributor": frozenset({"read", "write"}),
    "editor": frozenset({"read", "write", "edit"}),
    "approver": frozenset({"read", "write", "edit", "approve"}),
    "operator": frozenset({"read", "write", "edit", "approve", "operate"}),
}


@dataclass(frozen=True)
class Person:
    """Somebody at the desk.

    Args:
        login: unique name, the one that stands in the audit.
        role: one of ROLES.
        unit: unit id of a contributor; empty for everybody else.
    """

    login: str
    name: str
    role: str
    unit: str = ""

    @property
    def logged_in(self) -> bool:
        return self not in (LOCAL, NOBODY)

    def may(self, right: str) -> bool:
        return right in RIGHTS[self.role]


LOCAL = Person("may-nay", "Người dùng máy này", "operator")  # on loopback without accounts, for `make run` only
NOBODY = Person("", "", "nobody")


def person(account: Account, *, read_only: bool = False) -> Person:
    """Who an account is at the desk; with a token that may only read, a reader, still of the own unit."""
    return Person(account.login, account.name, "reader" if read_only else account.role, account.unit)


def who(request: Request) -> Person:
    """The person that the desk's guard found for this request; nobody where it did not look."""
    found: Person = getattr(request.state, "person", NOBODY)
    return found


def need(request: Request, right: str, unit: str = "") -> Person:
    """The person, when they may do it; a contributor only for the own unit.

    Raises:
        HTTPException: 403.
    """
    person = who(request)
    if not person.may(right) or (person.unit and unit and person.unit != unit):
        raise HTTPException(403)
    return person
