"""All rules over one item: findings in the order of the file, and the outcome that follows from them."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.model import Finding, Item, Outcome, Severity
from pipeline.rules import RULES, Context

_EVEN_IN_A_DRAFT = frozenset({"SAFE001"})  # a state secret must leave the folder, whatever its status says


def validate(item: Item, context: Context) -> tuple[Finding, ...]:
    """Findings of every rule that concerns this kind of item, by line and code."""
    findings = [
        rule.finding(flaw.message, flaw.field, flaw.line)
        for rule in RULES.values()
        if rule.check and isinstance(item, rule.kinds)
        for flaw in rule.check(item, context)
    ]
    return tuple(sorted(findings, key=lambda finding: (finding.line or 0, finding.code)))


def outcome(findings: Iterable[Finding], status: str = "ready") -> Outcome:
    """An error rejects, a review holds, a draft is left alone unless it carries a secrecy mark; warnings change nothing."""
    found = tuple(findings)
    severities = {finding.severity for finding in found}
    if any(finding.code in _EVEN_IN_A_DRAFT for finding in found):
        return Outcome.REJECT
    if status == "draft":
        return Outcome.IGNORE
    if Severity.ERROR in severities:
        return Outcome.REJECT
    if Severity.REVIEW in severities:
        return Outcome.REVIEW
    return Outcome.PUBLISH
