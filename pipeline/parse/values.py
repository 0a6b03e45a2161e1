"""Front matter values as people write them, turned into typed ones; every refusal shows an example."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.i18n import _
from pipeline.patterns import lazy
from pipeline.text import nfc, one_line, strip_invisible, without_marks

_ISO_DAY = lazy(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_VN_DAY = lazy(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_CLOCK = lazy(r"(?<!\d)(\d{1,2})(?::|h|\s*giờ\s*)(\d{2})?(?!\d)", re.IGNORECASE)
_ISO_DURATION = lazy(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?", re.IGNORECASE)
_MOST_TEXT = 100_000


class WrongValue(Exception):
    """The value is not of the kind that the key needs; the message holds an example."""


def text(value: Any) -> str:
    """One line of NFC text without invisible signs."""
    if isinstance(value, (list, dict)):
        raise WrongValue(_("needs a text; put a text that holds a colon between double quotes"))
    return one_line(strip_invisible(nfc(str(value))))[:_MOST_TEXT]


def paragraphs(value: Any) -> str:
    """NFC text whose line breaks stay."""
    if isinstance(value, (list, dict)):
        raise WrongValue(_("needs a text"))
    rows = strip_invisible(nfc(str(value))).split("\n")
    return "\n".join(" ".join(row.split()) for row in rows).strip()[:_MOST_TEXT]


def words(value: Any) -> tuple[str, ...]:
    """A list, or texts separated by commas or semicolons."""
    if isinstance(value, dict):
        raise WrongValue(_("needs a list, for example: [first, second]"))
    parts = value if isinstance(value, list) else re.split(r"[,;]", str(value))
    return tuple(dict.fromkeys(part for part in (text(part) for part in parts) if part))


def sentences(value: Any) -> tuple[str, ...]:
    """A list of texts; a single text is a list of one, commas belong to it."""
    if isinstance(value, dict):
        raise WrongValue(_("needs a list of texts"))
    parts = value if isinstance(value, list) else [value]
    return tuple(part for part in (text(part) for part in parts) if part)


def path(value: Any) -> str:
    """A file name as it stands; only NFC, characters that nobody sees and white space at the ends are touched."""
    if isinstance(value, (list, dict)):
        raise WrongValue(_("needs one file name"))
    return strip_invisible(nfc(str(value))).strip()


def day(value: Any) -> date:
    """2026-11-24 or 24/11/2026, day first (vietnam.md §6)."""
    found = _find_day(text(value))
    if found is None:
        raise WrongValue(
            _('"{value}" is no date; write for example 2026-11-24 or 24/11/2026').format(value=_short(value))
        )
    return found


def moment(value: Any, zone: ZoneInfo) -> datetime:
    """An aware time: ISO 8601, or a day with a clock time in the city's zone ("24/11/2026 07:30", "7h30 24/11/2026")."""
    shown = text(value)
    try:
        parsed = datetime.fromisoformat(shown)
        return parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)
    except ValueError:
        pass
    found, clock = _find_day(shown), _CLOCK.search(shown)
    try:
        if found:
            hour = time(int(clock[1]), int(clock[2] or 0)) if clock else time(0)
            return datetime.combine(found, hour, zone)
    except ValueError:
        pass
    example = _('"{value}" is no time; write for example 2026-11-24T07:30:00+07:00').format(value=_short(value))
    raise WrongValue(example)


def _find_day(shown: str) -> date | None:
    iso, vietnamese = _ISO_DAY.search(shown), _VN_DAY.search(shown)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if vietnamese:
            return date(int(vietnamese[3]), int(vietnamese[2]), int(vietnamese[1]))
    except ValueError:
        pass
    return None


def seconds(value: Any) -> int:
    """PT1M20S, 01:20, 1:02:03 or a number of seconds."""
    shown = text(value)
    iso = _ISO_DURATION.fullmatch(shown)
    if iso and any(iso.groups()):
        hours, minutes, rest = (int(part or 0) for part in iso.groups())
        return hours * 3600 + minutes * 60 + rest
    if re.fullmatch(r"\d{1,2}(:[0-5]\d){1,2}", shown):
        total = 0
        for part in shown.split(":"):
            total = total * 60 + int(part)
        return total
    if re.fullmatch(r"\d{1,5}", shown):
        return int(shown)
    raise WrongValue(_('"{value}" is no duration; write for example PT1M20S or 01:20').format(value=_short(value)))


def choice(names: Mapping[str, str]) -> Callable[[Any], str]:
    """One of the given names; people's spellings (folded) are the keys."""

    def read(value: Any) -> str:
        shown = fold(text(value))
        if shown not in names:
            known = ", ".join(dict.fromkeys(names.values()))
            raise WrongValue(_('"{value}" is unknown; choose one of: {known}').format(value=_short(value), known=known))
        return names[shown]

    return read


_YES = {"yes", "true", "co", "on", "1", "x", "dong_y", "da_dong_y", "accepted", "accept", "chap_nhan"}
_NO = {"no", "false", "khong", "off", "0", "chua", "tu_choi", "rejected", "chua_dong_y", "khong_dong_y"}


def yes(value: Any) -> bool:
    """ "yes", "có", "đồng ý", "accepted", or the opposite; people write one word."""
    shown = fold(text(value))
    if shown in _YES:
        return True
    if shown in _NO:
        return False
    raise WrongValue(_('"{value}" is neither yes (có, đồng ý) nor no (không)').format(value=_short(value)))


def fold(name: str) -> str:
    """ "Tiêu đề", "tieu-de" and "tieu_de" are the same key."""
    return re.sub(r"[\s_-]+", "_", without_marks(name).strip().lower())


def _short(value: Any) -> str:
    return one_line(strip_invisible(nfc(str(value))))[:60]
