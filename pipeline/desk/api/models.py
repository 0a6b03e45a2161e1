"""Items and deliveries in the answers of the API; the words are the glossary's. Times are UTC, as ISO 8601 with "Z"."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from pipeline.i18n import N_

View = Literal["failed", "in_doubt", "held", "sending", "planned", "published", "withdrawn"]
State = Literal["idle", "sending", "accepted", "in_doubt", "checking", "failed"]
Severity = Literal["error", "review", "warning"]


class Model(BaseModel):
    """A row of the ledger, without what is nobody else's business."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Finding(Model):
    code: Annotated[str, Field(description=N_("Code of the rule."))]
    severity: Annotated[
        Severity, Field(description=N_("error rejects, review holds for an editor, warning only tells."))
    ]
    message: str
    field: str
    line: int | None
    hint: Annotated[str, Field(description=N_("How to mend it."))]


class File(Model):
    path: str
    unit: str
    item: str | None
    edition: int | None
    outcome: Annotated[str, Field(description=N_("publish, review, reject or ignore."))]
    seen: AwareDatetime
    missing_since: AwareDatetime | None
    findings: list[Finding]


class Item(Model):
    id: str
    unit: str
    kind: Annotated[str, Field(description=N_("article, clip or qa."))]
    title: str
    url: Annotated[str, Field(description=N_("Address of its page on the portal."))]
    first_published: AwareDatetime
    edition: Annotated[int, Field(description=N_("Number of its newest edition."))]
    areas: list[str]
    expires: AwareDatetime | None
    author: str
    urgent: bool
    attention: Annotated[str, Field(description=N_("Why it waits for a person; empty when it does not."))]
    stopped: Annotated[str, Field(description=N_("Why it was withdrawn everywhere; empty when it was not."))]


class Delivery(Model):
    id: int
    item: str
    title: str
    unit: str
    kind: str
    areas: list[str]
    channel: str
    view: Annotated[View, Field(description=N_("How it stands, in one word, as the monitor says it."))]
    state: State
    want: Annotated[int, Field(description=N_("Edition that should be public there, 0 for none."))]
    have: Annotated[int, Field(description=N_("Edition that is public there, 0 for none."))]
    hold: bool
    cancelled: bool
    priority: int
    not_before: AwareDatetime
    after: Annotated[str, Field(description=N_("Channel on which it has to be public before."))]
    remote_id: str
    url: str
    attempt: Annotated[int, Field(description=N_("Number of the last attempt."))]
    tries: int
    next_at: AwareDatetime | None
    unsure_since: AwareDatetime | None
    person: Annotated[bool, Field(description=N_("Whether a person has to decide."))]
    error: str
    changed: AwareDatetime


class Attempt(Model):
    delivery: int
    number: int
    item: str
    title: str
    unit: str
    channel: str
    op: Annotated[str, Field(description=N_("publish, confirm, find, revise or withdraw."))]
    edition: int
    owner: Annotated[str, Field(description=N_("Process that tried."))]
    started: AwareDatetime
    ended: AwareDatetime | None
    request: Annotated[str, Field(description=N_("SHA-256 of what was sent."))]
    outcome: Annotated[str, Field(description=N_("How it ended; empty while it is under way."))]
    code: str
    trace: str
    error: str
    remote_id: str | None
    url: str | None


class Edition(Model):
    number: int
    title: str
    outcome: str
    digest: Annotated[str, Field(description=N_("SHA-256 of text, metadata and pictures."))]
    recorded: AwareDatetime


class Post(Model):
    channel: str
    edition: int
    digest: str
    not_before: AwareDatetime | None
    body: Annotated[dict[str, Any], Field(description=N_("The stored post, exactly as it goes out."))]


class Approval(Model):
    edition: int
    who: str
    note: str
    at: AwareDatetime


class Return(Model):
    edition: int
    who: str
    why: str
    at: AwareDatetime


class Receipt(Model):
    channel: str
    edition: int
    attempt: int
    remote_id: str
    url: str
    at: AwareDatetime


class Deed(Model):
    at: AwareDatetime
    who: str
    what: str
    subject: str
    note: str


class ItemInFull(Item):
    file: Annotated[str | None, Field(description=N_("Its file below the content folder."))]
    outcome: str
    missing_since: AwareDatetime | None
    findings: list[Finding]
    editions: list[Edition]
    posts: Annotated[list[Post], Field(description=N_("What each channel shows or will show of the newest edition."))]
    deliveries: list[Delivery]
    approvals: list[Approval]
    sent_back: list[Return]
    receipts: Annotated[list[Receipt], Field(description=N_("Every copy that a channel ever took."))]
    deeds: Annotated[list[Deed], Field(description=N_("What people did to it."))]
    tagging: Annotated[dict[str, Any], Field(description=N_("Why it has its areas: words, places, weights."))]


class Items(Model):
    rows: list[Item]
    next: Annotated[str, Field(description=N_("Give it back as after for the next page; empty at the end."))]


class Deliveries(Model):
    rows: list[Delivery]
    next: Annotated[str, Field(description=N_("Give it back as after for the next page; empty at the end."))]


class Attempts(Model):
    rows: list[Attempt]
    next: Annotated[str, Field(description=N_("Give it back as after for the next page; empty at the end."))]


class Files(Model):
    rows: list[File]
    next: Annotated[str, Field(description=N_("Give it back as after for the next page; empty at the end."))]
