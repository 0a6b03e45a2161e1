"""The rule registry: one small function a rule, with a code that is never reused, docs and a severity."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from pipeline.errors import ConfigError
from pipeline.i18n import _
from pipeline.model import (
    QA,
    Article,
    AttachmentReport,
    CaptionsReport,
    Clip,
    Finding,
    Item,
    PictureReport,
    Severity,
    Unit,
)
from pipeline.patterns import lazy
from pipeline.privacy import Reading
from pipeline.rules.pages import Page

ANY: tuple[type[Item], ...] = (Article, Clip, QA)
_CODE = lazy(r"[A-Z]{2,5}\d{3}")


@dataclass(frozen=True)
class Context:
    """What a rule may know besides the item itself.

    Args:
        now: aware time of this check.
        pictures: report for each picture path that the item names.
        files: other files that the item names (video, captions) and whether they are there and inside the drop.
        topics, fields, audiences: ids that exist, with their names.
        units: names of the successors of the item's unit, when it has ended.
        attachments: report for each file that a folder drop brings along; each has at most `attachment_bytes`.
        pages: the words of the attachments.
        captions: words of the clip's captions file; `captions_report` is what else is known of it.
        masked: what was masked before this check, since the sender accepted it.
        reading: the item's texts with the personal data in them; read anew when it is not given.
        doubts: names of the areas that the classifier is not sure of.
    """

    now: datetime
    pictures: Mapping[str, PictureReport] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    topics: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    audiences: Mapping[str, str] = field(default_factory=dict)
    successors: tuple[Unit, ...] = ()
    published_before: bool = False
    attachments: tuple[AttachmentReport, ...] = ()
    attachment_bytes: int = 0
    pages: tuple[Page, ...] = ()
    captions: str = ""
    captions_report: CaptionsReport = field(default_factory=CaptionsReport)
    masked: tuple[Flaw, ...] = ()
    reading: Reading | None = None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Flaw:
    """One place where a rule is broken, before the registry adds code, severity and remedy.

    Args:
        proposal: what the place would look like mended; empty when only a person can tell.
    """

    message: str
    field: str = ""
    line: int | None = None
    proposal: str = ""


Check = Callable[[Item, Context], Iterator[Flaw]]


@dataclass(frozen=True)
class Rule:
    """A code with its documentation; `check` is None for what is found while reading a file.

    Args:
        locked: no setting changes its severity: it protects secrets or persons, or there is no item without it.
        notify: the setting of [newsroom] that names who is told at once; empty for nobody beyond the usual.
    """

    code: str
    severity: Severity
    kinds: tuple[type[Item], ...]
    what: str
    why: str
    instead: str
    check: Check | None
    locked: bool = False
    notify: str = ""

    def finding(self, message: str, field: str = "", line: int | None = None, proposal: str = "") -> Finding:
        return Finding(self.code, self.severity, message, field, line, _(self.instead), proposal)


@dataclass(frozen=True)
class Changes:
    """What the settings change: code → severity, None to switch a rule off; for all units and for single ones."""

    everywhere: Mapping[str, Severity | None] = field(default_factory=dict)
    by_unit: Mapping[str, Mapping[str, Severity | None]] = field(default_factory=dict)

    def severity(self, rule: Rule, unit: str) -> Severity | None:
        """What a finding of this rule does for that unit; None when the rule is off."""
        of_unit = self.by_unit.get(unit, {})
        return of_unit.get(rule.code, self.everywhere.get(rule.code, rule.severity))

    def of(self, findings: Iterable[Finding], unit: str) -> tuple[Finding, ...]:
        """The findings as the settings weigh them, those of rules that are off left out."""
        return tuple(changed for one in findings if (changed := self.apply(one, unit)))

    def apply(self, finding: Finding, unit: str) -> Finding | None:
        severity = self.severity(RULES[finding.code], unit)
        return replace(finding, severity=severity) if severity else None


NO_CHANGES = Changes()


RULES: dict[str, Rule] = {}


def rule(
    code: str, severity: Severity, *kinds: type[Item], locked: bool = False, notify: str = ""
) -> Callable[[Check], Check]:
    """Register a check; its docstring says what is right, `Why:` and `Instead:`."""

    def register(check: Check) -> Check:
        what, why, instead = _parts(inspect.getdoc(check) or "")
        _add(Rule(code, severity, kinds or ANY, what, why, instead, check, locked, notify))
        return check

    return register


def reading(code: str, severity: Severity, docs: str) -> Rule:
    """Register a code for what the parser finds before there is an item."""
    what, why, instead = _parts(inspect.cleandoc(docs))
    return _add(Rule(code, severity, ANY, what, why, instead, None, locked=severity == Severity.ERROR))


def _add(rule: Rule) -> Rule:
    if not _CODE.fullmatch(rule.code) or rule.code in RULES:
        raise ValueError(f"rule code {rule.code} is malformed or taken")
    RULES[rule.code] = rule
    return rule


def change(code: str, wanted: object) -> Severity | None:
    """What a setting makes of a rule: a severity, or None for "off".

    Raises:
        ConfigError: no such rule, no such severity, or a rule that no setting may change.
    """
    if code not in RULES:
        raise ConfigError(_("[rules] {code}: there is no such rule; see bantin rules.").format(code=code))
    if RULES[code].locked:
        raise ConfigError(_("[rules] {code}: this rule cannot be changed; it protects secrets or persons, or there is "
                            "no item without it.").format(code=code))  # fmt: skip
    if wanted == "off":
        return None
    if wanted not in Severity.__members__.values():
        raise ConfigError(_('[rules] {code} = "{wanted}": expected off, warning, review or error.').format(
            code=code, wanted=wanted))  # fmt: skip
    return Severity(str(wanted))


def _parts(docs: str) -> tuple[str, str, str]:
    match = re.fullmatch(r"(.+?)\n\nWhy: (.+?)\n\nInstead: (.+)", docs.strip(), re.DOTALL)
    if not match:
        raise ValueError(f"a rule's docs need three parts: what, Why:, Instead: — got {docs[:60]!r}")
    what, why, instead = (" ".join(part.split()) for part in match.groups())
    return what, why, instead
