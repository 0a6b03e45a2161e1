"""Regular expressions that are compiled when they are first used.

The recognisers have hundreds, compiling all takes a fifth of a second, and an ordinary item needs few of them: most are
tried only where a word of theirs stands (pipeline/cues.py).
"""

from __future__ import annotations

import re
from typing import Any, cast

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn")
_waiting: list[LazyPattern] = []


class LazyPattern:
    """Stands for a `re.Pattern` until one of its attributes is asked for; from then on it has those of the pattern."""

    def __init__(self, text: str, flags: int) -> None:
        self._text, self._flags = text, flags
        _waiting.append(self)

    def compiled(self) -> re.Pattern[str]:
        made = re.compile(self._text, self._flags)
        self.__dict__.update((name, getattr(made, name)) for name in _METHODS)  # as quick as the pattern's own
        return made

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # copying and pickling ask for these
            raise AttributeError(name)
        return getattr(self.compiled(), name)

    def __reduce__(self) -> tuple[Any, tuple[str, int]]:
        return lazy, (self._text, self._flags)


def lazy(text: str, flags: int = 0) -> re.Pattern[str]:
    """As `re.compile`; an error in the expression is found when it is first used, or by `compile_all`.

    What it gives can do all that a `re.Pattern` can, but the functions of `re` do not take it for one.
    """
    return cast("re.Pattern[str]", LazyPattern(text, flags))


def compile_all() -> None:
    """Compile all at once, for whoever wants to know whether each of them is right.

    Raises:
        re.error: one of them is no regular expression.
    """
    while _waiting:
        _waiting.pop().compiled()
