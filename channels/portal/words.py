"""Words for readers: English in the code, the site's language from the catalogue; dates as people say them."""

from __future__ import annotations

import gettext
import html
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Final

HANOI: Final = timezone(timedelta(hours=7), "ICT")  # no daylight saving since 1975, so no zone file is needed

# What neither XML 1.0 nor HTML takes: C0 except tab and line ends, C1, lone surrogates, non-characters.
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_CONTROL_BYTES: Final = bytes({*range(0x20), 0x7F} - {*b"\t\n\r"})
_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_TAG: Final = re.compile(r"<[^>]*>")


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    """Mark a message for the catalogue without translating it yet."""
    return message


_WEEKDAYS: Final = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The portal's messages in a language; English when it has no catalogue."""
    return gettext.translation("portal", Path(__file__).with_name("locale"), languages=[language], fallback=True)


def printable(text: str) -> str:
    """The text without characters that break a page or a feed."""
    return _CONTROLS.sub("", text)


def encoded(text: str) -> bytes:
    """The text in UTF-8 without those characters; a page has none, as a rule, and to look for them in letters takes long."""
    try:
        found = text.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return printable(text).encode()
    if b"\xc2" in found or b"\xef\xbf" in found:  # how C1 and non-characters begin, and some others
        return printable(text).encode()
    return found.translate(None, _CONTROL_BYTES)


def compact(value: object) -> str:
    """JSON with no space that it can do without."""
    return _JSON.encode(value)


def plain(markup: str) -> str:
    """The words of clean HTML on one line; for machines, never put back into a page unescaped."""
    return " ".join(loose(markup).split())


def loose(markup: str) -> str:
    """As `plain`, with the spaces and line ends as they come."""
    return html.unescape(_TAG.sub(" ", markup))


def moment_in_words(translate: Callable[[str], str], moment: datetime) -> str:
    """Thứ Ba, 24/11/2026, 08:05 in Hanoi's time; midnight means that only the day is known."""
    local = moment.astimezone(HANOI)
    day = f"{translate(_WEEKDAYS[local.weekday()])}, {short_date(moment)}"
    return f"{day}, {local:%H:%M}" if (local.hour, local.minute) != (0, 0) else day


def month_in_words(translate: Callable[[str], str], month: str) -> str:
    """Tháng 11/2026 of 2026-11."""
    year, _, number = month.partition("-")
    return translate(N_("Month %(month)s")) % {"month": f"{number}/{year}"}


def short_date(moment: datetime) -> str:
    """24/11/2026 in Hanoi's time."""
    return moment.astimezone(HANOI).strftime("%d/%m/%Y")


def iso(moment: datetime) -> str:
    """A machine's date and time, always with Hanoi's offset, so that equal moments give equal bytes."""
    return moment.astimezone(HANOI).isoformat(timespec="seconds")


def clock(seconds: int) -> str:
    """A clip's length: 2:05."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}:{rest:02}"


def size(count: int, language: str) -> str:
    """Bytes as people say them: 850 KB, 1,2 MB."""
    if count < 1024 * 1024:
        return f"{max(1, round(count / 1024))} KB"
    shown = f"{count / 1024 / 1024:.1f} MB"
    return shown if language == "en" else shown.replace(".", ",")
