"""One drop, worked through: check → identify → route → render. Pure but for the picture cache, so that a large batch can
run in a process pool."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from datetime import datetime

from channels.registry import post_to_json
from pipeline import explain, intake, learned, lexicon, reference
from pipeline.check import Checked, Work, Workshop, check, words_of
from pipeline.furnish import page_of
from pipeline.ledger import Prepared, searching
from pipeline.likeness import Likeness, likeness
from pipeline.model import Identity, Item, Outcome
from pipeline.recognise.personal import masked as masked_text
from pipeline.render import render
from pipeline.route import route
from pipeline.syllables import syllables
from pipeline.text import slug


def prepare(work: Work, shop: Workshop) -> Prepared:
    """Everything that the ledger will record of one drop."""
    found = check(work, shop)
    stamp = intake.stamp_of(work.drop, found.assets, work.stamps)
    unit = found.unit.id if found.unit else work.drop.unit_folder
    base = Prepared(work.drop.path, unit, stamp, found.assets, found.digest, found.outcome, found.findings)
    item, tagging = found.item, found.tagging
    base = replace(base, status=item.status if item else "withdrawn" if found.withdrawn else base.status)
    if item is None or tagging is None or found.outcome == Outcome.REJECT:
        return base
    identity = work.identity or identify(item, work.seed or work.drop.path, shop.now, found.meant)
    known = replace(base, identity=identity, kind=item.kind, title=masked_text(item.title), areas=tagging.areas,
                    tagging=explain.to_json(words_of(item), tagging, lexicon.load()), status=item.status,
                    expires=item.expires, author=masked_text(item.author), masked=found.masked,
                    urgent=item.urgent, approval=shop.needs_editor(unit, item.kind, tagging.areas))  # fmt: skip
    if item.status != "ready" or found.outcome == Outcome.IGNORE:
        return known
    known = replace(known, likeness=_likeness(item, found))
    page = page_of(item, tagging, identity, work, found, shop)
    slots = route(item, shop.channels, shop.now)
    posts = render(item, page, [slot.channel for slot in slots])
    bodies = {name: post_to_json(post) for name, post in posts.items()}
    stored = {name: (body, _sha(body)) for name, body in bodies.items()}
    return replace(known, slots=slots, posts=stored, words=searching.body(bodies))


def derived_id(path: str) -> str:
    """The id of an item whose file names none: from the first path that it had."""
    return hashlib.blake2b(os.fsencode(path), digest_size=5).hexdigest()


def identify(item: Item, path: str, now: datetime, meant: str = "") -> Identity:
    """A new item: its id from front matter or from its first path, its address from the first title, or from what
    a title in an old font was meant to be."""
    short = slug(item.id, 40) if item.id else derived_id(path)
    first = item.published or now
    return Identity(short, f"{first:%Y/%m}/{slug(masked_text(meant or item.title))}-{short}.html", first)


def _likeness(item: Item, found: Checked) -> Likeness:
    texts = [item.summary, getattr(item, "question", ""), getattr(item, "transcript", ""), item.document.text]
    pictures = {name: one.likeness for name, one in (found.pictures or {}).items() if name not in found.inside}
    return likeness(texts, {name: value for name, value in pictures.items() if value is not None})


def _sha(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:32]


def load_data() -> None:
    """Load what every drop needs, before a pool is made: its processes begin with what their parent has.

    Patterns are left to them: they compile at the same time, and a third of all patterns is enough for most batches.
    """
    for load in (learned.load, lexicon.load, reference.units, syllables):
        load()
