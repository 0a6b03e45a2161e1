"""Front matter whose values all stay text: ids, phones and times are never turned into numbers.

python-frontmatter splits the file; the YAML is read event by event, so that alias bombs, tags and deep nesting are
refused before anything grows (libraries.md, trap 2), and every key keeps its line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler

from pipeline.i18n import _
from pipeline.model import Finding
from pipeline.rules import reading
from pipeline.rules.registry import Rule

_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST_VALUES = 5_000
_MOST_DEPTH = 4
_PLAIN_TAGS = {None, "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"}


class Unreadable(Exception):
    """The file cannot become an item; carries the finding that says why."""

    def __init__(self, rule: Rule, message: str, line: int | None = None, field: str = "") -> None:
        super().__init__(message)
        self.finding: Finding = rule.finding(message, field, line)


@dataclass
class Metadata:
    """Keys with their values (text, list or mapping of texts) and their 1-based lines in the file."""

    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    body: str = ""
    body_line: int = 1


class _Handler(YAMLHandler):
    """python-frontmatter's YAML handler with a strict split and our own reader."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}
        self.body_line = 1

    def split(self, text: str) -> tuple[str, str]:
        rows = text.split("\n")
        if rows[0].rstrip() != "---":
            raise Unreadable(
                reading.NO_FRONT_MATTER, _("The file does not begin with a line of three hyphens (---)."), 1
            )
        end = next((n for n, row in enumerate(rows[1:], 1) if row.rstrip() in ("---", "...")), 0)
        if not end:
            raise Unreadable(
                reading.NO_FRONT_MATTER, _("The metadata is not closed by a line of three hyphens (---)."), 1
            )
        self.body_line = end + 2
        return "\n".join(rows[1:end]), "\n".join(rows[end + 1 :])

    def load(self, fm: str, **kwargs: object) -> Any:
        return _Reader(fm, self.lines).mapping()


def read(text: str) -> Metadata:
    """Split and read the front matter of a text with "\\n" line ends.

    Raises:
        Unreadable: no front matter, broken YAML, no mapping, alias bomb, foreign tag, nested too deep.
    """
    skipped = len(text) - len(text.lstrip("\n"))
    handler = _Handler()
    text = text[skipped:]
    if not text.startswith("---"):
        raise Unreadable(reading.NO_FRONT_MATTER, _("The file does not begin with a line of three hyphens (---)."), 1)
    values, body = frontmatter.parse(text, handler=handler)
    leading = _blank_lines_before(text, handler.body_line)
    return Metadata(
        values,
        {key: line + skipped for key, line in handler.lines.items()},
        body,
        handler.body_line + skipped + leading,
    )


def _blank_lines_before(text: str, body_line: int) -> int:
    """How many blank lines python-frontmatter strips from the start of the body."""
    count = 0
    for row in text.split("\n")[body_line - 1 :]:
        if row.strip():
            break
        count += 1
    return count


class _Reader:
    """Builds plain values from YAML events; the front matter's first line is line 2 of the file."""

    def __init__(self, source: str, lines: dict[str, int]) -> None:
        self._events = _events(source)
        self._lines = lines
        self._anchors: dict[str, Any] = {}
        self._weights: dict[str, int] = {}
        self._count = 0

    def mapping(self) -> dict[str, Any]:
        for event in self._events:
            if isinstance(event, yaml.MappingStartEvent):
                return self._mapping(event, 1)
            if isinstance(event, (yaml.SequenceStartEvent, yaml.ScalarEvent)):
                message = _('The metadata is a list or a single text, not "key: value" lines.')
                raise Unreadable(reading.NOT_A_MAPPING, message, _line(event))
        raise Unreadable(reading.NOT_A_MAPPING, _("The metadata is empty."), 1)

    def _value(self, event: yaml.Event, depth: int) -> Any:
        before = self._count
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        self._refuse(event, depth)
        if isinstance(event, yaml.ScalarEvent):
            value: Any = event.value
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self._sequence(depth)
        else:
            value = self._mapping(event, depth)
        if event.anchor:  # type: ignore[attr-defined]  # AliasEvent aside, every node event has it
            self._anchors[event.anchor] = value  # type: ignore[attr-defined]  # as above
            self._weights[event.anchor] = self._count - before + 1  # type: ignore[attr-defined]  # as above
        return value

    def _refuse(self, event: yaml.Event, depth: int) -> None:
        tag = getattr(event, "tag", None)
        if tag not in _PLAIN_TAGS:
            shown = str(tag).replace("tag:yaml.org,2002:", "!!")
            raise Unreadable(
                reading.FOREIGN_TAG, _("The tag {tag} is not allowed.").format(tag=shown[:60]), _line(event)
            )
        if depth > _MOST_DEPTH:
            raise Unreadable(reading.TOO_DEEP, _("The metadata is nested too deep."), _line(event))
        self._weigh(1, event)

    def _weigh(self, weight: int, event: yaml.Event) -> None:
        self._count += weight
        if self._count > _MOST_VALUES:
            message = _("The metadata grows to more than {most} values.").format(most=_MOST_VALUES)
            raise Unreadable(reading.ALIAS_BOMB, message, _line(event))

    def _alias(self, event: yaml.AliasEvent) -> Any:
        if event.anchor not in self._anchors:
            message = _("The sign *{name} refers to nothing.").format(name=event.anchor)
            raise Unreadable(reading.BROKEN_YAML, message, _line(event))
        self._weigh(self._weights[event.anchor], event)
        return self._anchors[event.anchor]

    def _sequence(self, depth: int) -> list[Any]:
        values = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            values.append(self._value(event, depth + 1))
        return values

    def _mapping(self, start: yaml.Event, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                raise Unreadable(reading.BROKEN_YAML, _("A key must be a single word."), _line(event))
            if event.value in values:
                message = _('The key "{key}" stands twice.').format(key=event.value[:60])
                raise Unreadable(reading.TWICE, message, _line(event), event.value[:60])
            if depth == 1:
                self._lines[event.value] = _line(event)
            values[event.value] = self._value(next(self._events), depth + 1)
        return values


def _line(event: yaml.Event) -> int:
    return int(event.start_mark.line) + 2 if event.start_mark else 1


def _events(source: str) -> Iterator[yaml.Event]:
    """YAML events; what the parser cannot read becomes a finding with the line and the usual cause."""
    try:
        yield from yaml.parse(source, Loader=_PARSER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line = mark.line + 2 if mark else None
        raise Unreadable(reading.BROKEN_YAML, _cause(source, line), line) from None


def _cause(source: str, line: int | None) -> str:
    rows = source.split("\n")
    for number, row in enumerate(rows, 2):
        if row.startswith("\t") or (row[: len(row) - len(row.lstrip())]).count("\t"):
            return _("Line {line} is indented with a tab; use spaces.").format(line=number)
    for number, row in enumerate(rows, 2):
        value = row.partition(":")[2].strip()
        if value[:1] in ('"', "'") and value.count(value[0]) % 2:
            return _("The quotation mark that opens on line {line} is never closed.").format(line=number)
    return _("The metadata cannot be read at line {line}.").format(line=line or "?")
