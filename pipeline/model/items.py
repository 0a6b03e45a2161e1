"""What units send: a drop, the item in it, and who it is for ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from markdown_it.token import Token

Kind = Literal["article", "clip", "qa"]
KINDS: tuple[Kind, ...] = ("article", "clip", "qa")
AREAS = ("kstthc", "mot-cua", "de-an-06", "chuyen-doi-so")
CHANNELS = ("portal", "zalo", "facebook")  # what an item may ask for; "portal" is every form in which there is one
PORTALS = ("portal", "wordpress")  # channels that carry the page to which the others link, the first one leads
STATUSES = ("ready", "draft", "withdrawn")


@dataclass(frozen=True)
class Unit:
    """An office that sends content (data/units.csv), valid from and to a date, both included."""

    id: str
    name: str
    slug: str
    valid_from: date | None
    valid_to: date | None
    successors: tuple[str, ...]
    aliases: tuple[str, ...]

    def valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class LegalDocument:
    """A row of the legal register (data/legal_status.csv).

    Args:
        ended: last day on which it was law, None while it still is.
        successor: what replaced it, as people cite it.
        checked: False when the office still has to confirm the row.
    """

    ref: str
    title: str
    issued: date | None
    ended: date | None
    successor: str
    checked: bool


class Drop(NamedTuple):
    """A file, or a folder with index.md or one Word document, as it lies in the content folder.

    A tuple, and its paths are made when they are asked for: each look makes one for every file of the archive.

    Args:
        root: the content folder.
        path: the text file, relative to `root`, with "/" (a folder drop names its index.md or its document).
        stamp: size, mtime and inode of the text file and of its attachments; with those of its assets it tells whether
            to look again.
        own_folder: a folder drop, whose files lie in its own folder and not in the unit's.
        attachments: names in `folder` of what a folder drop brings along for readers to download.
        wrong: why it is no file to be read: deep (a folder below all that are looked into), link, many (it stands for
            further files that cannot be taken in), unnamed (a picture or clip that no text names); empty otherwise.
        written: where the text lies when it is not in the content folder yet; the files that it names are looked for there.
    """

    root: Path
    path: str
    stamp: str
    own_folder: bool = False
    attachments: tuple[str, ...] = ()
    wrong: str = ""
    written: Path | None = None

    @property
    def file(self) -> Path:
        """The text file on disk."""
        return self.written or self.root / self.path

    @property
    def unit_folder(self) -> str:
        """First part of the path, empty when the file lies outside any unit's folder."""
        return self.path.partition("/")[0] if "/" in self.path else ""

    @property
    def folder(self) -> Path:
        """Where its pictures may lie: the unit's folder, or the drop's own folder for a folder drop."""
        return self.root / (self.path.rpartition("/")[0] if self.own_folder else self.unit_folder)


@dataclass(frozen=True)
class Link:
    href: str
    text: str
    line: int


@dataclass(frozen=True)
class Image:
    """A picture in the body; `title` is its caption."""

    src: str
    alt: str
    title: str
    line: int


@dataclass(frozen=True)
class RawHtml:
    """HTML that an editor wrote into the Markdown."""

    code: str
    line: int


@dataclass(frozen=True)
class Document:
    """The body, parsed once; every channel renders from these tokens.

    Args:
        source: NFC Markdown.
        first_line: 1-based line of the file on which the body starts.
        text: the words as a reader sees them, blocks separated by newlines.
        aside: words of the file that are never published (header, footer, comments, hidden text of Word).
    """

    source: str
    first_line: int
    tokens: tuple[Token, ...]
    text: str
    headings: tuple[str, ...]
    links: tuple[Link, ...]
    images: tuple[Image, ...]
    html: tuple[RawHtml, ...]
    aside: str = ""


@dataclass(frozen=True, kw_only=True)
class Item:
    """What a drop means (tin). Times are aware; texts are NFC.

    Args:
        lines: 1-based line of each front matter key, by the model's name of the key.
        published: when it is to be public; midnight of `date` when no time was given.
        channels: the channels that the editor asked for; empty means all that take this kind.
        consent: whoever is seen in the pictures agreed to it.
        masking: the sender accepts that personal data is masked; the original is then published nowhere.
        urgent: once an editor approved it, it passes quiet hours, limits and blackouts.
    """

    kind: Kind
    unit: Unit
    title: str
    summary: str
    date: date | None
    published: datetime | None
    expires: datetime | None
    author: str
    source: str
    cover: str
    cover_alt: str
    areas: tuple[str, ...]
    topics: tuple[str, ...]
    fields: tuple[str, ...]
    audience: tuple[str, ...]
    channels: tuple[str, ...]
    hashtags: tuple[str, ...]
    status: str
    corrections: str
    document: Document
    consent: bool = False
    masking: bool = False
    id: str = ""
    urgent: bool = False
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Article(Item):
    """News with a text (tin, bài)."""


@dataclass(frozen=True, kw_only=True)
class Clip(Item):
    """A video with its metadata; `duration` in seconds."""

    video: str
    duration: int | None
    program: str
    captions: str
    transcript: str


@dataclass(frozen=True, kw_only=True)
class QA(Item):
    """A citizen's question with its answer, which is the body."""

    question: str
    asker: str
    procedure: str
    legal_basis: tuple[str, ...]
    answered_by: str


@dataclass(frozen=True)
class Identity:
    """What stays the same for as long as an item lives.

    Args:
        id: from front matter, else derived from the first path and remembered.
        address: path of the portal page, "2026/11/slug-id.html".
        first_published: aware time that the portal shows as publication date.
    """

    id: str
    address: str
    first_published: datetime
