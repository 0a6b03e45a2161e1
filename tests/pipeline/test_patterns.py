"""Patterns that are compiled when they are first used."""

import pickle
import re
from importlib import import_module
from pkgutil import walk_packages

import pytest

import pipeline
from pipeline import patterns
from pipeline.patterns import compile_all, lazy


def test_it_does_what_a_pattern_does():
    """Before and after its first use, by every way in which the recognisers use it."""
    made, usual = lazy(r"(?P<day>\d+)/(\d+)", re.IGNORECASE), re.compile(r"(?P<day>\d+)/(\d+)", re.IGNORECASE)
    for name in ("search", "match", "finditer", "findall", "split"):
        ours, theirs = getattr(made, name)("2/9 và 3/9"), getattr(usual, name)("2/9 và 3/9")
        assert repr(list(theirs) if name == "finditer" else theirs) == repr(list(ours) if name == "finditer" else ours)
    assert usual.sub("x", "2/9") == made.sub("x", "2/9")
    assert (usual.pattern, usual.flags, usual.groups, dict(usual.groupindex)) == (
        made.pattern, made.flags, made.groups, dict(made.groupindex))  # fmt: skip


def test_it_travels_to_another_process():
    """Copying asks for methods that a pattern does not have, and compiles nothing."""
    assert ["9"] == pickle.loads(pickle.dumps(lazy(r"\d"))).findall("a9")  # noqa: S301 - our own bytes


def test_an_error_shows_at_the_first_use():
    """And at the latest when all are compiled."""
    wrong = lazy("(")
    with pytest.raises(re.error):
        wrong.search("a")
    with pytest.raises(re.error):
        compile_all()


def test_every_pattern_of_the_package_is_one():
    """A mistyped expression would otherwise wait for the text that needs it."""
    for module in walk_packages(pipeline.__path__, "pipeline."):
        if ".migrations" not in module.name and not module.name.endswith("__main__"):
            import_module(module.name)
    compile_all()

    assert [] == patterns._waiting
