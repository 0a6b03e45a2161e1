"""Passwords: argon2id, the same for every way of typing the same letters, and as slow when there is no account."""

from __future__ import annotations

import secrets
import threading
import unicodedata
from functools import cache

from pwdlib import PasswordHash
from pwdlib.exceptions import PwdlibError
from pwdlib.hashers.argon2 import Argon2Hasher

from pipeline.i18n import _

SHORTEST, LONGEST = 12, 256  # characters; NIST SP 800-63B-4 asks for at least 8 with a second factor, 15 without
# Each hash takes 64 MiB: a crowd at the login page must not take the machine's memory.
_ROOM = threading.BoundedSemaphore(2)


def problem(password: str, login: str = "") -> str:
    """What is wrong with a new password, "" when nothing is."""
    plain = _normal(password)
    if len(plain) < SHORTEST:
        return _("A password has at least {count} characters.").format(count=SHORTEST)
    if len(plain) > LONGEST:
        return _("A password has at most {count} characters.").format(count=LONGEST)
    if len(set(plain)) < 5 or (login and login.casefold() in plain.casefold()):
        return _("This password is too easy to guess: use several words, without the login name.")
    return ""


def hashed(password: str) -> str:
    """What the ledger keeps of a password."""
    with _ROOM:
        return _hasher().hash(_normal(password))


def fits(password: str, kept: str) -> bool:
    """Whether it is the password; `kept` is empty when there is no account, which takes as long."""
    with _ROOM:
        try:
            right = _hasher().verify(_normal(password[: 4 * LONGEST]), kept or _nobodys())
        except PwdlibError:  # not a hash of ours
            return False
    return right and bool(kept)


@cache
def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(),))


@cache
def _nobodys() -> str:
    return _hasher().hash(secrets.token_urlsafe(32))


def _normal(password: str) -> str:
    """NFKC: one keyboard composes "ế" where another sends three signs; invalid surrogates become question marks."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace").decode()
