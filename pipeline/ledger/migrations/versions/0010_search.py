"""Full-text search: the words of every item, folded, and over them FTS5 on SQLite or a tsvector on PostgreSQL.

The index holds nothing of its own: triggers (SQLite) and a generated column (PostgreSQL) keep it equal to the table.

Revision ID: 0010
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from pipeline.ledger import searching
from pipeline.text import folded

revision = "0010"
down_revision = "0009"

_BATCH = 500  # items whose posts are read at a time
_ON_SQLITE = (
    "CREATE VIRTUAL TABLE search_index USING fts5(facts, body, content='search', content_rowid='id', detail='none', "
    "columnsize=0, tokenize='ascii', prefix='1 2 3')",
    "CREATE TRIGGER search_insert AFTER INSERT ON search BEGIN "
    "INSERT INTO search_index (rowid, facts, body) VALUES (new.id, new.facts, new.body); END",
    "CREATE TRIGGER search_delete AFTER DELETE ON search BEGIN "
    "INSERT INTO search_index (search_index, rowid, facts, body) VALUES ('delete', old.id, old.facts, old.body); END",
    "CREATE TRIGGER search_update AFTER UPDATE ON search "
    "WHEN old.id <> new.id OR old.facts <> new.facts OR old.body <> new.body BEGIN "
    "INSERT INTO search_index (search_index, rowid, facts, body) VALUES ('delete', old.id, old.facts, old.body); "
    "INSERT INTO search_index (rowid, facts, body) VALUES (new.id, new.facts, new.body); END",
)
_ON_POSTGRES = (
    "ALTER TABLE search ADD COLUMN document tsvector NOT NULL "
    "GENERATED ALWAYS AS (array_to_tsvector(string_to_array(btrim(facts || ' ' || body), ' '))) STORED",
    "CREATE INDEX ix_search_document ON search USING gin (document)",
)

_item = sa.table("item", *map(sa.column, ("id", "title", "unit", "address", "edition", "folded")))
_drop = sa.table("drop", sa.column("item"), sa.column("path"))
_post = sa.table("post", *map(sa.column, ("item", "edition", "channel", "body")))
_search = sa.table("search", sa.column("item"), sa.column("facts"), sa.column("body"))


def upgrade() -> None:
    op.create_table(
        "search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["item"], ["item.id"], name=op.f("fk_search_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search")),
        sa.UniqueConstraint("item", name=op.f("uq_search_item")),
    )
    connection = op.get_bind()
    for statement in _ON_POSTGRES if connection.dialect.name == "postgresql" else _ON_SQLITE:
        op.execute(statement)
    for rows in _portions(connection):
        connection.execute(sa.insert(_search), _words(connection, rows))
    op.drop_column("item", "folded")


def _portions(connection: sa.Connection) -> Iterator[list[Any]]:
    last = ""
    while rows := list(
        connection.execute(sa.select(_item).where(_item.c.id > last).order_by(_item.c.id).limit(_BATCH))
    ):
        yield rows
        last = rows[-1].id


def _words(connection: sa.Connection, rows: list[Any]) -> list[dict[str, str]]:
    """What was searched so far goes on being found; the text is that of the newest edition that has posts."""
    items = [row.id for row in rows]
    paths: dict[str, list[str]] = {}
    for one in connection.execute(sa.select(_drop).where(_drop.c.item.in_(items))):
        paths.setdefault(one.item, []).append(one.path)
    posts: dict[str, dict[int, dict[str, str]]] = {}
    for one in connection.execute(sa.select(_post).where(_post.c.item.in_(items))):
        posts.setdefault(one.item, {}).setdefault(one.edition, {})[one.channel] = one.body
    newest = {item: editions[max(editions)] for item, editions in posts.items()}
    return [
        {"item": row.id, "body": searching.body(newest.get(row.id, {})),
         "facts": searching.facts(row.id, row.title, row.unit, paths.get(row.id, []), row.address, row.folded)}
        for row in rows
    ]  # fmt: skip


def downgrade() -> None:
    op.add_column("item", sa.Column("folded", sa.Text(), server_default="", nullable=False))
    connection = op.get_bind()
    fold = sa.update(_item).where(_item.c.id == sa.bindparam("key")).values(folded=sa.bindparam("words"))
    for rows in _portions(connection):
        connection.execute(fold, [{"key": row.id, "words": folded(f"{row.title} {row.id}")} for row in rows])
    if connection.dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    op.drop_table("search")
