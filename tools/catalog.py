"""Renew the Vietnamese catalogue: every message of the code and every part of a rule's docs, old translations kept.

`python -m tools.catalog` rewrites pipeline/locale/vi/LC_MESSAGES/bantin.po and .mo; `--check` only compares.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from pipeline.rules import RULES

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "pipeline/locale/vi/LC_MESSAGES/bantin.po"
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
EXTRA = [  # words that templates look up by variable
    "refused by the channel", "unsure", "held", "under way", "planned", "public", "withdrawn", "Portal",
]  # fmt: skip


def messages() -> set[str]:
    """Every English message that a person may see translated."""
    found = {
        str(message if isinstance(message, str) else message[0])
        for _file, _line, message, _comments, _context in extract_from_dir(
            str(ROOT / "pipeline"), METHODS, keywords={"_": None, "N_": None}
        )
    }
    for rule in RULES.values():
        found |= {rule.what, rule.why, rule.instead}
    return found | set(EXTRA)


def renewed() -> Catalog:
    """The catalogue with exactly these messages, sorted, and the translations that it already had."""
    old = read_po(io.BytesIO(PO.read_bytes()), locale="vi") if PO.exists() else Catalog(locale="vi")
    new = Catalog(
        locale="vi", project="bantin", charset="utf-8", fuzzy=False, header_comment="# Words that people see."
    )
    for message in sorted(messages()):
        known = old.get(message)
        new.add(message, known.string if known and not known.fuzzy else "")
    return new


def untranslated() -> list[str]:
    return [str(message.id) for message in renewed() if message.id and not message.string]


def rendered() -> tuple[bytes, bytes]:
    """Bytes of the .po and the .mo."""
    catalog = renewed()
    po, mo = io.BytesIO(), io.BytesIO()
    write_po(po, catalog, width=120, sort_output=True, omit_header=False, include_lineno=False, no_location=True)
    lines = [line for line in po.getvalue().split(b"\n") if b"-Date:" not in line and b"Generated-By" not in line]
    write_mo(mo, read_po(io.BytesIO(b"\n".join(lines)), locale="vi"))
    return b"\n".join(lines), mo.getvalue()


def main() -> int:
    po, mo = rendered()
    if "--check" in sys.argv:
        problems = [f"not translated: {message}" for message in untranslated()]
        if PO.read_bytes() != po:
            problems.append("bantin.po is out of date: make catalog")
        print("\n".join(problems), end="")
        return bool(problems)
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(po)
    PO.with_suffix(".mo").write_bytes(mo)
    print(f"{len(messages())} messages, {len(untranslated())} not translated")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
