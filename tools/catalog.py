"""Renew the Vietnamese catalogues: every message of the code and every part of a rule's docs, old translations kept.

`python -m tools.catalog` rewrites the .po and .mo of the pipeline and of the portal section; `--check` only compares.
"""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from pipeline.rules import RULES

ROOT = Path(__file__).resolve().parent.parent
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
EXTRA = [  # words that templates look up by variable
    "refused by the channel", "unsure", "held", "under way", "planned", "public", "withdrawn", "Portal",
]  # fmt: skip


@dataclass(frozen=True)
class Domain:
    """A catalogue and the code whose words it has; `extra` are messages that no code names in full."""

    name: str
    folder: str
    header: str
    extra: tuple[str, ...] = ()

    @property
    def po(self) -> Path:
        return ROOT / self.folder / f"locale/vi/LC_MESSAGES/{self.name}.po"

    def messages(self) -> set[str]:
        """Every English message that a person may see translated."""
        found = extract_from_dir(
            str(ROOT / self.folder), METHODS, keywords={"_": None, "N_": None, "gettext": None},
            options_map={"**.html": {"trimmed": "true", "silent": "false"}},
        )  # fmt: skip
        return {str(message if isinstance(message, str) else message[0]) for _, _, message, *_ in found} | set(
            self.extra
        )

    def renewed(self) -> Catalog:
        """The catalogue with exactly these messages, sorted, and the translations that it already had."""
        old = read_po(io.BytesIO(self.po.read_bytes()), locale="vi") if self.po.exists() else Catalog(locale="vi")
        new = Catalog(locale="vi", project="bantin", charset="utf-8", fuzzy=False, header_comment=self.header)
        for message in sorted(self.messages()):
            known = old.get(message)
            new.add(message, known.string if known and not known.fuzzy else "")
        return new

    def untranslated(self) -> list[str]:
        return [str(message.id) for message in self.renewed() if message.id and not message.string]

    def rendered(self) -> tuple[bytes, bytes]:
        """Bytes of the .po and the .mo."""
        catalog, po, mo = self.renewed(), io.BytesIO(), io.BytesIO()
        write_po(po, catalog, width=120, sort_output=True, omit_header=False, include_lineno=False, no_location=True)
        lines = [line for line in po.getvalue().split(b"\n") if b"-Date:" not in line and b"Generated-By" not in line]
        write_mo(mo, read_po(io.BytesIO(b"\n".join(lines)), locale="vi"))
        return b"\n".join(lines), mo.getvalue()


def domains() -> tuple[Domain, ...]:
    parts = [part for rule in RULES.values() for part in (rule.what, rule.why, rule.instead)]
    return (
        Domain("bantin", "pipeline", "# Words that people see.", (*parts, *EXTRA)),
        Domain("portal", "channels/portal", "# Vietnamese words of the portal."),
    )


def main() -> int:
    problems = []
    for domain in domains():
        po, mo = domain.rendered()
        if "--check" in sys.argv:
            problems += [f"{domain.name}: not translated: {message}" for message in domain.untranslated()]
            if domain.po.read_bytes() != po:
                problems.append(f"{domain.po.name} is out of date: make catalog")
            continue
        domain.po.parent.mkdir(parents=True, exist_ok=True)
        domain.po.write_bytes(po)
        domain.po.with_suffix(".mo").write_bytes(mo)
        print(f"{domain.name}: {len(domain.messages())} messages, {len(domain.untranslated())} not translated")
    print("\n".join(problems), end="")
    return bool(problems)


if __name__ == "__main__":
    raise SystemExit(main())
