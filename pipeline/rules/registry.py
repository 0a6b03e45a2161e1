"""The rule registry: one small function a rule, with a code that is never reused, docs and a severity."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.i18n import _
from pipeline.model import QA, Article, AttachmentReport, Clip, Finding, Item, PictureReport, Severity, Unit

ANY: tuple[type[Item], ...] = (Article, Clip, QA)
_CODE = re.compile(r"[A-Z]{2,5}\d{3}")


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


@dataclass(frozen=True)
class Flaw:
    """One place where a rule is broken, before the registry adds code, severity and remedy."""

    message: str
    field: str = ""
    line: int | None = None


Check = Callable[[Item, Context], Iterator[Flaw]]


@dataclass(frozen=True)
class Rule:
    """A code with its documentation; `check` is None for what is found while reading a file."""

    code: str
    severity: Severity
    kinds: tuple[type[Item], ...]
    what: str
    why: str
    instead: str
    check: Check | None

    def finding(self, message: str, field: str = "", line: int | None = None) -> Finding:
        return Finding(self.code, self.severity, message, field, line, _(self.instead))


RULES: dict[str, Rule] = {}


def rule(code: str, severity: Severity, *kinds: type[Item]) -> Callable[[Check], Check]:
    """Register a check; its docstring says what is right, `Why:` and `Instead:`."""

    def register(check: Check) -> Check:
        _add(code, severity, kinds or ANY, inspect.getdoc(check) or "", check)
        return check

    return register


def reading(code: str, severity: Severity, docs: str) -> Rule:
    """Register a code for what the parser finds before there is an item."""
    return _add(code, severity, ANY, inspect.cleandoc(docs), None)


def _add(code: str, severity: Severity, kinds: tuple[type[Item], ...], docs: str, check: Check | None) -> Rule:
    if not _CODE.fullmatch(code) or code in RULES:
        raise ValueError(f"rule code {code} is malformed or taken")
    what, why, instead = _parts(docs)
    RULES[code] = Rule(code, severity, kinds, what, why, instead, check)
    return RULES[code]


def _parts(docs: str) -> tuple[str, str, str]:
    match = re.fullmatch(r"(.+?)\n\nWhy: (.+?)\n\nInstead: (.+)", docs.strip(), re.DOTALL)
    if not match:
        raise ValueError(f"a rule's docs need three parts: what, Why:, Instead: — got {docs[:60]!r}")
    what, why, instead = (" ".join(part.split()) for part in match.groups())
    return what, why, instead
