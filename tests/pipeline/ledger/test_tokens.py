"""Rotating credentials: used once, sealed, and never lost."""

import threading
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from channels.base import TokenPair
from pipeline.errors import ConfigError
from pipeline.ledger import schema
from pipeline.ledger.tokens import Tokens

KEY = Fernet.generate_key().decode()


@pytest.fixture
def seed(now):
    return TokenPair("", "refresh-0", now)


@pytest.fixture
def tokens(ledger, tmp_path, seed):
    return Tokens(ledger, "zalo", KEY, tmp_path / "lock", seed)


def test_a_refresh_token_is_spent_once(tokens, seed, now):
    """Also by another process after this one died."""
    assert tokens.spend(seed)
    assert not tokens.spend(seed)
    fresh = TokenPair("a1", "refresh-1", now + timedelta(hours=25))
    tokens.save(fresh)
    assert (fresh, True, False) == (tokens.load(), tokens.spend(fresh), tokens.spend(fresh))


def test_a_request_that_never_left_spends_nothing(tokens, seed):
    """No connection: the token is as good as before."""
    tokens.spend(seed)
    tokens.unspend(seed)

    assert tokens.spend(seed)


def test_tokens_are_sealed(tokens, ledger, now):
    """Whoever reads the file reads no token."""
    tokens.save(TokenPair("access-secret", "refresh-secret", now))
    with ledger.reads.connect() as connection:
        sealed = connection.scalar(select(schema.token.c.sealed))

    assert b"secret" not in sealed


def test_another_key_does_not_open_them(tokens, ledger, tmp_path, now):
    """One message that names the key."""
    tokens.save(TokenPair("a", "r", now))
    with pytest.raises(ConfigError, match="BANTIN_LEDGER_KEY"):
        Tokens(ledger, "zalo", Fernet.generate_key().decode(), tmp_path / "lock", None).load()


def test_one_owner_at_a_time(tokens, ledger, tmp_path, seed):
    """The second waits until the first has let go."""
    order = []
    inside, go = threading.Event(), threading.Event()

    def second():
        other = Tokens(ledger, "zalo", KEY, tmp_path / "lock", seed)
        inside.wait(5)
        with other.lock():
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with tokens.lock():
        inside.set()
        go.wait(0.1)
        order.append("first")
    thread.join(5)

    assert ["first", "second"] == order
