"""Guards of personal data (Luật 91/2025/QH15, vietnam.md §3, §5): a text is held, a question is offered with it masked.

No message repeats what was found; it shows the masked form only.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from pipeline.i18n import _
from pipeline.model import QA, Item, Severity
from pipeline.privacy import read
from pipeline.rules.registry import Context, Flaw, rule

_MOST = 20  # places that one rule names; more would hide the rest of the report


def _flaws(item: Item, context: Context, message: str, *kinds: str) -> Iterator[Flaw]:
    reading = context.reading or read(item, context.captions)
    places = (place for place in reading.places if place.kind in kinds)
    for place in islice(places, _MOST):
        shown = message
        if isinstance(item, QA):
            shown += " " + _('Accepted with "masking: accepted", it would read: "{text}"').format(text=place.proposal)
        yield Flaw(shown, place.field, place.line, place.proposal)
    pages = (page for page in context.pages if page.kinds.intersection(kinds))
    said = message + " " + _("An attachment is never masked: mend the file itself.")
    yield from (Flaw(page.says(said)) for page in islice(pages, _MOST))


@rule("SAFE003", Severity.REVIEW, locked=True)
def identity_number(item: Item, context: Context) -> Iterator[Flaw]:
    """A text carries no citizen's identity number.

    Why: it is personal data; the law forbids publishing it (Luật 91/2025/QH15).

    Instead: delete the number, or write only the first three and last two digits; or accept the masked text.
    """
    yield from _flaws(item, context, _("The text may reveal an identity number (hidden here)."), "identity")


@rule("SAFE004", Severity.REVIEW, locked=True)
def private_phone(item: Item, context: Context) -> Iterator[Flaw]:
    """A text carries no private phone number.

    Why: it is personal data; hotlines and published office numbers are not.

    Instead: give the office's number, or 1022; or accept the masked text.
    """
    yield from _flaws(item, context, _("The text may reveal a private phone number (hidden here)."), "phone")


@rule("SAFE005", Severity.REVIEW, locked=True)
def home_address(item: Item, context: Context) -> Iterator[Flaw]:
    """A text carries no private home address.

    Why: it is personal data; the addresses of offices are public.

    Instead: name only the ward or commune; or accept the masked text.
    """
    yield from _flaws(item, context, _("The text may reveal a home address (hidden here)."), "address")


@rule("SAFE006", Severity.REVIEW, locked=True)
def private_mail(item: Item, context: Context) -> Iterator[Flaw]:
    """A text carries no private e-mail address.

    Why: it is personal data; addresses of offices, such as …@hanoi.gov.vn, are not.

    Instead: give the office's address; or accept the masked text.
    """
    yield from _flaws(item, context, _("The text may reveal a private e-mail address (hidden here)."), "email")


@rule("SAFE007", Severity.REVIEW, locked=True)
def number_plate(item: Item, context: Context) -> Iterator[Flaw]:
    """A text carries no number plate of a private vehicle.

    Why: a plate leads to its owner.

    Instead: write "a car" or "a motorbike"; or accept the masked text.
    """
    yield from _flaws(item, context, _("The text may reveal a number plate (hidden here)."), "plate")


@rule("SAFE008", Severity.REVIEW, locked=True)
def bank_account(item: Item, context: Context) -> Iterator[Flaw]:
    """A text carries no private bank account.

    Why: it is sensitive personal data and invites fraud; accounts of the treasury and of public funds may be given.

    Instead: name the public fund that collects; or accept the masked text.
    """
    yield from _flaws(item, context, _("The text may reveal a private bank account (hidden here)."), "bank")


@rule("SAFE009", Severity.REVIEW, locked=True)
def paper_number(item: Item, context: Context) -> Iterator[Flaw]:
    """A text carries no number of a person's passport, insurance, licence, land book or tax file.

    Why: with it somebody else can look up or use the paper.

    Instead: name only the kind of paper; or accept the masked text.
    """
    yield from _flaws(item, context, _("The text may reveal the number of a person's paper (hidden here)."),
                      "passport", "insurance", "licence", "tax")  # fmt: skip


@rule("SAFE010", Severity.REVIEW, locked=True)
def case_number(item: Item, context: Context) -> Iterator[Flaw]:
    """A text carries no number of a citizen's case.

    Why: whoever has it can look the case up on the portal.

    Instead: write when and where the case was filed; or accept the masked text.
    """
    yield from _flaws(item, context, _("The text may reveal the number of a case (hidden here)."), "case")


@rule("SAFE011", Severity.REVIEW, locked=True)
def birth_date(item: Item, context: Context) -> Iterator[Flaw]:
    """A text carries no birth date of a private person.

    Why: it is personal data and, with the name, enough to find the person.

    Instead: give the age; or accept the masked text.
    """
    yield from _flaws(item, context, _("The text may reveal a birth date (hidden here)."), "birth")


@rule("SAFE014", Severity.WARNING, locked=True)
def masked_places(item: Item, context: Context) -> Iterator[Flaw]:
    """What was masked with the sender's acceptance is shown to the editor.

    Why: the public text differs from the file, and somebody must be able to say where and why.

    Instead: nothing, if the masked text says what it should; else mend the file.
    """
    yield from islice(context.masked, _MOST)
