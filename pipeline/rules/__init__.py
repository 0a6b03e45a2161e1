"""All rules, listed by name so that nothing registers itself by accident of import."""

from pipeline.rules import (
    attached,
    clips,
    coded,
    dates,
    guards,
    guards_personal,
    guards_pictures,
    html,
    laws,
    links,
    mending,
    names,
    pictures,
    qa,
    reading,
    refusing,
    sameness,
    text,
    units,
    word,
)  # fmt: skip
from pipeline.rules.pages import pages_of
from pipeline.rules.registry import NO_CHANGES, RULES, Changes, Context, Flaw, Rule, change

__all__ = [
    "NO_CHANGES", "RULES", "Changes", "Context", "Flaw", "Rule", "attached", "change", "clips", "coded", "dates", "guards",
    "guards_personal", "guards_pictures", "html", "laws", "links", "mending", "names", "pages_of", "pictures", "qa", "reading",
    "refusing", "sameness", "text", "units", "word",
]  # fmt: skip
