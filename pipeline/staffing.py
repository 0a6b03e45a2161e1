"""What fits together in an account: login, role, unit and address; the same for the command and for the desk."""

from __future__ import annotations

import re
import secrets
from datetime import date

from pipeline.config.outside import one_address
from pipeline.errors import NotPossible
from pipeline.i18n import _
from pipeline.reference import units

LOGIN = r"[a-z0-9][a-z0-9._-]{1,62}"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another when it is read out


def unit_of(login: str, role: str, unit: str, email: str = "") -> str:
    """The unit's id, when login, role, unit and address fit each other.

    Raises:
        NotPossible: they do not.
    """
    if not re.fullmatch(LOGIN, login):
        raise NotPossible(_("A login name has 2 to 63 small letters, digits, dots and dashes: bich.nt"))
    if (role == "contributor") != bool(unit):
        raise NotPossible(_("A contributor has a unit, nobody else has one."))
    found = units().find(unit, date.max) if unit else None
    if unit and found is None:
        raise NotPossible(_('There is no unit "{unit}".').format(unit=unit))
    try:
        one_address(email) if email else None
    except ValueError as error:
        raise NotPossible(str(error)) from None
    return found.id if found else ""


def first_password() -> str:
    """A password to begin with, 16 letters in four groups (about 79 bits)."""
    return "-".join("".join(secrets.choice(_LETTERS) for _sign in range(4)) for _group in range(4))
