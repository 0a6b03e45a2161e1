"""The fields of the forms for article, clip and Q&A: what is asked, how it is explained, and how it becomes a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.desk.receiving import Form
from pipeline.i18n import N_
from pipeline.model import AREAS, CHANNELS
from pipeline.parse import values as read
from pipeline.parse.item import key_name, typed
from pipeline.parse.values import WrongValue
from pipeline.text import nfc
from pipeline.writing import Value

_ALL = ("article", "clip", "qa")


@dataclass(frozen=True)
class Field:
    """One field; `shape` is line, date, moment, text, rows (one value a line), words (by commas), areas, channels, yes."""

    name: str
    label: str
    help: str = ""
    shape: str = "line"
    kinds: tuple[str, ...] = _ALL
    required: bool = False
    most: int = 300


FIELDS = (
    Field("title", N_("Title"), N_("One sentence that says what is new for citizens; short enough for a phone."), required=True),
    Field("summary", N_("Summary"), N_("One or two sentences for citizens; Zalo and Facebook show them first."), "text", required=True, most=2000),
    Field("date", N_("Day"), N_("The day of the event or of the answer."), "date", required=True, most=40),
    Field("video", N_("Video"), N_("A YouTube address, or a file in the unit's folder such as video/clip.mp4."), kinds=("clip",), required=True, most=500),
    Field("duration", N_("Duration"), N_("Minutes and seconds, for example 01:20."), kinds=("clip",), most=20),
    Field("program", N_("Programme"), N_("The series that the clip belongs to."), kinds=("clip",)),
    Field("captions", N_("Subtitles"), N_("A .vtt or .srt file in the unit's folder, so that deaf people can follow."), kinds=("clip",)),
    Field("transcript", N_("What is said"), N_("The spoken words, for those who cannot listen."), "text", ("clip",), most=100_000),
    Field("question", N_("Question"), N_("As the citizen asked it, without name, number or address."), "text", ("qa",), required=True, most=20_000),
    Field("asker", N_("Who asks"), N_("For example: a reader in Đại Mỗ ward. Never the full name."), kinds=("qa",)),
    Field("answered_by", N_("Who answers"), N_("The office that answers for it."), kinds=("qa",), required=True),
    Field("procedure", N_("Procedure code"), N_("For example 1.009994, if the answer is about one."), kinds=("qa",), most=40),
    Field("legal_basis", N_("Legal basis"), N_("One document a line, with its number."), "rows", ("qa",), most=4000),
    Field("body", N_("Text"), N_("An empty line begins a paragraph. ## heading, **bold**, - list, [words](https://…). For a question this is the answer."), "body", most=250_000),
    Field("cover", N_("Cover picture"), N_("A picture in the unit's folder, or choose one to upload."), most=200),
    Field("cover_alt", N_("What the cover shows"), N_("For those who cannot see it: who, where, what happens."), most=500),
    Field("areas", N_("Areas"), N_("Leave all empty and the words of the text decide."), "areas"),
    Field("channels", N_("Channels"), "", "channels"),
    Field("hashtags", "Hashtag", N_("Separated by commas."), "words"),
    Field("author", N_("Author"), ""),
    Field("source", N_("Source"), ""),
    Field("publish_at", N_("Not before"), N_("Day and time, for example 07:30 24/11/2026; empty: as soon as possible."), most=40),
    Field("corrections", N_("Correction"), N_("Only after publication: what was wrong and what is right; readers see it under the text."), "text", most=2000),
    Field("consent", N_("Everybody who can be recognised in the pictures agreed to it"), "", "yes"),
)  # fmt: skip
# Fields of a file that the form does not show; a finding may be about them.
_OTHERS = {"kind": N_("Kind"), "status": N_("State"), "unit": N_("Unit"), "id": N_("Id of the item"), "topics": N_("Topics"), "urgent": N_("Urgent"),
           "expires_at": N_("Valid until"), "fields": N_("Fields"), "audience": N_("Audiences"), "masking": N_("Masking"), "text_repair": N_("Text repair")}  # fmt: skip
_BY_NAME = {one.name: one for one in FIELDS}


def of(kind: str) -> list[Field]:
    """The fields of a kind, in the order of the form."""
    return [one for one in FIELDS if kind in one.kinds]


def label(name: str) -> str:
    """What a person calls a field; an unknown key stays as it is."""
    return _BY_NAME[name].label if name in _BY_NAME else _OTHERS.get(name, name)


def shown(kind: str, meta: Mapping[str, Any], body: str) -> dict[str, Any]:
    """A file's raw values as the form shows them; lists for what is chosen from a list."""
    raw = {key_name(key): value for key, value in meta.items()}
    return {field.name: body if field.shape == "body" else _shown(field, raw.get(field.name)) for field in of(kind)}


def _shown(field: Field, value: Any) -> Any:
    try:
        if field.shape in ("areas", "channels"):
            return list(typed(field.name, value)) if value else []
        if field.shape == "yes":
            return "yes" if value and read.yes(value) else ""
    except WrongValue:
        return [] if field.shape in ("areas", "channels") else ""
    if isinstance(value, list):
        return ("\n" if field.shape == "rows" else ", ").join(str(one) for one in value)
    return str(value) if value and not isinstance(value, dict) else ""


def given(kind: str, form: Form) -> dict[str, Any]:
    """What a person put into the form, as `shown` would show it: NFC, "\\n" line ends, no longer than the field takes."""
    found: dict[str, Any] = {}
    for field in of(kind):
        if field.shape in ("areas", "channels"):
            known = AREAS if field.shape == "areas" else CHANNELS
            found[field.name] = [one for one in known if one in form.fields.get(field.name, [])]
        elif field.shape == "yes":
            found[field.name] = "yes" if form.get(field.name) else ""
        else:
            text = nfc(form.get(field.name).replace("\r\n", "\n").replace("\r", "\n"))[: field.most]
            found[field.name] = text if field.shape in ("body", "text", "rows") else " ".join(text.split())
    return found


def value(name: str, shown_value: Any) -> Value:
    """The value to write for what the form shows."""
    field = _BY_NAME[name]
    if isinstance(shown_value, list):
        return shown_value
    if field.shape == "rows":
        return [row.strip() for row in shown_value.split("\n") if row.strip()]
    if field.shape == "words":
        return list(read.words(shown_value))
    return str(shown_value).strip()
