"""What changed among the drops, so that a program that stays loaded reads no others; posts whose text is looked at again.

The news are SQLite's alone and are written by triggers, whoever changes a drop. A server's transactions end in another
order than they begin, so there all drops are read.

Revision ID: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_NEWS = "INSERT INTO drop_news (path) VALUES"
_ON_SQLITE = (
    "CREATE TABLE drop_news (turn INTEGER PRIMARY KEY, path VARCHAR NOT NULL)",
    f'CREATE TRIGGER drop_insert AFTER INSERT ON "drop" BEGIN {_NEWS} (new.path); END',
    f'CREATE TRIGGER drop_delete AFTER DELETE ON "drop" BEGIN {_NEWS} (old.path); END',
    f'CREATE TRIGGER drop_update AFTER UPDATE ON "drop" BEGIN {_NEWS} (new.path); END',
    f'CREATE TRIGGER drop_move AFTER UPDATE ON "drop" WHEN old.path <> new.path BEGIN {_NEWS} (old.path); END',
    # Ten thousand are kept; who is behind by more reads all drops.
    "CREATE TRIGGER drop_news_old AFTER INSERT ON drop_news WHEN new.turn % 1000 = 0 BEGIN "
    "DELETE FROM drop_news WHERE turn <= new.turn - 10000; END",
)
_UNCHECKED = sa.text("state = 'idle' AND want > 0 AND want <> have AND NOT cancelled AND not_before > checked")
_CHECKED = (
    'UPDATE delivery SET checked = (SELECT min(seen) FROM "drop" WHERE "drop".item = delivery.item) '
    'WHERE EXISTS (SELECT 1 FROM "drop" WHERE "drop".item = delivery.item)'
)


def upgrade() -> None:
    never = sa.text("'1970-01-01 00:00:00.000000'")
    op.add_column("delivery", sa.Column("checked", sa.DateTime(timezone=True), server_default=never, nullable=False))
    op.execute(_CHECKED)
    op.create_index("ix_delivery_unchecked", "delivery", ["not_before"], sqlite_where=_UNCHECKED,
                    postgresql_where=_UNCHECKED)  # fmt: skip
    for statement in _ON_SQLITE if op.get_bind().dialect.name == "sqlite" else ():
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for trigger in ("drop_insert", "drop_delete", "drop_update", "drop_move"):
            op.execute(f"DROP TRIGGER {trigger}")
        op.execute("DROP TABLE drop_news")
    op.drop_index("ix_delivery_unchecked", "delivery")
    op.drop_column("delivery", "checked")
