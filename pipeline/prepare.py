"""One drop, worked through: parse → classify → validate → route → render. Pure but for the picture cache, so that a
large batch can run in a process pool."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from channels.portal.post import Attachment, Label
from channels.registry import post_to_json
from pipeline import attachments, classify, explain, intake, lexicon, media, privacy, reference, rules
from pipeline.cards import Card
from pipeline.i18n import _
from pipeline.ledger import Prepared
from pipeline.likeness import Likeness, likeness
from pipeline.model import Clip, Drop, Finding, Identity, Item, Outcome, PictureReport, Unit
from pipeline.parse import word
from pipeline.parse.encoding import MOST_BYTES
from pipeline.parse.item import parse
from pipeline.recognise import secrecy
from pipeline.recognise.personal import masked as masked_text
from pipeline.render import Encoded, Media, Page, Tags, hashtags, render
from pipeline.route import route
from pipeline.rules import reading
from pipeline.rules.clips import FILE_TYPES
from pipeline.text import nfc, slug
from pipeline.validate import outcome, validate

COLOURS = {"kstthc": "#9b1c1f", "mot-cua": "#0b6e4f", "de-an-06": "#1d4f91", "chuyen-doi-so": "#6a3fa0"}
_MOST_VIDEO = 200 * 1024 * 1024  # bytes
_MOST_CAPTIONS = 1024 * 1024  # bytes


def _nobody(_unit: str, _kind: str, _areas: Sequence[str]) -> bool:
    return False


@dataclass(frozen=True)
class Workshop:
    """What preparing needs to know of this newsroom; picklable.

    Args:
        channels: enabled channels, portal first.
        media: folder of the encoded pictures.
        needs_editor: whether an item of this unit, kind and areas waits for an editor, by the newsroom's policy.
        now: aware time of this run.
        attachment_bytes: the largest attachment that is taken.
        changes: what the settings change of the rules.
    """

    zone: ZoneInfo
    base_url: str
    channels: tuple[str, ...]
    media: Path
    now: datetime
    attachment_bytes: int = attachments.MOST_BYTES
    needs_editor: Callable[[str, str, Sequence[str]], bool] = _nobody
    changes: rules.Changes = rules.NO_CHANGES


@dataclass(frozen=True)
class Work:
    """One drop with what the ledger knows of it; `root` is the content folder, `seed` what a new id is derived from
    when the path is not free for it."""

    root: Path
    drop: Drop
    stamps: Mapping[str, str]
    identity: Identity | None = None
    published_before: bool = False
    seed: str = ""


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
    inside: Mapping[str, bytes] = field(default_factory=dict)  # pictures that the text itself brought along
    masked: tuple[str, ...] = ()
    meant: str = ""


def check(work: Work, shop: Workshop) -> Checked:
    """Everything that `bantin check` tells; touches nothing."""
    drop = work.drop
    unit = reference.units().find(drop.unit_folder, shop.now.date())
    refused = _refused(drop, unit, shop)
    if refused or unit is None:
        return Checked(None, (refused,) if refused else (), Outcome.REJECT, unit=unit)
    try:
        data = _read(drop)
    except OSError as error:
        finding = reading.WRONG_TYPE.finding(_("The file cannot be read: {reason}").format(reason=error.strerror))
        return Checked(None, (finding,), Outcome.REJECT, unit=unit)
    parsed = (word.parse if _is_word(drop) else parse)(data, unit, shop.zone)
    if parsed.item is None:
        digest = "" if _secret(parsed.findings) else hashlib.sha256(data).hexdigest()
        return Checked(None, parsed.findings, Outcome.REJECT, digest=digest, unit=unit)
    item, places = privacy.masked(parsed.item) if parsed.item.masking else (parsed.item, ())
    pictures, files, paths = _look_at_files(item, drop, parsed.pictures)
    reports = [attachments.inspect(drop.folder / name, shop.attachment_bytes)[0] for name in drop.attachments]
    paths += [drop.folder / name for name in drop.attachments]
    tagging = _tag(item)
    context = rules.Context(
        now=shop.now, pictures=pictures, files=files, topics=reference.topics(),
        fields=lexicon.load().field_names, audiences=reference.audiences(),
        successors=_successors(unit), published_before=work.published_before,
        attachments=tuple(reports), attachment_bytes=shop.attachment_bytes,
        captions=_captions(item, drop), masked=_masked(places),
        doubts=tuple(reference.area_names()[area] for area in tagging.doubt),
    )  # fmt: skip
    parsed = replace(parsed, findings=shop.changes.of(parsed.findings, unit.id))
    found = validate(item, context, shop.changes)
    findings = word.placed(parsed, found) if _is_word(drop) else (*parsed.findings, *found)
    if secrets := _secret(findings):  # nothing else of it is kept: no title, no hash, no pictures
        return Checked(None, secrets, Outcome.REJECT, unit=unit)
    assets = tuple(path.relative_to(work.root).as_posix() for path in paths)
    digest = _digest(data, paths, drop.attachments)
    return Checked(item, findings, outcome(findings, item.status), tagging, pictures, assets, digest, unit,
                   parsed.pictures, tuple(place.masked for place in places), parsed.meant)  # fmt: skip


def _secret(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings of which somebody is told at once; beside them no other is kept, since it might quote the text."""
    return tuple(one for one in findings if rules.RULES[one.code].notify)


def _masked(places: Sequence[privacy.Place]) -> tuple[rules.Flaw, ...]:
    """For each place what stands there now."""
    said = _('Masked with the sender\'s acceptance: "{text}"')
    return tuple(rules.Flaw(said.format(text=one.masked), one.field, one.line) for one in places)


def prepare(work: Work, shop: Workshop) -> Prepared:
    """Everything that the ledger will record of one drop."""
    found = check(work, shop)
    stamp = intake.stamp_of(work.drop, found.assets, work.stamps)
    unit = found.unit.id if found.unit else work.drop.unit_folder
    base = Prepared(work.drop.path, unit, stamp, found.assets, found.digest, found.outcome, found.findings)
    item, tagging = found.item, found.tagging
    base = replace(base, status=item.status) if item else base
    if item is None or tagging is None or found.outcome == Outcome.REJECT:
        return base
    identity = work.identity or identify(item, work.seed or work.drop.path, shop.now, found.meant)
    known = replace(base, identity=identity, kind=item.kind, title=masked_text(item.title), areas=tagging.areas,
                    tagging=explain.to_json(_words(item), tagging, lexicon.load()), status=item.status,
                    expires=item.expires, author=masked_text(item.author), masked=found.masked,
                    urgent=item.urgent, approval=shop.needs_editor(unit, item.kind, tagging.areas))  # fmt: skip
    if item.status != "ready" or found.outcome == Outcome.IGNORE:
        return known
    known = replace(known, likeness=_likeness(item, work.drop, found))
    page = _page(item, tagging, identity, work, found, shop)
    slots = route(item, shop.channels, shop.now)
    posts = render(item, page, [slot.channel for slot in slots])
    bodies = {name: post_to_json(post) for name, post in posts.items()}
    return replace(known, slots=slots, posts={name: (body, _sha(body)) for name, body in bodies.items()})


def derived_id(path: str) -> str:
    """The id of an item whose file names none: from the first path that it had."""
    return hashlib.blake2b(os.fsencode(path), digest_size=5).hexdigest()


def identify(item: Item, path: str, now: datetime, meant: str = "") -> Identity:
    """A new item: its id from front matter or from its first path, its address from the first title, or from what
    a title in an old font was meant to be."""
    short = slug(item.id, 40) if item.id else derived_id(path)
    first = item.published or now
    return Identity(short, f"{first:%Y/%m}/{slug(masked_text(meant or item.title))}-{short}.html", first)


def _likeness(item: Item, drop: Drop, found: Checked) -> Likeness:
    texts = [item.summary, getattr(item, "question", ""), getattr(item, "transcript", ""), item.document.text]
    sound = [name for name, report in (found.pictures or {}).items() if not report.problem]
    return likeness(texts, {name: file for name in sound if (file := _file(drop, name))})


def _refused(drop: Drop, unit: Unit | None, shop: Workshop) -> Finding | None:
    if secrecy.in_name(drop.path.partition("/")[2] or drop.path):
        return rules.guards.secret()  # by its name alone: the file is not even opened
    if unit is None:
        near = ", ".join(
            f"{one.id} ({one.name})" for one in reference.units().nearest(drop.unit_folder, shop.now.date())
        )
        message = _('The folder "{folder}" is no unit; nearest: {near}.').format(
            folder=drop.unit_folder or ".", near=near
        )
        return reading.UNKNOWN_UNIT.finding(message)
    if "\ufffd" in drop.path:
        nameless = reading.NOT_UTF8.finding(
            _("The name of the file or of its folder holds letters that cannot be read.")
        )
        return replace(nameless, hint=_("give it a name of plain letters and copy it into the folder again."))
    suffix = drop.file.suffix.lower()
    if suffix in (".md", ".markdown", intake.WORD):
        return None
    rule = rules.attached.ALONE if suffix == ".pdf" else rules.word.FOREIGN.get(suffix, reading.WRONG_TYPE)
    return rule.finding(_("Files of type {type} cannot be taken in.").format(type=drop.file.suffix))


def _is_word(drop: Drop) -> bool:
    return drop.file.suffix.lower() == intake.WORD


def _read(drop: Drop) -> bytes:
    """The text file's bytes, no more than just too many; a link, a pipe or a folder is read as an empty file."""
    if drop.file.is_symlink() or (drop.file.exists() and not drop.file.is_file()):
        return b""
    with drop.file.open("rb") as stream:
        return stream.read((word.MOST_BYTES if _is_word(drop) else MOST_BYTES) + 1)


def _successors(unit: Unit) -> tuple[Unit, ...]:
    found = (reference.units().get(name) for name in unit.successors)
    return tuple(one for one in found if one)


def _look_at_files(
    item: Item, drop: Drop, inside: Mapping[str, bytes]
) -> tuple[dict[str, PictureReport], dict[str, str], list[Path]]:
    """Reports for all pictures and files that an item names; nothing outside the drop's folder is opened."""
    pictures, files, paths = {}, {}, []
    names = [item.cover, *(image.src for image in item.document.images)]
    for name in dict.fromkeys(filter(None, names)):
        if name in inside:
            pictures[name] = _picture(name, inside[name])
            continue
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


def _captions(item: Item, drop: Drop) -> str:
    """The words of a clip's captions, without times and cue numbers; at most a megabyte of them."""
    file = _file(drop, item.captions) if isinstance(item, Clip) and item.captions else None
    if file is None or not file.is_file():
        return ""
    with file.open("rb") as stream:
        rows = stream.read(_MOST_CAPTIONS).decode("utf-8-sig", errors="replace").splitlines()
    return nfc("\n".join(row for row in rows if "-->" not in row and not row.strip().isdigit()))


def _file(drop: Drop, name: str) -> Path | None:
    file = intake.inside(drop.folder, name)
    if file is None and drop.file.parent != drop.folder:
        return None
    return intake.spelled(file) if file else None


def _picture(name: str, source: Path | bytes | None) -> PictureReport:
    if source is None:
        return PictureReport(name, "outside")
    try:
        facts = media.inspect_bytes(source) if isinstance(source, bytes) else media.inspect(source)
    except media.BadPicture as error:
        return PictureReport(name, error.reason)
    return PictureReport(name, "", facts.width, facts.height)


def _clip_problem(name: str, file: Path | None) -> str:
    if file is None:
        return "outside"
    if not file.is_file() or file.stat().st_size > _MOST_VIDEO:
        return "missing"
    return "" if name.lower().endswith((*FILE_TYPES, ".vtt")) else "type"


def _digest(data: bytes, paths: Sequence[Path], attached: Sequence[str]) -> str:
    """Hash of the text, its front matter, its media, and its attachments with their names: the edition."""
    whole = hashlib.sha256(data)
    if attached:
        whole.update("\0".join(attached).encode())
    for path in paths:
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as stream:
                whole.update(hashlib.file_digest(stream, "sha256").digest())
    return whole.hexdigest()


def _sha(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:32]


def _words(item: Item) -> classify.Words:
    """What the classifier reads of an item."""
    summary = f"{item.summary} {getattr(item, 'question', '')}".strip()
    body = "\n".join(filter(None, (item.document.text, getattr(item, "transcript", ""))))
    return classify.Words(item.title, summary, item.document.headings, body, item.hashtags)


def _tag(item: Item) -> classify.Tagging:
    chosen = classify.Chosen(item.areas, item.topics, item.fields, item.audience)
    return classify.classify(_words(item), item.kind, unit=item.unit.id, lexicon=lexicon.load(), chosen=chosen)


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
        source = _source(item.cover, work, found, store)
        assert source and not pictures[item.cover].problem
        covers = store.covers(source, media.inspect(source))
    else:
        covers = store.card(_card(item, tagging))
    inline = {}
    for image in item.document.images:
        source = _source(image.src, work, found, store)
        if source and image.src in pictures and not pictures[image.src].problem:
            inline[image.src] = tuple(_encoded(one) for one in store.inline(source, media.inspect(source)))
    clip = item if isinstance(item, Clip) else None
    return Media(
        cover=tuple(_encoded(one) for one in covers.portal), share=_encoded(covers.share), zalo=_encoded(covers.zalo),
        facebook=_encoded(covers.facebook), drawn=drawn, inline=inline,
        video=_file(work.drop, clip.video) if clip and clip.video and "://" not in clip.video else None,
        captions=_file(work.drop, clip.captions) if clip and clip.captions else None,
        attachments=_attachments(work.drop, shop, store),
    )  # fmt: skip


def _source(name: str, work: Work, found: Checked, store: media.MediaStore) -> Path | None:
    """Where a picture lies: in the drop's folder, or in our own store when it came inside the text."""
    inside = found.inside.get(name)
    return _file(work.drop, name) if inside is None else store.keep(inside, Path(name).suffix)


def _attachments(drop: Drop, shop: Workshop, store: media.MediaStore) -> tuple[Attachment, ...]:
    """Kept as they were checked, so that a file that changes later is not handed out unseen."""
    made = []
    for name in drop.attachments[: rules.attached.MOST_FILES]:
        report, data = attachments.inspect(drop.folder / name, shop.attachment_bytes)
        if data and not report.problem:
            made.append(Attachment(store.keep(data, ".pdf"), attachments.shown(name), "application/pdf", len(data)))
    return tuple(made)


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
