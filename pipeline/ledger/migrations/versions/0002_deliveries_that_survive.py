"""Deliveries that survive: doubt, circuits, blackouts, spent tokens, approvals with their slots.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_TIME = sa.DateTime(timezone=True)
_NO, _YES = sa.text("false"), sa.text("true")


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False, server_default="")


def _word(name: str) -> sa.Column:
    return sa.Column(name, sa.String(), nullable=False, server_default="")


def _count(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False, server_default="0")


def _flag(name: str, default: sa.TextClause = _NO) -> sa.Column:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=default)


def _columns() -> dict[str, tuple[sa.Column, ...]]:
    return {
        "item": (_text("author"), _flag("urgent"), _text("stopped")),
        "post": (sa.Column("not_before", _TIME), _word("after")),
        "delivery": (
            _flag("cancelled"), sa.Column("accepted_at", _TIME), _count("looked"), _count("again"), _flag("person"),
            sa.Column("candidates", sa.JSON()),
        ),
        "attempt": (_word("trace"),),
        "token": (_word("spent"),),
        "channel": (
            _count("failures"), sa.Column("rest_until", _TIME), _text("rest_why"), sa.Column("succeeded", _TIME),
            sa.Column("checked", _TIME), _flag("healthy", _YES), _text("message"), _text("remedy"),
            sa.Column("expires", _TIME),
        ),
    }  # fmt: skip


def _due_index(where: str) -> None:
    op.create_index("ix_delivery_due", "delivery", ["channel", "priority", "not_before"], unique=False,
                    sqlite_where=sa.text(where), postgresql_where=sa.text(where))  # fmt: skip


def upgrade() -> None:
    for table, columns in _columns().items():
        for column in columns:
            op.add_column(table, column)
    op.drop_index("ix_delivery_due", "delivery")
    _due_index("state <> 'idle' OR want <> have OR op = 'withdraw'")
    op.create_index("ix_attempt_started", "attempt", ["op", "started"])
    op.create_table(
        "blackout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("starts", _TIME, nullable=False),
        sa.Column("ends", _TIME),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_blackout"),
    )


def downgrade() -> None:
    op.drop_table("blackout")
    op.drop_index("ix_attempt_started", "attempt")
    op.drop_index("ix_delivery_due", "delivery")
    _due_index("state <> 'idle' OR want <> have")
    for table, columns in _columns().items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column.name)
