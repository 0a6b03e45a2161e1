"""What rendering needs besides the item: pictures in every size, attachments as they were checked, labels with names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from channels.portal.post import Attachment, Label
from pipeline import attachments, classify, lexicon, media, reference, rules
from pipeline.cards import Card
from pipeline.check import Checked, Work, Workshop
from pipeline.companions import beside
from pipeline.i18n import _
from pipeline.model import Clip, Drop, Identity, Item
from pipeline.render import Encoded, Media, Page, Tags, hashtags

COLOURS = {"kstthc": "#9b1c1f", "mot-cua": "#0b6e4f", "de-an-06": "#1d4f91", "chuyen-doi-so": "#6a3fa0"}


def page_of(
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
    store = media.MediaStore(shop.media, webp_method=shop.webp_method, avif=shop.avif, widths=shop.widths,
                             channels=shop.channels)  # fmt: skip
    pictures = found.pictures or {}
    drawn = not item.cover
    if item.cover:
        source = _source(item.cover, work, found, store)
        assert source and not pictures[item.cover].problem
        covers = store.covers(source, media.inspect(source))
    else:
        covers = store.card(_card(item, tagging, own=shop.own_cards))
    inline = {}
    for image in item.document.images:
        source = _source(image.src, work, found, store)
        if source and image.src in pictures and not pictures[image.src].problem:
            inline[image.src] = tuple(_encoded(one) for one in store.inline(source, media.inspect(source)))
    clip = item if isinstance(item, Clip) else None
    return Media(
        cover=tuple(_encoded(one) for one in covers.portal), share=_encoded(covers.share), zalo=_encoded(covers.zalo),
        facebook=_encoded(covers.facebook), drawn=drawn, inline=inline,
        video=beside(work.drop, clip.video) if clip and clip.video and "://" not in clip.video else None,
        captions=store.keep(found.captions, ".vtt") if found.captions else None,
        attachments=_attachments(work.drop, found, shop, store),
    )  # fmt: skip


def _source(name: str, work: Work, found: Checked, store: media.MediaStore) -> Path | None:
    """Where a picture lies: in the drop's folder, or in our own store when it came inside the text."""
    inside = found.inside.get(name)
    return beside(work.drop, name) if inside is None else store.keep(inside, Path(name).suffix)


def _attachments(drop: Drop, found: Checked, shop: Workshop, store: media.MediaStore) -> tuple[Attachment, ...]:
    """Kept as they were checked; a file that changed since is not handed out unseen."""
    made = []
    for name in drop.attachments[: rules.attached.MOST_FILES]:
        report, data = attachments.inspect(drop.folder / name, shop.attachment_bytes)
        if data and found.attached.get(name) == report.digest:
            made.append(Attachment(store.keep(data, ".pdf"), attachments.shown(name), "application/pdf", len(data)))
    return tuple(made)


def _encoded(one: media.Rendition) -> Encoded:
    from channels.portal.adapter import media_address

    return Encoded(one.file, one.mime, one.width, one.height, media_address(one.file.name))


def _card(item: Item, tagging: classify.Tagging, *, own: bool) -> Card:
    area = tagging.areas[0] if tagging.areas else ""
    section = _("Administrative reform")
    label = reference.area_names().get(area, section)
    title, over = (item.title, label) if own else (label, section)
    return Card(title, over, item.unit.name, COLOURS.get(area, "#4a4a4a"), item.kind)
