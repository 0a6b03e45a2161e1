"""Gentle rules on official names and on the newsroom's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from pipeline import names, reference
from pipeline.cues import Led
from pipeline.i18n import _
from pipeline.model import Item, Severity
from pipeline.patterns import lazy
from pipeline.rules.passages import LOOKED_AT, MOST, passages
from pipeline.rules.registry import Context, Flaw, rule
from pipeline.text import one_line


def _day(item: Item, context: Context) -> date:
    return (item.published.date() if item.published else item.date) or context.now.date()


@rule("NAME001", Severity.WARNING)
def ended_unit(item: Item, context: Context) -> Iterator[Flaw]:
    """A unit that is named exists on the day of publication.

    Why: since 2025 there are no districts and fewer departments; citizens would look for an office that is gone.

    Instead: name the successor, or write "cũ" or "trước đây" when the old unit is meant.
    """
    yield from islice(_ended(item, _day(item, context)), MOST)


def _ended(item: Item, day: date) -> Iterator[Flaw]:
    seen = set()
    for passage in passages(item):
        for found in islice(names.ended_units(passage.text, day), LOOKED_AT):
            sentence = passage.sentence(found.start, found.end)
            if found.unit.id in seen or names.about_the_past(sentence, found.unit):
                continue
            seen.add(found.unit.id)
            successors = [unit.name for one in found.unit.successors if (unit := reference.units().get(one))]
            message = _('"{typed}" ended on {date}; today: {names}. "{sentence}"')
            ended = f"{found.unit.valid_to:%d/%m/%Y}" if found.unit.valid_to else ""
            shown = message.format(typed=one_line(passage.text[found.start : found.end]), date=ended,
                                   names=", ".join(successors[:5]) or _("not known"),
                                   sentence=passage.shown(found.start, found.end))  # fmt: skip
            yield Flaw(shown, passage.field, passage.line_at(found.start))


@rule("NAME002", Severity.WARNING)
def misspelt_term(item: Item, context: Context) -> Iterator[Flaw]:
    """The plan's sections and set phrases are spelt rightly.

    Why: they are what readers and the report search for; "chuyên đổi số" is found by nobody.

    Instead: correct the word as proposed.
    """
    flaws = ((found, passage) for passage in passages(item) for found in names.misspelt_terms(passage.text))
    for found, passage in islice(flaws, MOST):
        typed = one_line(passage.text[found.start : found.end])
        shown = _('"{typed}": did you mean "{term}"?').format(typed=typed[:80], term=found.term)
        yield Flaw(shown, passage.field, passage.line_at(found.start))


@dataclass(frozen=True)
class _Form:
    """A form that is wrong, or wrong since a day; `unless` excuses a sentence."""

    wrong: Led
    right: str
    since: date = date.min
    unless: re.Pattern[str] | None = None
    has: str = ""  # in every text that holds it, in small letters


def _form(
    has: str, begins: str, wrong: str, right: str, since: date = date.min, unless: str = "", flags: int = re.IGNORECASE
) -> _Form:
    return _Form(Led(rf"(?<!\w)(?:{wrong})(?!\w)", begins, flags=flags), right, since,
                 lazy(unless, re.IGNORECASE) if unless else None, has)  # fmt: skip


_PAST = r"(?<!\w)(?:cũ|trước đây|trước kia|đã cấp|còn hạn|còn giá trị|thay cho|thay thế|đổi tên|dừng|đóng)(?!\w)"
# vietnam.md §1 (slips of the plan itself), §2 (names that changed), §6 (capitals).
_FORMS = (
    _form("mức", "mức", r"mức\s(?:độ\s)?(?:3|4|ba|bốn)(?:\s(?:và|,)\s(?:mức\s(?:độ\s)?)?(?:4|bốn))?", "một phần, toàn trình",
          date(2022, 8, 15), r"^(?!.*dịch vụ công)|" + _PAST),
    _form("cổng", "cổng", r"cổng\sdịch\svụ\scông\s(?:trực\stuyến\s)?(?:của\s)?(?:thành\sphố|TP\.?\s?Hà Nội|Hà\sNội)",
          "Cổng Dịch vụ công quốc gia", date(2025, 7, 1), _PAST),
    _form("cước", "căn", r"căn\scước\scông\sdân", "căn cước", date(2024, 7, 1), _PAST + r"|gắn chíp?"),
    _form("viên", "công", r"công\stác\sviên(?!\schức)", "cộng tác viên"),
    _form("cds", "cds", r"CDS", "CĐS", flags=0),
    _form("nội", "hà", r"Hà\snội", "Hà Nội", flags=0),
    _form("ban", "ủy|uỷ", r"Ủy\sBan(?:\s[Nn]hân\s[Dd]ân)?|Uỷ\sBan(?:\s[Nn]hân\s[Dd]ân)?", "Ủy ban nhân dân", flags=0),
)  # fmt: skip


@rule("NAME003", Severity.WARNING)
def outdated_form(item: Item, context: Context) -> Iterator[Flaw]:
    """The newsroom's words are used in the form that holds on the day.

    Why: names of services and papers change by law, and readers meet the new ones at the counter.

    Instead: use the form that is proposed.
    """
    day, texts = _day(item, context), [(passage, passage.text.lower()) for passage in passages(item)]
    for form in _FORMS:
        if day < form.since:
            continue
        for passage in (passage for passage, low in texts if form.has in low):
            found = form.wrong.search(passage.text)
            if found and not (form.unless and form.unless.search(passage.sentence(found.start(), found.end()))):
                shown = _('"{typed}" is written "{right}" today: "{sentence}"').format(
                    typed=one_line(found.group()), right=form.right,
                    sentence=passage.shown(found.start(), found.end()))  # fmt: skip
                yield Flaw(shown, passage.field, passage.line_at(found.start()))
                break


@rule("NAME004", Severity.WARNING)
def mixed_forms(item: Item, context: Context) -> Iterator[Flaw]:
    """A word is written in one way throughout an item.

    Why: "hòa" beside "hoà" looks careless, and a search in the page finds only half.

    Instead: choose one; the office writes hòa, thủy, tỷ lệ, kỹ năng.
    """
    pairs = names.mixed_forms([passage.text for passage in passages(item)])
    if pairs:
        shown = "; ".join(" / ".join(pair) for pair in pairs[:4])
        yield Flaw(
            _("Both ways of writing stand in the text: {pairs}.").format(pairs=shown), "", item.lines.get("title")
        )
