"""Folder → drops: one walk, compared with what the ledger remembers; an unchanged file is not read, and one that is
still being copied is left for later."""

from pipeline.intake.changes import (
    Look,
    changed,
    check_lost,
    check_vanished,
    differs,
    restless,
    settled,
    stamp_of,
    stamp_on_disk,
    unsettled,
)
from pipeline.intake.drops import WORD, is_text, single
from pipeline.intake.naming import inside, spelled
from pipeline.intake.unnamed import Unnamed, alone, is_companion, unnamed
from pipeline.intake.walking import Walk, in_order, walk

__all__ = [
    "WORD", "Look", "Unnamed", "Walk", "alone", "changed", "check_lost", "check_vanished", "differs", "in_order", "inside", "is_companion",
    "is_text", "restless", "settled", "single", "spelled", "stamp_of", "stamp_on_disk", "unnamed", "unsettled", "walk",
]  # fmt: skip
