"""One drop, told what is wrong with it: read → parse → look at its files → classify → validate. Touches nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

from pipeline import attachments, classify, intake, lexicon, privacy, reference, rules
from pipeline.companions import captions_of, digest_of, look_at
from pipeline.i18n import _
from pipeline.media import PORTAL_WIDTHS, WEBP_METHOD
from pipeline.model import AttachmentReport, Drop, Finding, Identity, Item, Outcome, PictureReport, Severity, Unit
from pipeline.parse.encoding import MOST_BYTES
from pipeline.parse.item import Parsed, parse
from pipeline.recognise import filenames
from pipeline.rules import reading
from pipeline.validate import outcome, validate


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
        own_cards: an item without a picture gets a card with its title; else one that its area and unit share.
        webp_method: 0 (quick and large) to 6 (slow and small).
        swift: the quicker Markdown reader, where it reads alike.
        avif: whether the portal's pictures are encoded as AVIF too.
        widths: of the portal's covers in pixels, wide to narrow.
    """

    zone: ZoneInfo
    base_url: str
    channels: tuple[str, ...]
    media: Path
    now: datetime
    attachment_bytes: int = attachments.MOST_BYTES
    needs_editor: Callable[[str, str, Sequence[str]], bool] = _nobody
    changes: rules.Changes = rules.NO_CHANGES
    own_cards: bool = True
    webp_method: int = WEBP_METHOD
    swift: bool = False
    avif: bool = False
    widths: tuple[int, ...] = PORTAL_WIDTHS


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
    withdrawn: bool = False  # its unit takes it off, whatever else is wrong with it
    attached: Mapping[str, str] = field(default_factory=dict)  # names with the digests of what was looked at
    captions: bytes = b""  # a clip's, written anew


def check(work: Work, shop: Workshop) -> Checked:
    """Everything that `bantin check` tells; touches nothing."""
    drop = work.drop
    unit = reference.units().find(drop.unit_folder, shop.now.date())
    refused = _refused(drop, unit, shop)
    if refused and unit and refused.severity == Severity.WARNING:  # it waits for a text that names it
        told = shop.changes.of((refused,), unit.id)
        weighed = outcome(told)
        return Checked(None, told, Outcome.IGNORE if weighed == Outcome.PUBLISH else weighed, unit=unit)
    if refused or unit is None:
        return Checked(None, (refused,) if refused else (), Outcome.REJECT, unit=unit)
    try:
        data = _read(drop)
    except OSError as error:
        finding = reading.WRONG_TYPE.finding(_("The file cannot be read: {reason}").format(reason=error.strerror))
        return Checked(None, (finding,), Outcome.REJECT, unit=unit)
    parsed = _word().parse(data, unit, shop.zone) if _is_word(drop) else parse(data, unit, shop.zone, swift=shop.swift)
    if parsed.item is None:
        digest = "" if _secret(parsed.findings) else hashlib.sha256(data).hexdigest()
        return Checked(None, parsed.findings, Outcome.REJECT, digest=digest, unit=unit)
    return _judged(work, shop, unit, data, parsed)


def _judged(work: Work, shop: Workshop, unit: Unit, data: bytes, parsed: Parsed) -> Checked:
    """What the rules say of a text that could be read, with all the files that it names."""
    assert parsed.item
    drop = work.drop
    item, places = privacy.masked(parsed.item) if parsed.item.masking else (parsed.item, ())
    pictures, files, paths = look_at(item, drop, parsed.pictures)
    reports = _attached(drop, shop)
    captions = captions_of(item, drop)
    paths += [drop.folder / name for name in drop.attachments]
    tagging = _tag(item)
    context = rules.Context(
        now=shop.now, pictures=pictures, files=files, topics=reference.topics(),
        fields=lexicon.load().field_names, audiences=reference.audiences(),
        successors=_successors(unit), published_before=work.published_before,
        attachments=reports, attachment_bytes=shop.attachment_bytes, pages=tuple(rules.pages_of(reports)),
        captions=captions.words, captions_report=captions, masked=_masked(places),
        doubts=tuple(reference.area_names()[area] for area in tagging.doubt),
    )  # fmt: skip
    parsed = replace(parsed, findings=shop.changes.of(parsed.findings, unit.id))
    found = validate(item, context, shop.changes)
    findings = _word().placed(parsed, found) if _is_word(drop) else (*parsed.findings, *found)
    if secrets := _secret(findings):  # nothing else of it is kept: no title, no hash, no pictures
        return Checked(None, secrets, Outcome.REJECT, unit=unit, withdrawn=item.status == "withdrawn")
    assets = tuple(path.relative_to(work.root).as_posix() for path in paths)
    digest = digest_of(data, paths, drop.attachments)
    return Checked(item, findings, outcome(findings, item.status), tagging, pictures, assets, digest, unit,
                   parsed.pictures, tuple(place.masked for place in places), parsed.meant,
                   attached={one.name: one.digest for one in reports if not one.problem}, captions=captions.written)  # fmt: skip


def _attached(drop: Drop, shop: Workshop) -> tuple[AttachmentReport, ...]:
    """What is known of each attachment; those beyond the number that is taken are only counted."""
    most = rules.attached.MOST_FILES
    with attachments.Reader() as reader:
        looked = [attachments.inspect(drop.folder / name, shop.attachment_bytes, reader)[0]
                  for name in drop.attachments[:most]]  # fmt: skip
    return (*looked, *(AttachmentReport(name) for name in drop.attachments[most:]))


def _secret(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings of which somebody is told at once; beside them no other is kept, since it might quote the text."""
    return tuple(one for one in findings if rules.RULES[one.code].notify)


def _masked(places: Sequence[privacy.Place]) -> tuple[rules.Flaw, ...]:
    """For each place what stands there now."""
    said = _('Masked with the sender\'s acceptance: "{text}"')
    return tuple(rules.Flaw(said.format(text=one.masked), one.field, one.line) for one in places)


def _refused(drop: Drop, unit: Unit | None, shop: Workshop) -> Finding | None:
    if filenames.in_name(drop.path.partition("/")[2] or drop.path):
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
        text = _("The name of the file or of its folder holds letters that cannot be read.")
        hint = _("give it a name of plain letters and copy it into the folder again.")
        return replace(reading.NOT_UTF8.finding(text), hint=hint)
    return None if intake.is_text(drop.file.name) and not drop.wrong else rules.refusing.refusal(drop)


def _word() -> ModuleType:
    """The reader of Word documents, loaded when there is one."""
    from pipeline.parse import word

    return word


def _is_word(drop: Drop) -> bool:
    return drop.file.suffix.lower() == intake.WORD


def _read(drop: Drop) -> bytes:
    """The text file's bytes, no more than just too many; a link, a pipe or a folder is read as an empty file."""
    if drop.file.is_symlink() or (drop.file.exists() and not drop.file.is_file()):
        return b""
    with drop.file.open("rb") as stream:
        return stream.read((_word().MOST_BYTES if _is_word(drop) else MOST_BYTES) + 1)


def _successors(unit: Unit) -> tuple[Unit, ...]:
    found = (reference.units().get(name) for name in unit.successors)
    return tuple(one for one in found if one)


def words_of(item: Item) -> classify.Words:
    """What the classifier reads of an item."""
    summary = f"{item.summary} {getattr(item, 'question', '')}".strip()
    body = "\n".join(filter(None, (item.document.text, getattr(item, "transcript", ""))))
    return classify.Words(item.title, summary, item.document.headings, body, item.hashtags)


def _tag(item: Item) -> classify.Tagging:
    chosen = classify.Chosen(item.areas, item.topics, item.fields, item.audience)
    return classify.classify(words_of(item), item.kind, unit=item.unit.id, lexicon=lexicon.load(), chosen=chosen)
