"""One drop, worked through: parse → classify → validate → route → render. Pure but for the picture cache, so that a
large batch can run in a process pool."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from channels.portal.post import Label
from channels.registry import post_to_json
from pipeline import classify, intake, lexicon, media, reference, rules
from pipeline.cards import Card
from pipeline.i18n import _
from pipeline.ledger import Prepared
from pipeline.model import Clip, Drop, Finding, Identity, Item, Outcome, PictureReport, Unit
from pipeline.parse.item import parse
from pipeline.render import Encoded, Media, Page, Tags, hashtags, render
from pipeline.route import route
from pipeline.rules import reading
from pipeline.rules.clips import FILE_TYPES
from pipeline.text import slug
from pipeline.validate import outcome, validate

COLOURS = {"kstthc": "#9b1c1f", "mot-cua": "#0b6e4f", "de-an-06": "#1d4f91", "chuyen-doi-so": "#6a3fa0"}
_MOST_VIDEO = 200 * 1024 * 1024  # bytes


@dataclass(frozen=True)
class Workshop:
    """What preparing needs to know of this newsroom; picklable.

    Args:
        channels: enabled channels, portal first.
        media: folder of the encoded pictures.
        now: aware time of this run.
    """

    zone: ZoneInfo
    base_url: str
    channels: tuple[str, ...]
    media: Path
    now: datetime


@dataclass(frozen=True)
class Work:
    """One drop with what the ledger knows of it; `root` is the content folder."""

    root: Path
    drop: Drop
    stamps: Mapping[str, str]
    identity: Identity | None = None
    published_before: bool = False


@dataclass(frozen=True)
class Checked:
    """A drop after parsing, tagging and rules, before anything is rendered."""

    item: Item | None
    findings: tuple[Finding, ...]
    outcome: Outcome
    tagging: classify.Tagging | None = None
    pictures: Mapping[str, PictureReport] | None = None
    assets: tuple[str, ...] = ()
    digest: str = ""
    unit: Unit | None = None


def check(work: Work, shop: Workshop) -> Checked:
    """Everything that `bantin check` tells; touches nothing."""
    drop = work.drop
    unit = reference.units().find(drop.unit_folder, shop.now.date())
    refused = _refused(drop, unit, shop)
    if refused or unit is None:
        return Checked(None, (refused,) if refused else (), Outcome.REJECT, unit=unit)
    try:
        data = drop.file.read_bytes() if not drop.file.is_symlink() else b""
    except OSError as error:
        finding = reading.WRONG_TYPE.finding(_("The file cannot be read: {reason}").format(reason=error.strerror))
        return Checked(None, (finding,), Outcome.REJECT, unit=unit)
    parsed = parse(data, unit, shop.zone)
    if parsed.item is None:
        return Checked(None, parsed.findings, Outcome.REJECT, digest=hashlib.sha256(data).hexdigest(), unit=unit)
    item = parsed.item
    pictures, files, paths = _look_at_files(item, drop)
    tagging = _tag(item)
    context = rules.Context(
        now=shop.now, pictures=pictures, files=files, topics=reference.topics(),
        fields=lexicon.load().field_names, audiences=reference.audiences(),
        successors=_successors(unit), published_before=work.published_before,
    )  # fmt: skip
    findings = (*parsed.findings, *validate(item, context))
    assets = tuple(path.relative_to(work.root).as_posix() for path in paths)
    digest = _digest(data, paths)
    return Checked(item, findings, outcome(findings, item.status), tagging, pictures, assets, digest, unit)


def prepare(work: Work, shop: Workshop) -> Prepared:
    """Everything that the ledger will record of one drop."""
    found = check(work, shop)
    stamp = intake.stamp_of(work.drop, found.assets, work.stamps)
    unit = found.unit.id if found.unit else work.drop.unit_folder
    base = Prepared(work.drop.path, unit, stamp, found.assets, found.digest, found.outcome, found.findings)
    item, tagging = found.item, found.tagging
    if item is None or tagging is None or found.outcome == Outcome.REJECT:
        return base
    identity = work.identity or identify(item, work.drop.path, shop.now)
    known = replace(base, identity=identity, kind=item.kind, title=item.title, areas=tagging.areas,
                    tagging=classify.to_json(tagging), status=item.status, expires=item.expires)  # fmt: skip
    if item.status != "ready" or found.outcome == Outcome.IGNORE:
        return known
    page = _page(item, tagging, identity, work, found, shop)
    slots = route(item, shop.channels, shop.now)
    posts = render(item, page, [slot.channel for slot in slots])
    bodies = {name: post_to_json(post) for name, post in posts.items()}
    return replace(known, slots=slots, posts={name: (body, _sha(body)) for name, body in bodies.items()})


def identify(item: Item, path: str, now: datetime) -> Identity:
    """A new item: its id from front matter or from its first path, its address from the first title."""
    short = slug(item.id, 40) if item.id else hashlib.blake2b(path.encode(), digest_size=5).hexdigest()
    first = item.published or now
    return Identity(short, f"{first:%Y/%m}/{slug(item.title)}-{short}.html", first)


def _refused(drop: Drop, unit: Unit | None, shop: Workshop) -> Finding | None:
    if unit is None:
        near = ", ".join(
            f"{one.id} ({one.name})" for one in reference.units().nearest(drop.unit_folder, shop.now.date())
        )
        message = _('The folder "{folder}" is no unit; nearest: {near}.').format(
            folder=drop.unit_folder or ".", near=near
        )
        return reading.UNKNOWN_UNIT.finding(message)
    if drop.file.suffix.lower() not in (".md", ".markdown"):
        message = _("Files of type {type} cannot be taken in.").format(type=drop.file.suffix)
        return reading.WRONG_TYPE.finding(message)
    return None


def _successors(unit: Unit) -> tuple[Unit, ...]:
    found = (reference.units().get(name) for name in unit.successors)
    return tuple(one for one in found if one)


def _look_at_files(item: Item, drop: Drop) -> tuple[dict[str, PictureReport], dict[str, str], list[Path]]:
    """Reports for all pictures and files that an item names; nothing outside the drop's folder is opened."""
    pictures, files, paths = {}, {}, []
    names = [item.cover, *(image.src for image in item.document.images)]
    for name in dict.fromkeys(filter(None, names)):
        file = _file(drop, name)
        pictures[name] = _picture(name, file)
        if file:
            paths.append(file)
    if isinstance(item, Clip):
        for name in filter(None, (item.video if "://" not in item.video else "", item.captions)):
            file = _file(drop, name)
            files[name] = _clip_problem(name, file)
            if file:
                paths.append(file)
    return pictures, files, paths


def _file(drop: Drop, name: str) -> Path | None:
    file = intake.inside(drop.folder, name)
    if file is None and drop.file.parent != drop.folder:
        return None
    return intake.spelled(file) if file else None


def _picture(name: str, file: Path | None) -> PictureReport:
    if file is None:
        return PictureReport(name, "outside")
    try:
        facts = media.inspect(file)
    except media.BadPicture as error:
        return PictureReport(name, error.reason)
    return PictureReport(name, "", facts.width, facts.height)


def _clip_problem(name: str, file: Path | None) -> str:
    if file is None:
        return "outside"
    if not file.is_file() or file.stat().st_size > _MOST_VIDEO:
        return "missing"
    return "" if name.lower().endswith((*FILE_TYPES, ".vtt")) else "type"


def _digest(data: bytes, paths: Sequence[Path]) -> str:
    """Hash of the text, its front matter and its media: the edition."""
    whole = hashlib.sha256(data)
    for path in paths:
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as stream:
                whole.update(hashlib.file_digest(stream, "sha256").digest())
    return whole.hexdigest()


def _sha(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:32]


def _tag(item: Item) -> classify.Tagging:
    summary = f"{item.summary} {getattr(item, 'question', '')}".strip()
    body = "\n".join(filter(None, (item.document.text, getattr(item, "transcript", ""))))
    words = classify.Words(item.title, summary, item.document.headings, body, item.hashtags)
    chosen = classify.Chosen(item.areas, item.topics, item.fields, item.audience)
    return classify.classify(words, item.kind, unit=item.unit.id, lexicon=lexicon.load(), chosen=chosen)


def _page(
    item: Item, tagging: classify.Tagging, identity: Identity, work: Work, found: Checked, shop: Workshop
) -> Page:
    words = lexicon.load()
    suggested = [tag for area in tagging.areas for tag in words.hashtags.get(area, ())]
    tags = Tags(
        areas=_labels(tagging.areas, reference.area_names()), topics=_labels(tagging.topics, reference.topics()),
        fields=_labels(tagging.fields, words.field_names), audiences=_labels(tagging.audiences, reference.audiences()),
        hashtags=hashtags(item.hashtags, (*suggested, "#CCHC", "#HaNoi")),
    )  # fmt: skip
    revised = shop.now if work.published_before else None
    return Page(identity, 0, _media(item, tagging, work, found, shop), tags, shop.base_url, revised)


def _labels(ids: Sequence[str], names: Mapping[str, str]) -> tuple[Label, ...]:
    return tuple(Label(one, names[one]) for one in ids if one in names)


def _media(item: Item, tagging: classify.Tagging, work: Work, found: Checked, shop: Workshop) -> Media:
    store = media.MediaStore(shop.media)
    pictures = found.pictures or {}
    drawn = not item.cover
    if item.cover:
        source = _file(work.drop, item.cover)
        assert source and not pictures[item.cover].problem
        covers = store.covers(source, media.inspect(source))
    else:
        covers = store.card(_card(item, tagging))
    inline = {}
    for image in item.document.images:
        source = _file(work.drop, image.src)
        if source and image.src in pictures and not pictures[image.src].problem:
            inline[image.src] = tuple(_encoded(one) for one in store.inline(source, media.inspect(source)))
    clip = item if isinstance(item, Clip) else None
    return Media(
        cover=tuple(_encoded(one) for one in covers.portal), share=_encoded(covers.share), zalo=_encoded(covers.zalo),
        facebook=_encoded(covers.facebook), drawn=drawn, inline=inline,
        video=_file(work.drop, clip.video) if clip and clip.video and "://" not in clip.video else None,
        captions=_file(work.drop, clip.captions) if clip and clip.captions else None,
    )  # fmt: skip


def _encoded(one: media.Rendition) -> Encoded:
    from channels.portal.adapter import media_address

    return Encoded(one.file, one.mime, one.width, one.height, media_address(one.file.name))


def _card(item: Item, tagging: classify.Tagging) -> Card:
    area = tagging.areas[0] if tagging.areas else ""
    label = reference.area_names().get(area, _("Administrative reform"))
    return Card(item.title, label, item.unit.name, COLOURS.get(area, "#4a4a4a"), item.kind)


def worker_start() -> None:
    """Run first in each process of a pool: leave the other core to the parent."""
    os.nice(1)
