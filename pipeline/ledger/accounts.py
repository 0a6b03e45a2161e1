"""People's accounts: made, changed and looked up; what a change takes away ends their sessions at once."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from pipeline.errors import NotPossible
from pipeline.i18n import _
from pipeline.ledger import chain
from pipeline.ledger import schema as t
from pipeline.ledger.ledger import Ledger
from pipeline.ledger.verbs import By


@dataclass(frozen=True)
class Account:
    """Somebody who may log in.

    Args:
        unit: unit id of a contributor; empty for everybody else.
        email: by which the office's login service knows them; lower case, may be empty.
        subject: the login service's own id of them, learned at their first login there.
        password: argon2id hash; empty when they log in only by the login service.
    """

    login: str
    name: str
    role: str
    unit: str = ""
    email: str = ""
    subject: str = ""
    password: str = ""
    disabled: bool = False

    def __repr__(self) -> str:
        return f"Account({self.login!r}, {self.role!r})"  # never the hash: this may stand in a log


def add(ledger: Ledger, account: Account, by: By) -> None:
    """Make an account.

    Raises:
        NotPossible: there is one of that login.
    """
    try:
        with ledger.engine.begin() as connection:
            connection.execute(insert(t.account).values(**asdict(account), created=by.now))
            told = f"{account.role} {account.unit}".strip()
            note(ledger, connection, by, "add account", account.login, told)
    except IntegrityError:
        raise NotPossible(_('There is an account "{login}" already.').format(login=account.login)) from None


def change(ledger: Ledger, login: str, by: By, what: str, **values: Any) -> None:
    """Set columns of an account; its sessions end, and when it is disabled its tokens too.

    Args:
        what: the word of the audit, e.g. "role"; values but hashes are told there.

    Raises:
        NotPossible: there is no such account.
    """
    with ledger.engine.begin() as connection:
        if connection.execute(update(t.account).where(t.account.c.login == login).values(**values)).rowcount != 1:
            raise NotPossible(_('There is no account "{login}".').format(login=login))
        connection.execute(delete(t.session).where(t.session.c.login == login))
        if values.get("disabled"):
            connection.execute(delete(t.api_token).where(t.api_token.c.login == login))
        told = " ".join(str(value) for key, value in values.items() if key in ("role", "unit") and value)
        note(ledger, connection, by, what, login, told)


def bind(ledger: Ledger, login: str, subject: str, by: By) -> bool:
    """Remember the login service's id of an account that has none yet; False when another login came first."""
    with ledger.engine.begin() as connection:
        free = (t.account.c.login == login) & (t.account.c.subject == "")
        if connection.execute(update(t.account).where(free).values(subject=subject)).rowcount != 1:
            return False
        note(ledger, connection, by, "bind account", login)
    return True


def find(ledger: Ledger, login: str) -> Account | None:
    return _one(ledger, t.account.c.login == login)


def by_subject(ledger: Ledger, subject: str) -> Account | None:
    return _one(ledger, t.account.c.subject == subject) if subject else None


def by_email(ledger: Ledger, email: str) -> Account | None:
    """The account of an address, None when there is none or more than one."""
    return _one(ledger, t.account.c.email == email.lower()) if email else None


def accounts(ledger: Ledger) -> list[Account]:
    """All accounts by login."""
    with ledger.reads.connect() as connection:
        rows = connection.execute(select(t.account).order_by(t.account.c.login)).mappings()
        return [made(dict(row)) for row in rows]


def any_account(ledger: Ledger) -> bool:
    """Whether there is an account, disabled ones too: disabling the last one must not open the desk."""
    with ledger.reads.connect() as connection:
        return connection.execute(select(func.count()).select_from(t.account)).scalar_one() > 0


def made(row: dict[str, Any]) -> Account:
    """An account from a row of its table, joined or not."""
    return Account(**{name: row[name] for name in Account.__dataclass_fields__})


def note(ledger: Ledger, connection: Connection, by: By, what: str, subject: str, told: str = "") -> None:
    """A row of the audit about accounts."""
    row = {"at": by.now, "who": by.who, "what": what, "subject": subject, "note": f"{told} {by.why}".strip()}
    chain.note(connection, ledger.owner, row)


def _one(ledger: Ledger, where: Any) -> Account | None:
    with ledger.reads.connect() as connection:
        rows = connection.execute(select(t.account).where(where).limit(2)).mappings().all()
    return made(dict(rows[0])) if len(rows) == 1 else None
