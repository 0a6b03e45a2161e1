"""Rotating credentials in the ledger: sealed at rest, one refresher at a time, durable before they are used."""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import insert, select, text, update

from channels.base import TokenPair
from pipeline.errors import ConfigError
from pipeline.i18n import _
from pipeline.ledger import schema as t
from pipeline.ledger.ledger import Ledger


class Tokens:
    """The token pair of one account (a channels.base.TokenStore); `seed` is the first pair, from the secrets."""

    def __init__(self, ledger: Ledger, account: str, key: str, lock: Path, seed: TokenPair | None) -> None:
        self._ledger, self._account, self._seed, self._lock = ledger, account, seed, lock
        try:
            self._box = Fernet(key)
        except ValueError:
            raise ConfigError(_("The secret BANTIN_LEDGER_KEY is no key; make one with: bantin key")) from None

    def load(self) -> TokenPair | None:
        """The newest pair; the seed until one was saved."""
        query = select(t.token.c.sealed).where(t.token.c.account == self._account)
        with self._ledger.reads.connect() as connection:
            sealed = connection.scalar(query)
        if sealed is None:
            return self._seed
        try:
            opened = json.loads(self._box.decrypt(sealed))
        except InvalidToken:
            raise ConfigError(_("BANTIN_LEDGER_KEY does not open the stored tokens.")) from None
        return TokenPair(opened["access"], opened["refresh"], datetime.fromisoformat(opened["expires_at"]))

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Exclusive right to refresh, among all processes that share this ledger.

        On PostgreSQL a lock of the server's session, which ends with the process; on SQLite a file of this machine.
        """
        if self._ledger.postgres:
            with self._ledger.reads.connect() as connection:
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"token {self._account}"}
                )
                yield
            return
        self._lock.parent.mkdir(parents=True, exist_ok=True)
        with self._lock.open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def spend(self, pair: TokenPair) -> bool:
        """Note durably that the refresh token is being used; False when it was before and no new pair came of it."""
        used = _fingerprint(pair.refresh)
        with self._ledger.engine.begin() as connection:
            seed = {"sealed": self._seal(pair), "expires": pair.expires_at, "version": 0, "spent": ""}
            connection.execute(self._ledger.make_insert(t.token).values(account=self._account, **seed)
                               .on_conflict_do_nothing())  # fmt: skip
            first = update(t.token).where(t.token.c.account == self._account, t.token.c.spent != used)
            return connection.execute(first.values(spent=used)).rowcount == 1

    def unspend(self, pair: TokenPair) -> None:
        """The request never left, so the refresh token is as good as before."""
        mine = update(t.token).where(t.token.c.account == self._account, t.token.c.spent == _fingerprint(pair.refresh))
        with self._ledger.engine.begin() as connection:
            connection.execute(mine.values(spent=""))

    def save(self, pair: TokenPair) -> None:
        """Seal and commit; from here on the pair may be used."""
        values = {"sealed": self._seal(pair), "expires": pair.expires_at, "spent": ""}
        with self._ledger.engine.begin() as connection:
            changed = connection.execute(update(t.token).where(t.token.c.account == self._account).values(
                version=t.token.c.version + 1, **values))  # fmt: skip
            if changed.rowcount == 0:
                connection.execute(insert(t.token).values(account=self._account, version=1, **values))

    def _seal(self, pair: TokenPair) -> bytes:
        plain = {"access": pair.access, "refresh": pair.refresh, "expires_at": pair.expires_at.isoformat()}
        return self._box.encrypt(json.dumps(plain).encode())


def _fingerprint(token: str) -> str:
    """Tells one token from another without keeping it."""
    return hashlib.sha256(token.encode()).hexdigest()
