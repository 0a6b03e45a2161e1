"""Who is logged in: sessions and tokens that can be taken back, and logins that failed too often.

Ids are random and secret; the ledger keeps their SHA-256, so that nobody logs in with a copy of it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from pipeline.errors import NotPossible
from pipeline.i18n import _
from pipeline.ledger import schema as t
from pipeline.ledger.accounts import Account, made, note
from pipeline.ledger.ledger import Ledger
from pipeline.ledger.verbs import By

TOKEN_SIGN = "bantin_"  # noqa: S105 - how a token begins, so that people and scanners know it
_TOUCH = timedelta(minutes=1)  # a session's last use is written down at most this often
_COUNTED = timedelta(minutes=15)
MOST_OF_A_LOGIN, MOST_OF_AN_ADDRESS = 5, 20  # failed logins in that time
_LOCK = 0x6C6F67696E  # of PostgreSQL's advisory locks: failures are counted one at a time


@dataclass(frozen=True)
class Life:
    """How long a session lives: unused, and at all."""

    idle: timedelta
    longest: timedelta


def begin(ledger: Ledger, login: str, where: str, by: By, before: str = "") -> str:
    """A new session's secret id; the session that the browser had `before` ends, failures are forgotten."""
    secret = secrets.token_urlsafe(32)
    with ledger.engine.begin() as connection:
        connection.execute(delete(t.session).where(t.session.c.id == _digest(before)))
        row = {"id": _digest(secret), "login": login, "began": by.now, "seen": by.now, "where_from": where}
        connection.execute(insert(t.session).values(**row))
        connection.execute(delete(t.failure).where(t.failure.c.login == login))
        note(ledger, connection, by, "login", login)
    return secret


def person_of(ledger: Ledger, secret: str, life: Life, now: datetime) -> Account | None:
    """Whose session it is, None when it has ended; its use is remembered."""
    joined = select(t.session.c.seen, t.account).join(t.account, t.account.c.login == t.session.c.login)
    alive = (t.session.c.seen > now - life.idle) & (t.session.c.began > now - life.longest)
    with ledger.reads.connect() as connection:
        one = joined.where(t.session.c.id == _digest(secret), alive, t.account.c.disabled.is_(False))
        row = connection.execute(one).mappings().first()
    if row is None:
        return None
    if now - row["seen"] >= _TOUCH:
        with ledger.engine.begin() as connection:
            connection.execute(update(t.session).where(t.session.c.id == _digest(secret)).values(seen=now))
    return made(dict(row))


def still(ledger: Ledger, secrets_: Collection[str], life: Life, now: datetime) -> set[str]:
    """Those of some sessions' ids and tokens that still stand for somebody; nothing is remembered of this look."""
    digests = {_digest(one): one for one in secrets_}
    alive = (t.session.c.seen > now - life.idle) & (t.session.c.began > now - life.longest)
    of_sessions = select(t.session.c.id).join(t.account, t.account.c.login == t.session.c.login).where(
        t.session.c.id.in_(digests), alive, t.account.c.disabled.is_(False))  # fmt: skip
    of_tokens = select(t.api_token.c.id).join(t.account, t.account.c.login == t.api_token.c.login).where(
        t.api_token.c.id.in_(digests), t.account.c.disabled.is_(False))  # fmt: skip
    with ledger.reads.connect() as connection:
        return {digests[one] for query in (of_sessions, of_tokens) for one in connection.scalars(query)}


def end(ledger: Ledger, secret: str, by: By) -> None:
    """Log out."""
    with ledger.engine.begin() as connection:
        gone = delete(t.session).where(t.session.c.id == _digest(secret)).returning(t.session.c.login)
        login = connection.execute(gone).scalar()
        if login:
            note(ledger, connection, by, "logout", login)


def end_all(ledger: Ledger, login: str, by: By) -> int:
    """End every session of an account; how many there were."""
    with ledger.engine.begin() as connection:
        count = connection.execute(delete(t.session).where(t.session.c.login == login)).rowcount
        note(ledger, connection, by, "end sessions", login, str(count))
    return count


def try_login(ledger: Ledger, login: str, where: str, now: datetime) -> bool:
    """Whether another try is allowed. It counts as failed from now on, until `begin` forgets it: tries that run at the
    same time cannot pass the limit together.

    Args:
        login: as typed, whether there is such an account or not.
        where: network from which it comes.
    """
    with ledger.engine.begin() as connection:
        if ledger.postgres:
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        f = t.failure.c
        connection.execute(delete(t.failure).where(f.at <= now - _COUNTED))
        mine = select(func.count()).select_from(t.failure)
        of_login = connection.execute(mine.where(f.login == login)).scalar_one()
        of_address = connection.execute(mine.where(f.where_from == where)).scalar_one()
        if of_login >= MOST_OF_A_LOGIN or of_address >= MOST_OF_AN_ADDRESS:
            return False
        connection.execute(insert(t.failure).values(login=login, where_from=where, at=now))
    return True


def refused(ledger: Ledger, login: str, by: By) -> None:
    """Note a login that was refused; `login` is empty when there is no such account: people type passwords there."""
    with ledger.engine.begin() as connection:
        note(ledger, connection, by, "login refused", login)


def make_token(ledger: Ledger, login: str, name: str, *, read_only: bool, by: By) -> str:
    """A token for another system; nobody can read it again.

    Raises:
        NotPossible: there is no such account, or it has a token of that name.
    """
    secret = TOKEN_SIGN + secrets.token_urlsafe(32)
    row = {"id": _digest(secret), "login": login, "name": name, "read_only": read_only, "created": by.now}
    try:
        with ledger.engine.begin() as connection:
            if not connection.execute(select(t.account.c.login).where(t.account.c.login == login)).first():
                raise NotPossible(_('There is no account "{login}".').format(login=login))
            connection.execute(insert(t.api_token).values(**row))
            note(ledger, connection, by, "make token", login, f"{name} {'read' if read_only else 'write'}")
    except IntegrityError:
        raise NotPossible(_('The account has a token "{name}" already.').format(name=name)) from None
    return secret


def end_token(ledger: Ledger, login: str, name: str, by: By) -> None:
    """Take a token back.

    Raises:
        NotPossible: there is none of that name.
    """
    with ledger.engine.begin() as connection:
        mine = (t.api_token.c.login == login) & (t.api_token.c.name == name)
        if connection.execute(delete(t.api_token).where(mine)).rowcount != 1:
            raise NotPossible(_('The account has no token "{name}".').format(name=name))
        note(ledger, connection, by, "end token", login, name)


def owner_of(ledger: Ledger, secret: str) -> tuple[Account, bool] | None:
    """Whose token it is, and whether it may only read."""
    joined = select(t.api_token.c.read_only, t.account).join(t.account, t.account.c.login == t.api_token.c.login)
    with ledger.reads.connect() as connection:
        one = joined.where(t.api_token.c.id == _digest(secret), t.account.c.disabled.is_(False))
        row = connection.execute(one).mappings().first()
    return (made(dict(row)), row["read_only"]) if row else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
