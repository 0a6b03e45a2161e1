"""From the bytes of a drop to an Item: encoding, front matter, typed values, Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.i18n import _
from pipeline.model import CHANNELS, QA, STATUSES, Article, Clip, Finding, Item, Unit
from pipeline.parse import encoding, markdown, metadata, values
from pipeline.parse.metadata import Metadata, Unreadable
from pipeline.recognise import secrecy
from pipeline.rules import guards, reading
from pipeline.text import strip_invisible

_KINDS = {
    "article": "article", "tin": "article", "bai": "article", "tin_bai": "article", "bai_viet": "article",
    "clip": "clip", "video": "clip", "phong_su": "clip", "qa": "qa", "hoi_dap": "qa", "q&a": "qa",
}  # fmt: skip
_STATUS = {name: name for name in STATUSES} | {
    "san_sang": "ready", "dang": "ready", "published": "ready", "nhap": "draft", "ban_nhap": "draft",
    "rut": "withdrawn", "rut_bai": "withdrawn", "go": "withdrawn",
}  # fmt: skip
_CHANNEL_NAMES = {name: name for name in CHANNELS} | {"cong": "portal", "cong_ttdt": "portal", "fb": "facebook"}

_YES_NO = {
    "true": "yes",
    "yes": "yes",
    "co": "yes",
    "1": "yes",
    "khan": "yes",
    "false": "",
    "no": "",
    "khong": "",
    "0": "",
}

# Vietnamese names of the keys (vietnam.md §11), folded: no marks, lower case, underscores.
_ALIASES = {
    "tieu_de": "title", "sapo": "summary", "tom_tat": "summary", "ngay": "date", "ngay_dang": "date",
    "tac_gia": "author", "but_danh": "author", "nguon": "source", "loai": "kind", "noi_dung": "areas",
    "linh_vuc": "fields", "doi_tuong": "audience", "ma_tthc": "procedure", "van_ban": "legal_basis",
    "can_cu": "legal_basis", "kenh": "channels", "lich_dang": "publish_at", "het_han": "expires_at",
    "trang_thai": "status", "the": "hashtags", "chu_de": "topics", "muc_ke_hoach": "topics", "anh_bia": "cover",
    "mo_ta_anh": "cover_alt", "dinh_chinh": "corrections", "chuong_trinh": "program", "thoi_luong": "duration",
    "phu_de": "captions", "loi_thoai": "transcript", "cau_hoi": "question", "nguoi_hoi": "asker",
    "co_quan": "answered_by", "don_vi_tra_loi": "answered_by", "khan": "urgent", "dong_y_hinh_anh": "consent",
    "che_thong_tin": "masking", "sua_chu": "text_repair",
    "loai_tin": "kind", "mang_noi_dung": "areas", "mo_ta_anh_bia": "cover_alt", "co_quan_tra_loi": "answered_by",
    "can_cu_phap_ly": "legal_basis", "ma_thu_tuc": "procedure", "gio_dang": "publish_at", "kenh_dang": "channels",
}  # fmt: skip
_KEPT_KEYS = {"id", "source_url", "nguon_url", "don_vi", "nguoi_duyet", "ai_generated", "credit", "text_repair"}


_AREA_NAMES = {
    "kiem_soat_tthc": "kstthc", "kiem_soat_thu_tuc_hanh_chinh": "kstthc", "co_che_mot_cua": "mot-cua",
    "mot_cua_mot_cua_lien_thong": "mot-cua",
}  # fmt: skip


def _areas(value: Any) -> tuple[str, ...]:
    folded = (values.fold(word) for word in values.words(value))
    return tuple(_AREA_NAMES.get(word, word.replace("_", "-")) for word in folded)


def _channels(value: Any) -> tuple[str, ...]:
    return tuple(values.choice(_CHANNEL_NAMES)(word) for word in values.words(value))


_READERS: dict[str, Callable[[Any], Any]] = {
    "kind": values.choice(_KINDS), "title": values.text, "summary": values.text, "date": values.day,
    "author": values.text, "source": values.text, "cover": values.path, "cover_alt": values.text, "areas": _areas,
    "topics": values.words, "fields": values.words, "audience": values.words, "channels": _channels,
    "hashtags": values.words, "status": values.choice(_STATUS), "corrections": values.paragraphs, "video": values.path,
    "duration": values.seconds, "program": values.text, "captions": values.path, "transcript": values.paragraphs,
    "question": values.paragraphs, "asker": values.text, "procedure": values.text, "legal_basis": values.sentences,
    "answered_by": values.text, "id": values.text, "urgent": values.choice(_YES_NO), "consent": values.yes,
    "masking": values.yes,
}  # fmt: skip


@dataclass(frozen=True)
class Parsed:
    """An item, or the findings that say why there is none; warnings may stand beside an item.

    Args:
        pictures: bytes of the pictures that a Word document brings along, by the name that its text uses.
        places: where each line of a Word document's text stands, in words; empty for a file that has lines.
        rows: the line (of `places`) of each key that a Word document's table has a row for, filled in or not.
        meant: the title as a proposed repair reads it, "" without one; addresses are made from it and stay.
    """

    item: Item | None
    findings: tuple[Finding, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    places: tuple[str, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    meant: str = ""


@dataclass
class _Draft:
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def parse(data: bytes, unit: Unit, zone: ZoneInfo, *, swift: bool = False) -> Parsed:
    """Read one drop. Never raises for what a file holds: what is wrong comes back as findings.

    Args:
        swift: the quicker Markdown reader, where it reads alike.
    """
    findings: tuple[Finding, ...] = ()
    try:
        source = encoding.read(data)
        for text in (source.text, source.proposed):  # before anything of the text can reach a message
            if text and (line := secrecy.mark_in_source(text)):
                return Parsed(None, (guards.secret(line),))
        findings = source.findings
        meta = metadata.read(source.text)
        if meta.body.startswith("---") and re.match(r"---\n(?:.*\n)*?[\w ]+:", meta.body):
            line = meta.body_line
            raise Unreadable(
                reading.SECOND_BLOCK, _("A second block of metadata begins on line {line}.").format(line=line), line
            )
        sign = markdown.tangled(meta.body)
        if sign:
            shown = _("line breaks") if sign == "\n" else f'"{sign}"'
            raise Unreadable(reading.TANGLED, _("The text holds too many {sign}.").format(sign=shown), meta.body_line)
    except Unreadable as error:
        return Parsed(None, (*findings, error.finding))
    parsed = assemble(meta, unit, zone, swift=swift)
    meant = _title(source.proposed) if source.proposed and parsed.item else ""
    return replace(parsed, findings=(*findings, *parsed.findings), meant=meant)


def assemble(meta: Metadata, unit: Unit, zone: ZoneInfo, *, swift: bool = False) -> Parsed:
    """An item from its raw metadata and its Markdown, wherever they were read."""
    draft = _typed(meta, zone)
    if any(finding.severity == "error" for finding in draft.findings):
        return Parsed(None, tuple(draft.findings))
    return Parsed(_item(draft, meta, unit, zone, swift), tuple(draft.findings))


def _title(proposed: str) -> str:
    try:
        found = metadata.read(proposed).values
        return next((values.text(value) for key, value in found.items() if key_name(key) == "title"), "")
    except (Unreadable, values.WrongValue):
        return ""


def _typed(meta: Metadata, zone: ZoneInfo) -> _Draft:
    draft = _Draft()
    readers = dict(_READERS)
    readers["publish_at"] = readers["expires_at"] = lambda value: values.moment(value, zone)
    for typed, value in meta.values.items():
        line, key = meta.lines.get(typed), strip_invisible(typed)
        name = key_name(key)
        if name not in readers:
            if name not in _KEPT_KEYS:
                draft.findings.append(reading.UNKNOWN_KEY.finding(_unknown(key, readers), key[:60], line))
            continue
        if value in ("", None, []):
            continue
        draft.lines[name] = line or 1
        try:
            draft.values[name] = readers[name](value)
        except values.WrongValue as error:
            draft.findings.append(reading.WRONG_VALUE.finding(f'"{key[:60]}": {error}.', name, line))
    if "kind" not in draft.values and not draft.findings:
        message = _('The key "kind" is missing: article, clip or qa.')
        draft.findings.append(reading.WRONG_VALUE.finding(message, "kind", 1))
    return draft


def key_name(key: str) -> str:
    """The model's name of a key in any spelling; an unknown key only folded."""
    folded = values.fold(key)
    return _ALIASES.get(folded, folded)


def typed(name: str, value: Any) -> Any:
    """A raw value as the model keeps it, by the model's name of its key.

    Raises:
        WrongValue: it is not of the kind that the key needs.
    """
    return _READERS[name](value)


def knows(key: str) -> bool:
    """Whether a key in any spelling is one of ours."""
    return key_name(key) in {*_READERS, "publish_at", "expires_at", *_KEPT_KEYS}


def _unknown(key: str, readers: dict[str, Any]) -> str:
    import difflib

    near = difflib.get_close_matches(values.fold(key), [*readers, *_ALIASES], n=1, cutoff=0.75)
    if near:
        return _('The key "{key}" is unknown; did you mean "{near}"?').format(key=key[:60], near=near[0])
    return _('The key "{key}" is unknown.').format(key=key[:60])


def _item(draft: _Draft, meta: Metadata, unit: Unit, zone: ZoneInfo, swift: bool) -> Item:
    got = draft.values.get
    day = got("date")
    midnight = datetime.combine(day, time(0), zone) if day else None
    body = strip_invisible(meta.body)
    common: dict[str, Any] = {
        "unit": unit, "kind": got("kind"), "date": day, "published": got("publish_at") or midnight,
        "expires": got("expires_at"), "status": got("status", "ready"), "lines": draft.lines, "id": got("id", ""),
        "urgent": bool(got("urgent")), "consent": got("consent", False), "masking": got("masking", False),
        "document": markdown.document(body, meta.body_line, swift=swift),
    }  # fmt: skip
    common |= {
        key: got(key, "") for key in ("title", "summary", "author", "source", "cover", "cover_alt", "corrections")
    }
    common |= {key: got(key, ()) for key in ("areas", "topics", "fields", "audience", "channels", "hashtags")}
    if common["kind"] == "clip":
        parts = {key: got(key, "") for key in ("video", "program", "captions", "transcript")}
        return Clip(**common, **parts, duration=got("duration"))
    if common["kind"] == "qa":
        parts = {key: got(key, "") for key in ("question", "asker", "procedure", "answered_by")}
        return QA(**common, **parts, legal_basis=got("legal_basis", ()))
    return Article(**common)
