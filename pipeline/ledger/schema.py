"""Tables of the ledger. People write want, hold, priority, not_before; workers write the rest of a delivery."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)  # fmt: skip

from pipeline.ledger import conditions

# Indexes of a part of a table say which in `info`; the migrations make them so. As an option of one database it would load
# that database's whole dialect at each start.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }  # fmt: skip
)


class UtcTime(TypeDecorator[datetime]):
    """Aware times, stored in UTC; SQLite would lose the zone otherwise (libraries.md, trap 3)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("the ledger takes aware times only")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        found: datetime = value
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


item = Table(
    "item", metadata,
    Column("id", String, primary_key=True),
    Column("unit", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("address", String, nullable=False, unique=True),
    Column("first_published", UtcTime, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("areas", JSON, nullable=False),
    Column("expires", UtcTime),
    Column("attention", Text, nullable=False, server_default=""),
    Column("author", Text, nullable=False, server_default=""),
    Column("urgent", Boolean, nullable=False, server_default=text("false")),
    Column("stopped", Text, nullable=False, server_default=""),
)  # fmt: skip

# The words of an item, folded. What finds them (FTS5, tsvector) is made by migration 0010 and follows this table by itself.
search = Table(
    "search", metadata,
    Column("id", Integer, primary_key=True),
    Column("item", String, ForeignKey("item.id"), nullable=False, unique=True),
    Column("facts", Text, nullable=False),
    Column("body", Text, nullable=False, server_default=""),
)  # fmt: skip

# What needs an editor or an approver; used only by queries that repeat these very words.
WAITING = "attention <> ''"
WAITING_ITEM = "item.attention <> ''"
Index("ix_item_waiting", item.c.id, info={"where": WAITING})

EXPIRES = "expires IS NOT NULL"
Index("ix_item_expires", item.c.expires, info={"where": EXPIRES})

drop = Table(
    "drop", metadata,
    Column("path", String, primary_key=True),
    Column("unit", String, nullable=False),
    Column("stamp", String, nullable=False),
    Column("assets", JSON, nullable=False),
    Column("digest", String, nullable=False),
    Column("item", String, ForeignKey("item.id"), index=True),
    Column("edition", Integer),
    Column("outcome", String, nullable=False),
    Column("seen", UtcTime, nullable=False),
    Column("missing_since", UtcTime),
)  # fmt: skip

edition = Table(
    "edition", metadata,
    Column("item", String, ForeignKey("item.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("digest", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("outcome", String, nullable=False),
    Column("waits", Boolean, nullable=False, server_default=text("true")),  # until somebody approves it
    Column("tagging", JSON, nullable=False),
    Column("recorded", UtcTime, nullable=False),
)  # fmt: skip

finding = Table(
    "finding", metadata,
    Column("id", Integer, primary_key=True),
    Column("path", String, ForeignKey("drop.path"), nullable=False, index=True),
    Column("code", String, nullable=False),
    Column("severity", String, nullable=False),
    Column("message", Text, nullable=False),
    Column("field", String, nullable=False),
    Column("line", Integer),
    Column("hint", Text, nullable=False),
)  # fmt: skip

post = Table(
    "post", metadata,
    Column("item", String, ForeignKey("item.id"), primary_key=True),
    Column("edition", Integer, primary_key=True),
    Column("channel", String, primary_key=True),
    Column("body", Text, nullable=False),
    Column("digest", String, nullable=False),
    Column("not_before", UtcTime),
    Column("after", String, nullable=False, server_default=""),
)  # fmt: skip

delivery = Table(
    "delivery", metadata,
    Column("id", Integer, primary_key=True),
    Column("item", String, ForeignKey("item.id"), nullable=False),
    Column("channel", String, nullable=False),
    Column("want", Integer, nullable=False, server_default="0"),
    Column("hold", Boolean, nullable=False, server_default=text("false")),
    Column("cancelled", Boolean, nullable=False, server_default=text("false")),
    Column("priority", Integer, nullable=False, server_default="5"),
    Column("not_before", UtcTime, nullable=False),
    Column("after", String, nullable=False, server_default=""),
    Column("have", Integer, nullable=False, server_default="0"),
    Column("remote_id", String, nullable=False, server_default=""),
    Column("url", String, nullable=False, server_default=""),
    Column("state", String, nullable=False, server_default="idle"),
    Column("op", String, nullable=False, server_default=""),
    Column("op_edition", Integer, nullable=False, server_default="0"),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("owner", String, nullable=False, server_default=""),
    Column("lease_until", UtcTime),
    Column("next_at", UtcTime),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("pending", String, nullable=False, server_default=""),
    Column("accepted_at", UtcTime),
    Column("unsure_since", UtcTime),
    Column("looked", Integer, nullable=False, server_default="0"),
    Column("again", Integer, nullable=False, server_default="0"),
    Column("person", Boolean, nullable=False, server_default=text("false")),
    Column("candidates", JSON(none_as_null=True)),
    Column("error", Text, nullable=False, server_default=""),
    Column("changed", UtcTime, nullable=False),
    # When the oldest of the item's files was last looked at, or earlier: what falls due after it is looked at once more.
    Column("checked", UtcTime, nullable=False, server_default=text("'1970-01-01 00:00:00.000000'")),
    UniqueConstraint("item", "channel"),
)  # fmt: skip
Index("ix_delivery_due", delivery.c.channel, delivery.c.priority, delivery.c.not_before, delivery.c.id,
      info={"where": conditions.OPEN})  # fmt: skip
Index("ix_delivery_unchecked", delivery.c.not_before, info={"where": conditions.UNCHECKED})
Index("ix_delivery_newest", delivery.c.changed, delivery.c.id)
Index("ix_delivery_leased", delivery.c.lease_until, info={"where": "lease_until IS NOT NULL"})
Index("ix_delivery_live", delivery.c.changed, delivery.c.id, info={"where": conditions.LIVE})
Index("ix_delivery_settled", delivery.c.channel, delivery.c.have, info={"where": conditions.SETTLED})

attempt = Table(
    "attempt",
    metadata,
    Column("delivery", Integer, ForeignKey("delivery.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("op", String, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("owner", String, nullable=False),
    Column("started", UtcTime, nullable=False),
    Column("ended", UtcTime),
    Column("request", String, nullable=False, server_default=""),
    Column("outcome", String, nullable=False, server_default=""),
    Column("code", String, nullable=False, server_default=""),
    Column("trace", String, nullable=False, server_default=""),
    Column("error", Text, nullable=False, server_default=""),
)
Index("ix_attempt_newest", attempt.c.started, attempt.c.delivery, attempt.c.number)
Index("ix_attempt_started", attempt.c.op, attempt.c.started)  # fmt: skip

receipt = Table(
    "receipt", metadata,
    Column("delivery", Integer, ForeignKey("delivery.id"), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("edition", Integer, nullable=False),
    Column("remote_id", String, nullable=False),
    Column("url", String, nullable=False),
    Column("at", UtcTime, nullable=False),
)  # fmt: skip

approval = Table(
    "approval", metadata,
    Column("item", String, primary_key=True),
    Column("edition", Integer, primary_key=True),
    Column("who", String, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("at", UtcTime, nullable=False),
)  # fmt: skip

# Editions that an editor sent back to their unit; they stay refused however often the file is looked at.
returned = Table(
    "returned", metadata,
    Column("item", String, primary_key=True),
    Column("edition", Integer, primary_key=True),
    Column("who", String, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)  # fmt: skip

token = Table(
    "token", metadata,
    Column("account", String, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("expires", UtcTime, nullable=False),
    Column("version", Integer, nullable=False),
    Column("spent", String, nullable=False, server_default=""),
)  # fmt: skip

channel = Table(
    "channel", metadata,
    Column("name", String, primary_key=True),
    Column("hold", Boolean, nullable=False),
    Column("until", UtcTime),
    Column("reason", Text, nullable=False, server_default=""),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("rest_until", UtcTime),
    Column("rest_why", Text, nullable=False, server_default=""),
    Column("succeeded", UtcTime),
    Column("checked", UtcTime),
    Column("healthy", Boolean, nullable=False, server_default=text("true")),
    Column("message", Text, nullable=False, server_default=""),
    Column("remedy", Text, nullable=False, server_default=""),
    Column("expires", UtcTime),
)  # fmt: skip

run = Table(
    "run", metadata,
    Column("job", String, primary_key=True),
    Column("slot", UtcTime, primary_key=True),
    Column("who", String, nullable=False),
    Column("at", UtcTime, nullable=False),
)  # fmt: skip

blackout = Table(
    "blackout", metadata,
    Column("id", Integer, primary_key=True),
    Column("starts", UtcTime, nullable=False),
    Column("ends", UtcTime),
    Column("why", Text, nullable=False),
    Column("who", String, nullable=False),
)  # fmt: skip

audit = Table(
    "audit", metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("who", String, nullable=False),
    Column("what", String, nullable=False),
    Column("subject", String, nullable=False, index=True),
    Column("note", Text, nullable=False, server_default=""),
    Column("where_from", String, nullable=False, server_default=""),
    Column("chain", String, nullable=False, server_default=""),
)  # fmt: skip

account = Table(
    "account", metadata,
    Column("login", String, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", String, nullable=False),
    Column("unit", String, nullable=False, server_default=""),
    Column("email", String, nullable=False, server_default=""),
    Column("subject", String, nullable=False, server_default=""),
    Column("password", Text, nullable=False, server_default=""),
    Column("disabled", Boolean, nullable=False, server_default=text("false")),
    Column("created", UtcTime, nullable=False),
)  # fmt: skip

# Ids and tokens are as good as passwords, so only their SHA-256 stands here.
session = Table(
    "session", metadata,
    Column("id", String, primary_key=True),
    Column("login", String, ForeignKey("account.login"), nullable=False, index=True),
    Column("began", UtcTime, nullable=False),
    Column("seen", UtcTime, nullable=False),
    Column("where_from", String, nullable=False, server_default=""),
)  # fmt: skip

api_token = Table(
    "api_token", metadata,
    Column("id", String, primary_key=True),
    Column("login", String, ForeignKey("account.login"), nullable=False),
    Column("name", String, nullable=False),
    Column("read_only", Boolean, nullable=False),
    Column("created", UtcTime, nullable=False),
    UniqueConstraint("login", "name"),
)  # fmt: skip

# A login that was tried and has not succeeded; counted for some minutes, then forgotten.
failure = Table(
    "failure", metadata,
    Column("id", Integer, primary_key=True),
    Column("login", String, nullable=False, index=True),
    Column("where_from", String, nullable=False, index=True),
    Column("at", UtcTime, nullable=False, index=True),
)  # fmt: skip

feed = Table(
    "feed", metadata,
    Column("name", String, primary_key=True),
    Column("url", String, nullable=False),
    Column("etag", Text, nullable=False, server_default=""),
    Column("modified", Text, nullable=False, server_default=""),
    Column("asked", UtcTime, nullable=False),
    Column("answered", UtcTime),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("error", Text, nullable=False, server_default=""),
)  # fmt: skip

# A story is taken once in its scope: all units together, each press outlet for itself.
story = Table(
    "story", metadata,
    Column("id", Integer, primary_key=True),
    Column("feed", String, nullable=False),
    Column("scope", String, nullable=False),
    Column("id_key", String, nullable=False),
    Column("link_key", String, nullable=False),
    Column("title_key", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("link", Text, nullable=False),
    Column("title", Text, nullable=False, server_default=""),
    Column("areas", JSON, nullable=False),
    Column("published", UtcTime, nullable=False),
    Column("seen", UtcTime, nullable=False),
    Column("state", String, nullable=False),
    Column("path", String, nullable=False, server_default=""),
    Column("digest", String, nullable=False, server_default=""),
    UniqueConstraint("scope", "id_key"),
    UniqueConstraint("scope", "link_key"),
    UniqueConstraint("scope", "title_key"),
)  # fmt: skip
Index("ix_story_counted", story.c.kind, story.c.published)

notice = Table(
    "notice", metadata,
    Column("path", String, primary_key=True),
    Column("fingerprint", String, primary_key=True),
    Column("recipient", String, primary_key=True),
    Column("claimed", UtcTime, nullable=False),
    Column("sent", UtcTime),
)  # fmt: skip

likeness = Table(
    "likeness", metadata,
    Column("id", Integer, primary_key=True),
    Column("path", String, nullable=False, unique=True),
    Column("item", String, nullable=False, index=True),
    Column("unit", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("shingles", LargeBinary, nullable=False),
    Column("pictures", JSON, nullable=False),
    Column("sketch", LargeBinary),
    sqlite_autoincrement=True,
)  # fmt: skip

likeness_band = Table(
    "likeness_band", metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("likeness", Integer, ForeignKey("likeness.id"), primary_key=True, index=True),
)  # fmt: skip

likeness_passage = Table(
    "likeness_passage", metadata,
    Column("hash", BigInteger, primary_key=True, autoincrement=False),
    Column("likeness", Integer, ForeignKey("likeness.id"), primary_key=True, index=True),
)  # fmt: skip

alert = Table(
    "alert", metadata,
    Column("target", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("text", Text, nullable=False),
    Column("sign", Text, nullable=False),
    Column("told", UtcTime, nullable=False),
)  # fmt: skip
