"""Rules on the sending unit."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.i18n import _
from pipeline.model import Item, Severity
from pipeline.rules.registry import Context, Flaw, rule


@rule("UNIT002", Severity.REVIEW)
def unit_has_ended(item: Item, context: Context) -> Iterator[Flaw]:
    """The unit exists on the date of the item.

    Why: after the reorganisations of 2025 many folders still carry old names.

    Instead: move the file into the folder of the successor.
    """
    if item.date is None or item.unit.valid_on(item.date):
        return
    names = ", ".join(f"{unit.name} ({unit.id})" for unit in context.successors) or _("not known")
    ended = f"{item.unit.valid_to:%d/%m/%Y}" if item.unit.valid_to else ""
    yield Flaw(_('"{unit}" ended on {date}; its successor: {names}.').format(unit=item.unit.name, date=ended, names=names),
               "date", item.lines.get("date"))  # fmt: skip
