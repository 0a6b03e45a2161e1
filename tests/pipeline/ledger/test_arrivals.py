"""New drops by the batch leave the same rows as one by one; on a real database."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from pipeline.ledger import Ledger, recording
from pipeline.ledger import schema as t
from pipeline.ledger.engine import open_engine
from pipeline.model import Finding, Outcome, Severity
from tests.pipeline.ledger.making import prepared

TABLES = (t.item, t.edition, t.drop, t.finding, t.post, t.delivery, t.audit)
FLAW = Finding("ART001", Severity.REVIEW, "Sai chính tả", "title", 3, "sửa lại")


@pytest.fixture
def both(tmp_path):
    """Two ledgers: one that records by the batch and one that does not."""
    ledgers = [Ledger(open_engine(f"sqlite:///{tmp_path}/{name}.db")) for name in ("many", "single")]
    yield ledgers
    for ledger in ledgers:
        ledger.engine.dispose()


def rows(ledger):
    with ledger.reads.connect() as connection:
        return {table.name: [tuple(row) for row in connection.execute(select(table))] for table in TABLES}


def batch(now):
    """One of each kind that a look may bring."""
    made = [prepared(now, item=f"a{number}") for number in range(12)]
    made[1] = replace(made[1], outcome=Outcome.REVIEW, findings=(FLAW,))
    made[2] = replace(
        made[2], outcome=Outcome.REJECT, findings=(replace(FLAW, severity=Severity.ERROR),), slots=(), posts={}
    )
    made[3] = replace(made[3], identity=None, title="", outcome=Outcome.REJECT, findings=(FLAW,), slots=(), posts={})
    made[4] = replace(made[4], approval=True)
    made[5] = replace(made[5], urgent=True, expires=now + timedelta(days=3), author="Ngọc An", areas=("mot-cua",))
    made[6] = replace(made[6], outcome=Outcome.IGNORE, slots=(), posts={}, status="draft")
    made[7] = replace(made[7], status="withdrawn", slots=(), posts={})
    made[8] = replace(made[8], masked=("001xxxxxxx45",))
    made[9] = replace(made[9], path="so-noi-vu/khac.md", identity=made[10].identity)
    return made


def test_a_batch_leaves_the_rows_of_single_drops(both, now, monkeypatch):
    """Whatever they are: published, held, refused, withdrawn, masked, or two texts with one id."""
    many, single = both
    found = many.record(batch(now), now)
    monkeypatch.setattr(recording, "_FEW", 1_000)

    assert found == single.record(batch(now), now)
    shown = [{name: sorted(map(repr, of)) for name, of in rows(ledger).items() if name not in ("delivery", "finding")}
             for ledger in both]  # fmt: skip
    assert shown[0] == shown[1]
    for table in ("delivery", "finding"):  # whose numbers only say who was written first
        assert sorted(repr(row[1:]) for row in rows(many)[table]) == sorted(
            repr(row[1:]) for row in rows(single)[table]
        )


def test_the_same_batch_again_changes_nothing(both, now):
    """A second look at equal files finds no arrival."""
    many, _single = both
    many.record(batch(now), now)
    before = rows(many)
    again = many.record([one for one in batch(now) if one.status == "ready" and not one.masked], now)

    assert {"same"} == set(again.values()) - {"refused", "changed"}
    assert before["item"][0] == rows(many)["item"][0]
