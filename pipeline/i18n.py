"""Words for people: English in the code, Vietnamese from the catalogue."""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

_LOCALE = Path(__file__).with_name("locale")
_language = "vi"


def use(language: str) -> None:
    """Choose the language of all that people see ("vi", "en")."""
    global _language  # noqa: PLW0603 - one process speaks one language, chosen once at start
    _language = language


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("bantin", _LOCALE, languages=[language], fallback=True)


def _(message: str) -> str:
    """The message in the chosen language."""
    return _catalogue(_language).gettext(message)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    """Mark a message for the catalogue without translating it yet."""
    return message
