"""What becomes of a drop follows from its findings and its status."""

import json

import pytest

from pipeline import intake
from pipeline.check import Work, Workshop
from pipeline.model import Finding, Outcome, Severity
from pipeline.prepare import prepare
from pipeline.validate import outcome


def finding(severity, code="ART001"):
    return Finding(code, severity, "")


@pytest.mark.parametrize(
    ("expected", "findings", "status"),
    [
        (Outcome.PUBLISH, [], "ready"),
        (Outcome.PUBLISH, [finding(Severity.WARNING)], "ready"),
        (Outcome.REVIEW, [finding(Severity.REVIEW), finding(Severity.WARNING)], "ready"),
        (Outcome.REJECT, [finding(Severity.REVIEW), finding(Severity.ERROR)], "ready"),
        (Outcome.IGNORE, [finding(Severity.ERROR)], "draft"),
        (Outcome.REJECT, [finding(Severity.ERROR, "SAFE001")], "draft"),
    ],
)
def test_the_worst_finding_decides(expected, findings, status):
    """A draft is left alone, but never with a secrecy mark in it."""
    assert expected == outcome(findings, status)


@pytest.mark.parametrize(("mark", "expected"), [("", Outcome.IGNORE), ("MẬT\n\n", Outcome.REJECT)])
def test_a_draft_with_a_secrecy_mark_is_refused_and_nothing_of_it_is_recorded(mark, expected, tmp_path, now):
    """Neither its title nor its tags reach the ledger."""
    file = tmp_path / "so-noi-vu" / "tin.md"
    file.parent.mkdir()
    file.write_text(
        f"---\nkind: article\ntitle: Kế hoạch kín\nsummary: Tóm tắt.\ndate: 2026-11-20\nstatus: draft\n---\n{mark}Nội dung.",
        encoding="utf-8",
    )
    shop = Workshop(now.tzinfo, "https://cchc.example.vn", ("portal",), tmp_path / "media", now)
    found = prepare(Work(tmp_path, intake.single(tmp_path, file), {}), shop)

    assert expected == found.outcome
    kept = json.dumps([found.title, dict(found.tagging), found.posts], default=str, ensure_ascii=False)
    assert (expected == Outcome.REJECT) == ("Kế hoạch kín" not in kept)
