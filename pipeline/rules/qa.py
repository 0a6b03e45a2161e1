"""Rules on questions and answers."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.citations import PROCEDURE
from pipeline.i18n import _
from pipeline.model import QA, Item, Severity
from pipeline.rules.registry import Context, Flaw, rule


@rule("QA001", Severity.ERROR, QA)
def no_question(item: Item, context: Context) -> Iterator[Flaw]:
    """A Q&A item has a question.

    Why: an answer alone cannot be understood.

    Instead: write question: "…".
    """
    assert isinstance(item, QA)
    if not item.question:
        yield Flaw(_("The question is missing."), "question", item.lines.get("title"))


@rule("QA002", Severity.ERROR, QA)
def no_answer(item: Item, context: Context) -> Iterator[Flaw]:
    """A question is published together with its answer.

    Why: the plan asks for citizens' questions with the agency's answer (KH 84, V.1.b).

    Instead: write the answer below the metadata.
    """
    if not item.document.text.strip():
        yield Flaw(_("There is no answer below the metadata."), "", item.document.first_line)


@rule("QA003", Severity.ERROR, QA)
def no_answering_unit(item: Item, context: Context) -> Iterator[Flaw]:
    """A Q&A item says who answers.

    Why: citizens must know which office stands by the answer.

    Instead: write answered_by: with the unit's name.
    """
    assert isinstance(item, QA)
    if not item.answered_by:
        yield Flaw(_("The answering unit is missing."), "answered_by", item.lines.get("question"))


@rule("QA004", Severity.WARNING, QA)
def bad_procedure(item: Item, context: Context) -> Iterator[Flaw]:
    """A procedure code looks like 1.001193.

    Why: the page links to the procedure on the national portal by it.

    Instead: copy the code from the national database of procedures.
    """
    assert isinstance(item, QA)
    if item.procedure and not PROCEDURE.fullmatch(item.procedure):
        yield Flaw(_('"{code}" is no procedure code.').format(code=item.procedure[:60]),
                   "procedure", item.lines.get("procedure"))  # fmt: skip
