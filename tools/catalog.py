"""Renew the Vietnamese catalogues: every message of the code and every part of a rule's docs, old translations kept.

`python -m tools.catalog` rewrites the .po and .mo files, docs/rules/ and what else is made from the sources; `--check` only compares, both ways: a message
that the code has and the catalogue lacks, and a message that nobody uses any more.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from channels.deploy import remedies as deploy
from channels.facebook import remedies as facebook
from channels.wordpress import remedies as wordpress
from channels.zalo import remedies as zalo
from pipeline.rules import RULES
from tools import api_doc, deliveries_doc, lexicon_twin, rule_docs

ROOT = Path(__file__).resolve().parent.parent
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
_STAMPS = (b"POT-Creation-Date:", b"PO-Revision-Date:", b"Generated-By:")  # would differ on every machine


@dataclass(frozen=True)
class Words:
    """One catalogue: the folder whose messages it holds, and its file."""

    folder: str
    domain: str
    header: str
    extra: tuple[str, ...] = ()

    @property
    def po(self) -> Path:
        return ROOT / self.folder / "locale/vi/LC_MESSAGES" / f"{self.domain}.po"

    @property
    def mo(self) -> Path:
        return self.po.with_suffix(".mo")


def catalogues() -> tuple[Words, ...]:
    of_rules = tuple(part for rule in RULES.values() for part in (rule.what, rule.why, rule.instead))
    of_channels = (
        *zalo.ALL,
        *facebook.ALL,
        *wordpress.ALL,
        *deploy.ALL,
    )  # adapters name remedies in English and know no catalogue
    return (
        Words("pipeline", "bantin", "# Words that people see.", (*of_rules, *of_channels)),
        Words("channels/portal", "portal", "# Vietnamese words of the portal."),
    )


def messages(words: Words) -> set[str]:
    """Every English message that a person may see translated."""
    found = extract_from_dir(str(ROOT / words.folder), METHODS, keywords={"_": None, "N_": None, "gettext": None})
    return {str(text if isinstance(text, str) else text[0]) for _file, _line, text, *_rest in found} | set(words.extra)


def renewed(words: Words) -> Catalog:
    """The catalogue with exactly these messages, sorted, and the translations that it already had."""
    old = read_po(io.BytesIO(words.po.read_bytes()), locale="vi") if words.po.exists() else Catalog(locale="vi")
    new = Catalog(locale="vi", project=words.domain, version="1", charset="utf-8", fuzzy=False,
                  header_comment=words.header, last_translator="bantin", language_team="vi", msgid_bugs_address="-")  # fmt: skip
    for message in sorted(messages(words)):
        known = old.get(message)
        new.add(message, known.string if known and not known.fuzzy else "")
    return new


def compiled(po: bytes) -> bytes:
    """Bytes of the .mo; babel would write the time of day into it."""
    catalog, mo = read_po(io.BytesIO(po), locale="vi"), io.BytesIO()
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    write_mo(mo, catalog)
    return mo.getvalue()


def rendered(words: Words) -> tuple[bytes, bytes]:
    """Bytes of the .po and the .mo, equal on every machine."""
    po = io.BytesIO()
    write_po(po, renewed(words), width=120, sort_output=True, omit_header=False, include_lineno=False,
             no_location=True)  # fmt: skip
    text = b"\n".join(line for line in po.getvalue().split(b"\n") if not any(stamp in line for stamp in _STAMPS))
    return text, compiled(text)


def problems(words: Words) -> Iterable[str]:
    """What is wrong with a catalogue as it lies in the repository."""
    kept = read_po(io.BytesIO(words.po.read_bytes()), locale="vi")
    known, wanted = {str(one.id) for one in kept if one.id}, messages(words)
    name = words.po.name
    yield from (f"{name}: not in the catalogue: {message}" for message in sorted(wanted - known))
    yield from (f"{name}: used nowhere: {message}" for message in sorted(known - wanted))
    yield from (f"{name}: not translated: {one.id}" for one in kept if one.id and not one.string)
    if words.mo.read_bytes() != compiled(words.po.read_bytes()):
        yield f"{words.mo.name} is not made from {name}"
    elif words.po.read_bytes() != rendered(words)[0]:
        yield f"{name} is not written as the tool writes it"


def check() -> int:
    found = [problem for words in catalogues() for problem in problems(words)]
    found += rule_docs.problems() + api_doc.problems() + lexicon_twin.problems()
    print("".join(f"{problem}\n" for problem in found) + ("run: make catalog\n" if found else ""), end="")
    return bool(found)


def main() -> int:
    if "--check" in sys.argv:
        return check()
    for words in catalogues():
        po, mo = rendered(words)
        words.po.parent.mkdir(parents=True, exist_ok=True)
        words.po.write_bytes(po)
        words.mo.write_bytes(mo)
        empty = sum(1 for one in renewed(words) if one.id and not one.string)
        print(f"{words.po.name}: {len(messages(words))} messages, {empty} not translated")
    print(f"docs/rules: {rule_docs.write()} pages")
    deliveries_doc.main()
    api_doc.write()
    lexicon_twin.write()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
