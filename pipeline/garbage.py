"""How often Python looks for garbage in cycles.

A run keeps most of what it makes, so that looking often finds little and costs a sixth of a short run; another tenth goes
into looking through all that was loaded once more at the end. Whoever opened a file or a database closes it.
"""

from __future__ import annotations

import atexit
import gc

_YOUNG = 200_000  # objects made before they are looked through; Python's own 700 is of a time of small memories


def collect_rarely() -> None:
    """For a program of ours, at its start; processes that it forks do the same."""
    gc.set_threshold(_YOUNG, 20, 20)
    atexit.register(gc.freeze)
