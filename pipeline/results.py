"""What the two verbs of the flow report."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.ledger import Prepared
from pipeline.model import Attempt, Claim, Finding, Outcome

log = logging.getLogger(__name__)


class Told(NamedTuple):
    """What a report needs of a drop that was worked through; the rest is in the ledger, and an archive of it must fit into
    memory. `item` is empty when it became none."""

    path: str
    item: str
    kind: str
    areas: tuple[str, ...]
    outcome: Outcome
    findings: tuple[Finding, ...]
    assets: tuple[str, ...]


def told(one: Prepared) -> Told:
    item = one.identity.id if one.identity else ""
    return Told(one.path, item, one.kind, one.areas, one.outcome, one.findings, one.assets)


@dataclass
class TakenIn:
    """What a look at the folder found: counts by meaning, every drop that was worked through, (old, new) path of what was
    moved, and what is still being copied and was left for the next look."""

    seen: int = 0
    meanings: dict[str, str] = field(default_factory=dict)
    prepared: list[Told] = field(default_factory=list)
    missing: tuple[str, ...] = ()
    moved: list[tuple[str, str]] = field(default_factory=list)
    settling: list[str] = field(default_factory=list)


@dataclass
class Delivered:
    """What went out: (unit is looked up by item) a count per channel, operation and outcome."""

    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    items: list[tuple[str, str, str, str]] = field(default_factory=list)

    def add(self, claim: Claim, result: Attempt) -> None:
        self.counts[claim.channel, claim.op, result.outcome] += 1
        done = claim.op == "confirm" and result.outcome == "done"
        self.items.append((claim.item, claim.channel, claim.brings if done else claim.op, result.outcome))
        log.info("attempt", extra={"channel": claim.channel, "item": claim.item, "op": claim.op,
                                   "outcome": result.outcome})  # fmt: skip
