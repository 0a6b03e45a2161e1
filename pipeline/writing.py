"""Writes items as files with front matter that `parse` reads back as the same values, whatever a person typed; an edited
file keeps every line that was not changed, unknown keys and comments included."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from pipeline.parse import metadata
from pipeline.parse.item import key_name
from pipeline.parse.metadata import Metadata, Unreadable
from pipeline.patterns import lazy

Value = str | list[str]
_PLAIN: Final = lazy(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
# What YAML calls printable, without its line breaks and the byte order mark.
_ESCAPED: Final = lazy(
    '[\x00-\x1f"\\\\\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]'
)  # fmt: skip
_NO_BLOCK: Final = lazy("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_CLOSE: Final = lazy(r"(?m)^(?:---|\.\.\.)[ \t]*$")  # of the front matter


def document(values: Mapping[str, Any], body: str) -> str:
    """A whole file; keys whose value is empty are left out."""
    rows = [_row(key, value) for key, value in values.items() if value not in ("", [], None)]
    return "".join(["---\n", *rows, "---\n\n", body.strip("\n"), "\n"])


def edited(source: str, changes: Mapping[str, Value], body: str) -> str:
    """The file with some keys changed (an empty value takes the key out) and its text replaced.

    Args:
        changes: by the model's name of the key; the file's own spelling of a key is kept.

    Raises:
        Unreadable: the file has no front matter that can be read.
    """
    meta = metadata.read(source)
    wanted = _changed(meta, changes)
    found = _in_place(source, meta, changes, body)
    try:
        if found and metadata.read(found).values == wanted:
            return found
    except Unreadable:
        pass
    return document(wanted, body)


def _changed(meta: Metadata, changes: Mapping[str, Value]) -> dict[str, Any]:
    names = {key_name(key): key for key in meta.values}
    wanted: dict[str, Any] = {**meta.values, **{names.get(name, name): value for name, value in changes.items()}}
    return {key: value for key, value in wanted.items() if key_name(key) not in changes or value not in ("", [])}


def _in_place(source: str, meta: Metadata, changes: Mapping[str, Value], body: str) -> str:
    """Only the lines of changed keys are written anew; "" when the lines of the file do not tell the keys apart."""
    rows = source.split("\n")
    start = next(number for number, row in enumerate(rows) if row.rstrip() == "---")
    end = next(n for n, row in enumerate(rows[start + 1 :], start + 1) if row.rstrip() in ("---", "..."))
    places = sorted((line - 1, key) for key, line in meta.lines.items())
    if len({place for place, _key in places}) < len(places):
        return ""
    left = dict(changes)
    for (first, key), after in reversed(list(zip(places, [*(place for place, _key in places[1:]), end], strict=True))):
        name = key_name(key)
        if name in left:
            last = after
            while last > first + 1 and (not rows[last - 1].strip() or rows[last - 1].startswith("#")):
                last -= 1  # a comment or an empty line belongs to what follows
            value = left.pop(name)
            rows[first:last] = [_row(key, value).rstrip("\n")] if value not in ("", []) else []
    head = "\n".join(rows)
    close = _CLOSE.finditer(head, head.index("---") + 3)
    cut = next(close).start()
    added = "".join(_row(key, value) for key, value in left.items() if value not in ("", []))
    return f"{head[:cut]}{added}---\n\n{body.strip(chr(10))}\n"


def _row(key: str, value: Any) -> str:
    name = key if re.fullmatch(r"[^\W\d][\w -]*", key) and key == key.strip() else _quoted(key)
    return f"{name}: {_value(value)}\n"


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_quoted(str(key))}: {_inline(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return _inline(value)
    return _text(str(value))


def _inline(value: Any) -> str:
    if isinstance(value, Mapping):
        return _value(value)
    if isinstance(value, list):
        return "[" + ", ".join(_inline(one) for one in value) + "]"
    return str(value) if _PLAIN.fullmatch(str(value)) else _quoted(str(value))


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    lines = text.split("\n")
    blockable = len(lines) > 1 and lines[0].strip() and lines[-1].strip() and not _NO_BLOCK.search(text)
    if blockable and not any(line != line.strip() for line in lines):
        return "|-\n" + "\n".join(f"  {line}" if line else "" for line in lines)
    return _quoted(text)


def _quoted(text: str) -> str:
    return '"' + _ESCAPED.sub(lambda found: _escape(found[0]), text) + '"'


def _escape(letter: str) -> str:
    known = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
    return known.get(letter) or f"\\u{ord(letter):04x}"
