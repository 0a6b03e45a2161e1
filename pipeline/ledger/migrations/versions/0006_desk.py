"""What the desk asks: editions that an editor sent back, titles as people search them, the newest first.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

from pipeline.text import folded

revision = "0006"
down_revision = "0005"

_LIVE = sa.text("state <> 'idle' OR want <> have OR hold OR person")
_SETTLED = sa.text("state = 'idle' AND want = have AND NOT hold AND NOT person")


def upgrade() -> None:
    op.create_table(
        "returned",
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("item", "edition", name=op.f("pk_returned")),
    )
    op.add_column("item", sa.Column("folded", sa.Text(), server_default="", nullable=False))
    op.drop_index("ix_delivery_changed", "delivery")
    op.create_index("ix_delivery_newest", "delivery", ["changed", "id"])
    op.create_index("ix_delivery_live", "delivery", ["changed", "id"], sqlite_where=_LIVE, postgresql_where=_LIVE)
    op.create_index(
        "ix_delivery_settled", "delivery", ["channel", "have"], sqlite_where=_SETTLED, postgresql_where=_SETTLED
    )
    op.create_index("ix_attempt_newest", "attempt", ["started", "delivery", "number"])
    _fold_titles()


def _fold_titles() -> None:
    item = sa.table("item", sa.column("id"), sa.column("title"), sa.column("folded"))
    connection = op.get_bind()
    rows = [{"key": row.id, "words": folded(f"{row.title} {row.id}")} for row in connection.execute(sa.select(item))]
    statement = sa.update(item).where(item.c.id == sa.bindparam("key")).values(folded=sa.bindparam("words"))
    if rows:
        connection.execute(statement, rows)


def downgrade() -> None:
    op.drop_index("ix_attempt_newest", "attempt")
    for name in ("ix_delivery_settled", "ix_delivery_live", "ix_delivery_newest"):
        op.drop_index(name, "delivery")
    op.create_index("ix_delivery_changed", "delivery", ["changed"])
    with op.batch_alter_table("item") as batch:
        batch.drop_column("folded")
    op.drop_table("returned")
