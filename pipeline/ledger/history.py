"""What became of one item: approvals, editions sent back, receipts, and what people did, oldest first."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from pipeline.ledger import schema as t
from pipeline.ledger.ledger import Ledger
from pipeline.model import CHANNELS, PORTALS

Rows = list[dict[str, Any]]


def approvals(ledger: Ledger, item: str) -> Rows:
    return _rows(ledger, select(t.approval).where(t.approval.c.item == item).order_by(t.approval.c.edition))


def sent_back(ledger: Ledger, item: str) -> Rows:
    return _rows(ledger, select(t.returned).where(t.returned.c.item == item).order_by(t.returned.c.edition))


def receipts(ledger: Ledger, item: str) -> Rows:
    """Every copy that a channel ever took, with its edition and address."""
    query = select(t.receipt, t.delivery.c.channel).join(t.delivery, t.delivery.c.id == t.receipt.c.delivery).where(
        t.delivery.c.item == item).order_by(t.receipt.c.at, t.receipt.c.delivery)  # fmt: skip
    return _rows(ledger, query)


def deeds(ledger: Ledger, item: str) -> Rows:
    """Lines of the audit about the item as a whole or one of its channels."""
    a = t.audit.c
    subjects = [
        item,
        *(f"{item} {channel}" for channel in {*PORTALS, *CHANNELS}),
    ]  # each by the index; a pattern would read it all
    query = select(t.audit).where(a.subject.in_(subjects))
    return _rows(ledger, query.order_by(a.id))


def _rows(ledger: Ledger, query: Any) -> Rows:
    with ledger.reads.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
