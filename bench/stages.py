"""Where the processor time of one tick goes: milliseconds an item by stage, each rule and each recogniser for itself.

`python -m bench.stages [--n 300] [--rounds 3]` runs whole ticks over the corpus in this one process. A stage is charged for
itself and not for the stages that it calls; what is looked up once and kept is charged to whoever asks first.
"""

from __future__ import annotations

import argparse
import inspect
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

from bench import corpus, newsroom

# stage: where its functions are, as "module:name" or "module:class.name"
STAGES = {
    "folder: look": ("pipeline.flow:gather", "pipeline.intake:stamp_of"),
    "parse: encoding": ("pipeline.parse.encoding:read",),
    "parse: secrecy of the file": ("pipeline.recognise.secrecy:mark_in_source",),
    "parse: front matter": ("pipeline.parse.metadata:read", "pipeline.parse.item:_typed"),
    "parse: Markdown": ("pipeline.parse.markdown:document",),
    "check: files, data, the rest": ("pipeline.check:check",),
    "classify": ("pipeline.classify:classify",),
    "rules: read the item": ("pipeline.privacy:read", "pipeline.validate:read"),
    "rules: plain letters": ("pipeline.recognise.view:letters", "pipeline.privacy:letters"),
    "rules: numbers put together": ("pipeline.recognise.personal:together", "pipeline.recognise.personal:restored",
                                    "pipeline.recognise.personal:named"),
    "rules: personal data, the rest": ("pipeline.privacy:find_in",),
    "rules: around them": ("pipeline.check:validate",),
    "likeness": ("pipeline.prepare:likeness",),
    "pictures, labels": ("pipeline.prepare:page_of",),
    "explain": ("pipeline.explain:to_json",),
    "post: portal": ("pipeline.render.posts:portal",),
    "post: Zalo": ("pipeline.render.posts:zalo",),
    "post: Facebook": ("pipeline.render.posts:facebook",),
    "post: JSON": ("pipeline.prepare:post_to_json",),
    "prepare, the rest": ("pipeline.flow:prepare", "pipeline.executors:prepare"),
    "ledger: compare": ("pipeline.ledger.sameness:compared",),
    "ledger: record": ("pipeline.ledger.ledger:Ledger.record",),
    "ledger: claim": ("pipeline.ledger.ledger:Ledger.claim_many",),
    "ledger: settle": ("pipeline.ledger.ledger:Ledger.settle_many",),
    "portal: take posts": ("channels.portal.adapter:Portal.publish_all",),
    "portal: read the index": ("channels.portal.rows:Rows.post", "channels.portal.nearby:Nearby.around",
                               "channels.portal.rows:Rows.slice", "channels.portal.shelf:Shelf.of"),
    "portal: pictures": ("channels.portal.showing:Showing.add_media",),
    "portal: item page": ("channels.portal.pages:Pages.item",),
    "portal: list page": ("channels.portal.pages:Pages.listing",),
    "portal: write": ("channels.portal.files:Output.write", "channels.portal.files:Output.remove"),
    "portal: search entry": ("channels.portal.rows:entry_of",),
    "portal: the rest": ("channels.portal.adapter:Portal.flush",),
    "tick, the rest": ("bench.newsroom:tick",),
}  # fmt: skip


class Clock:
    """Processor time by stage; `running` are the stages that wait for one that they called."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self._running: list[str] = []
        self._price = min(_priced() for _turn in range(20))
        self._since = time.process_time()

    def enter(self, stage: str) -> None:
        self._charge()
        self._running.append(stage)

    def leave(self) -> None:
        self._charge()
        self._running.pop()

    def _charge(self) -> None:
        now = time.process_time()
        if self._running:
            self.spent[self._running[-1]] += max(0.0, now - self._since - self._price)
        self._since = now

    def timed(self, stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """The function, charged to a stage; a generator is run to its end at once."""

        @wraps(work)
        def run(*args: Any, **more: Any) -> Any:
            self.enter(stage)
            try:
                made = work(*args, **more)
                return iter(list(made)) if inspect.isgenerator(made) else made
            finally:
                self.leave()

        return run


def _priced() -> float:
    """Seconds that one look at the clock takes: a microsecond, and a rule often takes less."""
    begun = time.process_time()
    for _turn in range(1000):
        time.process_time()
    return (time.process_time() - begun) / 1000


def attach(clock: Clock) -> None:
    """Put the clock around every stage, rule and recogniser."""
    for stage, places in STAGES.items():
        for place in places:
            module, _, path = place.partition(":")
            owner: Any = import_module(module)
            *above, name = path.split(".")
            for one in above:
                owner = getattr(owner, one)
            if not hasattr(owner, name):
                sys.exit(f"{place} is no more; mend STAGES in bench/stages.py")
            setattr(owner, name, clock.timed(stage, getattr(owner, name)))
    _attach_rules(clock)


def _attach_rules(clock: Clock) -> None:
    from pipeline.recognise import personal
    from pipeline.rules import RULES

    for code, rule in RULES.items():
        if rule.check:
            RULES[code] = replace(rule, check=clock.timed(f"rule {code}", rule.check))
    personal._FINDERS = tuple(  # noqa: SLF001 - to see which of them is slow
        (clock.timed(f"recogniser {finder.__name__}", finder), more)
        for finder, more in personal._FINDERS  # noqa: SLF001
    )


def measured(count: int, rounds: int) -> tuple[dict[str, float], float]:
    """Milliseconds an item by stage, the best of the rounds for each; and the best whole tick."""
    clock, ticks, best = Clock(), [], {}
    attach(clock)
    from pipeline.prepare import load_data

    load_data()
    with tempfile.TemporaryDirectory(prefix="bantin-stages-") as name:
        config = newsroom.make(Path(name), corpus.corpus(count), workers=1)
        for turn in range(rounds + 1):  # the first loads what is loaded once
            for made in ("public", "state"):
                shutil.rmtree(Path(name) / made, ignore_errors=True)
            clock.spent.clear()
            newsroom.tick(config)
            if turn:
                ticks.append(sum(clock.spent.values()))
                for stage, seconds in clock.spent.items():
                    best[stage] = min(best.get(stage, seconds), seconds)
    return {stage: seconds / count * 1000 for stage, seconds in best.items()}, min(ticks) / count * 1000


def shown(found: dict[str, float], tick: float, least: float) -> Iterator[str]:
    """The stages, costliest first; those below `least` in one line."""
    yield f"{'CPU ms an item':40} {'':8}"
    small = 0.0
    for stage, cost in sorted(found.items(), key=lambda one: -one[1]):
        if cost >= least:
            yield f"{stage:40} {cost:8.3f}"
        else:
            small += cost
    yield f"{f'those below {least}':40} {small:8.3f}"
    yield f"{'sum':40} {sum(found.values()):8.3f}"
    yield f"{'best whole tick':40} {tick:8.3f}"


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--n", type=int, default=300)
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument("--least", type=float, default=0.01, help="milliseconds; cheaper stages are summed up")
    given = ask.parse_args()
    print(*shown(*measured(given.n, given.rounds), given.least), sep="\n")


if __name__ == "__main__":
    main()
