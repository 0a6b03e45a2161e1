"""The nouns of the glossary, frozen: what is dropped, what it means, what was found in it, and what is planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from markdown_it.token import Token

Kind = Literal["article", "clip", "qa"]
KINDS: tuple[Kind, ...] = ("article", "clip", "qa")
AREAS = ("kstthc", "mot-cua", "de-an-06", "chuyen-doi-so")
CHANNELS = ("portal", "zalo", "facebook")  # what an item may ask for; "portal" is every form in which there is one
PORTALS = ("portal", "wordpress")  # channels that carry the page to which the others link, the first one leads
STATUSES = ("ready", "draft", "withdrawn")


class Severity(StrEnum):
    """What a finding does: an error rejects, a review holds for an editor, a warning only tells."""

    ERROR = "error"
    REVIEW = "review"
    WARNING = "warning"


class Outcome(StrEnum):
    """What becomes of a drop."""

    PUBLISH = "publish"
    REVIEW = "review"
    REJECT = "reject"
    IGNORE = "ignore"


@dataclass(frozen=True)
class Finding:
    """What a rule says of a drop, in the language of its editor.

    Args:
        code: the rule's code, never reused.
        field: front matter key as the model names it, empty when it concerns the text or the file.
        line: 1-based line of the file, None when no line fits.
        hint: how to mend it.
        proposal: what the place would look like mended; empty when only a person can tell.
    """

    code: str
    severity: Severity
    message: str
    field: str = ""
    line: int | None = None
    hint: str = ""
    proposal: str = ""


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


@dataclass(frozen=True)
class Drop:
    """A file, or a folder with index.md or one Word document, as it lies in the content folder.

    Args:
        path: the text file, relative to the content root, with "/" (a folder drop names its index.md or its document).
        file: the text file on disk.
        folder: where its pictures may lie: the unit's folder, or the drop's own folder for a folder drop.
        unit_folder: first part of the path, empty when the file lies outside any unit's folder.
        stamp: size, mtime and inode of the text file and of its attachments; with those of its assets it tells whether
            to look again.
        attachments: names in `folder` of what a folder drop brings along for readers to download.
        wrong: why it is no file to be read: deep (a folder below all that are looked into), link, many (it stands for
            further files that cannot be taken in), unnamed (a picture or clip that no text names); empty otherwise.
    """

    path: str
    file: Path
    folder: Path
    unit_folder: str
    stamp: str
    attachments: tuple[str, ...] = ()
    wrong: str = ""


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


@dataclass(frozen=True)
class Slot:
    """Channel, earliest time and what must come first."""

    channel: str
    not_before: datetime
    after: str = ""


@dataclass(frozen=True)
class Delivery:
    """One item on one channel: what people want there and what is there (0 absent, n edition n)."""

    id: int
    item: str
    channel: str
    want: int
    have: int
    state: str
    remote_id: str = ""
    url: str = ""


@dataclass(frozen=True)
class Gate:
    """What a channel may begin at a moment: decided from its hours and limits, obeyed inside the claim.

    Only a first publication has to pass; corrections and withdrawals never wait, urgent notices neither.

    Args:
        open: posts may go out now.
        why: the reason when they may not, for people.
        since: aware time since which it has been open.
        quotas: at most `most` publications since an aware time.
        gap: least time between two publications.
        alone: one delivery of the channel at a time.
    """

    open: bool = True
    why: str = ""
    since: datetime | None = None
    quotas: tuple[tuple[datetime, int], ...] = ()
    gap: timedelta = timedelta(0)
    alone: bool = False


@dataclass(frozen=True)
class Claim:
    """A delivery that this worker may try now; `attempt` is the fence.

    Args:
        op: publish, revise, withdraw, confirm (a pending token) or find (an unsure publish).
        edition: the edition to bring about; 0 for a withdrawal.
        pending: the channel's token for a post that it took but has no id for.
        post: the stored post of the edition, as text.
        shown: the stored post that is on the channel now, as text; empty before the first publication.
        since: aware time of the first attempt, from which an unsure post is looked for.
        tries: attempts since the last success that ended in "later".
        looked: how often an unsure post was looked for in vain.
        accepted: aware time at which the channel took a pending post.
        leave_by: reading of `channels.http.ticks` after which no write may leave this worker.
    """

    delivery: int
    item: str
    channel: str
    op: Literal["publish", "revise", "withdraw", "confirm", "find"]
    edition: int
    attempt: int
    remote_id: str
    url: str
    pending: str
    post: str
    since: datetime
    tries: int
    shown: str = ""
    looked: int = 0
    accepted: datetime | None = None
    leave_by: float = float("inf")

    @property
    def brings(self) -> str:
        """What a confirmed token brings about."""
        return "revise" if self.remote_id else "publish"


@dataclass(frozen=True)
class Attempt:
    """How one try ended; kept for ever.

    Args:
        outcome: done, accepted, later, held, refused, unsure, absent, several or unchanged.
        retry_at: aware time before which the delivery is left alone.
        candidates: (remote id, address) of posts among which a person chooses.
        person: a person has to decide; nothing is tried until then.
        trace: the platform's trace id.
        rest: seconds to leave the whole channel alone.
        unclear: a revision or withdrawal got no clear answer, so it may have been done.
        trouble: the channel itself failed (no connection, throttle, no clear answer), which feeds its circuit.
    """

    outcome: str
    remote_id: str = ""
    url: str = ""
    pending: str = ""
    error: str = ""
    code: str = ""
    retry_at: datetime | None = None
    candidates: tuple[tuple[str, str], ...] = ()
    person: bool = False
    trace: str = ""
    rest: float = 0.0
    trouble: bool = False
    unclear: bool = False


@dataclass(frozen=True)
class PictureReport:
    """What is known of a picture that an item names; `problem` is empty when it may be used.

    Args:
        problem: missing, outside, empty, too-large-file, bomb, not-a-picture, photo, drawing, program, truncated or type.
        width, height: pixels, 0 when unknown.
        kind: what the file is when it is no picture for the web, such as HEIC or EMF.
        moves: it has more frames than the first, which is shown.
    """

    path: str
    problem: str = ""
    width: int = 0
    height: int = 0
    kind: str = ""
    moves: bool = False


@dataclass(frozen=True)
class AttachmentReport:
    """What is known of an attachment; `problem` is empty when it may be published.

    Args:
        problem: type, missing, too-big, not-a-pdf, broken, locked or scripts.
        size: bytes, 0 when unknown.
        digest: SHA-256 of the bytes that were looked at.
        pages: the words of each page; the first part is what stands outside of pages (its title, bookmarks, …).
        pictured: numbers of the pages that show something and hold no words, such as scans.
        unread: why the words are not known in full: "stuck" (it took too much time or memory), "long" or "letters"
            (they are in no alphabet that makes sense); empty when they are.
    """

    name: str
    problem: str = ""
    size: int = 0
    digest: str = ""
    pages: tuple[str, ...] = ()
    pictured: tuple[int, ...] = ()
    unread: str = ""


@dataclass(frozen=True)
class CaptionsReport:
    """What is known of a clip's captions file.

    Args:
        words: without times and tags, a row a line.
        problem: why it cannot be used, for people, and the 1-based `line` of it, 0 when none fits.
        foreign: 1-based line of the first tag that no captions have, 0 without one.
        written: the same captions as WebVTT, with nothing but times and words.
    """

    words: str = ""
    problem: str = ""
    line: int = 0
    foreign: int = 0
    written: bytes = b""
