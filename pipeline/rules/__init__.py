"""All rules, listed by name so that nothing registers itself by accident of import."""

from pipeline.rules import (
    clips,
    dates,
    guards,
    laws,
    links,
    mending,
    names,
    pictures,
    qa,
    reading,
    sameness,
    text,
    units,
)
from pipeline.rules.registry import RULES, Context, Flaw, Rule

__all__ = [
    "RULES",
    "Context",
    "Flaw",
    "Rule",
    "clips",
    "dates",
    "guards",
    "laws",
    "links",
    "mending",
    "names",
    "pictures",
    "qa",
    "reading",
    "sameness",
    "text",
    "units",
]
