"""All rules, listed by name so that nothing registers itself by accident of import."""

from pipeline.rules import attached, clips, dates, guards, pictures, qa, reading, text, units, word
from pipeline.rules.registry import RULES, Context, Flaw, Rule

__all__ = [
    "RULES",
    "Context",
    "Flaw",
    "Rule",
    "attached",
    "clips",
    "dates",
    "guards",
    "pictures",
    "qa",
    "reading",
    "text",
    "units",
    "word",
]
